"""States of an entry (`domain.md` §2: borrador → presentada → observada ↔ presentada → en consulta; retirada)."""

from enum import StrEnum


class EntryState(StrEnum):
    """What people did with it. Once accepted it is a topic, and what is open or closed follows its window."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    OBSERVED = "observed"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    """Where an agency stands. Computed from its entries and its declaration."""

    MISSING = "missing"
    PREPARING = "preparing"
    TO_CORRECT = "to_correct"
    DELIVERED = "delivered"
    NOTHING = "nothing"


TRANSITIONS: dict[EntryState, frozenset[EntryState]] = {
    EntryState.DRAFT: frozenset({EntryState.SUBMITTED, EntryState.WITHDRAWN}),
    EntryState.SUBMITTED: frozenset({EntryState.OBSERVED, EntryState.ACCEPTED, EntryState.WITHDRAWN}),
    EntryState.OBSERVED: frozenset({EntryState.SUBMITTED, EntryState.WITHDRAWN}),
    EntryState.ACCEPTED: frozenset(),
    EntryState.WITHDRAWN: frozenset(),
}
