"""Programs with and without the token of a post."""

import pytest
from flask import Flask

from consulta.accounts.tokens import issue_api_token
from consulta.db import Database, session_scope, unit_of_work
from tests.api.machines import Machine
from tests.builders import World
from tests.clock import START


@pytest.fixture
def anybody(app: Flask, world: World) -> Machine:
    return Machine(app)


@pytest.fixture
def machines(app: Flask, database: Database, world: World) -> dict[str, Machine]:
    """A program per post that has calls."""
    scopes = {"respondent": "desk", "respondent-agua": "desk", "approver": "desk", "coordinator": "coordination"}
    made = {}
    with session_scope(database), unit_of_work():
        for post, scope in scopes.items():
            token = issue_api_token(post_id=world.actors[post].post_id, scope=scope, now=START)
            made[post] = Machine(app, token)
    return made
