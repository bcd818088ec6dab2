"""The outbox: written with its act, worked once, taken again when a worker dies; and the mail it delivers."""

import email
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select

from consulta.app import make_registry
from consulta.config import Settings
from consulta.db import Database, session, unit_of_work
from consulta.jobs import Registry, enqueue
from consulta.jobs.models import Job
from consulta.jobs.operations import LEASE, claim_jobs
from consulta.jobs.worker import Worker
from consulta.notices import Message, notify
from consulta.notices.models import Notice
from consulta.storage.folder import FolderStorage
from consulta.submissions.operations import receive
from tests.builders import SECRET, TEXT, World, a_delivery, a_receipt, an_answered
from tests.clock import START, Clock

pytestmark = pytest.mark.usefixtures("scope")
MESSAGE = Message(kind="prueba", unique_key="p:1", about="x", subject="Asunto", body="Cuerpo", address="p@ejemplo.mx")


class Notebook:
    """A handler that writes down what it was given, in the database; it fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.seen: list[int] = []

    def __call__(self, payload: dict[str, Any], now: datetime) -> None:
        """Work one row."""
        self.seen.append(payload["n"])
        if self.failures:
            self.failures -= 1
            raise ConnectionError("el servidor no contesta")


def a_job(n: int, kind: str = "probar", run_at: datetime = START) -> None:
    """Write a row to the outbox."""
    with unit_of_work():
        enqueue(kind=kind, payload={"n": n}, run_at=run_at)


def jobs() -> list[Job]:
    """Return the rows as they are now."""
    session().rollback()
    return list(session().scalars(select(Job).order_by(Job.id)))


def count(model: Any) -> int:
    """Count rows as they are now."""
    session().rollback()
    return session().scalar(select(func.count()).select_from(model)) or 0


def fail_after(act: Callable[[], object]) -> None:
    """Do an act whose transaction then fails."""

    def both() -> None:
        with unit_of_work():
            act()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        both()


def a_worker(database: Database, clock: Clock, *, inside: Any = None, outside: Any = None) -> Worker:
    """Build a worker of one kind of row."""
    registry = Registry(inside={"probar": inside} if inside else {}, outside={"probar": outside} if outside else {})
    return Worker(database, registry, clock)


def text_of(mail: EmailMessage) -> str:
    """Return the part of a mail that is plain text."""
    part = mail.get_body(("plain",))
    assert part is not None
    content: str = part.get_content()
    return content


def test_rows_are_worked_once_in_order_and_removed(database: Database, clock: Clock) -> None:
    notebook = Notebook()
    for n in range(60):
        a_job(n)

    a_worker(database, clock, inside=notebook).drain()

    assert notebook.seen == list(range(60))
    assert jobs() == []


def test_row_waits_for_its_instant(database: Database, clock: Clock) -> None:
    notebook = Notebook()
    a_job(1, run_at=START + timedelta(seconds=1))
    worker = a_worker(database, clock, inside=notebook)

    assert worker.run_due() == 0
    clock.advance(seconds=1)
    assert worker.run_due() == 1

    assert notebook.seen == [1]


def test_row_of_a_dead_worker_is_taken_again_after_its_lease(database: Database, clock: Clock) -> None:
    notebook = Notebook()
    a_job(1)
    with unit_of_work():
        [taken] = claim_jobs(now=START)
        assert (taken.leased_until, taken.attempts) == (START + LEASE, 1)
    worker = a_worker(database, clock, inside=notebook)

    clock.now = START + LEASE
    assert worker.run_due() == 0
    clock.advance(microseconds=1)
    assert worker.run_due() == 1

    assert notebook.seen == [1]
    assert jobs() == []


def test_slow_worker_whose_row_was_finished_by_another_does_nothing(database: Database, clock: Clock) -> None:
    slow_notebook, quick_notebook = Notebook(), Notebook()
    a_job(1)
    with unit_of_work():
        [job] = claim_jobs(now=START)
        work = (job.id, job.kind, job.payload)
    clock.now = START + LEASE + timedelta(seconds=1)
    a_worker(database, clock, inside=quick_notebook).drain()

    a_worker(database, clock, inside=slow_notebook)._run_together([work])

    assert (quick_notebook.seen, slow_notebook.seen) == ([1], [])


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_failure_keeps_its_error_and_waits_longer_each_time(database: Database, clock: Clock, place: str) -> None:
    worker = a_worker(database, clock, **{place: Notebook(failures=99)})
    a_job(1)
    waits = []

    for _ in range(14):
        worker.run_due()
        [job] = jobs()
        waits.append((job.run_at - clock.now).total_seconds())
        assert (job.last_error, job.leased_until) == ("ConnectionError: el servidor no contesta", None)
        clock.now = job.run_at

    assert waits[:4] == [10, 20, 40, 80]
    assert waits[-1] == waits[-2] == timedelta(hours=5, minutes=41, seconds=20).total_seconds()


def test_failed_row_is_worked_when_the_trouble_is_over(database: Database, clock: Clock) -> None:
    notebook = Notebook(failures=1)
    worker = a_worker(database, clock, outside=notebook)
    a_job(1)
    worker.run_due()

    assert worker.run_due() == 0
    clock.advance(seconds=10)
    worker.drain()

    assert notebook.seen == [1, 1]
    assert jobs() == []


def test_one_bad_row_stops_no_other(database: Database, clock: Clock) -> None:
    def fussy(payload: dict[str, Any], now: datetime) -> None:
        if payload["n"] == 2:
            raise ValueError("no me gusta el dos")
        notify(Message("k", f"n:{payload['n']}", "x", "s", "b"), now=now)

    for n in range(4):
        a_job(n)

    a_worker(database, clock, inside=fussy).drain()

    assert [(job.payload["n"], job.last_error) for job in jobs()] == [(2, "ValueError: no me gusta el dos")]
    assert session().scalars(select(Notice.unique_key).order_by(Notice.id)).all() == ["n:0", "n:1", "n:3"]


def test_unknown_kind_is_kept_with_its_error(database: Database, clock: Clock) -> None:
    a_job(1, kind="nadie.lo.conoce")

    a_worker(database, clock).drain()

    assert [job.last_error for job in jobs()] == ["KeyError: 'nadie.lo.conoce'"]


def test_two_workers_share_no_row(database: Database) -> None:
    for n in range(6):
        a_job(n)

    with unit_of_work():
        first = [job.id for job in claim_jobs(now=START, limit=4)]
    with unit_of_work():
        second = [job.id for job in claim_jobs(now=START, limit=4)]

    assert (len(first), len(second)) == (4, 2)
    assert not set(first) & set(second)


def test_rollback_of_the_act_takes_its_rows_and_notices_with_it(world: World) -> None:
    before = count(Job)

    def act() -> None:
        enqueue(kind="probar", payload={"n": 1}, run_at=START)
        notify(MESSAGE, now=START)
        session().flush()

    fail_after(act)

    assert (count(Job), count(Notice)) == (before, 0)


def test_event_is_told_once_however_often_it_is_said(world: World) -> None:
    before = count(Job)
    for _ in range(3):
        with unit_of_work():
            notify(MESSAGE, now=START)

    assert (count(Notice), count(Job)) == (1, before + 1)


def test_periodic_function_runs_at_most_once_per_interval(database: Database, clock: Clock) -> None:
    runs: list[datetime] = []
    worker = Worker(database, Registry(periodic=[(timedelta(seconds=20), runs.append)]), clock)

    for _ in range(5):
        worker.run_due()
        clock.advance(seconds=10)

    assert runs == [START, START + timedelta(seconds=20), START + timedelta(seconds=40)]


class Sink:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse_next = 0

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - the library's name
        """Take one mail."""
        if self.refuse_next:
            self.refuse_next -= 1
            return "451 Vuelva más tarde"
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def sink(settings: Settings, database: Database, clock: Clock) -> Iterator[tuple[Sink, Worker]]:
    """A real mail server and a worker that delivers to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Sink()
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    with_mail = Settings(**{**settings.__dict__, "smtp_url": f"smtp://127.0.0.1:{port}"})
    registry = make_registry(with_mail, FolderStorage(settings.uploads))
    yield found, Worker(database, registry, clock)
    controller.stop()


