"""Stored states of a window (acts of people) and its computed status (time)."""

from enum import StrEnum


class WindowState(StrEnum):
    """What people did: prepared it, scheduled it, concluded it, or annulled it."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CONCLUDED = "concluded"
    ANNULLED = "annulled"


class WindowStatus(StrEnum):
    """What the public sees. Computed from state and instants."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    CONCLUDED = "concluded"
    ANNULLED = "annulled"


class Admission(StrEnum):
    """How what came in counts. The first three are in time, and the second and third are marked in public."""

    IN_TIME = "in_time"
    SEALED_IN_TIME = "sealed_in_time"
    SLOW_LINE = "slow_line"
    LATE = "late"
    # Sealed in time and captured too late, or by a post that was not named for it.
    LATE_CAPTURE = "late_capture"


class DateChangeKind(StrEnum):
    """What takes two people: to shorten an open window, or to annul one."""

    SHORTEN = "shorten"
    ANNUL = "annul"


class DateChangeState(StrEnum):
    """One person proposes, another approves or rejects; who proposed may take it back."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class CounterName(StrEnum):
    """What is counted per topic."""

    RECEIVED = "received"
    LATE = "late"
    PUBLISHED = "published"
    ANSWERED = "answered"
    # Left without needing an answer: withdrawn or disowned while it had none.
    LEFT = "left"
    # Carried here from a docket that this one succeeds.
    CARRIED = "carried"
    # Carried from here to a docket that succeeded this one.
    CARRIED_AWAY = "carried_away"
    # Sources of some improvement project.
    TRACED = "traced"


class SuccessionKind(StrEnum):
    """How a docket comes from another."""

    REFILED = "refiled"
    SPLIT = "split"
    MERGED = "merged"


TRANSITIONS: dict[WindowState, frozenset[WindowState]] = {
    WindowState.DRAFT: frozenset({WindowState.SCHEDULED}),
    WindowState.SCHEDULED: frozenset({WindowState.CONCLUDED, WindowState.ANNULLED}),
    WindowState.CONCLUDED: frozenset(),
    WindowState.ANNULLED: frozenset(),
}
CHANGE_TRANSITIONS: dict[DateChangeState, frozenset[DateChangeState]] = {
    DateChangeState.PROPOSED: frozenset(
        {DateChangeState.APPROVED, DateChangeState.REJECTED, DateChangeState.WITHDRAWN}
    ),
    DateChangeState.APPROVED: frozenset(),
    DateChangeState.REJECTED: frozenset(),
    DateChangeState.WITHDRAWN: frozenset(),
}
