"""After a calendar changed, or a clock passed its date: many clocks in small transactions, so that nobody waits."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.orm import joinedload

from consulta.agencies.models import Government
from consulta.clocks.decrees import PUBLISHED
from consulta.clocks.models import Clock, ClockEvent
from consulta.clocks.timekeeping import (
    due_instant,
    events_of,
    face_of,
    holder_of_clock,
    keep_derivations,
    record_event,
    term_of,
)
from consulta.clocks.timekeeping import preview as derive
from consulta.db import lock_exclusive, session
from consulta.deadlines import ClockState, Derivation, Event, EventKind
from consulta.jobs import enqueue

MOVED = "clocks.moved"
MISSED = "clocks.missed"
REASON = "cambió el calendario"
AT_ONCE = 500
# How many passed dates are written down a minute: after a midnight on which many fall due, all within some minutes.
MOST_PASSED = 2_000
# Between two portions, so that those who write meanwhile find the database free.
PAUSE = timedelta(seconds=2)


def recalendar(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `calendar.published`: count a portion of a government's open clocks again; the rest follows later.

    Effects in order: clocks whose date moves get an event with the old date and the new, a term of people is never
    shortened; what they date is told through `clocks.moved`; the next portion is enqueued.
    """
    government = session().get_one(Government, payload["government_id"])
    lock_exclusive(f"recalendar:{government.id}")
    clocks = session().scalars(_open_clocks(government.id, payload["after_id"], now)).all()
    moved = _recount_plain([clock for clock in clocks if clock.is_plain], now)
    moved += [clock.id for clock in clocks if not clock.is_plain and _recount_one(clock, now)]
    if moved:
        enqueue(kind=MOVED, payload={"clock_ids": moved, "government_id": government.id}, run_at=now)
    if len(clocks) == AT_ONCE:
        rest = {"government_id": government.id, "after_id": clocks[-1].id}
        enqueue(kind=PUBLISHED, payload=rest, run_at=now + PAUSE)
    session().flush()


def restart_clocks(clocks: Sequence[Clock], on: date, now: datetime, reason: str = "cambió el cierre") -> None:
    """Start clocks anew from another day: equal ones are computed once. What they date is told through `clocks.moved`.

    Only for clocks whose dates their start and the calendar explain alone; any other gets its event one by one.
    """
    ids = [clock.id for clock in clocks]
    session().execute(select(Clock.id).where(Clock.id.in_(ids)).order_by(Clock.id).with_for_update())
    groups: dict[Derivation, list[Clock]] = {}
    for clock in clocks:
        if clock.is_plain:
            derivation = derive(holder=holder_of_clock(clock), term=term_of(clock), on=on)
            groups.setdefault(derivation, []).append(clock)
        else:
            record_event(clock=clock, event=Event(EventKind.RESTART, on), now=now, reason=reason)
    kept = keep_derivations([derivation.as_json() for derivation in groups]) if groups else []
    for (derivation, members), derivation_id in zip(groups.items(), kept, strict=True):
        rows = [
            {**_row(clock, EventKind.RESTART, now, derivation.due_on), "happened_on": on, "reason": reason}
            for clock in members
        ]
        session().execute(insert(ClockEvent), rows)
        _set_date(members, derivation, derivation_id, now, starts_on=on)
    if ids:
        enqueue(kind=MOVED, payload={"clock_ids": ids, "government_id": clocks[0].government_id}, run_at=now)


def mark_passed(now: datetime) -> None:
    """Write down which clocks passed their date, a portion at a time. Runs in a unit of work.

    A term of people has run its course; any other was missed, and whoever holds it is told through `clocks.missed`.
    """
    found = (
        select(Clock)
        .where(Clock.state == ClockState.RUNNING, Clock.missed_at.is_(None), Clock.due_at <= now)
        .order_by(Clock.due_at, Clock.id)
        .limit(MOST_PASSED)
        .with_for_update(skip_locked=True)
    )
    clocks = session().scalars(found).all()
    for state, members in (
        (EventKind.MET, [clock for clock in clocks if clock.protects]),
        (EventKind.MISSED, [clock for clock in clocks if not clock.protects]),
    ):
        _mark(members, state, now)
    missed = [clock.id for clock in clocks if not clock.protects]
    if missed:
        enqueue(kind=MISSED, payload={"clock_ids": missed}, run_at=now)


