"""Sending submissions to units: by topic, by the coordinator, and again when a unit is not competent."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consulta.actors import Actor
from consulta.agencies.models import Unit
from consulta.agencies.queries import find_control_unit
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.referrals.models import Referral
from consulta.referrals.rules import check_reason, check_referral_transition, may_answer, may_coordinate
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, holder_of
from consulta.submissions.states import Timeliness
from consulta.windows.models import Topic, Window
from consulta.windows.terms import Term, compute_term


def refer(*, submission: Submission, unit: Unit, now: datetime, actor: Actor | None = None) -> Referral:
    """Refer a submission to a unit. `actor` None means that its topic routes it.

    Effects in order: due date computed once per submission (a second referral keeps the first one's, so the
    citizen's clock never restarts; only an extension of the window moves it, and only later), referral, leaf.
    Raises Refused when it is late, or already at a unit; Forbidden for other governments.
    """
    holder = holder_of(submission)
    if actor is not None and (submission.reserved or not may_coordinate(actor, government_id=holder)):
        raise Forbidden(_("Solo la coordinación de este gobierno puede turnar."))
    if unit.agency.government_id != holder:
        raise Refused(_("Esa unidad es de otro gobierno: elija una de este."), field="unit_id")
    if submission.timeliness == Timeliness.LATE and not submission.reserved:
        raise Refused(_("Llegó fuera de plazo: la coordinación decide antes si se admite."))
    lock_exclusive(f"submission:{submission.id}")
    earlier = _referrals_of(submission)
    if any(referral.state != ReferralState.RETURNED for referral in earlier):
        raise Refused(_("Ya está turnado a una unidad."))
    term = answer_term(submission)
    due_at, derivation = term.closes_at, term.derivation
    if earlier and earlier[-1].due_at >= due_at:
        due_at, derivation = earlier[-1].due_at, earlier[-1].derivation
    referral = Referral(
        submission=submission,
        unit=unit,
        state=ReferralState.REFERRED,
        referred_at=now,
        referred_by_post_id=actor.post_id if actor else None,
        due_at=due_at,
        derivation=derivation,
    )
    session().add(referral)
    _record(referral, "submission.referred", now, {"unit": unit.key, "due_at": due_at})
    session().flush()
    return referral


def refer_by_topic(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `submission.received`: refer it to the unit of its topic; without one the coordinator routes it.

    What is reserved goes to the control body, whatever the topic's unit is.
    """
    submission = find_by_folio(payload["folio"])
    if submission is None or (submission.timeliness == Timeliness.LATE and not submission.reserved):
        return
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
    _record(
        referral,
        "referral.returned",
        now,
        {"unit": referral.unit.key, "reason": kept, "post_id": actor.post_id},
    )
    session().flush()


def recompute_due(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `window.extended`: move the due dates of open referrals that count from the closing."""
    open_ones = (
        select(Referral)
        .join(Referral.submission)
        .join(Submission.topic)
        .where(Topic.window_id == payload["window_id"], Referral.state == ReferralState.REFERRED)
    )
    term: Term | None = None
    for referral in session().scalars(open_ones):
        term = term or answer_term(referral.submission)
        if referral.due_at < term.closes_at:
            content = {"from_due_at": referral.due_at, "to_due_at": term.closes_at}
            referral.due_at, referral.derivation = term.closes_at, term.derivation
            _record(referral, "referral.due_moved", now, content)
    session().flush()


def answer_term(submission: Submission) -> Term:
    """Return by when a submission must be answered.

    Counted from the last day of its window, or from the day of reception in a mailbox, with the days that the
    instrument's row states.
    """
    window: Window = submission.topic.window
    zone = ZoneInfo(window.government.timezone)
    starts_on = submission.received_at.astimezone(zone).date()
    if window.closes_at is not None and window.derivation is not None:
        starts_on = date.fromisoformat(window.derivation["due_on"])
    instrument = window.instrument
    return compute_term(
        government=window.government,
        n=instrument.answer_days,
        unit=instrument.answer_unit,
        starts_on=starts_on,
        rule="respuesta",
        citation=instrument.answer_citation,
    )


def _referrals_of(submission: Submission) -> list[Referral]:
    found = select(Referral).where(Referral.submission_id == submission.id).order_by(Referral.id)
    return list(session().scalars(found))


def _record(referral: Referral, kind: str, now: datetime, content: dict[str, Any]) -> None:
    append_leaf(kind=kind, public_id=referral.submission.folio, at=now, content=content)
