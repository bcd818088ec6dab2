"""Who may use what: every route × role is requested and compared with `tests/access_matrix.csv`, written by hand."""

import pytest
from flask import Flask

from consulta.actors import Role
from consulta.db import Database
from consulta.web.access import EVERYBODY, access, require_declared
from tests.builders import World
from tests.clock import Clock
from tests.contracts.matrix import Objects, declared_routes, read_matrix, request_of
from tests.contracts.offices import everything
from tests.contracts.visitors import Visitor

MATRIX = read_matrix()
ROLES = ["anonymous", *(role.value for role in Role)]


def test_every_route_has_exactly_one_line(demo_app: Flask) -> None:
    written = sorted((line.method, line.route) for line in MATRIX)
    declared = declared_routes(demo_app)

    missing = sorted(set(declared) - set(written))
    assert not missing, f"add a line to tests/access_matrix.csv, from the roles of the design, for: {missing}"
    gone = sorted(set(written) - set(declared))
    assert not gone, f"these lines of tests/access_matrix.csv have no route: remove them or restore the route: {gone}"
    assert written == declared, "a line of tests/access_matrix.csv is written twice: keep one"


def test_every_cell_is_one_of_four_words() -> None:
    for line in MATRIX:
        assert list(line.cells) == ROLES
        assert line.cells["anonymous"] in ("yes", "login", "401")
        assert {line.cells[role] for role in ROLES[1:]} <= {"yes", "no"}


@pytest.mark.parametrize("role", ROLES)
def test_matrix_holds(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock, role: str
) -> None:
    visitor = Visitor(demo_app, database, world, role, clock)

    found = {(line.method, line.route): visitor.ask(line, objects) for line in MATRIX}

    expected = {(line.method, line.route): line.cells[role] for line in MATRIX}
    different = [
        f"{key}: written {expected[key]}, found {found[key]}" for key in expected if expected[key] != found[key]
    ]
    assert different == []


def test_reading_writes_nothing(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    visitors = [Visitor(demo_app, database, world, role, clock) for role in ROLES]
    reads = [(line, *request_of(line, objects)) for line in MATRIX if line.method == "GET"]
    before = everything(database)

    for visitor in visitors:
        for line, address, sent in reads:
            headers = {"Authorization": f"Bearer {visitor.tokens['desk']}"} if line.is_call and visitor.tokens else {}
            visitor.client.get(address, headers=headers, buffered=True, **sent)

    after = everything(database)
    assert [name for name in before if before[name] != after[name]] == []


def test_reading_after_five_minutes_touches_only_the_session(
    demo_app: Flask, database: Database, world: World, clock: Clock
) -> None:
    visitor = Visitor(demo_app, database, world, "respondent", clock)
    before = everything(database)

    clock.advance(minutes=5)
    visitor.client.get("/bandeja/turnos")
    assert everything(database) == before
    clock.advance(seconds=1)
    visitor.client.get("/bandeja/turnos")

    after = everything(database)
    assert [name for name in before if before[name] != after[name]] == ["staff_sessions"]


def test_refusal_of_a_role_looks_like_an_address_that_does_not_exist(
    demo_app: Flask, database: Database, world: World, clock: Clock
) -> None:
    visitor = Visitor(demo_app, database, world, "operator", clock)

    refused = visitor.client.get("/coordinacion")
    absent = visitor.client.get("/coordinacion/no/existe")

    assert refused.status_code == absent.status_code == 404
    assert refused.data == absent.data


def test_view_without_declaration_stops_the_start() -> None:
    app = Flask("pruebas", static_folder=None)
    app.add_url_rule("/declarada", "declared", access(EVERYBODY)(lambda: "sí"))
    require_declared(app)

    app.add_url_rule("/olvidada", "forgotten", lambda: "no")

    with pytest.raises(RuntimeError, match=r"views without @access: forgotten"):
        require_declared(app)
