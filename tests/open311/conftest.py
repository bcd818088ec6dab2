"""Programs that speak Open311 to an instance with one government."""

import pytest
from flask import Flask

from tests.builders import World
from tests.open311.speakers import Speaker


@pytest.fixture
def speaker(app: Flask, world: World) -> Speaker:
    return Speaker(app)
