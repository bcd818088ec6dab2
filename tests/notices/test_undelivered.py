"""What could not be delivered: known at once or when it comes back, told on the notice board."""

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from consulta.cli import main
from consulta.config import Settings
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from consulta.jobs.models import Job
from consulta.jobs.worker import Worker
from consulta.notices.bounces import Applied, apply_report, read_report
from consulta.notices.models import Notice
from consulta.notices.return_path import ReturnPath
from tests.builders import SECRET, World, an_answered, get_submission
from tests.clock import START, Clock
from tests.conftest import make_settings
from tests.notices.answering import ADDRESS, ANSWER, answer_by_mail, board, follow, states, tell
from tests.notices.reports import VACATION, a_report
from tests.notices.servers import Server, a_server
from tests.pages import Page

MAILBOX = "rebotes@ejemplo.gob.mx"
PATH = ReturnPath(MAILBOX, SECRET)


@pytest.fixture
def server() -> Iterator[Server]:
    with a_server() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, database_url: str, server: Server) -> Settings:
    return make_settings(tmp_path, database_url, smtp_url=server.url, bounce_address=MAILBOX)


def notice(database: Database, number: int) -> Notice:
    """Return a notice as it is now."""
    with session_scope(database):
        found = session().get_one(Notice, number)
        session().expunge(found)
        return found


class TestServerRefuses:
    def test_for_good_fails_at_once_and_is_told_on_the_notice_board(
        self, app: Flask, database: Database, world: World, worker: Worker, server: Server
    ) -> None:
        server.answer = f"550 5.1.1 <{ADDRESS}>: No existe esa persona"

        folio, number = answer_by_mail(database, world, worker)

        failed = notice(database, number)
        assert (failed.state, failed.failure) == ("failed", "550 5.1.1 <…@…>: No existe esa persona")
        # The receipt failed too; both are told.
        told = board(database, folio)
        assert any(ANSWER in body for body in told)
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
        assert any(ANSWER in body for body in board(database, folio))

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
        assert ANSWER in body
        assert ADDRESS not in body

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
    def test_what_did_not_fail_changes_nothing(
        self, app: Flask, database: Database, world: World, worker: Worker, action: str
    ) -> None:
        _folio, number = answer_by_mail(database, world, worker)

        applied = apply(database, a_report(PATH.of_notice(number), status="4.4.1", action=action))

        assert applied == Applied.IGNORED
        assert notice(database, number).state == "sent"

    def test_answer_of_a_kind_that_is_not_public_is_not_told_in_public(
        self, app: Flask, database: Database, world: World, worker: Worker
    ) -> None:
        folio, number = answer_by_mail(database, world, worker, "mailbox", kind="petition", text="Un bache.")

        apply(database, a_report(PATH.of_notice(number)))
        worker.drain()

        [body] = board(database, folio)
        assert folio in body
        assert ANSWER not in body

    def test_reserved_folio_is_told_nowhere(self, app: Flask, database: Database, world: World, worker: Worker) -> None:
        folio, number = answer_by_mail(database, world, worker)
        with session_scope(database), unit_of_work():
            get_submission(folio).reserved = True

        apply(database, a_report(PATH.of_notice(number)))
        worker.drain()

        assert board(database, folio) == []

    def test_coordination_sees_it(self, app: Flask, database: Database, world: World, worker: Worker) -> None:
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
        follow(database, world, worker, clock)
        number = tell(database, world, worker, clock)

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
        follow(database, world, worker, clock)
        for _ in range(6):
            number = tell(database, world, worker, clock)
            apply(database, a_report(PATH.of_notice(number), status="4.2.2"))
            worker.drain()
            seen += states(database)
            clock.advance(days=2)

        assert seen == ["confirmed"] * 4 + ["bounced"] * 2

    def test_not_by_mails_that_come_back_between_others_that_arrive(
        self, app: Flask, database: Database, world: World, worker: Worker, clock: Clock
    ) -> None:
        follow(database, world, worker, clock)
        for turn in range(10):
            number = tell(database, world, worker, clock)
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
        return apply_report(read_report(content, PATH), START)
