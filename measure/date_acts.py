"""The acts of a random history of dates: each is tried by somebody with some role, and may be refused."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from consulta.actors import Actor, Role
from consulta.clocks.decrees import draft_decree, publish_decree
from consulta.clocks.models import Decree
from consulta.clocks.recalendar import mark_passed, recalendar
from consulta.clocks.rules import DecreeDraft, RangeDraft
from consulta.clocks.states import DecreeKind, DecreeState
from consulta.db import session
from consulta.referrals.routing import refer_by_topic
from consulta.submissions.drafts import NonceReused
from consulta.submissions.late import decide_late
from consulta.submissions.operations import receive
from consulta.submissions.queries import find_by_folio
from consulta.submissions.states import LateDecision
from consulta.windows.changes import approve_change, propose_change, reject_change, withdraw_change
from consulta.windows.dating import conclude_window, extend_window, follow_clocks, schedule_window
from consulta.windows.models import Window
from consulta.windows.operations import status_of
from consulta.windows.queries import find_proposed
from consulta.windows.states import DateChangeKind
from tests.builders import SECRET, a_delivery

ROLES = (Role.COORDINATOR, Role.CONTROL, Role.ADMINISTRATOR, Role.RESPONDENT, Role.OPERATOR, Role.MODERATOR)
GROUNDS = {"legal_basis": "Artículo 28", "reason": "Se mide.", "agreement": "A-1"}


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
