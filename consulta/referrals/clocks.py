"""The two clocks of a case: the citizen's, which no hand-off resets, and the unit's, since the case reached it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from consulta.actors import Actor, Role
from consulta.agencies.models import Post, Unit
from consulta.agencies.queries import list_addresses_of_post
from consulta.clocks.models import Clock
from consulta.clocks.recalendar import restart_clocks
from consulta.clocks.states import ClockKind
from consulta.clocks.timekeeping import Holder, start_clock
from consulta.db import session
from consulta.deadlines import ClockState, DayUnit, Term
from consulta.i18n.text import speaking
from consulta.jobs import enqueue
from consulta.notices import notify
from consulta.record.operations import append_leaf
from consulta.referrals.models import Referral
from consulta.referrals.notices import due_moved_notice, tray_moved_notice
from consulta.referrals.states import ReferralState
from consulta.submissions.models import Submission
from consulta.windows.models import Instrument, Topic, Window
from consulta.windows.terms import holder_for

AT_ONCE = 500


def ensure_clock(submission: Submission, now: datetime, actor: Actor | None) -> Clock:
    """Return the citizen's clock of a submission, started with the rules of its window where it had none."""
    if submission.clock is None:
        window = submission.topic.window
        submission.clock = start_clock(
            kind=ClockKind.ANSWER,
            holder=holder_for(window.government, window.instrument),
            term=answer_term(window.instrument),
            on=answer_start(submission),
            now=now,
            post_id=actor.post_id if actor else None,
        )
    return submission.clock


def unit_clock(submission: Submission, unit: Unit, now: datetime, actor: Actor | None) -> Clock:
    """Start the clock of a unit on the day on which the case reached it, or with the citizen's where that is later."""
    government, instrument = unit.agency.government, submission.topic.window.instrument
    return start_clock(
        kind=ClockKind.UNIT,
        holder=Holder(government, unit.agency_id, unit.id, instrument.key),
        term=answer_term(instrument),
        on=max(answer_start(submission), _local_day(now, government.timezone)),
        now=now,
        post_id=actor.post_id if actor else None,
    )


def answer_term(instrument: Instrument) -> Term:
    """Return the term of an answer as the instrument's row states it."""
    return Term(
        instrument.answer_days, DayUnit(instrument.answer_unit), rule="respuesta", citation=instrument.answer_citation
    )


def answer_start(submission: Submission) -> date:
    """Return from when the term of an answer counts: the last day of its window, or the reception in a mailbox."""
    window: Window = submission.topic.window
    received_on = _local_day(submission.received_at, window.government.timezone)
    if window.derivation is None:
        return received_on
    last_day = date.fromisoformat(window.derivation["due_on"])
    # Something that was admitted after closing counts from the decision.
    decided = submission.late_decided_at
    return last_day if decided is None else max(last_day, _local_day(decided, window.government.timezone))


def recompute_due(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `window.extended`: the answers that count from a closing count from the new one, in portions.

    Only later: where a window was shortened, what people were promised stays.
    """
    after_id = payload.get("after_id", 0)
    found = (
        select(Submission)
        .join(Submission.topic)
        .join(Submission.clock)
        .where(
            Topic.window_id == payload["window_id"],
            Submission.id > after_id,
            Clock.state != ClockState.MET,
            Submission.late_decided_at.is_(None),
        )
        .order_by(Submission.id)
        .limit(AT_ONCE)
    )
    submissions = session().scalars(found).all()
    if not submissions:
        return
    ids = [submission.id for submission in submissions]
    units = select(Clock).join(Referral, Referral.clock_id == Clock.id)
    units = units.where(Referral.submission_id.in_(ids), Referral.state == ReferralState.REFERRED)
    on = answer_start(submissions[0])
    citizens = [submission.clock for submission in submissions if submission.clock and submission.clock.starts_on < on]
    restart_clocks([*citizens, *(clock for clock in session().scalars(units) if clock.starts_on < on)], on, now)
    if len(submissions) == AT_ONCE:
        enqueue(kind="window.extended", payload={**payload, "after_id": ids[-1]}, run_at=now)
    session().flush()


def follow_clocks(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `clocks.moved`: copy the new dates to open referrals, with a leaf on each whose date moved."""
    ids = payload["clock_ids"]
    found = (
        select(Referral)
        .join(Referral.submission)
        .join(Submission.clock)
        .where(Submission.clock_id.in_(ids), Referral.state == ReferralState.REFERRED)
        .order_by(Referral.id)
    )
    units: set[int] = set()
    for referral in session().scalars(found).all():
        clock = referral.submission.clock
        if clock is None or clock.due_at is None or clock.due_at == referral.due_at:
            continue
        content = {"from_due_at": referral.due_at, "to_due_at": clock.due_at}
        append_leaf(kind="referral.due_moved", public_id=referral.submission.folio, at=now, content=content)
        _tell_person(referral, clock, now)
        session().execute(update(Referral).where(Referral.id == referral.id).values(due_at=clock.due_at))
        units.add(referral.unit_id)
    for unit_id in sorted(units):
        _tell_unit(unit_id, now)
    session().flush()


def _tell_person(referral: Referral, clock: Clock, now: datetime) -> None:
    """Tell who left an address; anybody else sees both dates in the story of her folio."""
    submission = referral.submission
    if submission.email and clock.due_on is not None:
        zone = ZoneInfo(clock.government.timezone)
        before = (referral.due_at.astimezone(zone) - timedelta(microseconds=1)).date()
        with speaking(submission.language):
            notify(due_moved_notice(submission, before, clock.due_on), now=now)


def _tell_unit(unit_id: int, now: datetime) -> None:
    """Tell who answers for a unit, once per version of the calendar."""
    posts = select(Post).where(Post.unit_id == unit_id, Post.role.in_((Role.RESPONDENT, Role.CONTROL)))
    for post in session().scalars(posts.order_by(Post.id)):
        government = post.unit.agency.government
        for address in list_addresses_of_post(post.id, _local_day(now, government.timezone)):
            notify(tray_moved_notice(post=post, address=address, version=government.calendar_version), now=now)


def _local_day(instant: datetime, timezone: str) -> date:
    return instant.astimezone(ZoneInfo(timezone)).date()
