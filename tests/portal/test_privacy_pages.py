"""The privacy notice in both forms, and every version that it had."""

from datetime import timedelta

import pytest
from flask import Flask

from consulta.agencies.models import Government
from consulta.agencies.operations import publish_privacy_notice
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from tests.builders import World
from tests.clock import START
from tests.pages import Page


@pytest.fixture
def second(world: World, database: Database) -> None:
    """A second version, published today."""
    with session_scope(database), unit_of_work():
        government = session().get_one(Government, world.government_id)
        publish_privacy_notice(
            government=government, version="2026-2", summary="Breve dos.", text="Largo uno.\nLargo dos.", now=START
        )


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize("base", ["/privacidad", "/gobiernos/guanajuato/privacidad"])
def test_both_forms_and_every_version_with_its_dates_are_shown(app: Flask, base: str) -> None:
    page = Page(app)

    whole, short = page.get(base), page.get(f"{base}/simplificado")
    listed = page.get(f"{base}/versiones")
    first, second = page.get(f"{base}/versiones/1"), page.get(f"{base}/versiones/2")

    assert "Largo dos." in whole.body
    assert f"{base}/simplificado" in whole.links()
    assert "Breve dos." in short.body
    assert "Largo dos." not in short.body
    assert [row.get_text(" ", strip=True).split()[0] for row in listed.soup.select("tbody tr")] == ["2026-2", "2026-1"]
    assert "vigente" in listed.soup.select("tbody tr")[0].get_text()
    assert "Usamos su texto para responderle." in first.body
    assert "estuvo vigente del martes 10 de febrero de 2026" in first.body
    assert "Vigente desde" in second.body
    for number in (0, 3, 10**19):
        page.get(f"{base}/versiones/{number}", status=404)


def test_form_shows_the_simplified_notice_with_a_link_to_the_whole(app: Flask, world: World) -> None:
    shown = Page(app).get(f"/consultas/{world.slugs['open']}/temas/1/opinar")

    assert "Usamos su texto para responderle." in shown.body
    assert "/gobiernos/guanajuato/privacidad" in shown.links()


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"version": " "}, "version"),
        ({"summary": ""}, "summary"),
        ({"text": ""}, "text"),
        ({"version": "2026-1"}, "version"),
    ],
)
def test_notice_needs_both_forms_and_a_version_of_its_own(world: World, values: dict[str, str], field: str) -> None:
    government = session().get_one(Government, world.government_id)
    given = {"version": "2026-2", "summary": "Breve.", "text": "Largo.", **values}

    with pytest.raises(Refused) as refused, unit_of_work():
        publish_privacy_notice(government=government, now=START + timedelta(days=1), **given)

    assert refused.value.field == field
