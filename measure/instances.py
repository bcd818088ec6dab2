"""Fresh instances on either database for a measurement, with their commands and servers."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from consulta.config import Settings, load_settings
from consulta.db import Database, session_scope
from tests.builders import World, a_world
from tests.postgresql import Cluster

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DATABASES = ("sqlite", "postgresql")


@dataclass
class Instance:
    """An instance in a folder of its own."""

    folder: Path
    environ: dict[str, str]
    server: subprocess.Popen[bytes] | None = None
    port: int = 0
    _: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """Its settings, as its commands read them."""
        return load_settings(self.environ)

    @contextmanager
    def scope(self) -> Iterator[Database]:
        """Open its database with a session."""
        database = Database(self.settings.database_url, keys=self.settings.demographics_keys)
        with session_scope(database):
            yield database
        database.dispose()

    def world(self, now: datetime) -> World:
        """Build the world of the tests in it."""
        with self.scope():
            return a_world(now)

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a `consulta` command."""
        return subprocess.run(
            [sys.executable, "-m", "consulta", *arguments],
            env={**os.environ, **self.environ},
            cwd=ROOT,
            check=check,
            capture_output=True,
            text=True,
        )

    def serve(self, *, workers: int = 2, threads: int = 8) -> None:
        """Start the production server and wait until it answers."""
        self.port = self.port or free_port()
        command = [sys.executable, "-m", "consulta", "serve", "--bind", f"127.0.0.1:{self.port}"]
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [*command, "--workers", str(workers), "--threads", str(threads)],
                env={**os.environ, **self.environ},
                cwd=ROOT,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self.wait_ready()

    def wait_ready(self, seconds: float = 30) -> None:
        """Wait until the server answers."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            try:
                with urllib.request.urlopen(f"{self.url}/salud/listo", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((self.folder / "server.log").read_text("utf-8")[-2000:])

    def kill(self) -> None:
        """Kill server, web workers and worker at once, as a power cut of the machine's processes."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def stop(self) -> None:
        """Stop the server in order."""
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()
            self.server.wait(timeout=30)

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def instances(*names: str) -> Iterator[Iterator[tuple[str, Instance]]]:
    """Give a fresh migrated instance per database."""
    folder = Path(tempfile.mkdtemp(prefix="consulta-measure"))
    cluster = Cluster(durable=True).start() if "postgresql" in names else None
    made: list[Instance] = []

    def make() -> Iterator[tuple[str, Instance]]:
        for number, name in enumerate(names):
            place = folder / f"{number}-{name}"
            place.mkdir()
            environ = {"CONSULTA_INSTANCE": str(place), "CONSULTA_DEMO": "1"}
            if name == "postgresql" and cluster is not None:
                environ["CONSULTA_DATABASE_URL"] = cluster.create(f"m{number}")
            instance = Instance(place, environ)
            instance.command("init")
            made.append(instance)
            yield name, instance

    try:
        yield make()
    finally:
        for instance in made:
            instance.stop()
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def get_json(url: str) -> Any:
    """Read a JSON answer."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)
