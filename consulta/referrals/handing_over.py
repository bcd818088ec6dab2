"""Handing a submission from one government of the instance to another, and to the control body."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.actors import Actor, Role
from consulta.agencies.models import Government
from consulta.agencies.queries import find_control_unit, list_coordinators
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.notices import notify
from consulta.record.operations import append_leaf, forget_contents
from consulta.referrals.models import HandOver, Referral
from consulta.referrals.notices import hand_over_notices
from consulta.referrals.queries import list_live_referrals, list_parts
from consulta.referrals.routing import refer
from consulta.referrals.rules import check_reason, may_coordinate
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of
from consulta.submissions.states import SubmissionState
from consulta.windows.counters import add_delta
from consulta.windows.states import CounterName

TO_CONTROL = "Se pasó al órgano interno de control."


def hand_over(*, submission: Submission, to: Government, reason: str, actor: Actor, now: datetime) -> HandOver:
    """Hand a submission that is at no unit to another government, which routes it from now on.

    Folio, receipt and the citizen's due date stay: a later referral counts from the reception, in the calendar of
    the government that received it. The coordinators who now have it are told by mail. Raises Forbidden for other
    coordinators; Refused without a reason, for its own government, when it is at a unit, late or reserved.
    """
    holder = holder_of(submission)
    if not may_coordinate(actor, government_id=holder):
        raise Forbidden(_("Solo la coordinación del gobierno que lo tiene puede entregarlo."))
    kept = check_reason(reason)
    if to.id == holder:
        raise Refused(_("Ya lo tiene ese gobierno: elija otro."), field="government_id")
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    if submission.reserved or not submission.is_admitted:
        raise Refused(_("%(folio)s no se puede entregar a otro gobierno.", folio=submission.folio))
    if _open_referral(submission) is not None or holder_of(submission) != holder:
        raise Refused(_("%(folio)s ya está turnado a una unidad.", folio=submission.folio))
    handed = HandOver(
        submission_id=submission.id,
        from_government_id=holder,
        to_government_id=to.id,
        reason=kept,
        post_id=actor.post_id,
        at=now,
    )
    session().add(handed)
    submission.holder_id = to.id
    append_leaf(
        kind="submission.handed_over",
        public_id=submission.folio,
        at=now,
        content={"from": holder, "to": to.key, "reason": kept, "post_id": actor.post_id},
    )
    session().flush()
    for message in hand_over_notices(handed, submission.folio, list_coordinators(to, now)):
        notify(message, now=now)
    return handed


def reserve(*, submission: Submission, actor: Actor, now: datetime) -> None:
    """Pass what names an official to the control body: from now on nobody else reads it, and it is not public.

    Effects in order: open referral returned, text withdrawn from the public, referral to the control body, leaf.
    Raises Forbidden for who does not review there; Refused when it was answered or there is no control body.
    """
    holder = holder_of(submission)
    if not _may_reserve(actor, holder):
        raise Forbidden(_("La revisión es de otro gobierno."))
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    unit = find_control_unit(holder)
    if unit is None:
        raise Refused(_("Este gobierno no tiene órgano interno de control: pida que se nombre."))
    if submission.reserved:
        raise Refused(_("%(folio)s ya lo tiene el órgano de control.", folio=submission.folio))
    for referral in list_live_referrals(submission.id):
        _take_back(referral, actor.post_id, now)
    for part in list_parts(submission.id):
        part.joined_at = now
    if submission.state == SubmissionState.PUBLISHED:
        add_delta(topic_id=submission.topic_id, name=CounterName.PUBLISHED, amount=-1)
    submission.reserved, submission.state, submission.withheld_reason = True, SubmissionState.WITHHELD, TO_CONTROL
    submission.reviewed_at, submission.reviewed_by_post_id = now, actor.post_id
    append_leaf(kind="submission.reserved", public_id=submission.folio, at=now, content={"post_id": actor.post_id})
    session().flush()
    refer(submission=submission, unit=unit, now=now)


def list_hand_overs(submission_id: int) -> list[HandOver]:
    """Return the hand-overs of a submission, oldest first."""
    found = (
        select(HandOver)
        .options(joinedload(HandOver.from_government), joinedload(HandOver.to_government))
        .where(HandOver.submission_id == submission_id)
        .order_by(HandOver.id)
    )
    return list(session().scalars(found))


def _may_reserve(actor: Actor, government_id: int) -> bool:
    return actor.role in (Role.MODERATOR, Role.COORDINATOR) and actor.government_id == government_id


def _open_referral(submission: Submission) -> Referral | None:
    return next(iter(list_live_referrals(submission.id)), None)


def _take_back(referral: Referral, by_post_id: int, now: datetime) -> None:
    """Take the work from a unit, and from what it had written about it: nobody there may read it again."""
    lock_exclusive(f"referral:{referral.id}")
    if referral.answer_id is not None:
        lock_exclusive(f"answer:{referral.answer_id}")
    session().refresh(referral)
    if referral.state == ReferralState.ANSWERED:
        raise Refused(_("Ya tiene respuesta publicada: no se puede reservar."))
    answer = referral.answer
    if answer is not None and answer.state != AnswerState.DRAFT:
        raise Refused(_("Su respuesta está en firma: pida que la regresen antes."))
    referral.state, referral.returned_at, referral.return_reason = ReferralState.RETURNED, now, TO_CONTROL
    referral.answer = None
    content = {"unit": referral.unit.key, "reason": TO_CONTROL, "post_id": by_post_id}
    append_leaf(kind="referral.returned", public_id=referral.submission.folio, at=now, content=content)
    session().flush()
    if answer is not None:
        session().refresh(answer)
        if not answer.referrals:
            answer.text, answer.sent_back_reason = "", None
    forget_contents(referral.submission.folio)
