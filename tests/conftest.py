"""Fixtures: both databases, each test on a fresh migrated copy; the application, its client and a world to act in."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.app import create_app
from consulta.config import Settings
from consulta.db import Database, session_scope, unit_of_work
from consulta.db.engine import KEY_FOLDER
from consulta.jobs.worker import Worker
from consulta.migrate import upgrade
from consulta.windows.catalogue import install_instruments
from tests.builders import World, a_world
from tests.clock import Clock
from tests.postgresql import INSTALL, Cluster, find_binaries

SECRET = b"a-secret-of-the-tests-of-at-least-32-bytes"
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if find_binaries() is None:
        pytest.skip(INSTALL)
    started = Cluster().start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster) -> str:
    name = "template_consulta"
    _migrate(cluster.create(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "consulta.sqlite3"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"t{uuid.uuid4().hex}"
    yield cluster.create(name, request.getfixturevalue("postgresql_template"))
    cluster.drop(name)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = Database(database_url, keys=tmp_path / KEY_FOLDER)
    yield opened
    opened.dispose()


@pytest.fixture
def scope(database: Database) -> Iterator[None]:
    """A session, for tests of operations and queries."""
    with session_scope(database):
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return make_settings(tmp_path, database_url)


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock) -> Flask:
    made = create_app(settings, database=database, clock=clock)
    made.testing = True
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """One government with an open window, a closed one, a mailbox, units, posts and people."""
    with session_scope(database):
        return a_world(clock.now)


@pytest.fixture
def worker(app: Flask, database: Database, clock: Clock) -> Worker:
    return Worker(database, app.extensions["consulta.registry"], clock)


def make_settings(folder: Path, url: str, **overrides: object) -> Settings:
    values = {
        "instance": folder,
        "database_url": url,
        "secret_key": SECRET,
        "timezone": ZoneInfo("America/Mexico_City"),
        "public_url": "http://localhost",
        "smtp_url": None,
        "demo": False,
    }
    return Settings(**{**values, **overrides})  # type: ignore[arg-type]


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database)
    with session_scope(database), unit_of_work():
        install_instruments()
    database.dispose()
