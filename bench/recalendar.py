"""A new calendar over a hundred thousand open cases while people hand in: how much slower intake becomes.

The worker is a process of its own, as in production. Intake is counted before, meanwhile and after, in one run.
"""

import multiprocessing
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select

from consulta.app import create_app
from consulta.clocks.decrees import PUBLISHED, draft_decree, publish_decree
from consulta.clocks.models import Clock, ClockEvent
from consulta.clocks.recalendar import MOVED
from consulta.clocks.rules import DecreeDraft, RangeDraft
from consulta.clocks.states import ClockKind, DecreeKind
from consulta.clocks.timekeeping import Holder, keep_derivations, preview
from consulta.config import Settings
from consulta.db import Database, session, unit_of_work
from consulta.deadlines import ClockState, DayUnit, EventKind, Term
from consulta.jobs.models import Job
from consulta.jobs.worker import Worker
from consulta.submissions.operations import RECEIVED, receive
from measure.instances import Instance
from tests.builders import SECRET, World, a_delivery, get_window

CASES = 100_000
SECONDS = 15.0
AT_ONCE = 5_000
LIMIT = 1 / 0.9


def run(instance: Instance, world: World) -> dict[str, Any]:
    """Measure on one database; the ratio is intake alone against intake meanwhile."""
    with instance.scope():
        _open_cases(world)
        stop = multiprocessing.Event()
        working = multiprocessing.Process(target=_work, args=(instance.settings, stop))
        working.start()
        try:
            _rate(world, 3.0, lambda: False)
            before = _rate(world, SECONDS, lambda: False)
            events = _publish(world)
            started = time.perf_counter()
            meanwhile = _rate(world, 1200.0, _is_counted)
            seconds = time.perf_counter() - started
            after = _rate(world, SECONDS, lambda: False)
        finally:
            stop.set()
            working.join()
        recounted = _moved_since(events)
    alone = (before + after) / 2
    return {
        "cases": CASES,
        "moved": recounted,
        "intake_per_second_alone": round(alone, 1),
        "intake_per_second_meanwhile": round(meanwhile, 1),
        "recalendar_seconds": round(seconds, 1),
        "ratio": round(alone / meanwhile, 3),
        "limit": round(LIMIT, 3),
        "reached": alone / meanwhile <= LIMIT and recounted == CASES,
    }


def _open_cases(world: World) -> None:
    """Write a hundred thousand running clocks of answers, of twenty different days."""
    government = get_window(world.slugs["open"]).government
    holder, term = Holder(government, procedure="atencion_ciudadana"), Term(10, DayUnit.BUSINESS_DAY)
    today = datetime.now(UTC).date()
    days = [today + timedelta(days=offset) for offset in range(20)]
    with unit_of_work():
        derivations = [preview(holder=holder, term=term, on=on) for on in days]
        ids = keep_derivations([item.as_json() for item in derivations])
    common = {
        "kind": ClockKind.ANSWER,
        "government_id": government.id,
        "procedure": "atencion_ciudadana",
        "n": term.n,
        "unit_of_term": term.unit,
        "roll_last_day": True,
        "rule": "",
        "citation": "",
        "protects": False,
        "state": ClockState.RUNNING,
        "is_plain": True,
    }
    first = (session().scalar(select(func.max(Clock.id))) or 0) + 1
    for start in range(0, CASES, AT_ONCE):
        with unit_of_work():
            numbers = range(start, start + AT_ONCE)
            rows = [{**common, **_date_of(derivations[n % 20].due_on, ids[n % 20], days[n % 20])} for n in numbers]
            session().execute(insert(Clock), [{"id": first + n, **row} for n, row in zip(numbers, rows, strict=True)])
            events = [
                {"clock_id": first + n, "kind": EventKind.START, "happened_on": days[n % 20], "at": datetime.now(UTC)}
                for n in numbers
            ]
            session().execute(insert(ClockEvent), events)


def _date_of(due_on: date, derivation_id: int, starts_on: date) -> dict[str, Any]:
    due_at = datetime(due_on.year, due_on.month, due_on.day, 6, tzinfo=UTC) + timedelta(days=1)
    return {"due_on": due_on, "due_at": due_at, "derivation_id": derivation_id, "starts_on": starts_on}


def _publish(world: World) -> int:
    """Suspend terms on some days that every case counts, so that all move; return how many events there were."""
    today = datetime.now(UTC).date()
    spans = [(today + timedelta(days=first), today + timedelta(days=first + 4)) for first in (1, 12, 21)]
    ranges = tuple(RangeDraft(first_on, last_on, DecreeKind.SUSPENSION, "se mide") for first_on, last_on in spans)
    events = session().scalar(select(func.count()).select_from(ClockEvent)) or 0
    now = datetime.now(UTC)
    with unit_of_work():
        government = get_window(world.slugs["open"]).government
        draft = DecreeDraft("Decreto que se mide", "P.O. 1", now.date(), ranges)
        decree = draft_decree(government=government, draft=draft, actor=world.actors["administrator"], now=now)
        publish_decree(decree=decree, actor=world.actors["coordinator"], now=now)
    return events


def _moved_since(events: int) -> int:
    found = (
        select(func.count())
        .select_from(ClockEvent)
        .where(ClockEvent.kind == EventKind.RECALENDAR, ClockEvent.id > events)
    )
    return session().scalar(found.where(ClockEvent.clock_id.in_(_measured()))) or 0


def _measured() -> Any:
    return select(Clock.id).where(Clock.procedure == "atencion_ciudadana", Clock.kind == ClockKind.ANSWER)


def _rate(world: World, seconds: float, is_over: Callable[[], bool]) -> float:
    """Hand in one by one, each durable, for so long; return how many a second.

    What is to be routed is taken out of the outbox at once: a client that never rests hands in faster than one worker
    routes, and then the new calendar would only wait behind an ever longer queue.
    """
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds and not is_over():
        now = datetime.now(UTC)
        with unit_of_work():
            receive(a_delivery(world.topics["open"], now), secret=SECRET, clock=lambda now=now: now)
            session().execute(delete(Job).where(Job.kind == RECEIVED))
        session().expunge_all()
        count += 1
    return count / (time.perf_counter() - started)


def _is_counted() -> bool:
    """Say whether the new calendar leaves no work; asked about once a second."""
    if time.monotonic() < _asked[0] + 1:
        return False
    _asked[0] = time.monotonic()
    waiting = session().scalar(select(Job.id).where(Job.kind.in_((PUBLISHED, MOVED))).limit(1))
    session().rollback()
    return waiting is None


_asked = [0.0]


def _work(settings: Settings, stop: Any) -> None:
    """Work the outbox as in production."""
    database = Database(settings.database_url, keys=settings.demographics_keys)
    registry = create_app(settings, database=database).extensions["consulta.registry"]
    Worker(database, registry, lambda: datetime.now(UTC)).run_forever(stop.is_set)
