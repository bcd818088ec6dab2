"""Splitting a submission into passages that are answered apart, and joining them again. The original never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from consulta.actors import Actor
from consulta.agencies.models import Unit
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.referrals.ending import end_referral
from consulta.referrals.models import Part, Referral
from consulta.referrals.queries import list_live_referrals, list_parts
from consulta.referrals.routing import refer
from consulta.referrals.rules import check_article, check_quotes, may_answer, may_coordinate
from consulta.referrals.states import AnswerState, EndCause, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of
from consulta.submissions.rules import everything_written


@dataclass(frozen=True)
class PartDraft:
    """A passage, the article that it speaks of, and the unit that answers it (None: the coordination routes it)."""

    quote: str
    article: str = ""
    unit: Unit | None = None


def split_submission(
    *, submission: Submission, parts: Sequence[PartDraft], actor: Actor, now: datetime, leaves_rest: bool = False
) -> list[Part]:
    """Split a submission into passages, each with a referral of its own and the citizen's one due date.

    Effects in order: the referral of the whole ended, parts, their referrals, leaf. A draft that the unit had goes
    on with its first part. The coordination splits what is anywhere in its government; a unit, what is at the unit.

    Args:
        submission: what is split; its text stays as it is.
        parts: at least two passages, word for word.
        actor: who splits.
        now: instant of the act.
        leaves_rest: whether who splits has seen that words are in no passage, and says that they ask for nothing.
    Raises:
        Forbidden: for other posts.
        Refused: at the field to correct; when it is answered, in signature, or split already.
    """
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    whole = _whole(submission, actor)
    _check_units(parts, actor, whole)
    everything = "\n".join(everything_written(submission).values())
    check_quotes([part.quote for part in parts], everything, submission.text, leaves_rest=leaves_rest)
    number = session().scalar(select(func.max(Part.number)).where(Part.submission_id == submission.id)) or 0
    draft = whole.answer if whole is not None else None
    if whole is not None:
        end_referral(whole, EndCause.SPLIT, now, actor)
    written: list[Part] = []
    for item in parts:
        number += 1
        part = Part(
            submission=submission,
            number=number,
            quote=item.quote.strip(),
            article=check_article(item.article),
            post_id=actor.post_id,
            at=now,
        )
        session().add(part)
        session().flush()
        written.append(part)
    content = {
        "parts": [{"number": item.number, "quote": item.quote, "article": item.article} for item in written],
        "post_id": actor.post_id,
    }
    append_leaf(kind="submission.split", public_id=submission.folio, at=now, content=content)
    for part, item in zip(written, parts, strict=True):
        if item.unit is not None:
            referral = refer(submission=submission, unit=item.unit, now=now, actor=actor, part=part)
            if draft is not None and draft.unit_id == referral.unit_id:
                referral.answer, draft = draft, None
    session().flush()
    return written


def join_parts(*, submission: Submission, unit: Unit | None, actor: Actor, now: datetime) -> None:
    """Join the parts again: they end, and the whole goes to a unit, or back to the coordination.

    Raises Refused when a part has an answer in signature or published, or nothing is split; Forbidden for others.
    """
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    parts = list_parts(submission.id)
    if not parts:
        raise Refused(_("%(folio)s no está dividido.", folio=submission.folio))
    live = list_live_referrals(submission.id)
    _check_may_join(submission, live, unit, actor)
    if any(item.state == ReferralState.ANSWERED or not _is_free(item) for item in live):
        raise Refused(_("Una de sus partes ya está en firma o respondida: no se pueden juntar."))
    for referral in live:
        end_referral(referral, EndCause.JOINED, now, actor)
    for part in parts:
        part.joined_at = now
    content = {"parts": [part.number for part in parts], "post_id": actor.post_id}
    append_leaf(kind="submission.joined", public_id=submission.folio, at=now, content=content)
    session().flush()
    if unit is not None:
        refer(submission=submission, unit=unit, now=now, actor=actor)


def _whole(submission: Submission, actor: Actor) -> Referral | None:
    """Return the referral of the whole that waits, or None when it is at no unit. Raises Refused or Forbidden."""
    live = list_live_referrals(submission.id)
    whole = next((item for item in live if item.part_id is None), None)
    if not _may_divide(submission, whole, actor):
        raise Forbidden(_("Ese comentario es de otra unidad."))
    if submission.reserved:
        raise Refused(_("Lo reservado se responde entero."))
    if list_parts(submission.id):
        raise Refused(_("%(folio)s ya está dividido: junte antes sus partes.", folio=submission.folio))
    if whole is not None and (whole.state == ReferralState.ANSWERED or not _is_free(whole)):
        raise Refused(_("Su respuesta ya está en firma o publicada: no se puede dividir."))
    return whole


def _may_divide(submission: Submission, whole: Referral | None, actor: Actor) -> bool:
    if may_coordinate(actor, government_id=holder_of(submission)):
        return True
    return whole is not None and may_answer(actor, unit_id=whole.unit_id)


def _check_units(parts: Sequence[PartDraft], actor: Actor, whole: Referral | None) -> None:
    """A unit keeps what it divides, and gives back what is not its own. Raises Refused."""
    coordinates = whole is None or may_coordinate(actor, government_id=whole.unit.agency.government_id)
    if not coordinates and any(part.unit is None or part.unit.id != actor.unit_id for part in parts):
        raise Refused(_("Las partes quedan en su unidad: devuelva después la que no le corresponda."), field="unit_id")


def _check_may_join(submission: Submission, live: Sequence[Referral], unit: Unit | None, actor: Actor) -> None:
    if may_coordinate(actor, government_id=holder_of(submission)):
        return
    own = bool(live) and all(may_answer(actor, unit_id=item.unit_id) for item in live)
    if not own or unit is None or unit.id != actor.unit_id:
        raise Forbidden(_("Sus partes son de varias unidades: las junta la coordinación."))


def _is_free(referral: Referral) -> bool:
    return referral.answer is None or referral.answer.state == AnswerState.DRAFT
