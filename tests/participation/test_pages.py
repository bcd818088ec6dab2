"""The pages of who took part: before and after the release, embedded, shared, by year, and for the coordination."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.submissions.demographics import flush_demographics
from consulta.windows.models import Window
from tests.builders import World, get_window
from tests.clock import START
from tests.pages import Page
from tests.participation.test_release import LATER, release, take_part


@pytest.fixture
def released(world: World, database: Database) -> str:
    """The open window, over and released."""
    with session_scope(database):
        take_part(world, "open", 120, sex="woman", age_group="30-44", municipality="11015")
        take_part(world, "open", 90, sex="man", age_group="18-29", municipality="11020")
        take_part(world, "open", 7, sex="man", age_group="60+", municipality="11003")
        release(world, "open")
    return world.slugs["open"]


def test_page_before_the_release_says_when(client: FlaskClient, world: World) -> None:
    page = client.get(f"/consultas/{world.slugs['open']}/participacion")

    assert "Se publica una sola vez" in page.text


def test_page_tells_figures_reach_and_map(client: FlaskClient, released: str) -> None:
    page = client.get(f"/consultas/{released}/participacion").text

    assert "217 opiniones: unas 120 de mujeres, unas 95 de hombres" in page
    assert "no hay datos suficientes" in page
    assert "San Miguel de Allende" in page
    assert ">7<" not in page


def test_embedded_card_may_stand_in_any_site_without_script_or_cookie(client: FlaskClient, released: str) -> None:
    response = client.get(f"/incrustar/consultas/{released}")

    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "<script" not in response.text
    assert "Set-Cookie" not in response.headers


def test_other_pages_may_not_be_framed(client: FlaskClient, released: str) -> None:
    response = client.get(f"/consultas/{released}/participacion")

    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_shared_picture_is_a_small_png(client: FlaskClient, released: str) -> None:
    response = client.get(f"/consultas/{released}/participacion.png")

    assert response.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(response.data) < 60_000


def test_year_lists_its_releases(client: FlaskClient, released: str) -> None:
    assert "217 opiniones" in client.get(f"/resultados/participacion/{LATER.year}").text
    assert "217 opiniones" in client.get("/resultados/participacion").text
    assert client.get("/resultados/participacion/1999").status_code == 404


def test_page_api_and_csv_say_the_same(client: FlaskClient, released: str) -> None:
    body = client.get(f"/api/v1/windows/{released}").json

    assert body is not None
    [sex, *_] = body["people"]["people"]["questions"]
    assert sex == {"name": "sex", "figures": {"woman": 120, "man": 95}, "unanswered": 0}
    assert json.dumps(body).count("11003") == json.dumps(body).count('"11003", null') + json.dumps(body).count(
        '"11003": null'
    )


def test_coordination_chooses_questions_of_a_mailbox(app: Flask, world: World, database: Database) -> None:
    page = Page(app).sign_in("coordinator@ejemplo.mx")
    address = f"/coordinacion/consultas/{world.slugs['mailbox']}/participacion"

    shown = page.follow(address, {"questions": ["sector", "sex"]})

    assert "Preguntas guardadas." in shown.body
    with session_scope(database):
        chosen = session().scalars(select(Window.questions).where(Window.slug == world.slugs["mailbox"])).one()
    assert chosen == ["sex", "sector"]


def test_coordination_sees_who_is_missing(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        take_part(world, "open", 45, sex="woman", municipality="11015")
        with unit_of_work():
            flush_demographics(START)
    page = Page(app).sign_in("coordinator@ejemplo.mx")

    shown = page.get(f"/coordinacion/consultas/{world.slugs['open']}/participacion")

    assert "de 25 a 49" in shown.body
    assert "Se ha oído menos de lo que pesan en la población a: Hombre" in shown.body


def test_questions_of_an_open_consultation_do_not_change(app: Flask, world: World) -> None:
    page = Page(app).sign_in("coordinator@ejemplo.mx")
    address = f"/coordinacion/consultas/{world.slugs['open']}/participacion"

    shown = page.post(address, {"questions": ["sector"]}, status=422)

    assert "La consulta ya abrió" in shown.body


def test_release_by_hand_is_refused_while_it_is_open(app: Flask, world: World) -> None:
    page = Page(app).sign_in("coordinator@ejemplo.mx")

    shown = page.post(f"/coordinacion/consultas/{world.slugs['open']}/participacion/publicar", {}, status=422)

    assert "Nunca en vivo" in shown.body


def test_form_asks_what_its_window_asks_and_says_why(app: Flask, world: World, database: Database) -> None:
    with session_scope(database), unit_of_work():
        get_window(world.slugs["open"]).questions = ["sex", "indigenous"]
    sent = {"accion": "continuar-1", "text": "Propongo un puente."}

    shown = Page(app).post(f"/consultas/{world.slugs['open']}/temas/1/opinar", sent)

    assert "¿se considera indígena?" in shown.body
    assert "Para saber si opinan personas de los pueblos indígenas." in shown.body
    assert "Municipio donde vive" not in shown.body
