"""Projects on the pages of the offices, and what a person reads of them at her folio."""

from flask import Flask

from consulta.db import Database, session_scope
from tests.builders import World, a_submission, an_answered
from tests.clock import START
from tests.pages import Page

PROJECT = {"key": "PM-1", "title": "Menos copias", "kind": "procedure", "summary": "Se quita una copia."}


def opened(page: Page, **fields: str) -> str:
    """Open a project and return its address."""
    page.get("/coordinacion/proyectos")
    return page.post("/coordinacion/proyectos", {**PROJECT, **fields}, status=302).location


def test_published_answer_leads_to_a_project_that_its_folio_shows(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        referral = an_answered(world, START)
        answer_id, folio = referral.answer_id, referral.submission.folio
    page = Page(app).sign_in(world.email("coordinator"))
    address = opened(page)
    number = address.rsplit("/", 1)[1]
    assert "Menos copias" in page.get(f"/bandeja/respuestas/{answer_id}").body

    page.post(f"/bandeja/respuestas/{answer_id}/proyecto", {"project_id": number}, status=302)
    page.post(address, {"accion": "intervencion", "action_key": "1", "action_title": "Quitar la copia"}, status=302)
    page.post(address, {"accion": "estado", "state": "committed"}, status=302)

    shown = Page(app).get(f"/folio/{folio}")
    assert "Qué cambió con este comentario" in shown.body
    assert "Quitar la copia · Programada" in shown.body
    public = Page(app).get(f"/resultados/proyectos/{number}")
    assert f"/folio/{folio}" in public.links()
    assert "Comprometido" in public.body


def test_folios_are_typed_and_taken_off_again(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        folio = a_submission(world.topics["open"], START).folio
    page = Page(app).sign_in(world.email("coordinator"))
    address = opened(page)

    wrong = page.post(address, {"accion": "ligar", "folios": "GTO-2026-NOESTA"}, status=422)
    assert wrong.value("folios") == "GTO-2026-NOESTA"
    assert "GTO-2026-NOESTA" in wrong.errors[0]
    page.post(address, {"accion": "ligar", "folios": folio.lower()}, status=302)
    assert f"/folio/{folio}" in page.get(address).links()
    page.post(address, {"accion": "desligar", "folios": folio}, status=302)

    assert f"/folio/{folio}" not in page.get(address).links()


def test_what_is_wrong_stays_typed(app: Flask, world: World) -> None:
    page = Page(app).sign_in(world.email("coordinator"))
    page.get("/coordinacion/proyectos")

    refused = page.post("/coordinacion/proyectos", {**PROJECT, "key": ""}, status=422)

    assert refused.errors == ["Escriba la clave, de 1 a 60 caracteres."]
    assert refused.value("title") == "Menos copias"
    address = opened(page)
    assert page.post(address, {"accion": "estado", "state": "dropped"}, status=422).errors == [
        "Escriba por qué: es público."
    ]
    assert page.post(address, {"accion": "editar", **PROJECT, "title": ""}, status=422).value("summary").strip()


def test_unit_sees_its_own_projects_only(app: Flask, world: World) -> None:
    coordinator = Page(app).sign_in(world.email("coordinator"))
    own = opened(coordinator, unit_id=str(world.units["transito"]))
    other = opened(coordinator, key="PM-2", title="De otra unidad", unit_id=str(world.units["redes"]))
    page = Page(app).sign_in(world.email("respondent"))

    listed = page.get("/coordinacion/proyectos")

    assert "Menos copias" in listed.body
    assert "De otra unidad" not in listed.body
    page.get(other, status=404)
    page.get(own)
    page.post(own, {"accion": "estado", "state": "committed"}, status=302)
    page.post(own, {"accion": "editar", **PROJECT}, status=403)


def test_empty_pages_say_what_will_come(app: Flask) -> None:
    assert "Todavía no hay proyectos" in Page(app).get("/resultados").body
    assert "Ninguna todavía" in Page(app).get("/resultados/opiniones").body
    Page(app).get("/resultados/proyectos/999", status=404)
