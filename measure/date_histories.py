"""Random sequences of acts by every role: no date moves without reason, author and, where required, a second person.

Each sequence is a window of its own in a government of its own, and at least twenty acts with time passing between
them. After each act what changed is compared with what was written down about it; at the end everything that was
received must still be reachable, with a public state.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from consulta.actors import Actor, Role
from consulta.agencies.operations import (
    create_agency,
    create_government,
    create_post,
    create_unit,
    publish_privacy_notice,
)
from consulta.clocks.models import ClockEvent
from consulta.db import session, unit_of_work
from consulta.errors import ConsultaError
from consulta.submissions.queries import find_by_folio
from consulta.windows.models import DateChange, Extension, Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument
from consulta.windows.states import DateChangeKind, DateChangeState
from measure.date_acts import ACTS_BY_NAME, MIX, ROLES, Run
from measure.instances import Instance, instances

SEQUENCES = 10_000
ACTS = 22
SEED = 20261126
# What must be exercised at least once in the whole run.
WANTED = (
    *(
        "schedule",
        "extend",
        "propose_shorten",
        "propose_annul",
        "approve_shorten",
        "approve_annul",
        "reject",
        "withdraw",
    ),
    *("conclude", "receive", "receive_late", "decide_admitted", "decide_declined", "draft", "publish", "recalendared"),
)


def run() -> dict[str, Any]:
    """Measure on the embedded database; the rules are the same code on both."""
    with instances("sqlite") as made:
        return _measure(next(made)[1])


def _measure(instance: Instance) -> dict[str, Any]:
    done: Counter[str] = Counter()
    wrong: list[str] = []
    with instance.scope():
        for number in range(SEQUENCES):
            found = _sequence(number)
            done += found.done
            wrong += found.wrong
            session().expunge_all()
            if number % 500 == 499:
                print(f"  {number + 1:,} of {SEQUENCES:,}: {len(wrong)} wrong", flush=True)
    missing = [name for name in WANTED if not done[name]]
    return {
        "n": SEQUENCES,
        "acts_each": ACTS,
        "seed": SEED,
        "acts": dict(sorted(done.items())),
        "never_exercised": missing,
        "wrong": len(wrong),
        "first_wrong": wrong[:5],
        "reached": not wrong and not missing,
    }


def _sequence(number: int) -> Run:
    draw = random.Random(SEED + number)
    found = Run(draw, datetime(2026, 1, 5, 15, tzinfo=UTC) + timedelta(hours=draw.randrange(24 * 200)))
    with unit_of_work():
        _found_government(found, number)
    for act in range(ACTS):
        found.now += timedelta(hours=draw.choice((1, 5, 20, 30, 80)))
        # The first acts are mostly those without which nothing else can happen.
        _act(found, "schedule" if act < 3 and draw.random() < 0.8 else draw.choice(MIX))
    _check_reachable(found)
    return found


def _found_government(found: Run, number: int) -> None:
    start = found.now
    letters = "".join(chr(65 + int(digit)) for digit in f"{number:05d}")
    government = create_government(
        key=f"g{number}", name="De medición", folio_prefix=letters[:6], timezone="America/Mexico_City",
        calendar_key="lft", contact="Aquí", now=start,
    )  # fmt: skip
    publish_privacy_notice(government=government, version="2026-1", summary="Se mide.", text="Se mide.", now=start)
    agency = create_agency(government=government, key="a", name="Dependencia", now=start)
    unit = create_unit(agency=agency, key="u", name="Unidad", now=start)
    for role in ROLES:
        _appoint(found, government.id, unit, role, role.value, number, start)
    _appoint(found, government.id, unit, Role.COORDINATOR, "coordinator-2", number, start)
    coordinator = found.actors["coordinator"]
    window = create_window(
        government=government, instrument=get_instrument("agenda_regulatoria"), title=f"Agenda {number}",
        summary="Se mide.", actor=coordinator, now=start,
    )  # fmt: skip
    topic = add_topic(window=window, title="Tema", summary="", unit=unit, actor=coordinator, now=start)
    found.window_id, found.topic_id = window.id, topic.id


def _appoint(found: Run, government_id: int, unit: Any, role: Role, name: str, number: int, now: datetime) -> None:
    post = create_post(unit=unit, key=f"{name}-{number}", title=name, role=role, now=now)
    found.actors[name] = Actor(post.id, role, unit.id, unit.agency_id, government_id)


def _act(found: Run, name: str) -> None:
    """Do one act; a refusal is a right answer, a date that moved without its trace is not."""
    before = (found.window.opens_at, found.window.closes_at)
    try:
        with unit_of_work():
            did = ACTS_BY_NAME[name](found)
        found.done[did] += 1
    except ConsultaError:
        found.done[f"refused_{name}"] += 1
        did = "refused"
    session().expire_all()
    after = (found.window.opens_at, found.window.closes_at)
    if before != after:
        problem = _unexplained(found, did, before[1], after[1])
        if problem:
            found.wrong.append(f"{found.window.slug}, {did}: {problem}")


def _unexplained(found: Run, did: str, before: datetime | None, after: datetime | None) -> str:
    """Say what is missing of the trace of a date that moved."""
    window = found.window
    if did == "schedule":
        return "" if after is not None and before is None else "scheduled twice"
    if before is None or after is None:
        return "a date appeared or went"
    if after < before:
        return _unexplained_shortening(window, before, after)
    if did == "extend":
        last = (
            session()
            .scalars(select(Extension).where(Extension.window_id == window.id).order_by(Extension.id.desc()))
            .first()
        )
        complete = last is not None and last.legal_basis and last.reason and last.agreement and last.post_id
        return "" if complete and last is not None and last.to_closes_at == after else "extended without its grounds"
    if did == "recalendared":
        return "" if _last_event(window).kind == "recalendar" and _last_event(window).calendar_version else "no event"
    return "nothing explains it"


def _unexplained_shortening(window: Window, before: datetime, after: datetime) -> str:
    change = (
        session()
        .scalars(select(DateChange).where(DateChange.window_id == window.id).order_by(DateChange.id.desc()))
        .first()
    )
    if change is None or change.state != DateChangeState.APPROVED or change.kind != DateChangeKind.SHORTEN:
        return "shortened without a decision"
    if change.decided_by_post_id in (None, change.proposed_by_post_id):
        return "shortened by one person"
    return "" if (change.from_closes_at, change.to_closes_at) == (before, after) else "shortened to something else"


def _last_event(window: Window) -> ClockEvent:
    found = select(ClockEvent).where(ClockEvent.clock_id == window.clock_id).order_by(ClockEvent.id.desc())
    return session().scalars(found.limit(1)).one()


def _check_reachable(found: Run) -> None:
    for folio in found.folios:
        item = find_by_folio(folio)
        if item is None:
            found.wrong.append(f"{folio} was lost")
        elif item.is_admitted and item.clock is None:
            found.wrong.append(f"{folio} waits without a clock")
