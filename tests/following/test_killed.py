"""A worker that is killed (kill -9) at any instant: each happening is told once, and no mail is lost."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from consulta.app import create_app
from consulta.config import Settings
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.following.models import Happening, Subscription
from consulta.jobs.models import Job
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from tests.builders import SECRET, World, an_answered, get_window
from tests.clock import START, Clock
from tests.following.readers import ADDRESS

PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from consulta.app import create_app
from consulta.config import load_settings
from consulta.jobs.worker import Worker
from tests.clock import Clock

settings = load_settings()
clock = Clock(datetime.fromisoformat(sys.argv[1]))
app = create_app(settings, clock=clock)
worker = Worker(app.extensions["consulta"].database, app.extensions["consulta.registry"], clock)
print("listo", flush=True)
worker.run_forever(lambda: False, pause=0.01)
"""
ROOT = Path(__file__).resolve().parents[2]


def test_each_answer_is_told_once_however_often_the_worker_dies(
    settings: Settings, database: Database, world: World, clock: Clock
) -> None:
    app = create_app(settings, database=database, clock=clock)
    Worker(database, app.extensions["consulta.registry"], clock).drain()
    _follow(database, world, 40)
    with session_scope(database):
        folio = an_answered(world, START).submission.folio
    clock.advance(seconds=11)
    Worker(database, app.extensions["consulta.registry"], clock).drain()
    clock.advance(minutes=1)

    for number in range(8):
        _run_and_kill(settings, clock.now, after=0.05 + 0.06 * number)
        # The lease of what it had taken ends.
        clock.advance(minutes=3)
    Worker(database, app.extensions["consulta.registry"], clock).drain()

    with session_scope(database):
        told = session().scalars(select(Notice.unique_key).where(Notice.kind == "following")).all()
        waiting = session().scalars(select(Job.kind).where(Job.kind == "following.tell")).all()
        states = set(session().scalars(select(Notice.state).where(Notice.kind == "following")))
        assert session().scalars(select(Happening.kind).order_by(Happening.id)).all() == ["comment", "answer"]
    assert len(told) == len(set(told)) == 40
    assert (waiting, states) == ([], {"sent"})
    # One file for each notice: sending again writes the same one.
    assert len([path for path in settings.mail_folder.glob("*.eml") if folio in path.read_text("utf-8")]) == 40


def _follow(database: Database, world: World, many: int) -> None:
    """Let many addresses follow the open window."""
    with session_scope(database), unit_of_work():
        window = get_window(world.slugs["open"])
        session().add_all(
            Subscription(
                email=f"{number}-{ADDRESS}",
                state="confirmed",
                kind="window",
                target_key=f"window:{window.id}",
                window_id=window.id,
                pace="immediate",
                language="es",
                nonce=f"{number:032d}",
                asked_at=START,
                confirmed_at=START,
                due_at=START,
                told_id=0,
            )
            for number in range(many)
        )


def _run_and_kill(settings: Settings, now: datetime, *, after: float) -> None:
    """Let a worker work for some time, and kill it."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CONSULTA_INSTANCE": str(settings.instance),
        "CONSULTA_DATABASE_URL": settings.database_url,
        "CONSULTA_SECRET_KEY": SECRET.decode(),
        "CONSULTA_PUBLIC_URL": settings.public_url,
        # Its mails are written to the folder of the instance.
        "CONSULTA_SMTP_URL": "",
    }
    command = [sys.executable, "-c", PROGRAM, now.isoformat()]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == b"listo\n"
        time.sleep(after)
        started.send_signal(signal.SIGKILL)
        assert started.wait() == -signal.SIGKILL
