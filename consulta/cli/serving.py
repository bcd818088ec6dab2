"""`consulta serve` and `consulta worker`."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from consulta import clock
from consulta.app import create_app
from consulta.cli.runtime import Refusal
from consulta.config import load_settings
from consulta.db import Database
from consulta.jobs.worker import Worker
from consulta.migrate import current_revision, head_revision

RESTART_SECONDS = 2


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with threads, and the worker as a child that is started again when it dies."""

    def __init__(self, bind: str, workers: int, threads: int) -> None:
        self._options = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 20,
            "accesslog": None,
            "control_socket_disable": True,
            "proc_name": "consulta",
            "when_ready": _start_child,
            "on_exit": _stop_child,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Create the application in each worker process."""
        return create_app()


class _Child:
    """The worker process of the server."""

    process: subprocess.Popen[bytes] | None = None
    is_stopping = False


def _start_child(_server: Any) -> None:
    def keep() -> None:
        while not _Child.is_stopping:
            command = [sys.executable, "-m", "consulta", "worker", "--parent", str(os.getpid())]
            _Child.process = subprocess.Popen(command)  # noqa: S603 - our own command
            _Child.process.wait()
            time.sleep(RESTART_SECONDS)

    threading.Thread(target=keep, daemon=True, name="worker-keeper").start()


def _stop_child(_server: Any) -> None:
    _Child.is_stopping = True
    if _Child.process is not None and _Child.process.poll() is None:
        _Child.process.terminate()
        _Child.process.wait(timeout=20)


@click.command("serve", short_help="Sirve la instancia.")
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Dirección y puerto.")
@click.option("--workers", default=2, show_default=True, help="Procesos.")
@click.option("--threads", default=8, show_default=True, help="Hilos por proceso.")
def serve(bind: str, workers: int, threads: int) -> None:
    """Sirve la instancia con sus ajustes; el trabajador de la bandeja de salida es su hijo."""
    settings = load_settings()
    _require_migrated(settings.database_url)
    Server(bind, workers, threads).run()


@click.command("worker", short_help="Trabaja la bandeja de salida.")
@click.option("--parent", type=int, hidden=True, help="Termina cuando termina este proceso.")
def worker(parent: int | None) -> None:
    """Trabaja la bandeja de salida hasta recibir una señal de término."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = load_settings()
    _require_migrated(settings.database_url)
    database = Database(settings.database_url, pool_size=2, keys=settings.demographics_keys)
    app = create_app(settings, database=database)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())

    def should_stop() -> bool:
        return stopping.is_set() or (parent is not None and os.getppid() != parent)

    with app.app_context():
        Worker(database, app.extensions["consulta.registry"], clock.now).run_forever(should_stop)
    database.dispose()


def _require_migrated(url: str) -> None:
    database = Database(url)
    database.check()
    is_current = current_revision(database) == head_revision()
    database.dispose()
    if not is_current:
        raise Refusal("La base no está al día: ejecute «consulta init» (nueva) o «consulta upgrade».")
