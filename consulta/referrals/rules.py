"""Rules of answering. Pure."""

from consulta.actors import Actor, Role
from consulta.errors import Refused
from consulta.referrals.states import (
    ANSWER_TRANSITIONS,
    REFERRAL_TRANSITIONS,
    AnswerState,
    Disposition,
    ReferralState,
)

LONGEST_ANSWER = 20_000
LONGEST_REASON = 2_000
SHORTEST_ANSWER = 20

ANSWER_NAMES = {
    AnswerState.DRAFT: "en borrador",
    AnswerState.SUBMITTED: "en firma",
    AnswerState.SIGNED_OFF: "firmada",
    AnswerState.PUBLISHED: "publicada",
}
REFERRAL_NAMES = {
    ReferralState.REFERRED: "turnado",
    ReferralState.RETURNED: "devuelto",
    ReferralState.ANSWERED: "respondido",
}


def check_answer_transition(current: AnswerState, target: AnswerState) -> None:
    """Refuse a change of state that the table does not hold. Raises Refused."""
    if target not in ANSWER_TRANSITIONS[current]:
        raise Refused(f"La respuesta está {ANSWER_NAMES[current]}: no puede quedar {ANSWER_NAMES[target]}.")


def check_referral_transition(current: ReferralState, target: ReferralState) -> None:
    """Refuse a change of state that the table does not hold. Raises Refused."""
    if target not in REFERRAL_TRANSITIONS[current]:
        raise Refused(f"El turno está {REFERRAL_NAMES[current]}: no puede quedar {REFERRAL_NAMES[target]}.")


def check_answer(*, disposition: str, text: str) -> Disposition:
    """Return the disposition of a complete answer. Raises Refused at the field to correct."""
    if disposition not in list(Disposition):
        raise Refused("Elija el sentido de la respuesta.", field="disposition")
    if len(text.strip()) < SHORTEST_ANSWER:
        raise Refused(
            f"Escriba la respuesta con sus razones: al menos {SHORTEST_ANSWER} caracteres. "
            "«No procedente, porque…» también es una respuesta completa.",
            field="text",
        )
    if len(text) > LONGEST_ANSWER:
        raise Refused(f"La respuesta tiene {len(text):,} caracteres y caben {LONGEST_ANSWER:,}.", field="text")
    return Disposition(disposition)


def check_reason(reason: str) -> str:
    """Return a reason worth keeping. Raises Refused."""
    if not reason.strip():
        raise Refused("Escriba el motivo: sin él no se puede.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"El motivo lleva hasta {LONGEST_REASON:,} caracteres.", field="reason")
    return reason.strip()


def may_answer(actor: Actor, *, unit_id: int) -> bool:
    """Say whether the actor answers for that unit: its staff, who draft, and its approver."""
    return actor.role in (Role.RESPONDENT, Role.APPROVER) and actor.unit_id == unit_id


def may_sign(actor: Actor, *, agency_id: int) -> bool:
    """Say whether the actor signs answers of that agency off."""
    return actor.role == Role.APPROVER and actor.agency_id == agency_id


def may_coordinate(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor routes and publishes in that government."""
    return actor.role == Role.COORDINATOR and actor.government_id == government_id


def is_own_draft(*, drafted_by_post: int, drafted_by_person: int | None, actor: Actor) -> bool:
    """Say whether who signs is who wrote: the same post, or the same person in another post."""
    same_person = drafted_by_person is not None and drafted_by_person == actor.person_id
    return drafted_by_post == actor.post_id or same_person