def test_mail_reaches_a_real_server_once(sink: tuple[Sink, Worker], world: World) -> None:
    server, worker = sink
    receipt = a_receipt(world.topics["open"], START, draft={"email": "persona@ejemplo.mx"})

    worker.drain()
    worker.drain()

    [mail] = server.mails
    assert mail["To"] == "persona@ejemplo.mx"
    assert mail["Subject"] == f"Recibimos su comentario: folio {receipt.folio}"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"]
    assert receipt.folio in text_of(mail)
    [notice] = session().scalars(select(Notice))
    assert (notice.state, notice.sent_at) == ("sent", START)


def test_mail_never_carries_the_key_nor_the_text(sink: tuple[Sink, Worker], world: World) -> None:
    server, worker = sink
    receipts = [
        a_receipt(world.topics[topic], START, draft={"email": "persona@ejemplo.mx"}) for topic in ("open", "closed")
    ]

    worker.drain()

    assert len(server.mails) == 2
    for receipt in receipts:
        key = getattr(receipt, "tracking_key", "")
        assert len(key.split("-")) == 6
        for mail in server.mails:
            whole = f"{mail.as_string()}\n{text_of(mail)}"
            assert key not in whole
            assert TEXT not in whole
    stored = " ".join(body for body in session().scalars(select(Notice.body)))
    assert not any(getattr(receipt, "tracking_key", "") in stored for receipt in receipts)


