"""What could not be delivered: known at once or when it comes back, told on the notice board, and never in vain again."""

import json
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from consulta.app import create_app, return_path_of
from consulta.cli import main
from consulta.config import Settings
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from consulta.following.models import Subscription
from consulta.jobs.models import Job
from consulta.jobs.worker import Worker
from consulta.notices.bounces import Applied, apply_report, read_report
from consulta.notices.models import Notice
from consulta.notices.return_path import ReturnPath
from tests.builders import SECRET, World, a_referral, an_answered
from tests.clock import START, Clock
from tests.conftest import make_settings
from tests.notices.reports import VACATION, a_report
from tests.notices.servers import Server, a_server
from tests.pages import Page

MAILBOX = "rebotes@ejemplo.gob.mx"
PATH = ReturnPath(MAILBOX, SECRET)
ADDRESS = "vecina@ejemplo.mx"


@pytest.fixture
def server():  # type: ignore[no-untyped-def]
    with a_server() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, database_url: str, server: Server) -> Settings:
    return make_settings(tmp_path, database_url, smtp_url=server.url, bounce_address=MAILBOX)


def answer_by_mail(database: Database, world: World, worker: Worker) -> tuple[str, int]:
    """Answer a comment whose author left her address; return the folio, and the number of the notice of its answer."""
    from tests.contracts.visitors import Visitor  # noqa: F401 - documents that nothing of the web is needed here

    with session_scope(database):
        referral = a_referral(world, START, draft={"email": ADDRESS})
        folio = referral.submission.folio
        _publish(referral, world)
    worker.drain()
    with session_scope(database):
        found = select(Notice.id).where(Notice.about == folio, Notice.kind == "answer")
        return folio, session().scalars(found).one()


def _publish(referral, world: World) -> None:  # type: ignore[no-untyped-def]
    from consulta.moderation.operations import publish_text
    from consulta.referrals.drafting import draft_answer
    from consulta.referrals.operations import publish_answer, sign_off, submit_answer

    actors = world.actors
    with unit_of_work():
        publish_text(submission=referral.submission, actor=actors["moderator"], now=START)
        answer = draft_answer(
            referrals=[referral], disposition="adopted", text="Procede.", actor=actors["respondent"], now=START
        )
        submit_answer(answer=answer, actor=actors["respondent"], now=START)
        sign_off(answer=answer, actor=actors["approver"], now=START)
        publish_answer(answer=answer, actor=actors["coordinator"], now=START)


def notice(database: Database, number: int) -> Notice:
    """Return a notice as it is now."""
    with session_scope(database):
        found = session().get_one(Notice, number)
        session().expunge(found)
        return found


def board(database: Database, folio: str) -> list[str]:
    """Return what the notice board says of a folio."""
    with session_scope(database):
        return list(
            session().scalars(select(Notice.body).where(Notice.about == folio, Notice.means == "notice_board"))
        )


class TestServerRefuses:
    def test_for_good_fails_at_once_and_is_told_on_the_notice_board(
        self, app: Flask, database: Database, world: World, worker: Worker, server: Server
    ) -> None:
        server.answer = "550 5.1.1 No existe esa persona"

        folio, number = answer_by_mail(database, world, worker)

        failed = notice(database, number)
        assert (failed.state, failed.failure) == ("failed", "550 5.1.1 No existe esa persona")
        # The receipt failed too; both are told.
        told = board(database, folio)
        assert any("Procede." in body for body in told)
        with session_scope(database):
            assert session().scalars(select(Job)).all() == []

    def test_for_now_is_tried_again_until_others_give_up_too(
        self, app: Flask, database: Database, world: World, worker: Worker, server: Server, clock: Clock
    ) -> None:
        server.answer = "451 4.7.1 Vuelva más tarde"
        folio, number = answer_by_mail(database, world, worker)

        waiting = notice(database, number).state
        clock.advance(days=1)
        worker.drain()
        still = notice(database, number).state
        clock.advance(days=5)
        worker.drain()

        assert (waiting, still) == ("pending", "pending")
        assert notice(database, number).state == "failed"
        assert any("Procede." in body for body in board(database, folio))

    def test_for_now_and_then_takes_it(
        self, app: Flask, database: Database, world: World, worker: Worker, server: Server, clock: Clock
    ) -> None:
        server.answer = "451 4.7.1 Vuelva más tarde"
        folio, number = answer_by_mail(database, world, worker)
        server.answer = "250 OK"
        clock.advance(minutes=10)

        worker.drain()

        assert notice(database, number).state == "sent"
        assert board(database, folio) == []


