"""The administration's forms: the chart, people and tenures."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.agencies.models import Tenure
from consulta.db import Database, session, session_scope
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from tests.builders import World
from tests.pages import Page, Shown


@pytest.fixture
def administrator(app: Flask, world: World) -> Page:
    return Page(app).sign_in(world.email("administrator"))


def test_administrator_builds_the_chart_and_invites(
    administrator: Page, app: Flask, worker: Worker, database: Database
) -> None:
    def number(shown: Shown, field: str, words: str) -> str:
        return next(
            str(option["value"]) for option in shown.soup.select(f"#{field} option") if words in option.get_text()
        )

    shown = administrator.follow("/administracion/dependencias", {"name": "Secretaría de Salud"})
    assert "Dependencia creada: Secretaría de Salud." in shown.body
    fields = {"agency_id": number(shown, "unit-agency_id", "Salud"), "name": "Dirección de Clínicas"}
    shown = administrator.follow("/administracion/unidades", fields)
    shown = administrator.get("/administracion/cargos")
    fields = {"unit_id": number(shown, "post-unit_id", "Clínicas"), "title": "Enlace de Clínicas", "role": "respondent"}
    administrator.follow("/administracion/cargos", fields)
    shown = administrator.get("/administracion/cuentas")
    fields = {
        "post_id": number(shown, "person-post_id", "Clínicas"),
        "name": "Nueva Persona",
        "email": "nueva@ejemplo.mx",
    }
    shown = administrator.follow("/administracion/personas", fields)
    assert "Invitación enviada a nueva@ejemplo.mx." in shown.body

    with session_scope(database):
        [body] = session().scalars(select(Notice.body).where(Notice.kind == "invitation"))
    [path] = re.findall(r"http://localhost(/invitacion/\S+)", body)
    person = Page(app)
    person.get(path)
    person.post(path, {"password": "cuatro palabras nuevas largas"}, status=302)
    person.sign_in("nueva@ejemplo.mx", "cuatro palabras nuevas largas").get("/bandeja/turnos")


@pytest.mark.parametrize(
    ("form", "fields", "anchor"),
    [
        ("dependencias", {"name": ""}, "#agency-name"),
        ("dependencias", {"name": "x" * 201}, "#agency-name"),
        ("dependencias", {"name": "Otra", "key": "movilidad"}, "#agency-key"),
        ("dependencias", {"name": "Otra", "key": "Con Espacios"}, "#agency-key"),
        ("dependencias", {"name": "Otra", "key": "x" * 60}, "#agency-key"),
        ("dependencias", {"name": "\x00"}, "#agency-name"),
        ("unidades", {"agency_id": "", "name": "Otra"}, "#unit-agency_id"),
        ("unidades", {"agency_id": "9" * 25, "name": "Otra"}, "#unit-agency_id"),
        ("cargos", {"unit_id": "x", "title": "Otro", "role": "respondent"}, "#post-unit_id"),
        ("personas", {"post_id": "0", "name": "A", "email": "a@ejemplo.mx"}, "#person-post_id"),
        ("nombramientos", {"person_id": "0", "post_id": "0", "from_on": ""}, "#tenure-person_id"),
    ],
)
def test_administration_points_at_the_field_and_keeps_the_rest(
    administrator: Page, form: str, fields: dict[str, str], anchor: str
) -> None:
    shown = administrator.post(f"/administracion/{form}", fields, status=422)

    assert [str(link["href"]) for link in shown.soup.select(".error-summary a")] == [anchor]
    assert len(shown.errors) == 1
    prefix = anchor[1:].split("-")[0]
    for name, value in fields.items():
        kept = shown.soup.select_one(f"input#{prefix}-{name}")
        assert kept is None or kept["value"] == value.replace("\x00", "")


def test_administration_names_role_post_person_and_day(administrator: Page, world: World, database: Database) -> None:
    with session_scope(database):
        person_id = session().scalars(select(Person.id).where(Person.email == world.email("auditor"))).one()
    unit, post = str(world.units["transito"]), str(world.actors["operator"].post_id)
    cases = [
        ("cargos", {"unit_id": unit, "title": "Otro", "role": "rey"}, "#post-role"),
        ("cargos", {"unit_id": unit, "title": "", "role": "auditor"}, "#post-title"),
        ("cargos", {"unit_id": unit, "title": "x" * 250, "role": "auditor"}, "#post-title"),
        ("personas", {"post_id": post, "name": "", "email": "a@ejemplo.mx"}, "#person-name"),
        ("personas", {"post_id": post, "name": "A", "email": "no"}, "#person-email"),
        ("personas", {"post_id": post, "name": "A", "email": world.email("operator")}, "#person-email"),
        ("nombramientos", {"person_id": str(person_id), "post_id": post, "from_on": "ayer"}, "#tenure-from_on"),
        ("nombramientos", {"person_id": str(person_id), "post_id": "", "from_on": "2026-06-10"}, "#tenure-post_id"),
    ]
    for form, fields, anchor in cases:
        shown = administrator.post(f"/administracion/{form}", fields, status=422)

        assert [str(link["href"]) for link in shown.soup.select(".error-summary a")] == [anchor], fields
        assert len(shown.errors) == 1


def test_administrator_ends_a_tenure_suspends_and_restores(
    administrator: Page, app: Flask, world: World, database: Database
) -> None:
    with session_scope(database):
        person = session().scalars(select(Person).where(Person.email == world.email("moderator"))).one()
        own = session().scalars(select(Person.id).where(Person.email == world.email("administrator"))).one()
        tenure_id = session().scalars(select(Tenure.id).where(Tenure.person_id == person.id)).one()
        person_id = person.id
    moderator = Page(app).sign_in(world.email("moderator"))

    assert "Nombramiento terminado." in administrator.follow(f"/administracion/nombramientos/{tenure_id}/terminar").body
    moderator.get("/bandeja/revision", status=404)
    assert "Cuenta suspendida" in administrator.follow(f"/administracion/personas/{person_id}/suspender").body
    moderator.get("/mi-cuenta", status=302)
    again = administrator.post(f"/administracion/personas/{person_id}/suspender", status=422)
    assert again.errors == ["La cuenta ya estaba suspendida."]
    assert "Cuenta reabierta" in administrator.follow(f"/administracion/personas/{person_id}/reabrir").body
    itself = administrator.post(f"/administracion/personas/{own}/suspender", status=422)
    assert "su propia cuenta" in itself.errors[0]
