"""Pages of personal data: the person's own with folio and key, and the desk of the transparency unit."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.data_rights.models import DataRightsRequest
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.moderation.operations import publish_text
from tests.builders import World, a_receipt, a_submission, get_submission
from tests.clock import START
from tests.pages import Page

NAME, EMAIL = "Eva Rosales Inventada", "eva@ejemplo.mx"
OWN, ASK, DOWNLOAD = (
    "/seguimiento/mis-datos",
    "/seguimiento/mis-datos/solicitar",
    "/seguimiento/mis-datos/descargar",
)
DESK = "/bandeja/datos-personales"


@pytest.fixture
def proof(database: Database, world: World) -> dict[str, str]:
    """Folio and key of a published comment with a name and an address."""
    with session_scope(database):
        draft = {"author_name": NAME, "name_is_public": True, "email": EMAIL, "phone": "4771234567"}
        receipt = a_receipt(world.topics["open"], START, draft=draft)
        with unit_of_work():
            publish_text(submission=get_submission(receipt.folio), actor=world.actors["moderator"], now=START)
        return {"folio": receipt.folio, "key": receipt.tracking_key}


def the_request(database: Database) -> int:
    with session_scope(database):
        return session().scalars(select(DataRightsRequest.id).order_by(DataRightsRequest.id.desc())).first() or 0


def test_tracking_leads_to_what_is_kept_and_to_its_downloads(app: Flask, proof: dict[str, str]) -> None:
    page = Page(app)
    tracked = page.post("/seguimiento", proof)
    [form] = tracked.soup.select(f"form[action='{OWN}']")
    sent = {field["name"]: field["value"] for field in form.find_all("input")}

    shown = page.post(OWN, sent)

    assert shown.heading == "Lo que Consulta guarda de usted"
    for word in (
        NAME,
        EMAIL,
        "4771234567",
        "2026-1",
        "no se puede saber cuáles son suyas",
        "no tiene serie documental",
    ):
        assert word in shown.body
    told = page.client.post(DOWNLOAD, data={**sent, "formato": "json"})
    assert told.headers["Content-Disposition"] == f'attachment; filename="mis-datos-{proof["folio"]}.json"'
    assert told.headers["Cache-Control"] == "no-store"
    assert json.loads(told.data)["folio"] == proof["folio"]
    assert EMAIL in page.client.post(DOWNLOAD, data={**sent, "formato": "txt"}).get_data(as_text=True)


@pytest.mark.parametrize("address", [OWN, ASK, DOWNLOAD])
def test_without_the_key_nothing_is_told(app: Flask, proof: dict[str, str], address: str, database: Database) -> None:
    page = Page(app)

    for fields in ({}, {**proof, "key": "otra cosa"}, {**proof, "folio": "x"}, {**proof, "key": ""}):
        sent = page.post(address, {**fields, "kind": "access", "formato": "json"}, status=303)
        assert sent.location == "/seguimiento"
    assert the_request(database) == 0


def test_person_asks_and_the_page_acknowledges_with_the_date(app: Flask, proof: dict[str, str]) -> None:
    page = Page(app)

    assert page.post(ASK, proof, status=422).errors == ["Elija qué derecho quiere ejercer."]
    wrong = page.post(ASK, {**proof, "kind": "rectification", "text": "x", "new_email": "no"}, status=422)
    assert (wrong.value("new_email"), wrong.value("text"), len(wrong.errors)) == ("no", "x", 1)
    shown = page.post(ASK, {**proof, "kind": "access"})

    assert "Recibimos su solicitud. Acceso" in shown.body
    assert "miércoles 8 de julio de 2026" in shown.body
    assert "También le enviamos un correo" in shown.body
    assert shown.value("text") == ""
    assert "Ya pidió lo mismo" in page.post(ASK, {**proof, "kind": "access"}, status=422).body


def test_transparency_extends_accepts_and_the_name_is_gone(
    app: Flask, proof: dict[str, str], world: World, database: Database
) -> None:
    public = f"/folio/{proof['folio']}"
    topic = f"/consultas/{world.slugs['open']}/temas/1"
    assert NAME in Page(app).get(topic).body
    Page(app).post(ASK, {**proof, "kind": "opposition", "text": "Me da miedo."})
    desk = Page(app).sign_in(world.email("transparency"))
    number = the_request(database)

    assert proof["folio"] in desk.get(DESK).body
    shown = desk.get(f"{DESK}/{number}")
    assert "Me da miedo." in shown.body
    assert NAME in shown.body
    assert desk.post(f"{DESK}/{number}", {"accion": "aceptar", "razones": " "}, status=422).errors
    assert desk.post(f"{DESK}/{number}", {"accion": "nada", "razones": "x"}, status=422).errors
    extended = desk.follow(f"{DESK}/{number}", {"accion": "ampliar", "razones": "Hay que revisar."})
    assert "con plazo ampliado" in extended.body
    assert "ampliar" not in [button.get("value") for button in extended.soup.find_all("button")]
    done = desk.follow(f"{DESK}/{number}", {"accion": "aceptar", "razones": "Procede."})
    assert "Procede: hecho" in done.body

    assert NAME not in Page(app).get(topic).body
    assert NAME not in Page(app).get(public).body
    own = Page(app).post(OWN, proof)
    assert "Procede: hecho" in own.body
    assert "Todo el mundo: su texto está publicado, sin su nombre." in own.body


def test_transparency_denies_and_finishes_by_hand(
    app: Flask, proof: dict[str, str], world: World, database: Database
) -> None:
    person, desk = Page(app), Page(app).sign_in(world.email("transparency"))
    person.post(ASK, {**proof, "kind": "cancellation", "text": "Ya no quiero correos."})
    first = the_request(database)
    desk.follow(f"{DESK}/{first}", {"accion": "negar", "razones": "Falta responderle."})
    person.post(ASK, {**proof, "kind": "rectification", "text": "Mi cargo es otro."})
    second = the_request(database)
    accepted = desk.follow(f"{DESK}/{second}", {"accion": "aceptar", "razones": "Sí."})
    assert "Falta hacerlo" in accepted.body
    finished = desk.follow(f"{DESK}/{second}", {"accion": "hecho", "razones": "Se anotó."})

    assert "Se anotó." in finished.body
    own = person.post(OWN, proof)
    assert "recurso de revisión" in own.body
    assert "Se anotó." in own.body
    assert EMAIL in own.body


def test_each_role_sees_what_it_should(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        draft = {"kind": "complaint", "names_official": True}
        reserved = a_receipt(world.topics["mailbox"], START, draft=draft)
        plain = a_receipt(world.topics["open"], START)
    for receipt in (reserved, plain):
        Page(app).post(ASK, {"folio": receipt.folio, "key": receipt.tracking_key, "kind": "access"})
    transparency, control = (Page(app).sign_in(world.email(post)) for post in ("transparency", "control"))

    assert plain.folio in transparency.get(DESK).body
    assert reserved.folio not in transparency.get(DESK).body
    assert reserved.folio in control.get(DESK).body
    assert plain.folio not in control.get(DESK).body
    for post in ("coordinator", "administrator", "auditor"):
        Page(app).sign_in(world.email(post)).get(DESK, status=404)


def test_rectified_name_is_what_the_office_and_everybody_read(
    app: Flask, proof: dict[str, str], world: World, database: Database
) -> None:
    Page(app).post(ASK, {**proof, "kind": "rectification", "text": "Va con b.", "new_name": "Eva Rosas Inventada"})
    desk = Page(app).sign_in(world.email("transparency"))
    shown = desk.get(f"{DESK}/{the_request(database)}")
    assert f"Hoy: {NAME}. Pide: Eva Rosas Inventada" in shown.body

    desk.follow(f"{DESK}/{the_request(database)}", {"accion": "aceptar", "razones": "Procede."})

    page = Page(app).get(f"/consultas/{world.slugs['open']}/temas/1")
    assert "Eva Rosas Inventada" in page.body
    assert NAME not in page.body


def test_own_data_speak_english(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        receipt = a_receipt(world.topics["open"], START)

    shown = Page(app).post(f"/en{OWN}", {"folio": receipt.folio, "key": receipt.tracking_key})

    assert shown.heading == "What Consulta keeps about you"


def test_submission_without_requests_shows_an_empty_state(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        a_submission(world.topics["open"], START)

    assert "Nada pendiente" in Page(app).sign_in(world.email("transparency")).get(DESK).body
