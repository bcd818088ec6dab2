"""A person who left her address, and is answered; and one who follows a window."""

from zoneinfo import ZoneInfo

from sqlalchemy import select

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.following.models import Subscription
from consulta.following.operations import Sender, ask_to_follow, confirm
from consulta.following.rules import Target
from consulta.following.states import FollowedKind, Pace
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Referral
from consulta.referrals.operations import publish_answer, sign_off, submit_answer
from tests.builders import SECRET, World, a_referral, an_answered, get_window
from tests.clock import START, Clock

ADDRESS = "vecina@ejemplo.mx"
ANSWER = "Procede, porque el reglamento ya lo pide."
ZONE = ZoneInfo("America/Mexico_City")


def answer(referral: Referral, world: World, disposition: str = "adopted") -> None:
    """Walk a referral to its published answer."""
    actors = world.actors
    with unit_of_work():
        written = draft_answer(
            referrals=[referral], disposition=disposition, text=ANSWER, actor=actors["respondent"], now=START
        )
        submit_answer(answer=written, actor=actors["respondent"], now=START)
        sign_off(answer=written, actor=actors["approver"], now=START)
        publish_answer(answer=written, actor=actors["coordinator"], now=START)


def answer_by_mail(
    database: Database, world: World, worker: Worker, topic: str = "open", **draft: object
) -> tuple[str, int]:
    """Answer a comment whose author left her address; return its folio and the number of the notice."""
    with session_scope(database):
        referral = a_referral(world, START, topic, draft={"email": ADDRESS, **draft})
        folio = referral.submission.folio
        answer(referral, world)
    worker.drain()
    with session_scope(database):
        found = select(Notice.id).where(Notice.about == folio, Notice.kind == "answer")
        return folio, session().scalars(found).one()


def follow(database: Database, world: World, worker: Worker, clock: Clock) -> None:
    """Let an address follow the open window."""
    worker.drain()
    with session_scope(database), unit_of_work():
        target = Target(FollowedKind.WINDOW, window_id=get_window(world.slugs["open"]).id)
        sender = Sender(SECRET, "http://localhost", ZONE)
        ask_to_follow(email=ADDRESS, target=target, pace=Pace.IMMEDIATE, language="es", sender=sender, now=clock.now)
        confirm(subscription=session().scalars(select(Subscription)).one(), zone=ZONE, now=clock.now)


def tell(database: Database, world: World, worker: Worker, clock: Clock) -> int:
    """Answer something, let it be told to who follows, and return the number of the notice that told it."""
    with session_scope(database):
        an_answered(world, clock.now)
    for seconds in (11, 41, 11):
        clock.advance(seconds=seconds)
        worker.drain()
    with session_scope(database):
        found = select(Notice.id).where(Notice.kind == "following").order_by(Notice.id.desc()).limit(1)
        return session().scalars(found).one()


def states(database: Database) -> list[str]:
    """Return where subscriptions stand."""
    with session_scope(database):
        return list(session().scalars(select(Subscription.state)))


def board(database: Database, folio: str) -> list[str]:
    """Return what the notice board says of a folio."""
    with session_scope(database):
        found = select(Notice.body).where(Notice.about == folio, Notice.means == "notice_board")
        return list(session().scalars(found.order_by(Notice.id)))
