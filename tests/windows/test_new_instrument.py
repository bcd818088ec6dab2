"""An instrument is a row: a new one opens a window and takes comments, with no code."""

from flask import Flask
from flask.testing import FlaskClient

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.windows.catalogue import install_instruments
from consulta.windows.models import Instrument
from tests.builders import World
from tests.clock import Clock
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
        f"{address}/programar", {"opens_on": clock.now.date().isoformat(), "days": "15", "accion": "programar"}
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
