"""Who may use what: every route × role is requested and compared with `tests/access_matrix.csv`, written by hand."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consulta.accounts.cookies import COOKIE
from consulta.accounts.models import ApiToken
from consulta.accounts.rules import hash_token
from consulta.actors import Role
from consulta.app import create_app
from consulta.config import Settings
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.storage.current import EXTENSION
from consulta.web.access import EVERYBODY, access, require_declared
from tests.builders import World, a_session
from tests.clock import Clock
from tests.contracts.matrix import TOKEN_SCOPES, Line, Objects, declared_routes, read_matrix, request_of
from tests.contracts.offices import a_token, another_government, everything, some_objects
from tests.pages import Page, Shown

MATRIX = read_matrix()
ROLES = ["anonymous", *(role.value for role in Role)]
ENDS_SESSION = ("/salir", "/mi-cuenta/cerrar-sesiones")


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock) -> Flask:
    """A demonstration instance, where the page of mails exists too."""
    made = create_app(Settings(**{**settings.__dict__, "demo": True}), database=database, clock=clock)
    made.testing = True
    return made


@pytest.fixture
def objects(app: Flask, world: World, database: Database, clock: Clock) -> Objects:
    with session_scope(database):
        return some_objects(world, app.extensions[EXTENSION], database, clock.now)


class Visitor:
    """Somebody in one role, who asks for what a line says."""

    def __init__(self, app: Flask, database: Database, world: World, role: str, clock: Clock) -> None:
        self.app, self.database, self.world, self.role, self.clock = app, database, world, role, clock
        self.client = app.test_client()
        self.tokens: dict[str, str] = {}
        self.csrf = ""
        if role != "anonymous":
            self._sign_in()
            with session_scope(database):
                self.tokens = {scope: a_token(world, role, scope, clock.now) for scope in TOKEN_SCOPES}

    def ask(self, line: Line, objects: Objects) -> str:
        """Return what happened, in the words of the matrix."""
        if line.is_call and self.role != "anonymous":
            answers = [self._send(line, objects, token) for token in self.tokens.values()]
            return "yes" if any(_word(answer) == "yes" for answer in answers) else _word(answers[0])
        word = _word(self._send(line, objects, ""))
        if line.route in ENDS_SESSION and word == "yes":
            self._sign_in()
        return word

    def _send(self, line: Line, objects: Objects, token: str) -> TestResponse:
        address, sent = request_of(line, objects)
        if "data" in sent:
            sent["data"] = {**sent["data"], "csrf_token": self.csrf}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.client.open(address, method=line.method, headers=headers, buffered=True, **sent)

    def _sign_in(self) -> None:
        with session_scope(self.database):
            token = a_session(self.world, self.role, self.clock.now)
        self.client.set_cookie(COOKIE, token)
        self.csrf = Shown(self.client.get("/mi-cuenta")).value("csrf_token")


def _word(response: TestResponse) -> str:
    if response.status_code in (302, 303) and response.headers["Location"].startswith("/entrar?siguiente="):
        return "login"
    if response.status_code == 404:
        return "no"
    if response.status_code == 403 and response.mimetype == "application/problem+json":
        return "no"
    if response.status_code == 401:
        return "401"
    return "yes" if response.status_code in (200, 201, 202, 302, 303, 422) else f"status {response.status_code}"


def test_every_route_has_exactly_one_line(app: Flask) -> None:
    written = sorted((line.method, line.route) for line in MATRIX)
    declared = declared_routes(app)

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
    app: Flask, database: Database, world: World, objects: Objects, clock: Clock, role: str
) -> None:
    visitor = Visitor(app, database, world, role, clock)

    found = {(line.method, line.route): visitor.ask(line, objects) for line in MATRIX}

    expected = {(line.method, line.route): line.cells[role] for line in MATRIX}
    different = [f"{key}: written {expected[key]}, found {found[key]}" for key in expected if expected[key] != found[key]]
    assert different == []


@pytest.mark.parametrize("role", ROLES)
def test_reading_writes_nothing(
    app: Flask, database: Database, world: World, objects: Objects, clock: Clock, role: str
) -> None:
    visitor = Visitor(app, database, world, role, clock)
    reads = [(line, objects.address(line.route)) for line in MATRIX if line.method == "GET"]
    before = everything(database)

    for line, address in reads:
        query = objects.form(line.route) if line.route == "/bandeja/responder" else {}
        headers = {"Authorization": f"Bearer {visitor.tokens['desk']}"} if line.is_call and visitor.tokens else {}
        visitor.client.get(address, query_string=query, headers=headers, buffered=True)

    after = everything(database)
    assert [name for name in before if before[name] != after[name]] == []


def test_reading_after_five_minutes_touches_only_the_session(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    visitor = Visitor(app, database, world, "respondent", clock)
    before = everything(database)

    clock.advance(minutes=5)
    visitor.client.get("/bandeja/turnos")
    assert everything(database) == before
    clock.advance(seconds=1)
    visitor.client.get("/bandeja/turnos")

    after = everything(database)
    assert [name for name in before if before[name] != after[name]] == ["staff_sessions"]


def test_refusal_of_a_role_looks_like_an_address_that_does_not_exist(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    visitor = Visitor(app, database, world, "operator", clock)

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


def _object_lines(role: str) -> list[Line]:
    private = [line for line in MATRIX if line.is_call or line.is_staff]
    carries = ("/bandeja/responder", "/bandeja/revision", "/coordinacion/sin-turnar", "/api/v1/answers")
    return [
        line
        for line in private
        if line.cells[role] == "yes"
        and (line.names_object or (line.route in carries and (line.method == "POST" or line.route == carries[0])))
    ]


@pytest.mark.parametrize("role", ["respondent", "approver", "moderator", "operator", "coordinator", "auditor", "administrator"])
def test_objects_of_another_government_do_not_exist(
    app: Flask, database: Database, world: World, objects: Objects, clock: Clock, role: str
) -> None:
    with session_scope(database):
        other = another_government(clock.now)
    visitor = Visitor(app, database, _named(other), role, clock)
    objects.numbers["unit_id"] = other.units["transito"]
    before = _without_sessions(everything(database))

    found = {(line.method, line.route): visitor.ask(line, objects) for line in _object_lines(role)}

    assert len(found) >= 2
    assert {key: word for key, word in found.items() if word != "no"} == {}
    assert _without_sessions(everything(database)) == before


def test_objects_of_another_unit_do_not_exist(
    app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    visitor = Visitor(app, database, world, "respondent-agua", clock)

    found = {(line.method, line.route): visitor.ask(line, objects) for line in _object_lines("respondent")}

    assert len(found) == 9
    assert {key: word for key, word in found.items() if word != "no"} == {}


def test_numbers_and_names_that_nothing_has_do_not_exist(
    app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    absent = Objects(
        {"open": "no-hay", "mailbox": "no-hay"},
        {**dict.fromkeys(objects.numbers, 10**19), "unit_id": world.units["redes"]},
        "GTO-nada",
        lambda: "nada",
    )
    for role in ("respondent", "approver", "moderator", "operator", "coordinator", "administrator"):
        visitor = Visitor(app, database, world, role, clock)
        lines = [line for line in _object_lines(role) if line.route != "/api/v1/answers"]

        found = {(line.method, line.route): visitor.ask(line, absent) for line in lines}

        assert {key: word for key, word in found.items() if word != "no"} == {}


def test_token_opens_only_its_scope(app: Flask, database: Database, world: World, objects: Objects, clock: Clock) -> None:
    client = app.test_client()
    for line in (item for item in MATRIX if item.is_call):
        role = next(name for name in ROLES[1:] if line.cells[name] == "yes")
        statuses = {}
        for scope in TOKEN_SCOPES:
            with session_scope(database):
                token = a_token(world, role, scope, clock.now)
            statuses[scope] = _call(client, line, objects, token)

        refused = [scope for scope, status in statuses.items() if status == 403]
        assert len(refused) == len(TOKEN_SCOPES) - 1, (line.route, statuses)


def test_token_that_expired_or_was_revoked_or_never_was_is_401(
    app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    client = app.test_client()
    line = next(item for item in MATRIX if item.route == "/api/v1/referrals")
    with session_scope(database):
        brief = a_token(world, "respondent", "desk", clock.now, expires_at=clock.now + timedelta(minutes=1))
        revoked = a_token(world, "respondent", "desk", clock.now)
        assert _call(client, line, objects, brief) == _call(client, line, objects, revoked) == 200
        with unit_of_work():
            row = session().query(ApiToken).filter_by(token_hash=hash_token(revoked)).one()
            row.revoked_at = clock.now

    clock.advance(minutes=1)

    for token in (brief, revoked, "consulta_inventado", "\x7f"):
        response = client.get("/api/v1/referrals", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.mimetype == "application/problem+json"


def test_session_opens_no_call_and_token_opens_no_page(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    visitor = Visitor(app, database, world, "respondent", clock)

    assert visitor.client.get("/api/v1/referrals").status_code == 401
    bare = app.test_client().get("/bandeja/turnos", headers={"Authorization": f"Bearer {visitor.tokens['desk']}"})
    assert bare.headers["Location"] == "/entrar?siguiente=/bandeja/turnos"


def test_cookie_copied_before_signing_out_is_worth_nothing(app: Flask, world: World) -> None:
    page = Page(app).sign_in(world.email("respondent"))
    copied = page.client.get_cookie(COOKIE)
    assert copied is not None

    page.post("/salir", status=302)

    thief = app.test_client()
    thief.set_cookie(COOKIE, copied.value)
    assert thief.get("/bandeja/turnos").headers["Location"].startswith("/entrar?siguiente=")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://otro.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost.otro.example"},
    ],
)
def test_write_that_another_site_caused_is_refused(
    app: Flask, database: Database, world: World, objects: Objects, clock: Clock, headers: dict[str, str]
) -> None:
    visitor = Visitor(app, database, world, "coordinator", clock)
    writes = [line for line in MATRIX if line.method == "POST" and not line.route.startswith("/api/")]
    before = everything(database)

    found = {}
    for line in writes:
        address = objects.address(line.route.replace("<token>", "inventado"))
        found[line.route] = visitor.client.post(address, data={"csrf_token": visitor.csrf}, headers=headers).status_code

    assert len(found) > 25
    assert {route: status for route, status in found.items() if status != 403} == {}
    assert everything(database) == before


@pytest.mark.parametrize("sent", [{}, {"csrf_token": ""}, {"csrf_token": "0" * 64}, {"csrf_token": "ñ\udc80"}])
def test_write_of_staff_without_its_token_is_refused(
    app: Flask, database: Database, world: World, objects: Objects, clock: Clock, sent: dict[str, str]
) -> None:
    data = {name: value.encode("utf-8", "surrogatepass") for name, value in sent.items()}
    for role in ("respondent", "coordinator", "administrator"):
        visitor = Visitor(app, database, world, role, clock)
        for line in MATRIX:
            if line.is_staff and line.method == "POST" and line.cells[role] == "yes":
                response = visitor.client.post(objects.address(line.route), data=data)
                assert response.status_code == 403, line.route


def test_token_of_one_session_is_no_token_of_another(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    first = Visitor(app, database, world, "coordinator", clock)
    second = Visitor(app, database, world, "coordinator", clock)

    response = second.client.post("/coordinacion/consultas/nueva", data={"csrf_token": first.csrf})

    assert response.status_code == 403


def test_public_pages_set_no_cookie(app: Flask, objects: Objects) -> None:
    client = app.test_client()
    for line in MATRIX:
        if line.cells["anonymous"] == "yes":
            address, sent = request_of(line, objects)
            response = client.open(address, method=line.method, buffered=True, **sent)
            assert "Set-Cookie" not in response.headers, line.route


def test_answers_of_staff_are_kept_nowhere(app: Flask, database: Database, world: World, objects: Objects, clock: Clock) -> None:
    visitor = Visitor(app, database, world, "coordinator", clock)
    for line in MATRIX:
        if line.is_staff and line.method == "GET":
            assert visitor.client.get(objects.address(line.route), buffered=True).headers["Cache-Control"] == "no-store", line.route


def _call(client: FlaskClient, line: Line, objects: Objects, token: str) -> int:
    address, sent = request_of(line, objects)
    return client.open(address, method=line.method, headers={"Authorization": f"Bearer {token}"}, buffered=True, **sent).status_code


def _named(other: World) -> World:
    """Return the second government's world with addresses that `email()` can name."""

    class Other(World):
        def email(self, post: str) -> str:
            return f"otro-{post}@ejemplo.mx"

    return Other(**other.__dict__)


def _without_sessions(rows: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    return {name: values for name, values in rows.items() if name not in ("staff_sessions",)}


