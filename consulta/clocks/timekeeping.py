"""Writes of clocks: every event goes through `record_event`, every due date through `_store`."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from consulta.agencies.models import Government
from consulta.clocks.calendars import calendar_of
from consulta.clocks.models import Clock, ClockEvent, StoredDerivation
from consulta.clocks.states import ClockKind
from consulta.db import is_postgresql, session
from consulta.deadlines import Calendar, ClockState, DayUnit, Derivation, Event, EventKind, Face, Term, fold

# What leaves a date that its last start and the calendar explain alone.
PLAIN = frozenset(EventKind) - {EventKind.SUSPEND, EventKind.RESUME, EventKind.EXTEND}


@dataclass(frozen=True)
class Holder:
    """Whose calendar a clock counts in, and for which instrument."""

    government: Government
    agency_id: int | None = None
    unit_id: int | None = None
    procedure: str = ""

    def calendar(self) -> Calendar:
        """Return the calendar in its present version."""
        return calendar_of(self.government, agency_id=self.agency_id, unit_id=self.unit_id, procedure=self.procedure)


def start_clock(
    *,
    kind: ClockKind,
    holder: Holder,
    term: Term,
    on: date,
    now: datetime,
    post_id: int | None = None,
    reason: str = "",
) -> Clock:
    """Start a clock on a civil day, which is not counted. Flushes.

    A clock of a consultation is a term of people: no later calendar shortens it. Raises Refused when the term is not a
    sensible number or leaves the calendar.
    """
    clock = Clock(
        kind=kind,
        government=holder.government,
        agency_id=holder.agency_id,
        unit_id=holder.unit_id,
        procedure=holder.procedure,
        n=term.n,
        unit_of_term=term.unit,
        roll_last_day=term.roll_last_day,
        rule=term.rule,
        citation=term.citation,
        protects=kind == ClockKind.CONSULTATION,
        state=ClockState.RUNNING,
        starts_on=on,
        is_plain=True,
        missed_at=None,
    )
    _append(clock, Event(EventKind.START, on), now, post_id, reason)
    session().add(clock)
    session().flush()
    return clock


def record_event(*, clock: Clock, event: Event, now: datetime, post_id: int | None = None, reason: str = "") -> None:
    """Add an event, holding the clock's row, and store the date that follows.

    Raises Refused when the event cannot follow those that there are; nothing is written then.
    """
    # The row itself is the lock, so that whoever holds many rows of clocks and whoever holds one wait in one order.
    session().refresh(clock, with_for_update=True)
    _append(clock, event, now, post_id, reason)
    session().flush()


def preview(*, holder: Holder, term: Term, on: date) -> Derivation:
    """Return the derivation that a clock would have; nothing is written. Raises Refused like `start_clock`."""
    return _derive(term, on, holder.calendar())


def due_instant(on: date, government: Government) -> datetime:
    """Return the instant that reads "24:00 h" of a day where a government is: the first of the next."""
    return datetime.combine(on + timedelta(days=1), datetime.min.time(), tzinfo=ZoneInfo(government.timezone))


def term_of(clock: Clock) -> Term:
    """Return the term of a clock."""
    return Term(clock.n, DayUnit(clock.unit_of_term), clock.roll_last_day, clock.rule, clock.citation)


def holder_of_clock(clock: Clock) -> Holder:
    """Return whose calendar a clock counts in."""
    return Holder(clock.government, clock.agency_id, clock.unit_id, clock.procedure)


def events_of(rows: Iterable[ClockEvent]) -> list[Event]:
    """Return the events of a clock as the fold takes them."""
    return [
        Event(
            EventKind(row.kind),
            row.happened_on,
            row.n,
            DayUnit(row.unit_of_term) if row.unit_of_term else None,
            row.citation,
            row.not_before,
        )
        for row in rows
    ]


def keep_derivations(found: Sequence[dict[str, Any]]) -> list[int]:
    """Return the ids of derivations, each kept once however many clocks share it."""
    digests = [_digest(content) for content in found]
    rows = [
        {"digest": digest, "content": content} for digest, content in dict(zip(digests, found, strict=True)).items()
    ]
    insert = postgresql_insert if is_postgresql() else sqlite_insert
    session().execute(insert(StoredDerivation).on_conflict_do_nothing(index_elements=["digest"]), rows)
    kept = select(StoredDerivation.digest, StoredDerivation.id).where(StoredDerivation.digest.in_(digests))
    known = {digest: kept_id for digest, kept_id in session().execute(kept)}
    return [known[digest] for digest in digests]


def face_of(clock: Clock, events: Sequence[Event]) -> Face:
    """Fold events in the calendar as it is now; the plain case, which thousands of clocks share, is computed once."""
    calendar = holder_of_clock(clock).calendar()
    if len(events) == 1 and events[0].kind == EventKind.START:
        derivation = _derive(term_of(clock), events[0].on, calendar)
        return Face(ClockState.RUNNING, derivation.due_on, derivation, is_missed=False)
    return fold(term_of(clock), events, calendar)


def _append(clock: Clock, event: Event, now: datetime, post_id: int | None, reason: str) -> None:
    face = face_of(clock, [*events_of(clock.events), event])
    before = clock.due_on
    _store(clock, face, event, now)
    clock.events.append(
        ClockEvent(
            kind=event.kind,
            happened_on=event.on,
            at=now,
            n=event.n,
            unit_of_term=event.unit,
            citation=event.citation,
            reason=reason,
            not_before=event.not_before,
            from_due_on=before,
            to_due_on=face.due_on,
            calendar_version=clock.government.calendar_version,
            post_id=post_id,
        )
    )


def _store(clock: Clock, face: Face, event: Event, now: datetime) -> None:
    """Store what the fold says. Nothing else writes a due date."""
    clock.state, clock.due_on = face.state, face.due_on
    clock.due_at = due_instant(face.due_on, clock.government) if face.due_on else None
    clock.derivation_id = keep_derivations([face.derivation.as_json()])[0] if face.derivation else None
    if event.kind == EventKind.RESTART:
        clock.starts_on = event.on
    clock.is_plain = clock.is_plain and event.kind in PLAIN and event.not_before is None
    if event.kind == EventKind.MISSED:
        clock.missed_at = now
    elif clock.missed_at is not None and clock.due_at is not None and clock.due_at > now:
        # A date that moved beyond today was not missed any more.
        clock.missed_at = None


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


@lru_cache(maxsize=4096)
def _derive(term: Term, on: date, calendar: Calendar) -> Derivation:
    face = fold(term, (Event(EventKind.START, on),), calendar)
    assert face.derivation is not None
    return face.derivation