def end_clocks(clock_ids: Sequence[int | None], now: datetime, post_id: int | None) -> None:
    """Stop clocks: what they waited for has happened. Those that have stopped already stay as they are."""
    ids = sorted({clock_id for clock_id in clock_ids if clock_id is not None})
    found = select(Clock).options(joinedload(Clock.government)).where(Clock.id.in_(ids), Clock.state != ClockState.MET)
    _mark(session().scalars(found.order_by(Clock.id).with_for_update(of=Clock)).all(), EventKind.MET, now, post_id)


def _mark(clocks: Sequence[Clock], kind: EventKind, now: datetime, post_id: int | None = None) -> None:
    if not clocks:
        return
    values: dict[str, Any] = {"missed_at": now} if kind == EventKind.MISSED else {"state": ClockState.MET}
    rows = [{**_row(clock, kind, now, clock.due_on), "post_id": post_id} for clock in clocks]
    session().execute(insert(ClockEvent), rows)
    session().execute(update(Clock).where(Clock.id.in_([clock.id for clock in clocks])).values(**values))


def _open_clocks(government_id: int, after_id: int, now: datetime) -> Select[Clock]:
    """Return a portion of the clocks that run. A term of people that has ended is history, and stays as it was."""
    return (
        select(Clock)
        .where(
            Clock.government_id == government_id,
            Clock.state.in_((ClockState.RUNNING, ClockState.SUSPENDED)),
            or_(Clock.protects.is_(False), Clock.due_at > now),
            Clock.id > after_id,
        )
        .order_by(Clock.id)
        .limit(AT_ONCE)
        .with_for_update()
    )


def _recount_plain(clocks: Sequence[Clock], now: datetime) -> list[int]:
    """Count clocks without suspensions or extensions: equal ones are computed once and written together."""
    groups: dict[Derivation, list[Clock]] = {}
    moved: list[int] = []
    for clock in clocks:
        derivation = derive(holder=holder_of_clock(clock), term=term_of(clock), on=clock.starts_on)
        if clock.protects:
            moved += [clock.id] if _recount_one(clock, now) else []
        else:
            groups.setdefault(derivation, []).append(clock)
    ids = keep_derivations([derivation.as_json() for derivation in groups]) if groups else []
    for (derivation, members), derivation_id in zip(groups.items(), ids, strict=True):
        moved += _move_group(members, derivation, derivation_id, now)
    return moved


def _move_group(members: Sequence[Clock], derivation: Derivation, derivation_id: int, now: datetime) -> list[int]:
    """Write one date on all of a group, and an event on each whose day changed; return those."""
    stale = [clock for clock in members if clock.derivation_id != derivation_id]
    changed = [clock for clock in stale if clock.due_on != derivation.due_on]
    if changed:
        rows = [_row(clock, EventKind.RECALENDAR, now, derivation.due_on) for clock in changed]
        session().execute(insert(ClockEvent), rows)
    _set_date(stale, derivation, derivation_id, now)
    return [clock.id for clock in changed]


def _set_date(
    clocks: Sequence[Clock], derivation: Derivation, derivation_id: int, now: datetime, **values: Any
) -> None:
    """Store one fold on many clocks at once: what `timekeeping` does for one."""
    if not clocks:
        return
    due_at = due_instant(derivation.due_on, clocks[0].government)
    values |= {"due_on": derivation.due_on, "due_at": due_at, "derivation_id": derivation_id}
    if due_at > now:
        values["missed_at"] = None
    session().execute(update(Clock).where(Clock.id.in_([clock.id for clock in clocks])).values(**values))


def _recount_one(clock: Clock, now: datetime) -> bool:
    """Count one clock with all its events again; say whether its day changed."""
    floor = clock.due_on if clock.protects else None
    event = Event(EventKind.RECALENDAR, _day_of(clock, now), not_before=floor)
    face = face_of(clock, [*events_of(clock.events), event])
    if face.due_on == clock.due_on:
        return False
    record_event(clock=clock, event=event, now=now, reason=REASON)
    return True


def _day_of(clock: Clock, now: datetime) -> date:
    """Return the day of an event that happens now; one that starts later is counted again on its first day."""
    today = now.astimezone(ZoneInfo(clock.government.timezone)).date()
    return max([today, *(event.happened_on for event in clock.events[-1:])])


def _row(clock: Clock, kind: EventKind, now: datetime, to_due_on: date | None) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(clock.government.timezone)).date()
    return {
        "clock_id": clock.id,
        "kind": kind,
        "happened_on": max(today, clock.starts_on),
        "at": now,
        "reason": REASON if kind == EventKind.RECALENDAR else "",
        "from_due_on": clock.due_on,
        "to_due_on": to_due_on,
        "calendar_version": clock.government.calendar_version,
    }
