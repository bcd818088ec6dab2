"""Who answers requests about personal data, what one must say, and which rules give their dates. Pure."""

from dataclasses import dataclass
from typing import Any

from consulta.actors import Actor, Role
from consulta.data_rights.states import DATA_RIGHTS_TRANSITIONS, DataRightsKind, DataRightsState
from consulta.errors import Refused
from consulta.i18n.text import _

# In the catalogue of clocks: the term of the answer, and the one to make effective what was accepted.
ANSWER_RULE, EFFECT_RULE = "lgpdppso_2025.answer", "lgpdppso_2025.made_effective"
PROCEDURE = "datos_personales"
LONGEST_TEXT = 4_000
# The columns that a rectification may give anew, by the field of its form.
CORRECTED = {"new_email": "email", "new_phone": "phone", "new_name": "published_name"}


@dataclass(frozen=True)
class DataRightsDraft:
    """What a person asks for; only a rectification carries what should be kept instead."""

    kind: str
    text: str = ""
    new_email: str = ""
    new_phone: str = ""
    new_name: str = ""


def may_answer(actor: Actor, *, government_id: int, reserved: bool) -> bool:
    """Say whether the actor answers: the transparency unit; of what is reserved, the control body alone."""
    wanted = Role.CONTROL if reserved else Role.TRANSPARENCY
    return actor.role == wanted and actor.government_id == government_id


def check_step(current: str, target: DataRightsState) -> None:
    """Raise Refused unless a request may become that."""
    if target not in DATA_RIGHTS_TRANSITIONS[DataRightsState(current)]:
        raise Refused(_("Esa solicitud ya se respondió, o ya se amplió su plazo: recargue la página."))


def check_reason(value: str) -> str:
    """Return reasons without blanks around. Raises Refused where they are missing or too long."""
    kept = value.strip()
    if not kept or len(kept) > LONGEST_TEXT:
        raise Refused(
            _("Escriba las razones, en hasta %(n)s caracteres: la persona las lee.", n=f"{LONGEST_TEXT:,}"),
            field="reason",
        )
    return kept


def check_kind(draft: DataRightsDraft) -> DataRightsKind:
    """Return the right that is exercised. Raises Refused for any other word."""
    if draft.kind not in list(DataRightsKind):
        raise Refused(_("Elija qué derecho quiere ejercer."), field="kind")
    return DataRightsKind(draft.kind)


def check_text(draft: DataRightsDraft) -> str:
    """Return what the person wrote. Only who asks for access needs no reasons. Raises Refused at the field."""
    kept = draft.text.strip()
    if not kept and draft.kind != DataRightsKind.ACCESS:
        raise Refused(_("Escriba qué pide y por qué: la ley lo pide para responderle."), field="text")
    if len(kept) > LONGEST_TEXT:
        raise Refused(_("Escriba hasta %(n)s caracteres.", n=f"{LONGEST_TEXT:,}"), field="text")
    return kept


def is_done_at_once(request: Any) -> bool:
    """Say whether accepting a request carries it out: all but a rectification of something else than contact data."""
    return request.kind != DataRightsKind.RECTIFICATION or any(getattr(request, name) for name in CORRECTED)
