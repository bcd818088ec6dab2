"""Drafts of answers: written, kept in versions, taken back, thrown away. Nothing of a draft is public."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from consulta.actors import Actor
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.referrals.models import Answer, AnswerWording, Referral
from consulta.referrals.rules import check_answer_transition, may_answer
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_answer_public
from consulta.submissions.states import SubmissionKind


def draft_answer(
    *,
    referrals: Sequence[Referral],
    disposition: str,
    text: str,
    actor: Actor,
    now: datetime,
    dataset_url: str = "",
    keeps: bool = True,
) -> Answer:
    """Write or rewrite the draft of an answer to one or many referrals of the same unit.

    `keeps` False rewrites without keeping a version: what saves itself while a person types. Raises Forbidden when a
    referral is of another unit; Refused when one was returned or answered, or the answer left the draft state.
    """
    existing = _check_together(referrals, actor)
    answer = _new_answer(actor, now) if not existing else session().get_one(Answer, existing.pop())
    lock_answer(answer)
    if answer.state != AnswerState.DRAFT:
        raise Refused(_("La respuesta ya está en firma: no se puede cambiar el borrador."))
    answer.disposition, answer.text, answer.dataset_url = disposition, text, dataset_url.strip() or None
    answer.drafted_at, answer.drafted_by_post_id = now, actor.post_id
    answer.drafted_by_person_id = actor.person_id
    for referral in referrals:
        referral.answer = answer
    session().flush()
    if keeps:
        keep_wording(answer, actor, now)
    return answer


def _check_together(referrals: Sequence[Referral], actor: Actor) -> set[int]:
    """Lock referrals and return the drafts that they have: one at most. Raises Forbidden or Refused."""
    if not referrals or any(not may_answer_referral(actor, referral) for referral in referrals):
        raise Forbidden(_("Ese turno es de otra unidad."))
    for referral in referrals:
        lock_exclusive(f"referral:{referral.id}")
        session().refresh(referral)
        if referral.state != ReferralState.REFERRED:
            raise Refused(
                _("El turno de %(folio)s ya fue devuelto o respondido: quítelo.", folio=referral.submission.folio)
            )
    existing = {referral.answer_id for referral in referrals if referral.answer_id is not None}
    if len(existing) > 1:
        raise Refused(_("Esos turnos ya tienen borradores distintos: respóndalos por separado."))
    if len({_audience(referral.submission) for referral in referrals}) > 1:
        raise Refused(_("Unas respuestas se publican y otras no, según su tipo: respóndalas por separado."))
    return existing


def take_out(*, referral: Referral, actor: Actor, now: datetime) -> None:
    """Take one referral out of a draft that serves many: it waits again, without a draft.

    Raises Forbidden for another unit; Refused once the answer left the draft state.
    """
    if not may_answer_referral(actor, referral):
        raise Forbidden(_("Ese turno es de otra unidad."))
    if referral.answer is None:
        raise Refused(_("Ese turno no tiene borrador."))
    answer = referral.answer
    lock_exclusive(f"referral:{referral.id}")
    lock_answer(answer)
    session().refresh(referral)
    if answer.state != AnswerState.DRAFT or referral.answer_id != answer.id:
        raise Refused(_("La respuesta ya está en firma: no se puede cambiar el borrador."))
    keep_wording(answer, actor, now)
    referral.answer = None
    session().flush()


def discard_draft(*, answer: Answer, actor: Actor, now: datetime) -> None:
    """Throw a draft away: its referrals wait again. Its wordings stay among its versions.

    Raises Forbidden for another unit; Refused once it left the draft state.
    """
    _check_own(answer, actor)
    for referral in answer.referrals:
        lock_exclusive(f"referral:{referral.id}")
    lock_answer(answer)
    if answer.state != AnswerState.DRAFT:
        raise Refused(_("La respuesta ya está en firma: no se puede descartar."))
    keep_wording(answer, actor, now)
    for referral in list(answer.referrals):
        referral.answer = None
    session().flush()


def recall_answer(*, answer: Answer, actor: Actor, now: datetime) -> None:
    """Take back what was sent to signature, while nobody has signed it. Leaf per folio.

    Raises Forbidden for another unit; Refused once it is signed.
    """
    _check_own(answer, actor)
    lock_answer(answer)
    if answer.state != AnswerState.SUBMITTED:
        raise Refused(_("Solo se recupera lo que está en firma y nadie ha firmado."))
    check_answer_transition(AnswerState(answer.state), AnswerState.DRAFT)
    answer.state = AnswerState.DRAFT
    for referral in answer.referrals:
        content = {"answer_id": answer.id, "post_id": actor.post_id}
        append_leaf(kind="answer.recalled", public_id=referral.submission.folio, at=now, content=content)
    session().flush()


def keep_wording(answer: Answer, actor: Actor, now: datetime) -> None:
    """Keep the present wording of a draft, unless it is the last one kept."""
    last = session().scalar(
        select(AnswerWording).where(AnswerWording.answer_id == answer.id).order_by(AnswerWording.number.desc()).limit(1)
    )
    if last is not None and (last.disposition, last.text) == (answer.disposition, answer.text):
        return
    session().add(
        AnswerWording(
            answer_id=answer.id,
            number=(last.number if last else 0) + 1,
            disposition=answer.disposition,
            text=answer.text,
            post_id=actor.post_id,
            at=now,
        )
    )
    session().flush()


def _check_own(answer: Answer, actor: Actor) -> None:
    if not may_answer(actor, unit_id=answer.unit_id) or any(item.submission.reserved for item in answer.referrals):
        raise Forbidden(_("Esa respuesta es de otra unidad."))


def may_answer_referral(actor: Actor, referral: Referral) -> bool:
    """Say whether a post answers that referral."""
    return may_answer(actor, unit_id=referral.unit_id, reserved=referral.submission.reserved)


def _audience(submission: Submission) -> tuple[bool, bool]:
    """Return who may read its answer; submissions with different audiences are answered apart."""
    return submission.reserved, is_answer_public(SubmissionKind(submission.kind))


def _new_answer(actor: Actor, now: datetime) -> Answer:
    answer = Answer(
        unit_id=actor.unit_id,
        state=AnswerState.DRAFT,
        disposition="",
        text="",
        drafted_at=now,
        drafted_by_post_id=actor.post_id,
        drafted_by_person_id=actor.person_id,
        self_signed=False,
    )
    session().add(answer)
    session().flush()
    return answer


def lock_answer(answer: Answer) -> None:
    """Take the lock of an answer and read it again."""
    lock_exclusive(f"answer:{answer.id}")
    session().refresh(answer)
