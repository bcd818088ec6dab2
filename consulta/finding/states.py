"""What can be found. Pure."""

from enum import StrEnum


class FoundKind(StrEnum):
    """The kinds of results, in the order of their codes: see `findables.number_of`."""

    COMMENT = "comment"
    TOPIC = "topic"
    WINDOW = "window"
    CASE = "case"
