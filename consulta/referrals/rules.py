"""Rules of answering. Pure."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from consulta.actors import Actor, Role
from consulta.errors import Refused
from consulta.i18n.text import N_, _
from consulta.referrals.states import (
    ANSWER_TRANSITIONS,
    REFERRAL_TRANSITIONS,
    AnswerState,
    Disposition,
    ReferralState,
)
from consulta.submissions.states import SubmissionKind

LONGEST_ANSWER = 20_000
LONGEST_URL = 500
LONGEST_REASON = 2_000
SHORTEST_ANSWER = 20
LONGEST_ARTICLE = 200
FEWEST_PARTS = 2
# How much is quoted of what no part carries.
SHOWN_REST = 200
MOST_PARTS = 20

NOTED_KINDS = (SubmissionKind.PRAISE, SubmissionKind.COMMENT)

ANSWER_NAMES = {
    AnswerState.DRAFT: N_("en borrador"),
    AnswerState.SUBMITTED: N_("en firma"),
    AnswerState.SIGNED_OFF: N_("firmada"),
    AnswerState.PUBLISHED: N_("publicada"),
}
REFERRAL_NAMES = {
    ReferralState.REFERRED: N_("turnado"),
    ReferralState.RETURNED: N_("devuelto"),
    ReferralState.ANSWERED: N_("respondido"),
    ReferralState.ENDED: N_("cerrado sin respuesta propia"),
}


def check_answer_transition(current: AnswerState, target: AnswerState) -> None:
    """Refuse a change of state that the table does not hold. Raises Refused."""
    if target not in ANSWER_TRANSITIONS[current]:
        raise Refused(
            _(
                "La respuesta está %(current)s: no puede quedar %(target)s.",
                current=_(ANSWER_NAMES[current]),
                target=_(ANSWER_NAMES[target]),
            )
        )


def check_referral_transition(current: ReferralState, target: ReferralState) -> None:
    """Refuse a change of state that the table does not hold. Raises Refused."""
    if target not in REFERRAL_TRANSITIONS[current]:
        raise Refused(
            _(
                "El turno está %(current)s: no puede quedar %(target)s.",
                current=_(REFERRAL_NAMES[current]),
                target=_(REFERRAL_NAMES[target]),
            )
        )


def check_answer(*, disposition: str, text: str) -> Disposition:
    """Return the disposition of a complete answer. Raises Refused at the field to correct."""
    if disposition not in list(Disposition):
        raise Refused(_("Elija el sentido de la respuesta."), field="disposition")
    if len(text.strip()) < SHORTEST_ANSWER:
        raise Refused(
            _(
                "Escriba la respuesta con sus razones: al menos %(shortest)s caracteres. «No procedente, "
                "porque…» también es una respuesta completa.",
                shortest=SHORTEST_ANSWER,
            ),
            field="text",
        )
    if len(text) > LONGEST_ANSWER:
        raise Refused(
            _(
                "La respuesta tiene %(length)s caracteres y caben %(longest)s.",
                length=f"{len(text):,}",
                longest=f"{LONGEST_ANSWER:,}",
            ),
            field="text",
        )
    return Disposition(disposition)


def check_noted(disposition: str, answered: Collection[Any]) -> None:
    """Refuse "se toma conocimiento" where something was asked or proposed. Raises Refused.

    `answered` are the columns of the submissions that the answer serves.
    """
    if disposition == Disposition.NOTED and any(
        not item.reserved and (item.kind not in NOTED_KINDS or bool(item.should_say)) for item in answered
    ):
        raise Refused(
            _(
                "«Se toma conocimiento» es solo para felicitaciones y comentarios sin propuesta: "
                "elija otro sentido y diga las razones."
            ),
            field="disposition",
        )


def check_reason(reason: str) -> str:
    """Return a reason worth keeping. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Escriba el motivo: sin él no se puede."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("El motivo lleva hasta %(longest)s caracteres.", longest=f"{LONGEST_REASON:,}"), field="reason")
    return reason.strip()


