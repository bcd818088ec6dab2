"""The pages of calendar, changes and late hand-ins, as each role uses them."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.db import Database, session_scope, unit_of_work
from consulta.jobs.worker import Worker
from consulta.windows.changes import propose_change
from consulta.windows.states import DateChangeKind
from tests.builders import World, a_receipt, get_window
from tests.clock import START, Clock
from tests.pages import Page

ADDRESS = "/administracion/calendario"
DECREE = {
    "title": "Acuerdo de suspensión por lluvias",
    "reference": "Acuerdo 7/2026, P.O. 88",
    "gazetted_on": "2026-06-10",
    "desde-0": "2026-06-16",
    "hasta-0": "",
    "tipo-0": "suspension",
    "motivo-0": "lluvias",
}


@pytest.fixture
def administrator(app: Flask, world: World) -> Page:
    return Page(app).sign_in(world.email("administrator"))


@pytest.fixture
def coordinator(app: Flask, world: World) -> Page:
    return Page(app).sign_in(world.email("coordinator"))


def test_a_decree_travels_from_draft_to_the_public_calendar_and_the_window(
    administrator: Page, coordinator: Page, worker: Worker, client: FlaskClient, world: World
) -> None:
    assert "los plazos se cuentan con el calendario de ley" in administrator.get(ADDRESS).body
    assert "Borrador guardado" in administrator.follow(ADDRESS, DECREE).body
    assert "lluvias" not in client.get("/calendario?anio=2026").text

    waiting = coordinator.get("/coordinacion/calendario")
    [form] = waiting.soup.select("form[action^='/coordinacion/calendario/']")
    assert "Decreto publicado" in coordinator.follow(str(form["action"])).body
    worker.drain()

    public = client.get("/calendario?anio=2026").text
    assert "lluvias" in public
    assert "Acuerdo 7/2026, P.O. 88" in public
    window = client.get(f"/consultas/{world.slugs['open']}").text
    assert "Cambió el calendario" in window
    assert "Acuerdo de suspensión por lluvias, Acuerdo 7/2026, P.O. 88" in window
    assert "SUMMARY:lluvias" in client.get("/calendario/inhabiles.ics").text


def test_what_was_typed_stays_and_the_row_is_named(administrator: Page) -> None:
    typed = {**DECREE, "desde-0": "2026-06-20", "hasta-0": "2026-06-18", "motivo-0": "lluvias fuertes"}

    shown = administrator.post(ADDRESS, typed, status=422)

    assert "Renglón 1: el periodo termina el 2026-06-18" in shown.errors[0]
    assert shown.soup.select_one("input[name=motivo-0]")["value"] == "lluvias fuertes"  # type: ignore[index]
    assert shown.soup.select_one("input[name=title]")["value"] == DECREE["title"]  # type: ignore[index]


def test_days_come_from_a_file_and_a_bad_one_is_named(administrator: Page) -> None:
    good = b"desde,hasta,tipo,motivo,exentos\n2026-12-21,2027-01-06,vacaciones,Fin de a\xc3\xb1o,\n"
    bad = b"desde,hasta,tipo,motivo\n2026-02-30,,inhabil,x\n"

    kept = administrator.follow(ADDRESS, {**DECREE, "file": (BytesIO(good), "dias.csv")})
    assert "Borrador guardado" in kept.body
    assert kept.soup.select_one("input[value='2027-01-06']") is not None
    shown = administrator.post(ADDRESS, {**DECREE, "file": (BytesIO(bad), "dias.csv")}, status=422)

    assert "Renglón 2, «desde»: «2026-02-30»" in shown.errors[0]


def test_a_draft_is_discarded(administrator: Page) -> None:
    administrator.follow(ADDRESS, DECREE)
    link = administrator.get(ADDRESS).soup.select_one("table a")
    assert link is not None

    gone = administrator.follow(str(link["href"]), {"accion": "descartar"})

    assert "Borrador descartado" in gone.body
    assert administrator.get(ADDRESS).soup.select_one("table a") is None


def test_calendars_for_other_programs_are_well_formed(world: World, client: FlaskClient) -> None:
    for address in ("/calendario.ics", "/calendario/inhabiles.ics"):
        response = client.get(address)
        lines = response.text.split("\r\n")

        assert response.content_type == "text/calendar; charset=utf-8"
        assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
        assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") > 0
        assert max(len(line.encode()) for line in lines) <= 75


def test_a_change_is_proposed_on_the_control_page_and_decided_by_another(
    app: Flask, coordinator: Page, world: World, client: FlaskClient
) -> None:
    address = f"/coordinacion/consultas/{world.slugs['open']}"
    grounds = {"legal_basis": "Artículo 28", "reason": "El texto se retiró.", "agreement": "A-7"}
    short = coordinator.post(f"{address}/proponer", {**grounds, "kind": "shorten", "days": "3"}, status=422)
    assert "plazo mínimo es de 10" in short.errors[0]

    coordinator.follow(f"{address}/proponer", {**grounds, "kind": "annul"})
    assert "Se propuso anular la consulta" in client.get(f"/consultas/{world.slugs['open']}").text
    own = coordinator.get("/coordinacion/cambios")
    assert "Usted la propuso" in own.body

    control = Page(app).sign_in(world.email("control"))
    [form] = control.get("/coordinacion/cambios").soup.select("form[action^='/coordinacion/cambios/']")
    done = control.follow(str(form["action"]), {"accion": "aprobar"})

    assert "Aprobada" in done.body
    assert "Esta consulta se anuló" in client.get(f"/consultas/{world.slugs['open']}").text


def test_late_ones_are_decided_with_reasons(coordinator: Page, world: World, database: Database, clock: Clock) -> None:
    with session_scope(database):
        closes_at = get_window(world.slugs["closed"]).closes_at
        assert closes_at is not None
        folio = a_receipt(world.topics["closed"], closes_at + timedelta(hours=1)).folio
    address = f"/coordinacion/extemporaneas/{folio}"

    empty = coordinator.post(address, {"decision": "admitted", "reason": " "}, status=422)
    assert "razones" in empty.errors[0]
    assert "no se admitió" not in coordinator.get(f"/folio/{folio}").body
    done = coordinator.follow(address, {"decision": "admitted", "reason": "La línea falló."})

    assert "se admitió" in done.body
    public = coordinator.get(f"/folio/{folio}").body
    assert "Admitida por la coordinación" in public
    assert "La línea falló." in public


def test_a_proposal_that_waits_is_on_the_first_page(coordinator: Page, world: World, database: Database) -> None:
    with session_scope(database), unit_of_work():
        propose_change(
            window=get_window(world.slugs["open"]),
            kind=DateChangeKind.ANNUL,
            days=None,
            legal_basis="Artículo 28",
            reason="El texto se retiró.",
            agreement="A-7",
            actor=world.actors["coordinator"],
            now=START,
        )

    tile = coordinator.get("/coordinacion").soup.select_one("a[href='/coordinacion/cambios'] strong")

    assert tile is not None
    assert tile.get_text() == "1"
