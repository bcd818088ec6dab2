"""A worker that is killed (kill -9) at any instant: no event is lost, and one that comes twice has one identifier."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from consulta.app import create_app
from consulta.config import Settings
from consulta.db import Database, session, session_scope
from consulta.hooks.models import WebhookDelivery
from consulta.hooks.operations import Keeper, WebhookDraft, register_webhook
from consulta.jobs.models import Job
from consulta.jobs.worker import Worker
from tests.builders import SECRET, World, an_answered, get_window
from tests.clock import Clock
from tests.following.test_killed import PROGRAM, ROOT
from tests.hooks.servers import Receiver
from tests.hooks.verification import verified_by

MANY = 30


@pytest.fixture
def plain() -> Iterator[Receiver]:
    """A neighbour that the operator allowed, without TLS: another process trusts no authority of a test."""
    with Receiver(None).listening() as listening:
        yield listening


def test_every_event_comes_however_often_the_worker_dies(
    settings: Settings, database: Database, world: World, clock: Clock, plain: Receiver
) -> None:
    near = f"127.0.0.1:{plain.port}"
    worker = _worker(settings, database, clock, near)
    worker.drain()
    with session_scope(database):
        government = get_window(world.slugs["open"]).government
        _webhook, secret = register_webhook(
            government=government,
            draft=WebhookDraft("Vecino", f"http://{near}/avisos", ["answer.published"]),
            actor=world.actors["coordinator"],
            keeper=Keeper(SECRET, settings.public_url),
            now=clock.now,
        )
        session().commit()
    _work(worker, clock)
    plain.received.clear()
    with session_scope(database):
        folios = {an_answered(world, clock.now).submission.folio for _ in range(MANY)}
    # Slow enough that a death falls between two requests, and within one.
    plain.before = lambda: time.sleep(0.02)

    for number in range(8):
        clock.advance(seconds=11)
        _run_and_kill(settings, clock.now, near, after=0.05 + 0.08 * number)
        # The lease of what it had taken ends.
        clock.advance(minutes=3)
    _work(_worker(settings, database, clock, near), clock)

    with session_scope(database):
        rows = session().scalars(select(WebhookDelivery).where(WebhookDelivery.event != "ping")).all()
        assert session().scalars(select(Job.kind).where(Job.kind == "webhooks.deliver")).all() == []
    sent = Counter(headers["webhook-id"] for headers, _body in plain.received)
    assert {row.about for row in rows if row.state == "delivered"} == folios
    assert set(sent) == {row.event_id for row in rows}
    assert len(rows) == MANY
    assert all(
        verified_by(secret, headers, body, now=float(headers["webhook-timestamp"])) for headers, body in plain.received
    )


def _worker(settings: Settings, database: Database, clock: Clock, near: str) -> Worker:
    allowing = replace(settings, webhook_allow=frozenset({near}))
    app = create_app(allowing, database=database, clock=clock)
    return Worker(database, app.extensions["consulta.registry"], clock)


def _work(worker: Worker, clock: Clock) -> None:
    for _ in range(4):
        clock.advance(seconds=11)
        worker.drain()


def _run_and_kill(settings: Settings, now: datetime, near: str, *, after: float) -> None:
    """Let a worker work for some time, and kill it."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CONSULTA_INSTANCE": str(settings.instance),
        "CONSULTA_DATABASE_URL": settings.database_url,
        "CONSULTA_SECRET_KEY": SECRET.decode(),
        "CONSULTA_PUBLIC_URL": settings.public_url,
        "CONSULTA_SMTP_URL": "",
        "CONSULTA_WEBHOOK_ALLOW": near,
    }
    command = [sys.executable, "-c", PROGRAM, now.isoformat()]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == b"listo\n"
        time.sleep(after)
        started.send_signal(signal.SIGKILL)
        assert started.wait() == -signal.SIGKILL
