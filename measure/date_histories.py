"""Random sequences of acts by every role: no date moves without reason, author and, where required, a second person.

Each sequence is a window of its own in a government of its own, and at least twenty acts with time passing between
them. After each act what changed is compared with what was written down about it; at the end everything that was
received must still be reachable, with a public state.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
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
from consulta.clocks.decrees import draft_decree, publish_decree
from consulta.clocks.models import ClockEvent, Decree
from consulta.clocks.recalendar import mark_passed, recalendar
from consulta.clocks.rules import DecreeDraft, RangeDraft
from consulta.clocks.states import DecreeKind, DecreeState
from consulta.db import session, unit_of_work
from consulta.errors import ConsultaError
from consulta.referrals.routing import refer_by_topic
from consulta.submissions.drafts import NonceReused
from consulta.submissions.late import decide_late
from consulta.submissions.operations import receive
from consulta.submissions.queries import find_by_folio
from consulta.submissions.states import LateDecision
from consulta.windows.changes import approve_change, propose_change, reject_change, withdraw_change
from consulta.windows.dating import conclude_window, extend_window, follow_clocks, schedule_window
from consulta.windows.models import DateChange, Extension, Window
from consulta.windows.operations import add_topic, create_window, status_of
from consulta.windows.queries import find_proposed, get_instrument
from consulta.windows.states import DateChangeKind, DateChangeState
from measure.instances import Instance, instances
from tests.builders import SECRET, a_delivery

SEQUENCES = 10_000
ACTS = 22
SEED = 20261126
ROLES = (Role.COORDINATOR, Role.CONTROL, Role.ADMINISTRATOR, Role.RESPONDENT, Role.OPERATOR, Role.MODERATOR)
GROUNDS = {"legal_basis": "Artículo 28", "reason": "Se mide.", "agreement": "A-1"}
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


@dataclass
class Run:
    """A sequence: its window, who acts, and what was received."""

    draw: random.Random
    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)
    window_id: int = 0
    topic_id: int = 0
    folios: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def window(self) -> Window:
        """Its window, as it is now."""
        return session().get_one(Window, self.window_id)

    def anybody(self) -> Actor:
        """Somebody with some role: most of the time one who may."""
        may = ("coordinator", "coordinator", "coordinator", "coordinator-2", "coordinator-2")
        return self.actors[self.draw.choice((*may, *(role.value for role in ROLES)))]


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


def _schedule(found: Run) -> str:
    opens_on = found.now.date() + timedelta(days=found.draw.randrange(3))
    days = found.draw.randrange(8, 25)
    schedule_window(window=found.window, opens_on=opens_on, days=days, actor=found.anybody(), now=found.now)
    return "schedule"


def _extend(found: Run) -> str:
    grounds = {key: value if found.draw.random() < 0.9 else " " for key, value in GROUNDS.items()}
    extend_window(window=found.window, days=found.draw.randrange(1, 6), actor=found.anybody(), now=found.now, **grounds)
    return "extend"


def _propose(found: Run) -> str:
    kind = found.draw.choice((DateChangeKind.SHORTEN, DateChangeKind.SHORTEN, DateChangeKind.ANNUL))
    days = found.draw.randrange(8, 20)
    propose_change(window=found.window, kind=kind, days=days, actor=found.anybody(), now=found.now, **GROUNDS)
    return f"propose_{kind.value}"


def _decide(found: Run) -> str:
    change = find_proposed(found.window)
    if change is None:
        return "nothing_to_decide"
    act = found.draw.choice(("approve", "approve", "reject", "withdraw"))
    if act == "approve":
        approve_change(change=change, actor=found.anybody(), now=found.now)
        return f"approve_{change.kind}"
    if act == "reject":
        reject_change(change=change, reason="No procede.", actor=found.anybody(), now=found.now)
    else:
        withdraw_change(change=change, actor=found.anybody(), now=found.now)
    return act


def _conclude(found: Run) -> str:
    conclude_window(window=found.window, actor=found.anybody(), now=found.now)
    return "conclude"


def _receive(found: Run) -> str:
    received_at = found.now - timedelta(hours=found.draw.choice((0, 0, 0, 40)))
    outcome = receive(a_delivery(found.topic_id, received_at), secret=SECRET, clock=lambda: found.now)
    assert not isinstance(outcome, NonceReused)
    found.folios.append(outcome.folio)
    refer_by_topic({"folio": outcome.folio}, found.now)
    return "receive" if found.window.closes_at is None or received_at < found.window.closes_at else "receive_late"


def _decide_late(found: Run) -> str:
    if not found.folios:
        return "nothing_to_decide"
    item = find_by_folio(found.draw.choice(found.folios))
    assert item is not None
    decision = found.draw.choice(list(LateDecision))
    decide_late(submission=item, decision=decision, reason="Por esto.", actor=found.anybody(), now=found.now)
    refer_by_topic({"folio": item.folio}, found.now)
    return f"decide_{decision.value}"


def _draft(found: Run) -> str:
    first_on = found.now.date() + timedelta(days=found.draw.randrange(1, 40))
    kind = found.draw.choice((DecreeKind.HOLIDAY, DecreeKind.SUSPENSION, DecreeKind.ENABLED_DAY))
    ranges = (RangeDraft(first_on, first_on + timedelta(days=found.draw.randrange(4)), kind, "se mide"),)
    draft = DecreeDraft("Decreto", "P.O. 1", _today(found), ranges)
    draft_decree(government=found.window.government, draft=draft, actor=found.anybody(), now=found.now)
    return "draft"


def _publish(found: Run) -> str:
    """Publish a draft and count again, as the worker does right after."""
    window = found.window
    waiting = select(Decree).where(Decree.government_id == window.government_id, Decree.state == DecreeState.DRAFT)
    decree = session().scalars(waiting.order_by(Decree.id)).first()
    if decree is None:
        return "nothing_to_publish"
    publish_decree(decree=decree, actor=found.anybody(), now=found.now)
    before = window.closes_at
    recalendar({"government_id": window.government_id, "after_id": 0}, found.now)
    if window.clock_id is not None:
        follow_clocks({"clock_ids": [window.clock_id]}, found.now)
    found.done["publish"] += 1
    return "recalendared" if window.closes_at != before else "published_and_nothing_moved"


def _pass(found: Run) -> str:
    mark_passed(found.now)
    status_of(found.window, found.now)
    return "time_passed"


def _today(found: Run) -> date:
    return found.now.date()


ACTS_BY_NAME: dict[str, Callable[[Run], str]] = {
    "schedule": _schedule,
    "extend": _extend,
    "propose": _propose,
    "decide": _decide,
    "conclude": _conclude,
    "receive": _receive,
    "decide_late": _decide_late,
    "draft": _draft,
    "publish": _publish,
    "pass": _pass,
}
# Receiving and deciding come more often, because most else can happen once.
MIX = (*ACTS_BY_NAME, *("receive", "decide_late", "decide") * 3, "propose", "propose", "draft", "publish")
