"""Rules of what answers lead to: who moves a project, who ties what to it, what may be tied. Pure."""

from typing import Any

from consulta.actors import Actor, Role
from consulta.referrals.rules import may_answer, may_sign
from consulta.submissions.policy import VISIBLE_KINDS
from consulta.submissions.states import Standing

# Opened by the coordination; moved along by it and by the unit that has it.
MOVES = (Role.RESPONDENT, Role.APPROVER)


def may_open_projects(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor opens and rewords the projects of a government."""
    return actor.role == Role.COORDINATOR and actor.government_id == government_id


def may_move_project(actor: Actor, *, government_id: int, unit_id: int | None) -> bool:
    """Say whether the actor moves a project along: its coordination, and the unit that has it."""
    own = actor.role in MOVES and actor.unit_id == unit_id
    return actor.government_id == government_id and (own or actor.role == Role.COORDINATOR)


def may_trace_answer(actor: Actor, answer: Any) -> bool:
    """Say whether the actor ties an answer to projects: its coordination, who answers for its unit, who signs."""
    agency = answer.unit.agency
    own = actor.role == Role.COORDINATOR or may_answer(actor, unit_id=answer.unit_id)
    return agency.government_id == actor.government_id and (own or may_sign(actor, agency_id=agency.id))


def is_traceable(submission: Any, *, government_id: int, holder_id: int) -> bool:
    """Say whether a comment of a consultation may be named as the source of a project.

    Args:
        submission: with its topic, window and instrument.
        government_id: whose project it is.
        holder_id: the government that has the comment now.
    """
    window = submission.topic.window
    return (
        submission.kind in VISIBLE_KINDS
        and not window.instrument.permanent
        and not submission.reserved
        and submission.is_admitted
        and submission.standing == Standing.STANDS
        and government_id in (holder_id, window.government_id)
    )
