"""States of a disposal, and what becomes of a series in the end."""

from enum import StrEnum


class DisposalState(StrEnum):
    """Proposed by one post, authorised or rejected by another, done when everything in it was destroyed or skipped."""

    PROPOSED = "proposed"
    AUTHORISED = "authorised"
    REJECTED = "rejected"
    DONE = "done"


class SkipCause(StrEnum):
    """Why something in an authorised disposal is kept."""

    HELD = "held"
    PENDING = "pending"


class FinalDestination(StrEnum):
    """What becomes of what is filed in a series once its term has run."""

    DISPOSAL = "disposal"
    SAMPLING = "sampling"
    PERMANENT = "permanent"


DISPOSAL_TRANSITIONS: dict[DisposalState, frozenset[DisposalState]] = {
    DisposalState.PROPOSED: frozenset({DisposalState.AUTHORISED, DisposalState.REJECTED}),
    DisposalState.AUTHORISED: frozenset({DisposalState.DONE}),
    DisposalState.REJECTED: frozenset(),
    DisposalState.DONE: frozenset(),
}
