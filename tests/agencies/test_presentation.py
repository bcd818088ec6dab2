"""How a government presents itself: colours that can be read, shield, contact; two agencies never share a key."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.agencies.importing import import_agencies
from consulta.agencies.models import Government
from consulta.agencies.themes import check_theme, contrast, on, stylesheet
from consulta.db import Database, session, session_scope
from consulta.errors import Refused
from tests.builders import World
from tests.clock import Clock
from tests.contracts.offices import another_government
from tests.inspection.inspected_files import a_png
from tests.pages import Page

LOOK = {"name": "Gobierno de León (demostración)", "contact": "Calle Inventada 2", "accent": "#ffbf47"}


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert (on("#0b5d4e"), on("#ffdd00")) == ("#ffffff", "#16211f")


@pytest.mark.parametrize(
    ("field", "value"), [("brand", "verde"), ("link", "#ffbf47"), ("accent", "#12345"), ("brand", "red;}")]
)
def test_colour_that_is_none_or_cannot_be_read_is_refused_at_its_field(field: str, value: str) -> None:
    with pytest.raises(Refused) as caught:
        check_theme({field: value})

    assert caught.value.field == field


def test_stylesheet_says_only_colours() -> None:
    assert stylesheet({"brand": "#7a1f3d"}).startswith(":root{--brand:#7a1f3d;--on-brand:#ffffff;")


def test_administration_changes_the_look_and_the_pages_wear_it(
    app: Flask, client: FlaskClient, database: Database, world: World, clock: Clock
) -> None:
    administrator = Page(app).sign_in(world.email("administrator"))
    administrator.get("/administracion/apariencia")

    refused = administrator.post(
        "/administracion/apariencia", {**LOOK, "brand": "#0b5d4e", "link": "#ffff00"}, status=422
    )
    administrator.follow("/administracion/apariencia", {**LOOK, "brand": "#7a1f3d", "link": "#0a5bb5"})
    png = (Path(__file__).parent / "x").with_suffix(".png")
    import io

    administrator.follow("/administracion/escudo", {"shield": (io.BytesIO(a_png()), png.name)})

    assert refused.errors == ["Los enlaces de ese color no se leen sobre blanco: elija uno más oscuro."]
    home = client.get("/").text
    assert "Gobierno de León (demostración)" in home
    assert "/tema/guanajuato.css?v=" in home
    assert "/tema/guanajuato/escudo?v=" in home
    css = client.get("/tema/guanajuato.css")
    assert "#7a1f3d" in css.text
    assert "immutable" in css.headers["Cache-Control"]
    assert client.get("/tema/guanajuato/escudo").mimetype == "image/png"


def test_each_government_has_its_front_page_and_notice(
    client: FlaskClient, database: Database, world: World, clock: Clock
) -> None:
    with session_scope(database):
        another_government(clock.now)

    page = client.get("/gobiernos/otro")
    notice = client.get("/gobiernos/otro/privacidad")

    assert "Gobierno de otro (inventado)" in page.text
    assert "Agenda regulatoria</a></h3>" not in page.text
    assert notice.status_code == 200
    assert client.get("/gobiernos/ninguno").status_code == 404


def test_privacy_notice_gets_another_version_once(app: Flask, world: World) -> None:
    administrator = Page(app).sign_in(world.email("administrator"))
    administrator.get("/administracion/textos")
    fields = {"version": "2026-2", "summary": "Usamos su texto.", "text": "Todo.\nMás."}

    shown = administrator.follow("/administracion/textos", fields)
    again = administrator.post("/administracion/textos", fields, status=422)

    assert "Versión 2026-2" in shown.body
    assert again.errors == ["Esa versión ya se publicó: use otra."]


def test_two_agencies_with_the_same_key_are_refused_with_line_column_and_remedy(
    scope: None, world: World, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "dependencias.csv"
    path.write_text("dependencia,dependencia_clave\nSalud,salud\nSecretaría de Salud,salud\n", "utf-8")

    report = import_agencies(path, session().get_one(Government, world.government_id), clock.now)

    assert report.added == 1
    [problem] = report.problems
    assert (problem.line, problem.field) == (3, "dependencia_clave")
    assert problem.message == "La clave «salud» ya es de «Salud»: escriba otra clave, o el mismo nombre."
