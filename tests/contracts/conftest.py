"""A demonstration instance with objects for every route."""

import pytest
from flask import Flask

from consulta.app import create_app
from consulta.config import Settings
from consulta.db import Database, session_scope, unit_of_work
from consulta.opendata.building import refresh
from consulta.opendata.shelf import Shelf
from consulta.record.sequencing import sequence_everything
from consulta.storage.current import EXTENSION
from tests.builders import World
from tests.clock import Clock
from tests.contracts.matrix import Objects
from tests.contracts.offices import some_objects


@pytest.fixture
def demo_app(settings: Settings, database: Database, clock: Clock) -> Flask:
    """A demonstration instance, where the page of mails exists too."""
    made = create_app(Settings(**{**settings.__dict__, "demo": True}), database=database, clock=clock)
    made.testing = True
    return made


@pytest.fixture
def objects(demo_app: Flask, world: World, database: Database, clock: Clock) -> Objects:
    with session_scope(database):
        found = some_objects(world, demo_app.extensions[EXTENSION], database, clock.now)
        with unit_of_work():
            sequence_everything(clock.now)
        refresh(Shelf(demo_app.extensions["consulta"].settings.open_data), clock.now)
        return found
