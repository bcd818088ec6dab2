"""Roles of posts, and the actor that a door hands to an operation. Pure: knows no storage and no HTTP."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a post may do (`interface.md`, Roles)."""

    RESPONDENT = "respondent"
    APPROVER = "approver"
    MODERATOR = "moderator"
    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    CONTROL = "control"
    COMMITTEE = "committee"
    TRANSPARENCY = "transparency"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Actor:
    """Somebody acting from a post she holds today. `person_id` is None when a token of the post acts."""

    post_id: int
    role: Role
    unit_id: int
    agency_id: int
    government_id: int
    person_id: int | None = None
    scope: str | None = None
