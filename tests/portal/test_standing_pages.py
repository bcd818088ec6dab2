"""A person withdraws with her key, and one whose address was used says so with the code of the mail."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.db import Database, session, session_scope
from consulta.folio import disown_code, is_disown_code, tracking_key
from consulta.notices.models import Notice
from tests.builders import SECRET, World, a_submission, get_submission
from tests.clock import START
from tests.pages import Page

NONCE = b"n" * 16


@pytest.fixture
def folio(world: World, database: Database) -> str:
    """A comment that left an address, and whose key is known."""
    with session_scope(database):
        draft = {"email": "ana@ejemplo.mx", "author_name": "Ana Inventada", "name_is_public": True}
        return a_submission(world.topics["open"], START, nonce=NONCE, draft=draft).folio


def test_author_withdraws_after_confirming(app: Flask, database: Database, folio: str) -> None:
    page, own = Page(app), {"folio": folio, "key": tracking_key(SECRET, NONCE)}
    shown = page.post("/seguimiento", own)
    assert "Retirar mi comentario" in shown.body

    unsure = page.post("/seguimiento/retirar", own, status=422)
    done = page.post("/seguimiento/retirar", {**own, "seguro": "si"})

    assert unsure.errors == ["Marque la casilla para confirmar que lo retira."]
    assert "Su autora o autor lo retiró" in done.body
    assert "Retirar mi comentario" not in done.body
    assert "lo retiró: el texto ya no se muestra" in page.get(f"/folio/{folio}").body


def test_mail_carries_a_code_that_disowns_and_opens_nothing(app: Flask, database: Database, folio: str) -> None:
    with session_scope(database):
        body = session().scalars(select(Notice.body).where(Notice.kind == "receipt")).one()
    [code] = re.findall(r"NO-[0-9A-Z]{5}-[0-9A-Z]{5}", body)
    page = Page(app)

    shown = page.post("/seguimiento", {"folio": folio, "key": code.lower().replace("-", " ")})
    page.post("/seguimiento/no-lo-envie", {"folio": folio, "key": code, "ocultar": "no"})

    assert "¿Usted no envió esto?" in shown.body
    assert "revisión sea cada tres meses" not in shown.body
    with session_scope(database):
        found = get_submission(folio)
        assert (found.standing, found.is_hidden) == ("disowned", False)


def test_code_of_another_folio_and_a_wrong_key_do_nothing(app: Flask, database: Database, folio: str) -> None:
    page = Page(app)

    page.post(
        "/seguimiento/no-lo-envie", {"folio": folio, "key": disown_code(SECRET, "GTO-2026-AAAAAAAA-A")}, status=303
    )
    page.post("/seguimiento/retirar", {"folio": folio, "key": "una dos tres", "seguro": "si"}, status=303)

    with session_scope(database):
        assert get_submission(folio).standing == "stands"
    assert not is_disown_code(SECRET, folio, "")
