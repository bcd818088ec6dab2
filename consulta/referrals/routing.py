"""Sending submissions to units: by topic, by the coordinator, and again when a unit is not competent."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from consulta.actors import Actor
from consulta.agencies.models import Unit
from consulta.agencies.queries import find_control_unit
from consulta.clocks.recalendar import end_clocks
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.referrals.clocks import ensure_clock, unit_clock
from consulta.referrals.models import Referral
from consulta.referrals.rules import check_reason, check_referral_transition, may_answer, may_coordinate
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, holder_of


def refer(*, submission: Submission, unit: Unit, now: datetime, actor: Actor | None = None) -> Referral:
    """Refer a submission to a unit. `actor` None means that its topic routes it.

    Effects in order: the citizen's clock, once per submission (a second referral keeps it, so that it never
    restarts), the unit's own clock, referral, leaf.
    Raises Refused when it is late, or already at a unit; Forbidden for other governments.
    """
    holder = holder_of(submission)
    if actor is not None and (submission.reserved or not may_coordinate(actor, government_id=holder)):
        raise Forbidden(_("Solo la coordinación de este gobierno puede turnar."))
    if unit.agency.government_id != holder:
        raise Refused(_("Esa unidad es de otro gobierno: elija una de este."), field="unit_id")
    if not submission.is_admitted and not submission.reserved:
        raise Refused(_("Llegó fuera de plazo: la coordinación decide antes si se admite."))
    lock_exclusive(f"submission:{submission.id}")
    earlier = _referrals_of(submission)
    if any(referral.state != ReferralState.RETURNED for referral in earlier):
        raise Refused(_("Ya está turnado a una unidad."))
    clock = ensure_clock(submission, now, actor)
    assert clock.due_at is not None
    referral = Referral(
        submission=submission,
        unit=unit,
        state=ReferralState.REFERRED,
        referred_at=now,
        referred_by_post_id=actor.post_id if actor else None,
        due_at=clock.due_at,
        clock=unit_clock(submission, unit, now, actor),
    )
    session().add(referral)
    _record(referral, "submission.referred", now, {"unit": unit.key, "due_at": referral.due_at})
    session().flush()
    return referral


def refer_by_topic(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `submission.received`: refer it to the unit of its topic; without one the coordinator routes it.

    What is reserved goes to the control body, whatever the topic's unit is.
    """
    submission = find_by_folio(payload["folio"])
    if submission is None or (not submission.is_admitted and not submission.reserved):
        return
    ensure_clock(submission, now, None)
    holder = holder_of(submission)
    unit = find_control_unit(holder) if submission.reserved else submission.topic.unit
    # Handed to another government before this ran: its coordinator routes it.
    if unit is not None and unit.agency.government_id == holder and not _referrals_of(submission):
        refer(submission=submission, unit=unit, now=now)


def return_referral(*, referral: Referral, reason: str, actor: Actor, now: datetime) -> None:
    """Return a referral as not competent, with the reason; the coordinator refers it again.

    Raises Forbidden when the post is of another unit, Refused without a reason or once it is in signature.
    """
    if not may_answer(actor, unit_id=referral.unit_id):
        raise Forbidden(_("Ese turno es de otra unidad."))
    if referral.submission.reserved:
        raise Forbidden(_("Lo reservado no sale del órgano de control."))
    kept = check_reason(reason)
    lock_exclusive(f"referral:{referral.id}")
    if referral.answer_id is not None:
        lock_exclusive(f"answer:{referral.answer_id}")
    session().refresh(referral)
    check_referral_transition(ReferralState(referral.state), ReferralState.RETURNED)
    if referral.answer is not None and referral.answer.state != AnswerState.DRAFT:
        raise Refused(_("La respuesta ya está en firma: pida que se la regresen antes de devolver el turno."))
    referral.state = ReferralState.RETURNED
    referral.returned_at = now
    referral.return_reason = kept
    referral.answer = None
    end_clocks([referral.clock_id], now, actor.post_id)
    _record(
        referral,
        "referral.returned",
        now,
        {"unit": referral.unit.key, "reason": kept, "post_id": actor.post_id},
    )
    session().flush()


def _referrals_of(submission: Submission) -> list[Referral]:
    found = select(Referral).where(Referral.submission_id == submission.id).order_by(Referral.id)
    return list(session().scalars(found))


def _record(referral: Referral, kind: str, now: datetime, content: dict[str, Any]) -> None:
    append_leaf(kind=kind, public_id=referral.submission.folio, at=now, content=content)
