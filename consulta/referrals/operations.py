"""Writes of answers: drafted, submitted, signed off, published, corrected. Four acts of people and a fifth."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consulta.actors import Actor
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.notices import notify
from consulta.record.operations import append_leaf
from consulta.referrals.models import Answer, AnswerVersion, Referral
from consulta.referrals.notices import answer_notice
from consulta.referrals.rules import (
    check_answer,
    check_answer_transition,
    check_reason,
    is_own_draft,
    may_answer,
    may_coordinate,
    may_sign,
)
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.policy import is_answer_public
from consulta.submissions.states import SubmissionKind
from consulta.windows.counters import add_delta
from consulta.windows.states import CounterName


def draft_answer(*, referrals: Sequence[Referral], disposition: str, text: str, actor: Actor, now: datetime) -> Answer:
    """Write or rewrite the draft of an answer to one or many referrals of the same unit.

    Raises Forbidden when a referral is of another unit; Refused when one was returned or answered, or the
    answer left the draft state.
    """
    if not referrals or any(not may_answer(actor, unit_id=referral.unit_id) for referral in referrals):
        raise Forbidden("Ese turno es de otra unidad.")
    for referral in referrals:
        lock_exclusive(f"referral:{referral.id}")
        session().refresh(referral)
        if referral.state != ReferralState.REFERRED:
            raise Refused(f"El turno de {referral.submission.folio} ya fue devuelto o respondido: quítelo.")
    existing = {referral.answer_id for referral in referrals if referral.answer_id is not None}
    if len(existing) > 1:
        raise Refused("Esos turnos ya tienen borradores distintos: respóndalos por separado.")
    if len({is_answer_public(SubmissionKind(referral.submission.kind)) for referral in referrals}) > 1:
        raise Refused("Unas respuestas se publican y otras no, según su tipo: respóndalas por separado.")
    answer = _new_answer(actor, now) if not existing else session().get_one(Answer, existing.pop())
    _lock(answer)
    if answer.state != AnswerState.DRAFT:
        raise Refused("La respuesta ya está en firma: no se puede cambiar el borrador.")
    answer.disposition, answer.text = disposition, text
    answer.drafted_at, answer.drafted_by_post_id = now, actor.post_id
    answer.drafted_by_person_id = actor.person_id
    for referral in referrals:
        referral.answer = answer
    session().flush()
    return answer


def submit_answer(*, answer: Answer, actor: Actor, now: datetime) -> None:
    """Send a complete draft to signature, with a leaf per folio. Raises Refused at the field to correct."""
    if not may_answer(actor, unit_id=answer.unit_id):
        raise Forbidden("Esa respuesta es de otra unidad.")
    _lock(answer)
    check_answer_transition(AnswerState(answer.state), AnswerState.SUBMITTED)
    check_answer(disposition=answer.disposition, text=answer.text)
    if not answer.referrals:
        raise Refused("La respuesta no tiene turnos: elija al menos uno.")
    answer.state, answer.submitted_at, answer.sent_back_reason = AnswerState.SUBMITTED, now, None
    _record(answer, "answer.submitted", now, actor)


def send_back(*, answer: Answer, reason: str, actor: Actor, now: datetime) -> None:
    """Return a submitted or signed answer to its author with the reason. Raises Refused without one."""
    signs = may_sign(actor, agency_id=answer.unit.agency_id)
    if not signs and not may_coordinate(actor, government_id=answer.unit.agency.government_id):
        raise Forbidden("Esa respuesta la firma otro cargo.")
    _lock(answer)
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
        raise Forbidden("Esa respuesta la firma otro cargo.")
    _lock(answer)
    check_answer_transition(AnswerState(answer.state), AnswerState.SIGNED_OFF)
    own = is_own_draft(
        drafted_by_post=answer.drafted_by_post_id, drafted_by_person=answer.drafted_by_person_id, actor=actor
    )
    if own and not answer.unit.agency.government.allows_self_signing:
        raise Refused("Usted redactó esta respuesta: debe firmarla otra persona.")
    answer.state, answer.signed_at, answer.signed_by_post_id = AnswerState.SIGNED_OFF, now, actor.post_id
    answer.self_signed = own
    _record(answer, "answer.signed_off", now, actor)


def publish_answer(*, answer: Answer, actor: Actor, now: datetime) -> None:
    """Publish a signed answer and notify everybody it answers.

    Effects in order: first version kept, referrals answered, counters, leaves, notices by the means each
    person chose or on the notice board. Raises Refused in any other state.
    """
    if not may_coordinate(actor, government_id=answer.unit.agency.government_id):
        raise Forbidden("Las respuestas las publica la coordinación.")
    _lock(answer)
    check_answer_transition(AnswerState(answer.state), AnswerState.PUBLISHED)
    answer.state, answer.published_at, answer.published_by_post_id = AnswerState.PUBLISHED, now, actor.post_id
    _keep_version(answer, None, actor, now)
    for referral in answer.referrals:
        referral.state, referral.answered_at = ReferralState.ANSWERED, now
        add_delta(topic_id=referral.submission.topic_id, name=CounterName.ANSWERED, amount=1)
        notify(answer_notice(answer, referral.submission, version=1), now=now)
    _record(answer, "answer.published", now, actor)


def correct_answer(*, answer: Answer, disposition: str, text: str, reason: str, actor: Actor, now: datetime) -> None:
    """Correct a published answer openly: the earlier wording stays beside it, and people are told again.

    Raises Refused when it is not published, nothing changes, or a field is missing.
    """
    if not may_coordinate(actor, government_id=answer.unit.agency.government_id):
        raise Forbidden("Las respuestas las corrige la coordinación.")
    _lock(answer)
    if answer.state != AnswerState.PUBLISHED:
        raise Refused("Solo se corrige una respuesta publicada.")
    checked = check_answer(disposition=disposition, text=text)
    kept = check_reason(reason)
    if (checked, text) == (answer.disposition, answer.text):
        raise Refused("El texto es igual al publicado: no hay nada que corregir.", field="text")
    answer.disposition, answer.text, answer.corrected_at = checked, text, now
    version = _keep_version(answer, kept, actor, now)
    for referral in answer.referrals:
        notify(answer_notice(answer, referral.submission, version=version.number), now=now)
    _record(answer, "answer.corrected", now, actor)


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


def _lock(answer: Answer) -> None:
    lock_exclusive(f"answer:{answer.id}")
    session().refresh(answer)


def _keep_version(answer: Answer, reason: str | None, actor: Actor, now: datetime) -> AnswerVersion:
    version = AnswerVersion(
        answer=answer,
        number=len(answer.versions) + 1,
        disposition=answer.disposition,
        text=answer.text,
        reason=reason,
        post_id=actor.post_id,
        at=now,
    )
    session().add(version)
    return version


def _record(answer: Answer, kind: str, now: datetime, actor: Actor) -> None:
    content: dict[str, Any] = {
        "answer_id": answer.id,
        "disposition": answer.disposition,
        "text": answer.text,
        "post_id": actor.post_id,
    }
    for referral in answer.referrals:
        append_leaf(kind=kind, public_id=referral.submission.folio, at=now, content=content)
    session().flush()
