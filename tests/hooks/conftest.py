"""A system that receives notices, and the office that registers it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from consulta.app import create_app
from consulta.config import Settings
from consulta.db import Database
from consulta.jobs.worker import Worker
from tests.builders import World
from tests.clock import Clock
from tests.hooks.office import Office
from tests.hooks.servers import HOST, Authority, Receiver, courier_to


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def receiver(authority: Authority) -> Iterator[Receiver]:
    with Receiver(authority.server_context(HOST)).listening() as listening:
        yield listening


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, receiver: Receiver, authority: Authority) -> Flask:
    made = create_app(settings, database=database, clock=clock, courier=courier_to(receiver, authority))
    made.testing = True
    return made


@pytest.fixture
def office(
    app: Flask, database: Database, world: World, worker: Worker, clock: Clock, receiver: Receiver, settings: Settings
) -> Office:
    # The first round of the worker: what was done before is old news.
    worker.drain()
    return Office(app, database, world, worker, clock, receiver, settings.mail_folder)
