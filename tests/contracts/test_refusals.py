"""Things of others do not exist; tokens, cookies and forms open nothing beyond what they are for."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from consulta.accounts.cookies import COOKIE
from consulta.accounts.models import ApiToken
from consulta.accounts.rules import hash_token
from consulta.actors import Role
from consulta.db import Database, session, session_scope, unit_of_work
from tests.builders import World
from tests.clock import Clock
from tests.contracts.matrix import TOKEN_SCOPES, Line, Objects, read_matrix, request_of
from tests.contracts.offices import a_token, another_government, everything
from tests.contracts.visitors import Visitor
from tests.pages import Page

MATRIX = read_matrix()
ROLES = [role.value for role in Role]


def _object_lines(role: str) -> list[Line]:
    private = [line for line in MATRIX if line.is_call or line.is_staff]
    carries = ("/bandeja/responder", "/bandeja/revision", "/coordinacion/sin-turnar", "/api/v1/answers")
    return [
        line
        for line in private
        if line.cells[role] == "yes"
        and (line.names_object or (line.route in carries and (line.method == "POST" or line.route == carries[0])))
    ]


def test_objects_of_another_government_do_not_exist(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    with session_scope(database):
        other = another_government(clock.now)
    objects.numbers["unit_id"] = other.units["transito"]
    with_objects = ("respondent", "approver", "moderator", "operator", "coordinator", "auditor", "administrator")
    visitors = [Visitor(demo_app, database, _named(other), role, clock) for role in with_objects]
    before = everything(database)

    found = {
        (visitor.role, line.method, line.route): visitor.ask(line, objects)
        for visitor in visitors
        for line in _object_lines(visitor.role)
    }

    assert {role for role, _, _ in found} == set(with_objects)
    assert {key: word for key, word in found.items() if word != "no"} == {}
    assert everything(database) == before


def test_objects_of_another_unit_do_not_exist(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    visitor = Visitor(demo_app, database, world, "respondent-agua", clock)

    # A window that asks for entries is for every agency; an entry is its agency's.
    # A group of alike comments is the government's: its members may be with several units.
    lines = [
        line
        for line in _object_lines("respondent")
        if ("<slug>" not in line.route or "entry_id" in line.route) and "campaign_id" not in line.route
    ]
    found = {(line.method, line.route): visitor.ask(line, objects) for line in lines}

    assert len(found) == 24
    assert {key: word for key, word in found.items() if word != "no"} == {}


def test_numbers_and_names_that_nothing_has_do_not_exist(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    absent = Objects(
        {"open": "no-hay", "mailbox": "no-hay", "asking": "no-hay"},
        # An address that is read and written at once answers 405, not 404, to a number beyond any key.
        {
            **dict.fromkeys(objects.numbers, 10**19),
            "unit_id": world.units["redes"],
            "entry_id": 2**61,
            "agency_id": 2**61,
            "decree_id": 2**61,
            "campaign_id": 2**61,
            "project_id": 2**61,
            "paper_id": 2**61,
            "disposal_id": 2**61,
            "request_id": 2**61,
        },
        "GTO-nada",
        lambda: "nada",
        lambda _purpose: "nada",
    )
    for role in ("respondent", "approver", "moderator", "operator", "coordinator", "administrator"):
        visitor = Visitor(demo_app, database, world, role, clock)
        lines = [line for line in _object_lines(role) if line.route != "/api/v1/answers"]

        found = {(line.method, line.route): visitor.ask(line, absent) for line in lines}

        assert {key: word for key, word in found.items() if word != "no"} == {}


def test_token_opens_only_its_scope(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    client = demo_app.test_client()
    for line in (item for item in MATRIX if item.is_call):
        role = next(name for name in ROLES if line.cells[name] == "yes")
        statuses = {}
        for scope in TOKEN_SCOPES:
            with session_scope(database):
                token = a_token(world, role, scope, clock.now)
            statuses[scope] = _call(client, line, objects, token)

        opened = {scope for scope, status in statuses.items() if status != 403}
        assert len(opened - {"read"}) == 1, (line.route, statuses)
        assert ("read" in opened) == (line.method == "GET"), (line.route, statuses)


def test_token_that_expired_or_was_revoked_or_never_was_is_401(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    client = demo_app.test_client()
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
    demo_app: Flask, database: Database, world: World, clock: Clock
) -> None:
    visitor = Visitor(demo_app, database, world, "respondent", clock)

    assert visitor.client.get("/api/v1/referrals").status_code == 401
    bare = demo_app.test_client().get("/bandeja/turnos", headers={"Authorization": f"Bearer {visitor.tokens['desk']}"})
    assert bare.headers["Location"] == "/entrar?siguiente=/bandeja/turnos"


def test_cookie_copied_before_signing_out_is_worth_nothing(demo_app: Flask, world: World) -> None:
    page = Page(demo_app).sign_in(world.email("respondent"))
    copied = page.client.get_cookie(COOKIE)
    assert copied is not None

    page.post("/salir", status=302)

    thief = demo_app.test_client()
    thief.set_cookie(COOKIE, copied.value)
    assert thief.get("/bandeja/turnos").headers["Location"].startswith("/entrar?siguiente=")


FROM_ELSEWHERE = [
    {"Origin": "https://otro.example"},
    {"Origin": "http://localhost.otro.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


def test_write_that_another_site_caused_is_refused(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    visitor = Visitor(demo_app, database, world, "coordinator", clock)
    # Whoever has the code in the address may leave a list from anywhere (RFC 8058); without it nothing is left.
    by_code = "/avisos/salir/<code>"
    posts = [line.route for line in MATRIX if line.method == "POST" and line.route != by_code]
    writes = [route for route in posts if not route.startswith("/api/")]
    before = everything(database)

    found = {}
    for headers in FROM_ELSEWHERE:
        for route in writes:
            address = objects.address(route.replace("<token>", "inventado").replace("<code>", "inventado"))
            sent = visitor.client.post(address, data={"csrf_token": visitor.csrf}, headers=headers)
            found[route, str(headers)] = sent.status_code

    assert len(found) > 100
    assert {key: status for key, status in found.items() if status != 403} == {}
    assert everything(database) == before


def test_write_of_staff_without_its_token_is_refused(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    for role in ("respondent", "coordinator", "administrator"):
        visitor = Visitor(demo_app, database, world, role, clock)
        writes = [
            line.route for line in MATRIX if line.is_staff and line.method == "POST" and line.cells[role] == "yes"
        ]
        for sent in ({}, {"csrf_token": b""}, {"csrf_token": b"0" * 64}, {"csrf_token": b"\xed\xb2\x80"}):
            for route in writes:
                assert visitor.client.post(objects.address(route), data=sent).status_code == 403, (route, sent)


def test_token_of_one_session_is_no_token_of_another(
    demo_app: Flask, database: Database, world: World, clock: Clock
) -> None:
    first = Visitor(demo_app, database, world, "coordinator", clock)
    second = Visitor(demo_app, database, world, "coordinator", clock)

    response = second.client.post("/coordinacion/consultas/nueva", data={"csrf_token": first.csrf})

    assert response.status_code == 403


def test_public_pages_set_no_cookie(demo_app: Flask, objects: Objects) -> None:
    client = demo_app.test_client()
    for line in MATRIX:
        if line.cells["anonymous"] == "yes":
            address, sent = request_of(line, objects)
            response = client.open(address, method=line.method, buffered=True, **sent)
            assert "Set-Cookie" not in response.headers, line.route


def test_answers_of_staff_are_kept_nowhere(
    demo_app: Flask, database: Database, world: World, objects: Objects, clock: Clock
) -> None:
    visitor = Visitor(demo_app, database, world, "coordinator", clock)
    for line in MATRIX:
        if line.is_staff and line.method == "GET":
            assert (
                visitor.client.get(objects.address(line.route), buffered=True).headers["Cache-Control"] == "no-store"
            ), line.route


def _call(client: FlaskClient, line: Line, objects: Objects, token: str) -> int:
    address, sent = request_of(line, objects)
    return client.open(
        address, method=line.method, headers={"Authorization": f"Bearer {token}"}, buffered=True, **sent
    ).status_code


def _named(other: World) -> World:
    """Return the second government's world with addresses that `email()` can name."""

    class Other(World):
        def email(self, post: str) -> str:
            return f"otro-{post}@ejemplo.mx"

    return Other(**other.__dict__)