def test_mail_that_the_server_refuses_is_sent_later(sink: tuple[Sink, Worker], world: World, clock: Clock) -> None:
    server, worker = sink
    server.refuse_next = 1
    with unit_of_work():
        notify(MESSAGE, now=START)

    worker.drain()
    assert [(job.kind, str(job.last_error).split(":")[0]) for job in jobs()] == [("notices.send", "SMTPDataError")]
    assert session().scalars(select(Notice.state)).all() == ["pending"]
    clock.advance(seconds=10)
    worker.drain()

    assert [mail["Subject"] for mail in server.mails] == ["Asunto"]
    assert jobs() == []


def test_row_that_comes_back_after_the_mail_was_marked_sends_nothing(sink: tuple[Sink, Worker], world: World) -> None:
    server, worker = sink
    with unit_of_work():
        notify(MESSAGE, now=START)
    worker.drain()
    notice_id = session().scalars(select(Notice.id)).one()

    with unit_of_work():
        enqueue(kind="notices.send", payload={"notice_id": notice_id}, run_at=START)
    worker.drain()

    assert len(server.mails) == 1


def test_subject_cannot_carry_a_second_header(sink: tuple[Sink, Worker], world: World) -> None:
    server, worker = sink
    subject = "Hola\r\nBcc: otra@ejemplo.mx\r\n\r\nCuerpo"
    with unit_of_work():
        notify(Message("k", "k:1", "x", subject, "Año, señal y corazón ❤", "p@ejemplo.mx"), now=START)

    worker.drain()

    [mail] = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hola Bcc: otra@ejemplo.mx Cuerpo"
    assert text_of(mail).strip() == "Año, señal y corazón ❤"


def test_without_a_server_mail_goes_to_a_folder(app: Flask, settings: Settings, worker: Worker, world: World) -> None:
    receipt = a_receipt(world.topics["open"], START, draft={"email": "persona@ejemplo.mx"})

    worker.drain()
    worker.drain()

    [path] = settings.mail_folder.glob("*.eml")
    mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["To"] == "persona@ejemplo.mx"
    assert receipt.folio in text_of(mail)


def test_notice_board_needs_no_delivery(worker: Worker, world: World, settings: Settings) -> None:
    an_answered(world, START)

    worker.drain()

    assert [notice.state for notice in session().scalars(select(Notice))] == ["posted"]
    assert list(settings.mail_folder.glob("*.eml")) == []


def test_intake_and_its_rows_are_one_transaction(world: World) -> None:
    before = count(Job)
    delivery = a_delivery(world.topics["open"], START, draft={"email": "p@ejemplo.mx"})

    fail_after(lambda: receive(delivery, secret=SECRET, clock=lambda: START))

    assert (count(Job), count(Notice)) == (before, 0)
