"""An instrument is a row: a new one opens a window and takes comments, with no code."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.agencies.models import Government
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from consulta.windows.catalogue import import_instruments, install_instruments
from consulta.windows.models import Instrument
from consulta.windows.queries import list_instruments
from tests.builders import World
from tests.clock import Clock
from tests.contracts.offices import another_government
from tests.pages import Page

ROW = {
    "key": "plan_de_desarrollo",
    "name": "Plan municipal de desarrollo",
    "description": "Lo que el municipio quiere hacer en tres años.",
    "path": "plan-de-desarrollo",
    "matter": "planeacion",
    "regime": "custom",
    "topic_noun": "eje",
    "topic_noun_plural": "ejes",
    "kinds": ["comment", "proposal"],
    "term_rule": None,
    "default_days": 15,
    "day_unit": "calendar_day",
    "answer_days": 8,
    "answer_unit": "business_day",
    "answer_citation": "Plazo de este gobierno",
    "permanent": False,
    "entry_fields": [{"key": "meta", "label": "Meta", "help": "Con un número.", "kind": "line", "required": True}],
}


def test_row_opens_a_window_and_takes_comments(
    app: Flask, client: FlaskClient, database: Database, world: World, clock: Clock
) -> None:
    with session_scope(database), unit_of_work():
        session().add(Instrument(**ROW))
    coordinator = Page(app).sign_in(world.email("coordinator"))

    coordinator.get("/coordinacion/consultas/nueva")
    control = coordinator.follow(
        "/coordinacion/consultas/nueva",
        {"instrument": "plan_de_desarrollo", "title": "Plan 2027", "summary": "Qué hacer primero."},
    )
    address = "/coordinacion/consultas/plan-2027"
    unit_id = str(world.units["transito"])
    coordinator.follow(f"{address}/temas", {"title": "Agua", "unit_id": unit_id, "campo-meta": "Mil tomas"})
    coordinator.follow(
        f"{address}/programar",
        {
            "opens_on": clock.now.date().isoformat(),
            "days": "15",
            "accion": "programar",
            "affects_peoples": "no",
            "electoral_ban": "no",
        },
    )
    citizen = Page(app)
    window = citizen.get("/consultas/plan-2027")
    topic = citizen.get("/consultas/plan-2027/temas/1")
    form = citizen.get("/consultas/plan-2027/temas/1/opinar")
    receipt = citizen.post(
        "/consultas/plan-2027/temas/1/opinar",
        {
            "nonce": form.value("nonce"),
            "notice_version": "2026-1",
            "kind": "proposal",
            "text": "Primero las fugas.",
            "behalf": "self",
            "accion": "enviar",
        },
        status=201,
    )

    assert "Meta" in control.body
    assert "Ejes" in window.body
    assert "Mil tomas" in topic.body
    assert "GTO-2026-" in receipt.body
    assert citizen.get("/plan-de-desarrollo").status == 200
    listed = client.get("/api/v1/windows?instrument=plan_de_desarrollo").get_json()["items"]
    assert [item["slug"] for item in listed] == ["plan-2027"]


def test_catalogue_fills_columns_that_came_later_and_leaves_the_rest(database: Database) -> None:
    with session_scope(database), unit_of_work():
        agenda = session().get_one(Instrument, "agenda_regulatoria")
        agenda.description, agenda.entry_fields, agenda.answer_days = "", [], 7
        install_instruments()

        assert agenda.description
        assert agenda.entry_fields[0]["key"] == "fundamento_juridico"
        assert agenda.answer_days == 7


TOML = """
[plan_de_desarrollo]
name = "Plan municipal de desarrollo"
path = "plan-de-desarrollo"
matter = "planeacion"
topic_noun = "eje"
topic_noun_plural = "ejes"
kinds = ["comment"]
default_days = 15
day_unit = "calendar_day"
answer_days = 8
answer_unit = "business_day"
answer_citation = "Plazo de este gobierno"
permanent = false
"""


def test_file_adds_a_row_for_one_government_only(scope: None, world: World, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "instrumentos.toml"
    path.write_text(TOML, "utf-8")
    other = another_government(clock.now)

    with unit_of_work():
        keys = import_instruments(path, session().get_one(Government, other.government_id))

    assert keys == ["plan_de_desarrollo"]
    ours = {item.key for item in list_instruments(government_id=world.government_id)}
    theirs = {item.key for item in list_instruments(government_id=other.government_id)}
    assert theirs - ours == {"plan_de_desarrollo"}


@pytest.mark.parametrize(
    ("line", "changed", "words"),
    [
        ('name = "Plan municipal de desarrollo"\n', "", "falta «name»"),
        ('kinds = ["comment"]', 'kinds = ["opinion"]', "«kinds» no tiene un valor"),
        ("answer_days = 8", "answer_days = -1", "«answer_days» no tiene un valor"),
        ("permanent = false", 'permanent = false\nterm_rule = "ninguna"', "«term_rule»"),
        ("permanent = false", "permanent = false\ncolor = 1", "sobra «color»"),
        ("[plan_de_desarrollo]", "[agenda_regulatoria]", "ya existe un instrumento"),
    ],
)
def test_row_that_cannot_work_is_refused_with_table_key_and_remedy(
    scope: None, world: World, tmp_path: Path, line: str, changed: str, words: str
) -> None:
    path = tmp_path / "instrumentos.toml"
    path.write_text(TOML.replace(line, changed), "utf-8")

    with pytest.raises(Refused, match=words), unit_of_work():
        import_instruments(path, None)