class TestMailComesBack:
    def test_envelope_carries_the_return_address_of_the_notice(
        self, app: Flask, database: Database, world: World, worker: Worker, server: Server
    ) -> None:
        _folio, number = answer_by_mail(database, world, worker)

        senders = [PATH.find_notice(sender) for sender, _recipient, _content in server.taken]

        assert number in senders
        assert None not in senders
        mail = message_from_bytes(server.taken[-1][2], policy=policy.default)
        assert mail["From"] == "Consulta <no-responder@consulta.invalid>"

    @pytest.mark.parametrize(("status", "state"), [("5.1.1", "failed"), ("4.4.7", "failed")])
    def test_failed_delivery_is_told_on_the_notice_board(
        self, app: Flask, database: Database, world: World, worker: Worker, status: str, state: str
    ) -> None:
        folio, number = answer_by_mail(database, world, worker)

        applied = apply(database, a_report(PATH.of_notice(number), status=status))
        again = apply(database, a_report(PATH.of_notice(number), status=status))
        worker.drain()

        assert (applied, again) == (Applied.FAILED, Applied.KNOWN)
        assert notice(database, number).state == state
        [body] = board(database, folio)
        assert "Procede." in body
        assert ADDRESS not in body

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
    def test_what_did_not_fail_changes_nothing(
        self, app: Flask, database: Database, world: World, worker: Worker, action: str
    ) -> None:
        folio, number = answer_by_mail(database, world, worker)

        applied = apply(database, a_report(PATH.of_notice(number), status="4.4.1", action=action))

        assert applied == Applied.IGNORED
        assert notice(database, number).state == "sent"

    def test_answer_of_a_kind_that_is_not_public_is_not_told_in_public(
        self, app: Flask, database: Database, world: World, worker: Worker
    ) -> None:
        with session_scope(database):
            referral = a_referral(
                world, START, "mailbox", draft={"email": ADDRESS, "kind": "petition", "text": "Un bache."}
            )
            folio = referral.submission.folio
            from consulta.referrals.drafting import draft_answer
            from consulta.referrals.operations import publish_answer, sign_off, submit_answer

            with unit_of_work():
                answer = draft_answer(
                    referrals=[referral],
                    disposition="noted",
                    text="Secreto de la respuesta.",
                    actor=world.actors["respondent"],
                    now=START,
                )
                submit_answer(answer=answer, actor=world.actors["respondent"], now=START)
                sign_off(answer=answer, actor=world.actors["approver"], now=START)
                publish_answer(answer=answer, actor=world.actors["coordinator"], now=START)
        worker.drain()
        with session_scope(database):
            number = session().scalars(select(Notice.id).where(Notice.about == folio, Notice.kind == "answer")).one()

        apply(database, a_report(PATH.of_notice(number)))
        worker.drain()

        [body] = board(database, folio)
        assert folio in body
        assert "Secreto" not in body

    def test_reserved_folio_is_told_nowhere(
        self, app: Flask, database: Database, world: World, worker: Worker
    ) -> None:
        folio, number = answer_by_mail(database, world, worker)
        with session_scope(database), unit_of_work():
            from tests.builders import get_submission

            get_submission(folio).reserved = True

        apply(database, a_report(PATH.of_notice(number)))
        worker.drain()

        assert board(database, folio) == []

    def test_coordination_sees_it(
        self, app: Flask, database: Database, world: World, worker: Worker
    ) -> None:
        folio, number = answer_by_mail(database, world, worker)
        apply(database, a_report(PATH.of_notice(number)))

        shown = Page(app).sign_in(world.email("coordinator")).get("/coordinacion")

        assert f"Un correo sobre el folio {folio} no llegó" in shown.body
        assert "5.1.1" in shown.body

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "no se envi"),
            (b"\xff\xfe\x00 nada", "no se envi"),
            (a_report(MAILBOX), "no se envi"),
            (a_report("rebotes+1-00000000000000000000@ejemplo.gob.mx"), "no se envi"),
            (b"To: %s\r\nSubject: Hola\r\n\r\nHola" % PATH.of_notice(1).encode(), "no es un aviso"),
            (a_report(PATH.of_notice(1), status=""), "sin un estado"),
            (a_report(PATH.of_notice(1)).replace(b"Action: failed", b"Otra: cosa"), "ningún destinatario"),
            (a_report(PATH.of_notice(1)).replace(b"message/delivery-status", b"text/plain"), "no trae el estado"),
            (a_report(PATH.of_notice(1))[:400], "no trae el estado"),
        ],
    )
    def test_what_cannot_be_read_says_why(self, content: bytes, says: str) -> None:
        with pytest.raises(Refused) as refused:
            read_report(content, PATH)

        assert says in refused.value.message.lower()

    def test_vacation_is_no_failure(self) -> None:
        assert read_report(VACATION % PATH.of_notice(1).encode(), PATH).failures == ()


