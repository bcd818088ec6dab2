"""How Open311 tells a request, and in which form it answers."""

from enum import StrEnum


class RequestStatus(StrEnum):
    """Whether anybody still owes something on it."""

    OPEN = "open"
    CLOSED = "closed"


class AnswerFormat(StrEnum):
    """The extension of an address."""

    JSON = "json"
    XML = "xml"
