"""What moves dates in the demonstration: decrees, decisions of what came late, a change for a second person."""

from datetime import date, timedelta

from consulta.clocks.decrees import draft_decree, publish_decree
from consulta.clocks.recalendar import recalendar
from consulta.clocks.rules import DecreeDraft, RangeDraft
from consulta.clocks.states import DecreeKind
from consulta.db import session
from consulta.demo.comments import Piece
from consulta.demo.plans import Plan
from consulta.demo.stage import STATE, Stage, read_data
from consulta.demo.timeline import Story
from consulta.referrals.routing import refer_by_topic
from consulta.submissions.late import decide_late
from consulta.submissions.states import LateDecision
from consulta.windows.changes import approve_change, propose_change
from consulta.windows.models import DateChange, Window
from consulta.windows.states import DateChangeKind

# Business days from today.
DECREED, SUSPENDED = -1, 4


def move_the_calendar(stage: Stage) -> Story:
    """Publish a suspension of terms that moves the open windows by a day, and leave next year's days to be published.

    The dates that hang from it move when the worker of the instance runs, as in production.
    """
    days = stage.offices[STATE].days
    at = days.at(days.business(DECREED), 10, 15)
    yield at
    text, on = read_data("clock")["suspension"], days.business(SUSPENDED)
    ranges = (RangeDraft(on, on, DecreeKind.SUSPENSION, text["reason"]),)
    decree = draft_decree(
        government=stage.government(STATE),
        draft=DecreeDraft(text["title"], _dated(text["reference"], at.year), at.date(), ranges),
        actor=stage.actors["administracion"],
        now=at,
    )
    yield at + timedelta(hours=1)
    publish_decree(decree=decree, actor=stage.coordinator(STATE), now=at + timedelta(hours=1))
    recalendar({"government_id": decree.government_id, "after_id": 0}, at + timedelta(hours=1))
    yield at + timedelta(hours=2)
    text, year = read_data("clock")["next_year"], at.year + 1
    ranges = (RangeDraft(date(year, 6, 8), date(year, 6, 8), DecreeKind.HOLIDAY, text["reason"]),)
    draft_decree(
        government=stage.government(STATE),
        draft=DecreeDraft(_dated(text["title"], at.year), _dated(text["reference"], at.year), at.date(), ranges),
        actor=stage.actors["administracion"],
        now=at + timedelta(hours=2),
    )


def decide_of_late(stage: Stage, plan: Plan, piece: Piece, decision: LateDecision) -> Story:
    """Admit something that came late, or leave it apart, two business days after."""
    at = plan.days.at(plan.days.business(2, piece.at.date()), 11, 5)
    yield at
    decide_late(
        submission=piece.submission(),
        decision=decision,
        reason=read_data("clock")["late"][decision.value],
        actor=stage.coordinator(plan.government),
        now=at,
    )
    refer_by_topic({"folio": piece.folio}, at)


def annul(stage: Stage, plan: Plan) -> Story:
    """Annul a window on the third day: the coordination proposes it, the control body approves it."""
    at = plan.days.at(plan.days.business(3, plan.opens_on), 10, 30)
    yield at
    text = read_data("clock")["annul"]
    change = propose_change(
        window=session().get_one(Window, plan.window_id),
        kind=DateChangeKind.ANNUL,
        days=None,
        legal_basis=text["legal_basis"],
        reason=text["reason"],
        agreement=plan.dated(text["agreement"]),
        actor=stage.coordinator(plan.government),
        now=at,
    )
    yield at + timedelta(hours=3)
    control = stage.actors[stage.offices[plan.government].control]
    approve_change(change=session().get_one(DateChange, change.id), actor=control, now=at + timedelta(hours=3))


def propose_to_shorten(stage: Stage, plan: Plan) -> Story:
    """Propose to shorten an open window; nobody has decided yet."""
    at = plan.days.at(plan.days.business(-1), 12, 20)
    yield at
    text = read_data("clock")["shorten"]
    propose_change(
        window=session().get_one(Window, plan.window_id),
        kind=DateChangeKind.SHORTEN,
        days=text["days"],
        legal_basis=text["legal_basis"],
        reason=text["reason"],
        agreement=plan.dated(text["agreement"]),
        actor=stage.actors["coordinacion-suplente"],
        now=at,
    )


def _dated(text: str, year: int) -> str:
    return text.replace("{year}", str(year)).replace("{next_year}", str(year + 1))
