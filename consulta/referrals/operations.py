"""Writes of answers: submitted, signed off, published, corrected. `drafting` holds what comes before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consulta.actors import Actor
from consulta.clocks.recalendar import end_clocks
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import SOURCE, _, speaking
from consulta.notices import notify
from consulta.record.operations import append_leaf
from consulta.referrals.drafting import draft_answer, keep_wording, lock_answer
from consulta.referrals.ending import settle_submission
from consulta.referrals.models import Answer, AnswerVersion, Referral
from consulta.referrals.notices import answer_notice
from consulta.referrals.rules import (
    check_answer,
    check_answer_transition,
    check_dataset,
    check_noted,
    check_reason,
    is_own_draft,
    may_answer,
    may_coordinate,
    may_sign,
)
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission


def submit_answer(*, answer: Answer, actor: Actor, now: datetime) -> None:
    """Send a complete draft to signature, with a leaf per folio. Raises Refused at the field to correct."""
    if not may_answer(actor, unit_id=answer.unit_id):
        raise Forbidden(_("Esa respuesta es de otra unidad."))
    lock_answer(answer)
    _refuse_reserved(answer)
    check_answer_transition(AnswerState(answer.state), AnswerState.SUBMITTED)
    _check_complete(answer)
    if not answer.referrals:
        raise Refused(_("La respuesta no tiene turnos: elija al menos uno."))
    keep_wording(answer, actor, now)
    answer.state, answer.submitted_at, answer.sent_back_reason = AnswerState.SUBMITTED, now, None
    _record(answer, "answer.submitted", now, actor)


def send_back(*, answer: Answer, reason: str, actor: Actor, now: datetime) -> None:
    """Return a submitted or signed answer to its author with the reason. Raises Refused without one."""
    signs = may_sign(actor, agency_id=answer.unit.agency_id)
    if not signs and not may_coordinate(actor, government_id=answer.unit.agency.government_id):
        raise Forbidden(_("Esa respuesta la firma otro cargo."))
    lock_answer(answer)
    kept = check_reason(reason)
    check_answer_transition(AnswerState(answer.state), AnswerState.DRAFT)
    answer.state = AnswerState.DRAFT
    answer.sent_back_reason = kept
    answer.signed_at, answer.signed_by_post_id, answer.self_signed = None, None, False
    _record(answer, "answer.sent_back", now, actor)


def sign_off(*, answer: Answer, actor: Actor, now: datetime) -> None:
    """Sign an answer off.

    Raises Forbidden when the post signs for another agency; Refused when who signs is who wrote and the
    government does not allow it. Where it does, the answer says so.
    """
    if not may_sign(actor, agency_id=answer.unit.agency_id):
        raise Forbidden(_("Esa respuesta la firma otro cargo."))
    lock_answer(answer)
    _refuse_reserved(answer)
    check_answer_transition(AnswerState(answer.state), AnswerState.SIGNED_OFF)
    own = is_own_draft(
        drafted_by_post=answer.drafted_by_post_id, drafted_by_person=answer.drafted_by_person_id, actor=actor
    )
    if own and not answer.unit.agency.government.allows_self_signing:
        raise Refused(_("Usted redactó esta respuesta: debe firmarla otra persona."))
    answer.state, answer.signed_at, answer.signed_by_post_id = AnswerState.SIGNED_OFF, now, actor.post_id
    answer.self_signed = own
    _record(answer, "answer.signed_off", now, actor)


def publish_answer(*, answer: Answer, actor: Actor, now: datetime) -> None:
    """Publish a signed answer and notify everybody it answers.

    Effects in order: first version kept, referrals answered, counters, leaves, notices by the means each
    person chose or on the notice board. Raises Refused in any other state.
    """
    if not may_coordinate(actor, government_id=answer.unit.agency.government_id):
        raise Forbidden(_("Las respuestas las publica la coordinación."))
    lock_answer(answer)
    _refuse_reserved(answer)
    check_answer_transition(AnswerState(answer.state), AnswerState.PUBLISHED)
    answer.state, answer.published_at, answer.published_by_post_id = AnswerState.PUBLISHED, now, actor.post_id
    _deliver(answer, actor, now)


def correct_answer(
    *,
    answer: Answer,
    disposition: str,
    text: str,
    reason: str,
    actor: Actor,
    now: datetime,
    dataset_url: str | None = None,
) -> None:
    """Correct a published answer openly: the earlier wording stays beside it, and people are told again.

    `dataset_url` None keeps the address of the data. Raises Refused when it is not published, nothing changes, or a
    field is missing.
    """
    if not may_coordinate(actor, government_id=answer.unit.agency.government_id):
        raise Forbidden(_("Las respuestas las corrige la coordinación."))
    lock_answer(answer)
    _refuse_reserved(answer)
    if answer.state != AnswerState.PUBLISHED:
        raise Refused(_("Solo se corrige una respuesta publicada."))
    checked = check_answer(disposition=disposition, text=text)
    check_noted(checked, [referral.submission for referral in answer.referrals])
    kept = check_reason(reason)
    kinds = {referral.submission.kind for referral in answer.referrals}
    url = answer.dataset_url if dataset_url is None else dataset_url
    found = check_dataset(kinds=kinds, disposition=checked, url=url or "")
    if (checked, text, found) == (answer.disposition, answer.text, answer.dataset_url):
        raise Refused(_("El texto es igual al publicado: no hay nada que corregir."), field="text")
    answer.disposition, answer.text, answer.dataset_url, answer.corrected_at = checked, text, found, now
    version = _keep_version(answer, kept, actor, now)
    for submission in {item.submission_id: item.submission for item in answer.referrals}.values():
        _tell(answer, submission, version.number, now)
    _record(answer, "answer.corrected", now, actor)


def close_reserved(
    *, referrals: Sequence[Referral], disposition: str, text: str, actor: Actor, now: datetime
) -> Answer:
    """Answer what is reserved: the control body writes, signs and delivers it in one act, to the person alone.

    Nobody else may read it, so nobody else signs; the answer says so. It is never public: no notice board, no
    published text; the leaf commits to it without keeping it. Raises Forbidden for any other post, Refused at the
    field to correct.
    """
    if any(not referral.submission.reserved for referral in referrals):
        raise Forbidden(_("Solo lo reservado se concluye así."))
    answer = draft_answer(referrals=referrals, disposition=disposition, text=text, actor=actor, now=now)
    _check_complete(answer)
    answer.state, answer.self_signed = AnswerState.PUBLISHED, True
    answer.submitted_at = answer.signed_at = answer.published_at = now
    answer.signed_by_post_id = answer.published_by_post_id = actor.post_id
    _deliver(answer, actor, now)
    return answer


def _deliver(answer: Answer, actor: Actor, now: datetime) -> None:
    """Keep the first version, close the referrals, count, tell everybody it answers, and write the leaves."""
    _keep_version(answer, None, actor, now)
    for referral in answer.referrals:
        lock_exclusive(f"submission:{referral.submission_id}")
        referral.state, referral.answered_at = ReferralState.ANSWERED, now
    session().flush()
    for submission in {item.submission_id: item.submission for item in answer.referrals}.values():
        settle_submission(submission, now, actor.post_id)
        _tell(answer, submission, 1, now)
    end_clocks([item.clock_id for item in answer.referrals], now, actor.post_id)
    _record(answer, "answer.published", now, actor)


def _tell(answer: Answer, submission: Submission, version: int, now: datetime) -> None:
    """Notify a person; about what is reserved there is nothing on the notice board, only her own mail.

    A mail is in the language in which she wrote; the notice board, in that of the law.
    """
    with speaking(submission.language if submission.email else SOURCE):
        message = answer_notice(answer, submission, version=version)
        if message.address is not None or not submission.reserved:
            notify(message, now=now)


def _refuse_reserved(answer: Answer) -> None:
    """Keep what is reserved out of the ordinary way of an answer. Raises Forbidden."""
    if any(referral.submission.reserved for referral in answer.referrals):
        raise Forbidden(_("Lo reservado lo concluye solo el órgano de control."))


def _check_complete(answer: Answer) -> None:
    check_answer(disposition=answer.disposition, text=answer.text)
    check_noted(answer.disposition, [referral.submission for referral in answer.referrals])
    kinds = {referral.submission.kind for referral in answer.referrals}
    answer.dataset_url = check_dataset(kinds=kinds, disposition=answer.disposition, url=answer.dataset_url or "")


def _keep_version(answer: Answer, reason: str | None, actor: Actor, now: datetime) -> AnswerVersion:
    version = AnswerVersion(
        answer=answer,
        number=len(answer.versions) + 1,
        disposition=answer.disposition,
        text=answer.text,
        dataset_url=answer.dataset_url,
        reason=reason,
        post_id=actor.post_id,
        at=now,
    )
    session().add(version)
    return version


def _record(answer: Answer, kind: str, now: datetime, actor: Actor) -> None:
    content: dict[str, Any] = {
        "answer_id": answer.id,
        "dataset_url": answer.dataset_url,
        "disposition": answer.disposition,
        "text": answer.text,
        "post_id": actor.post_id,
    }
    for referral in answer.referrals:
        reserved = referral.submission.reserved
        append_leaf(kind=kind, public_id=referral.submission.folio, at=now, content=content, keep_content=not reserved)
    session().flush()
