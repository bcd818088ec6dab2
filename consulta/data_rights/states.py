"""Kinds and states of a request about one's personal data."""

from enum import StrEnum


class DataRightsKind(StrEnum):
    """Which of the four rights is exercised (LGPDPPSO 42-50)."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    CANCELLATION = "cancellation"
    OPPOSITION = "opposition"


class DataRightsState(StrEnum):
    """Filed by who has folio and key; extended once at most; accepted or denied with reasons; then carried out."""

    FILED = "filed"
    EXTENDED = "extended"
    ACCEPTED = "accepted"
    DENIED = "denied"
    CARRIED_OUT = "carried_out"


DATA_RIGHTS_TRANSITIONS: dict[DataRightsState, frozenset[DataRightsState]] = {
    DataRightsState.FILED: frozenset({DataRightsState.EXTENDED, DataRightsState.ACCEPTED, DataRightsState.DENIED}),
    DataRightsState.EXTENDED: frozenset({DataRightsState.ACCEPTED, DataRightsState.DENIED}),
    DataRightsState.ACCEPTED: frozenset({DataRightsState.CARRIED_OUT}),
    DataRightsState.DENIED: frozenset(),
    DataRightsState.CARRIED_OUT: frozenset(),
}
# Waits for an answer.
WAITING = (DataRightsState.FILED, DataRightsState.EXTENDED)
