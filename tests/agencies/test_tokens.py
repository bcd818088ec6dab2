"""Programs of a post: who holds it asks for a token, sees it once, and ends it; administration ends any."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from consulta.accounts.models import ApiToken
from consulta.db import Database, session, session_scope
from consulta.record.models import Leaf
from tests.builders import World
from tests.clock import START, Clock
from tests.contracts.visitors import Visitor

ASK = {"label": "Sistema de la unidad", "scope": "desk", "last_on": "2026-09-01"}


def _ask(visitor: Visitor, **changed: str) -> tuple[int, str]:
    form = {**ASK, "post_id": str(visitor.world.actors[visitor.role].post_id), **changed}
    answer = visitor.client.post("/mi-cuenta/programas", data={**form, "csrf_token": visitor.csrf})
    return answer.status_code, answer.get_data(as_text=True)


def _token_in(page: str) -> str:
    return page.split("<code>")[1].split("</code>")[0]


def _opens(app: Flask, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return app.test_client().get("/api/v1/referrals", headers=headers).status_code


def test_holder_asks_for_a_token_that_is_shown_once_and_works_until_its_last_day(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    visitor = Visitor(app, database, world, "respondent", clock)

    status, page = _ask(visitor)
    token = _token_in(page)

    assert (status, token.startswith("consulta_")) == (201, True)
    assert token not in visitor.client.get("/mi-cuenta/programas").get_data(as_text=True)
    assert _opens(app, token) == 200
    with session_scope(database):
        row = session().scalars(select(ApiToken).where(ApiToken.label == ASK["label"])).one()
        assert row.person_id == world.actors["respondent"].person_id
        # The last day is whole, in the time of the government.
        assert row.expires_at is not None
        assert row.expires_at.isoformat() == "2026-09-02T06:00:00+00:00"
        assert session().scalars(select(Leaf.public_id).where(Leaf.kind == "token.issued")).all() == ["respondent"]
    clock.now = START + timedelta(days=84)
    assert _opens(app, token) == 401


def test_what_cannot_be_asked_for_is_told_at_its_field_and_what_was_typed_stays(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    visitor = Visitor(app, database, world, "respondent", clock)

    for changed, told in (
        ({"label": ""}, "Escriba para qué es"),
        ({"scope": "coordination"}, "de lo que puede hacer ese cargo"),
        ({"scope": ""}, "de lo que puede hacer ese cargo"),
        ({"post_id": str(world.actors["control"].post_id)}, "Elija con qué cargo actúa"),
        ({"last_on": "2026-06-01"}, "Ese día ya pasó"),
        ({"last_on": "2028-01-01"}, "dentro de un año"),
        ({"last_on": "mañana"}, "Escriba el día"),
        ({"label": "x" * 121}, "Escriba hasta 120 caracteres"),
    ):
        status, page = _ask(visitor, **changed)
        assert status == 422, changed
        assert told in page, changed
        assert 'aria-invalid="true"' in page, changed
    assert 'value="2028-01-01"' in _ask(visitor, last_on="2028-01-01")[1]


def test_holder_ends_her_own_and_nobody_elses(app: Flask, database: Database, world: World, clock: Clock) -> None:
    mine = Visitor(app, database, world, "respondent", clock)
    other = Visitor(app, database, world, "approver", clock)
    token = _token_in(_ask(mine)[1])
    with session_scope(database):
        number = session().scalars(select(ApiToken.id).where(ApiToken.label == ASK["label"])).one()
    address = f"/mi-cuenta/programas/{number}/anular"

    assert other.client.post(address, data={"csrf_token": other.csrf}).status_code == 404
    assert _opens(app, token) == 200
    assert mine.client.post(address, data={"csrf_token": mine.csrf}).status_code == 302
    assert _opens(app, token) == 401
    assert "Anulado" in mine.client.get("/mi-cuenta/programas").get_data(as_text=True)


def test_administration_sees_every_token_and_ends_any(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    mine = Visitor(app, database, world, "respondent", clock)
    administrator = Visitor(app, database, world, "administrator", clock)
    token = _token_in(_ask(mine)[1])
    with session_scope(database):
        number = session().scalars(select(ApiToken.id).where(ApiToken.label == ASK["label"])).one()

    page = administrator.client.get("/administracion/programas").get_data(as_text=True)
    ended = administrator.client.post(
        f"/administracion/programas/{number}/anular", data={"csrf_token": administrator.csrf}
    )

    assert ASK["label"] in page
    assert "Persona respondent (inventada)" in page
    assert ended.status_code == 302
    assert _opens(app, token) == 401
    with session_scope(database):
        assert session().scalars(select(Leaf.public_id).where(Leaf.kind == "token.revoked")).all() == ["respondent"]
