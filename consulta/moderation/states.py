"""What a reviewer does with a text, and how an appeal against it stands."""

from enum import StrEnum


class ModerationAct(StrEnum):
    """Published as it is, published without some passages, or kept from the public."""

    PUBLISHED = "published"
    REDACTED = "redacted"
    WITHHELD = "withheld"


class AppealState(StrEnum):
    """The author objects; another post upholds what was decided, or overturns it."""

    OPEN = "open"
    UPHELD = "upheld"
    OVERTURNED = "overturned"


APPEAL_TRANSITIONS: dict[AppealState, frozenset[AppealState]] = {
    AppealState.OPEN: frozenset({AppealState.UPHELD, AppealState.OVERTURNED}),
    AppealState.UPHELD: frozenset(),
    AppealState.OVERTURNED: frozenset(),
}