def check_article(article: str) -> str:
    """Return the article that a part speaks of. Raises Refused."""
    if len(article.strip()) > LONGEST_ARTICLE:
        raise Refused(_("El artículo lleva hasta %(longest)s caracteres.", longest=LONGEST_ARTICLE), field="article")
    return article.strip()


def check_quotes(quotes: Sequence[str], written: str, text: str, *, leaves_rest: bool) -> None:
    """Refuse passages that were not written word for word, or that leave something of the text out unseen.

    `written` is everything that was written, the proposed wording included; `text` is what must be covered. Raises
    Refused.
    """
    kept = [quote.strip() for quote in quotes]
    if not FEWEST_PARTS <= len(kept) <= MOST_PARTS:
        raise Refused(_("Divida en %(fewest)s a %(most)s partes.", fewest=FEWEST_PARTS, most=MOST_PARTS), field="quote")
    for number, quote in enumerate(kept, 1):
        if not quote or quote not in written:
            raise Refused(
                _("La parte %(number)s no está en el comentario tal cual: cópiela sin cambiar nada.", number=number),
                field="quote",
            )
    left = left_out(kept, text)
    if left and not leaves_rest:
        raise Refused(
            _(
                "Ninguna parte lleva esto: «%(left)s». Agréguelo a una, o marque que no pide nada.",
                left=left if len(left) <= SHOWN_REST else left[:SHOWN_REST] + "…",
            ),
            field="leaves_rest",
        )


def left_out(quotes: Sequence[str], written: str) -> str:
    """Return the words of a text that are in none of its passages."""
    covered = [False] * len(written)
    for quote in quotes:
        start = written.find(quote) if quote else -1
        while start >= 0:
            covered[start : start + len(quote)] = [True] * len(quote)
            start = written.find(quote, start + len(quote))
    rest = "".join(" " if is_covered else letter for letter, is_covered in zip(written, covered, strict=True))
    return " ".join(word for word in rest.split() if any(letter.isalnum() for letter in word))


def may_answer(actor: Actor, *, unit_id: int, reserved: bool = False) -> bool:
    """Say whether the actor answers for that unit: its staff and its approver; what is reserved, the control body."""
    answering = (Role.CONTROL,) if reserved else (Role.RESPONDENT, Role.APPROVER)
    return actor.role in answering and actor.unit_id == unit_id


def may_sign(actor: Actor, *, agency_id: int) -> bool:
    """Say whether the actor signs answers of that agency off."""
    return actor.role == Role.APPROVER and actor.agency_id == agency_id


def check_dataset(*, kinds: Collection[str], disposition: str, url: str) -> str | None:
    """Return where the data that were asked for are. Raises Refused.

    A data request that is granted ends linked to the published data; one that is not, ends with reasons.
    """
    asks_data = SubmissionKind.DATA_REQUEST in kinds
    given = url.strip()
    if given and not asks_data:
        raise Refused(_("El enlace a datos es solo para solicitudes de datos: quítelo."), field="dataset_url")
    granted = disposition in (Disposition.ADOPTED, Disposition.PARTLY_ADOPTED, Disposition.ALREADY_COVERED)
    if asks_data and granted and not given:
        raise Refused(
            _("Escriba la dirección del conjunto de datos publicado, o elija otro sentido y dé las razones."),
            field="dataset_url",
        )
    if given and (not re.fullmatch(r"(https://|/datos)[^\s<>\"']*", given) or len(given) > LONGEST_URL):
        raise Refused(
            _("El enlace debe empezar con https:// o ser de esta plataforma, como /datos#comentarios."),
            field="dataset_url",
        )
    return given or None


def may_coordinate(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor routes and publishes in that government."""
    return actor.role == Role.COORDINATOR and actor.government_id == government_id


def is_own_draft(*, drafted_by_post: int, drafted_by_person: int | None, actor: Actor) -> bool:
    """Say whether who signs is who wrote: the same post, or the same person in another post."""
    same_person = drafted_by_person is not None and drafted_by_person == actor.person_id
    return drafted_by_post == actor.post_id or same_person
