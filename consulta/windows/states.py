"""Stored states of a window (acts of people) and its computed status (time)."""

from enum import StrEnum


class WindowState(StrEnum):
    """What people did: prepared it, scheduled it, concluded it."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CONCLUDED = "concluded"


class WindowStatus(StrEnum):
    """What the public sees. Computed from state and instants."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    CONCLUDED = "concluded"


class CounterName(StrEnum):
    """What is counted per topic."""

    RECEIVED = "received"
    LATE = "late"
    PUBLISHED = "published"
    ANSWERED = "answered"


TRANSITIONS: dict[WindowState, frozenset[WindowState]] = {
    WindowState.DRAFT: frozenset({WindowState.SCHEDULED}),
    WindowState.SCHEDULED: frozenset({WindowState.CONCLUDED}),
    WindowState.CONCLUDED: frozenset(),
}