class TestSubscriptionIsStopped:
    def test_by_one_mail_that_comes_back_for_good(
        self, app: Flask, database: Database, world: World, worker: Worker, clock: Clock, server: Server
    ) -> None:
        number = told(database, world, worker, clock)

        apply(database, a_report(PATH.of_notice(number)))
        worker.drain()

        assert states(database) == ["bounced"]
        with session_scope(database):
            an_answered(world, clock.now)
        before = len(server.taken)
        clock.advance(hours=1)
        worker.drain()
        assert [recipient for _sender, recipient, _content in server.taken[before:] if recipient == ADDRESS] == []

    def test_by_mails_that_come_back_for_a_week_and_not_before(
        self, app: Flask, database: Database, world: World, worker: Worker, clock: Clock
    ) -> None:
        seen = []
        follow(database, world, clock)
        worker.drain()
        for _ in range(6):
            number = told(database, world, worker, clock, is_new=False)
            apply(database, a_report(PATH.of_notice(number), status="4.2.2"))
            worker.drain()
            seen += states(database)
            clock.advance(days=2)

        assert seen == ["confirmed"] * 4 + ["bounced"] * 2

    def test_not_by_mails_that_come_back_between_others_that_arrive(
        self, app: Flask, database: Database, world: World, worker: Worker, clock: Clock
    ) -> None:
        follow(database, world, clock)
        worker.drain()
        for turn in range(10):
            number = told(database, world, worker, clock, is_new=False)
            if turn % 4 != 3:
                apply(database, a_report(PATH.of_notice(number), status="4.2.2"))
            worker.drain()
            clock.advance(days=2)

        assert states(database) == ["confirmed"]


class TestCommand:
    @pytest.fixture
    def run(self, settings: Settings, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
        monkeypatch.setenv("CONSULTA_INSTANCE", str(settings.instance))
        monkeypatch.setenv("CONSULTA_DATABASE_URL", settings.database_url)
        monkeypatch.setenv("CONSULTA_SECRET_KEY", SECRET.decode())
        monkeypatch.setenv("CONSULTA_BOUNCE_ADDRESS", MAILBOX)

        def run(*arguments: str, stdin: bytes | None = None):  # type: ignore[no-untyped-def]
            return CliRunner().invoke(main, ["mail", "bounces", *arguments, "--json"], input=stdin)

        return run

    def test_reads_a_folder_an_mbox_and_what_is_piped(
        self, run, app: Flask, database: Database, world: World, worker: Worker, tmp_path: Path
    ) -> None:  # type: ignore[no-untyped-def]
        _folio, number = answer_by_mail(database, world, worker)
        report = a_report(PATH.of_notice(number))
        folder = tmp_path / "entrada"
        folder.mkdir()
        (folder / "1.eml").write_bytes(report)
        box = tmp_path / "buzon.mbox"
        box.write_bytes((b"From MAILER-DAEMON Wed Jun 10 12:00:00 2026\n" + report + b"\n") * 2)

        first, second, third = run(str(folder)), run(str(box)), run("-", stdin=report)

        assert [result.exit_code for result in (first, second, third)] == [0, 0, 0], first.output
        assert json.loads(first.stdout)["failed"] == 1
        assert json.loads(second.stdout)["known"] == 2
        assert json.loads(third.stdout)["known"] == 1

    def test_bad_message_stops_no_other_and_ends_with_one(
        self, run, app: Flask, database: Database, world: World, worker: Worker, tmp_path: Path
    ) -> None:  # type: ignore[no-untyped-def]
        _folio, number = answer_by_mail(database, world, worker)
        (tmp_path / "entrada").mkdir()
        (tmp_path / "entrada" / "1.eml").write_bytes(b"basura")
        (tmp_path / "entrada" / "2.eml").write_bytes(a_report(PATH.of_notice(number)))

        result = run(str(tmp_path / "entrada"))

        assert result.exit_code == 1
        said = json.loads(result.stdout)
        assert said["failed"] == 1
        assert [problem["message"] for problem in said["problems"]] == ["1.eml"]
        assert notice(database, number).state == "failed"


def apply(database: Database, content: bytes) -> Applied:
    """Read a report and apply it."""
    with session_scope(database), unit_of_work():
        return apply_report(read_report(content, PATH), START + timedelta(days=1))


def follow(database: Database, world: World, clock: Clock) -> None:
    """Let an address follow the open window."""
    from consulta.following.operations import Sender, ask_to_follow, confirm
    from consulta.following.rules import Target
    from consulta.following.states import FollowedKind, Pace
    from tests.builders import get_window

    settings_zone = __import__("zoneinfo").ZoneInfo("America/Mexico_City")
    with session_scope(database), unit_of_work():
        window = get_window(world.slugs["open"])
        target = Target(FollowedKind.WINDOW, window_id=window.id)
        sender = Sender(SECRET, "http://localhost", settings_zone)
        ask_to_follow(email=ADDRESS, target=target, pace=Pace.IMMEDIATE, language="es", sender=sender, now=clock.now)
        confirm(subscription=session().scalars(select(Subscription)).one(), zone=settings_zone, now=clock.now)


def told(database: Database, world: World, worker: Worker, clock: Clock, *, is_new: bool = True) -> int:
    """Answer something, let it be told, and return the number of the notice that told it."""
    if is_new:
        follow(database, world, clock)
        worker.drain()
    with session_scope(database):
        an_answered(world, clock.now)
    for seconds in (11, 41, 11):
        clock.advance(seconds=seconds)
        worker.drain()
    with session_scope(database):
        return session().scalars(select(Notice.id).where(Notice.kind == "following").order_by(Notice.id.desc())).first()


def states(database: Database) -> list[str]:
    """Return where subscriptions stand."""
    with session_scope(database):
        return list(session().scalars(select(Subscription.state)))
