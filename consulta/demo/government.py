"""Loads the demonstration: three governments, a year of windows in every state, and what was said in them."""

from datetime import datetime, timedelta

from consulta.db import unit_of_work
from consulta.demo.afterwards import tell_afterwards
from consulta.demo.answering import answer_topic
from consulta.demo.clockwork import annul, decide_of_late, move_the_calendar, propose_to_shorten
from consulta.demo.comments import Piece, late_pieces, live, write_pieces
from consulta.demo.mailboxes import open_mailboxes
from consulta.demo.offices import open_offices
from consulta.demo.plans import Plan, list_plans
from consulta.demo.preparing import conclude, extend, prepare, publish_both_versions
from consulta.demo.reception import ask_agencies, leave_incomplete
from consulta.demo.stage import Stage
from consulta.demo.timeline import Story, Timeline
from consulta.storage import Storage
from consulta.submissions.states import LateDecision

DECISIONS = (LateDecision.ADMITTED, LateDecision.DECLINED)
# The window of which somebody proposes to shorten the term, and the one that was annulled.
SHORTENED, ANNULLED = "impacto_verificacion", "anulada"
# Days of history: more than the oldest window needs.
HISTORY = timedelta(days=470)


def load_demo(*, now: datetime, secret: bytes, storage: Storage) -> None:
    """Load the demonstration into an empty instance, as of `now`: the same in every load but for folios and keys."""
    stage = Stage(now=now, secret=secret, storage=storage, timeline=Timeline(now))
    with unit_of_work():
        open_offices(stage, now - HISTORY)
    plans = list_plans({key: office.days for key, office in stage.offices.items()})
    for plan in plans:
        _tell(stage, plan)
    open_mailboxes(stage)
    stage.timeline.add(move_the_calendar(stage))
    stage.timeline.add(ask_agencies(stage))
    stage.timeline.add(leave_incomplete(stage))
    tell_afterwards(stage, plans)
    stage.timeline.run()


def _tell(stage: Stage, plan: Plan) -> None:
    """Add the stories of a window: its own, those of its comments and those of their answers."""
    stage.timeline.add(prepare(stage, plan))
    if "document" in plan.data:
        stage.timeline.add(publish_both_versions(stage, plan))
    if plan.extended_after:
        stage.timeline.add(extend(stage, plan))
    for number in range(1, len(plan.data["topic"]) + 1):
        pieces = write_pieces(plan, number)
        for piece in pieces:
            stage.timeline.add(_comment(stage, plan, number, piece))
        for story in answer_topic(stage, plan, number, pieces):
            stage.timeline.add(story)
    _tell_of_dates(stage, plan)
    if plan.is_concluded:
        stage.timeline.add(conclude(stage, plan))


def _tell_of_dates(stage: Stage, plan: Plan) -> None:
    """Add what came late and what was decided of it, and the proposal to shorten one window."""
    for number, piece in enumerate(late_pieces(plan)):
        stage.timeline.add(_comment(stage, plan, 1, piece))
        # Of three that came late one is admitted, one left apart, and one waits.
        if plan.late > len(DECISIONS) > number:
            stage.timeline.add(decide_of_late(stage, plan, piece, DECISIONS[number]))
    if plan.name == ANNULLED:
        stage.timeline.add(annul(stage, plan))
    if plan.name == SHORTENED:
        stage.timeline.add(propose_to_shorten(stage, plan))


def _comment(stage: Stage, plan: Plan, number: int, piece: Piece) -> Story:
    """Tell of a comment once its topic exists."""
    yield piece.at
    piece.topic_id = plan.topic_ids[number]
    story = live(stage, plan, piece)
    next(story)
    yield from story
