"""A reader of mail."""

import pytest
from flask import Flask

from consulta.config import Settings
from consulta.jobs.worker import Worker
from tests.builders import World
from tests.clock import Clock
from tests.following.readers import Reader


@pytest.fixture
def reader(app: Flask, settings: Settings, world: World, worker: Worker, clock: Clock) -> Reader:
    # The first round of the worker: what was done before is old news.
    worker.drain()
    return Reader(settings.mail_folder, app, worker, clock)
