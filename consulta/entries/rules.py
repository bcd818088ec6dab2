"""Rules of entries. Pure."""

from collections.abc import Iterable

from consulta.actors import Actor, Role
from consulta.entries.states import TRANSITIONS, DeliveryState, EntryState
from consulta.errors import Refused
from consulta.i18n.text import _

LONGEST_OBSERVATION = 2_000
NAMES = {
    EntryState.DRAFT: "en borrador",
    EntryState.SUBMITTED: "entregada",
    EntryState.OBSERVED: "observada",
    EntryState.ACCEPTED: "aceptada",
    EntryState.WITHDRAWN: "retirada",
}


def check_transition(current: EntryState, target: EntryState) -> None:
    """Refuse a change of state that the table does not hold. Raises Refused."""
    if target not in TRANSITIONS[current]:
        raise Refused(
            _(
                "La propuesta está %(current)s: no puede quedar %(target)s.",
                current=NAMES[current],
                target=NAMES[target],
            )
        )


def check_observation(text: str) -> str:
    """Return an observation worth sending. Raises Refused."""
    if not text.strip() or len(text) > LONGEST_OBSERVATION:
        raise Refused(
            _("Escriba qué debe corregir, en no más de %(longest)s caracteres.", longest=LONGEST_OBSERVATION),
            field="observation",
        )
    return text.strip()


def may_write(actor: Actor, *, agency_id: int) -> bool:
    """Say whether the actor captures the entries of that agency: its enlaces and who signs for it."""
    return actor.role in (Role.RESPONDENT, Role.APPROVER) and actor.agency_id == agency_id


def may_decide(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor observes and accepts the entries of that government."""
    return actor.role == Role.COORDINATOR and actor.government_id == government_id


def delivery_of(states: Iterable[EntryState], *, declared_nothing: bool) -> DeliveryState:
    """Return where an agency stands with these entries."""
    live = [state for state in states if state != EntryState.WITHDRAWN]
    if EntryState.OBSERVED in live:
        return DeliveryState.TO_CORRECT
    if any(state in (EntryState.SUBMITTED, EntryState.ACCEPTED) for state in live):
        return DeliveryState.DELIVERED
    if live:
        return DeliveryState.PREPARING
    return DeliveryState.NOTHING if declared_nothing else DeliveryState.MISSING
