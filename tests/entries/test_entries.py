"""Reception from the agencies: captured or imported, observed or accepted, and who has not delivered."""

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from consulta.agencies.models import Agency, Government, Unit
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.entries.importing import columns_of, import_entries, write_template
from consulta.entries.models import Entry
from consulta.entries.operations import (
    accept_entry,
    declare_nothing,
    observe_entry,
    remind,
    save_entry,
    submit_entry,
    withdraw_entry,
)
from consulta.entries.queries import list_deliveries, list_entries
from consulta.entries.rules import check_transition
from consulta.entries.states import TRANSITIONS, DeliveryState, EntryState
from consulta.errors import Forbidden, Refused
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from consulta.windows.models import Window
from consulta.windows.operations import create_window
from consulta.windows.preparing import ask_entries
from consulta.windows.queries import get_instrument, list_topics
from tests.builders import World
from tests.clock import Clock
from tests.pages import Page

COMPLETE = {
    "fundamento_juridico": "Ley de Movilidad, artículo 12",
    "materia": "Transporte",
    "problematica": "Frenos sin revisar.",
    "alternativas": "Ninguna basta.",
    "costos_beneficios": "Dos horas al año; menos accidentes.",
    "simplificacion": "Se hace en línea.",
    "fecha_tentativa": "2027-03-15",
}


def _asking(world: World, clock: Clock, instrument: str = "agenda_regulatoria") -> Window:
    actor = world.actors["coordinator"]
    with unit_of_work():
        window = create_window(
            government=session().get_one(Government, world.government_id),
            instrument=get_instrument(instrument),
            title="Agenda Regulatoria 2027",
            summary="Se consulta lo que viene.",
            actor=actor,
            now=clock.now,
        )
        due_on = (clock.now + timedelta(days=10)).date()
        ask_entries(window=window, due_on=due_on, actor=actor, now=clock.now)
    return window


def _saved(window: Window, world: World, clock: Clock, *, details: dict[str, str] | None = None) -> Entry:
    with unit_of_work():
        return save_entry(
            window=window,
            unit=session().get_one(Unit, world.units["transito"]),
            title="Reglamento de transporte escolar",
            summary="Se pide revisar los frenos cada tres meses.",
            details=COMPLETE if details is None else details,
            actor=world.actors["respondent"],
            now=clock.now,
        )


def _submitted(window: Window, world: World, clock: Clock) -> Entry:
    entry = _saved(window, world, clock)
    with unit_of_work():
        submit_entry(entry=entry, actor=world.actors["respondent"], now=clock.now)
    return entry


def test_accepted_entry_becomes_a_topic_with_its_unit_and_its_details(world: World, scope: None, clock: Clock) -> None:
    window = _asking(world, clock)
    entry = _submitted(window, world, clock)

    with unit_of_work():
        accept_entry(entry=entry, actor=world.actors["coordinator"], now=clock.now)

    [topic] = list_topics(window.id)
    assert (topic.title, topic.unit_id) == ("Reglamento de transporte escolar", world.units["transito"])
    assert topic.details == COMPLETE
    assert entry.state == EntryState.ACCEPTED


def test_entry_without_legal_basis_is_refused_at_its_field(world: World, scope: None, clock: Clock) -> None:
    entry = _saved(_asking(world, clock), world, clock, details={**COMPLETE, "fundamento_juridico": " "})

    with pytest.raises(Refused, match="Falta «Fundamento jurídico»: escríbalo") as caught, unit_of_work():
        submit_entry(entry=entry, actor=world.actors["respondent"], now=clock.now)

    assert caught.value.field == "fundamento_juridico"
    assert entry.state == EntryState.DRAFT


def test_observed_entry_is_corrected_and_handed_in_again(
    world: World, scope: None, clock: Clock, worker: Worker
) -> None:
    window = _asking(world, clock)
    entry = _submitted(window, world, clock)

    with unit_of_work():
        observe_entry(
            entry=entry, observation="Diga a quién le cuesta.", actor=world.actors["coordinator"], now=clock.now
        )
    notice = session().scalars(select(Notice).where(Notice.kind == "observation")).one()
    with unit_of_work():
        save_entry(
            window=window,
            unit=entry.unit,
            title=entry.title,
            summary=entry.summary,
            details={**COMPLETE, "costos_beneficios": "Le cuesta al transportista."},
            actor=world.actors["respondent"],
            now=clock.now,
            entry=entry,
        )
        submit_entry(entry=entry, actor=world.actors["respondent"], now=clock.now)

    assert "Diga a quién le cuesta." in notice.body
    assert notice.address == world.email("respondent")
    assert entry.state == EntryState.SUBMITTED


def test_another_agency_neither_sees_nor_changes_an_entry(world: World, scope: None, clock: Clock) -> None:
    entry = _submitted(_asking(world, clock), world, clock)

    for act in (submit_entry, withdraw_entry):
        with pytest.raises(Forbidden), unit_of_work():
            act(entry=entry, actor=world.actors["respondent-agua"], now=clock.now)


def test_reception_ends_after_its_last_day(world: World, scope: None, clock: Clock) -> None:
    window = _asking(world, clock)
    assert window.entries_due_on is not None
    clock.advance(days=11)

    with pytest.raises(Refused, match="ya terminó"):
        _saved(window, world, clock)


@pytest.mark.parametrize("current", list(EntryState))
@pytest.mark.parametrize("target", list(EntryState))
def test_only_the_transitions_of_the_table_are_possible(current: EntryState, target: EntryState) -> None:
    if target in TRANSITIONS[current]:
        check_transition(current, target)
        return
    with pytest.raises(Refused):
        check_transition(current, target)


def test_list_says_who_has_delivered_and_who_has_not(world: World, scope: None, clock: Clock) -> None:
    window = _asking(world, clock)
    before = {item.agency.key: item.state for item in list_deliveries(window)}
    _submitted(window, world, clock)
    with unit_of_work():
        water = world.actors["respondent-agua"]
        agency = session().get_one(Agency, water.agency_id)
        declare_nothing(window=window, agency=agency, actor=water, now=clock.now)

    after = {item.agency.key: item.state for item in list_deliveries(window)}

    assert before == {"movilidad": DeliveryState.MISSING, "agua": DeliveryState.MISSING}
    assert after == {"movilidad": DeliveryState.DELIVERED, "agua": DeliveryState.NOTHING}


def test_agency_with_entries_cannot_say_it_has_none(world: World, scope: None, clock: Clock) -> None:
    window = _asking(world, clock)
    _submitted(window, world, clock)
    actor = world.actors["respondent"]

    agency = session().get_one(Agency, actor.agency_id)

    with pytest.raises(Refused, match="ya tiene propuestas"), unit_of_work():
        declare_nothing(window=window, agency=agency, actor=actor, now=clock.now)


def test_reminder_reaches_the_enlaces_of_the_agency(world: World, scope: None, clock: Clock) -> None:
    window = _asking(world, clock)
    agency = session().get_one(Agency, world.actors["respondent"].agency_id)

    with unit_of_work():
        remind(window=window, agency=agency, text="Le recordamos…", actor=world.actors["coordinator"], now=clock.now)

    notice = session().scalars(select(Notice).where(Notice.kind == "reminder")).one()
    assert (notice.address, notice.body) == (world.email("respondent"), "Le recordamos…")


def _filled(world: World, path: Path, rows: list[dict[str, str]], *, without: str = "") -> Path:
    instrument = get_instrument("agenda_regulatoria")
    write_template(instrument, path)
    book = openpyxl.load_workbook(path)
    sheet = book["datos"]
    names = [cell.value for cell in sheet[1]]
    for line, row in enumerate(rows, start=2):
        for column, name in enumerate(names, start=1):
            sheet.cell(line, column, row.get(str(name), ""))
    if without:
        sheet.delete_cols(names.index(without) + 1)
    book.save(path)
    return path


def _row(key: str, **changed: str) -> dict[str, str]:
    row = {"clave": key, "titulo": f"Propuesta {key}", "explicacion": "Qué cambia.", **COMPLETE}
    return {**row, **changed}


def test_template_has_a_column_per_field_and_explains_each(world: World, scope: None, tmp_path: Path) -> None:
    instrument = get_instrument("agenda_regulatoria")

    write_template(instrument, tmp_path / "plantilla.xlsx")

    book = openpyxl.load_workbook(tmp_path / "plantilla.xlsx")
    assert [cell.value for cell in book["datos"][1]] == [column.key for column in columns_of(instrument)]
    assert book["instrucciones"].max_row == len(columns_of(instrument)) + 1


def test_good_rows_go_in_and_bad_rows_are_named_with_column_and_remedy(
    world: World, scope: None, clock: Clock, tmp_path: Path
) -> None:
    window = _asking(world, clock)
    rows = [_row("a"), _row("b", fundamento_juridico=""), _row("c", fecha_tentativa="pronto"), _row("d", unidad="no")]
    path = _filled(world, tmp_path / "entrega.xlsx", rows)

    report = import_entries(path, window, world.actors["respondent"], clock.now)

    assert (report.rows, report.added, report.known) == (4, 1, 0)
    assert [(item.line, item.field) for item in report.problems] == [
        (3, "fundamento_juridico"),
        (4, "fecha_tentativa"),
        (5, "unidad"),
    ]
    assert "2027-03-15" in report.problems[1].message
    assert [item.title for item in list_entries(window_id=window.id)] == ["Propuesta a"]


def test_same_file_again_adds_nothing(world: World, scope: None, clock: Clock, tmp_path: Path) -> None:
    window = _asking(world, clock)
    path = _filled(world, tmp_path / "entrega.xlsx", [_row("a"), _row("b")])

    first = import_entries(path, window, world.actors["respondent"], clock.now)
    second = import_entries(path, window, world.actors["respondent"], clock.now)

    assert (first.added, second.added, second.known) == (2, 0, 2)


def test_xlsx_with_a_missing_column_is_refused_by_name(world: World, scope: None, clock: Clock, tmp_path: Path) -> None:
    window = _asking(world, clock)
    path = _filled(world, tmp_path / "entrega.xlsx", [_row("a")], without="problematica")

    with pytest.raises(Refused, match="falta la columna «problematica» en la primera fila"):
        import_entries(path, window, world.actors["respondent"], clock.now)


def test_file_that_is_no_spreadsheet_is_refused(world: World, scope: None, clock: Clock, tmp_path: Path) -> None:
    window = _asking(world, clock)
    path = tmp_path / "entrega.xlsx"
    path.write_bytes(b"PK\x03\x04 no")

    with pytest.raises(Refused, match="no se puede leer"):
        import_entries(path, window, world.actors["respondent"], clock.now)


def test_enlace_captures_on_the_page_and_the_coordinator_accepts(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    with session_scope(database):
        slug = _asking(world, clock).slug
    enlace = Page(app).sign_in(world.email("respondent"))
    address, fields = f"/bandeja/propuestas/{slug}/nueva", {"title": "Mercados", "summary": "Ordenar."}
    enlace.get(address)

    incomplete = enlace.post(address, {**fields, "accion": "entregar"}, status=422)
    details = {f"campo-{key}": value for key, value in COMPLETE.items()}
    unit = {"unit_id": str(world.units["transito"])}
    enlace.follow(address, {**fields, **details, **unit, "accion": "entregar"})

    assert incomplete.errors[0] == "Falta «Fundamento jurídico»: escríbalo."
    assert incomplete.value("title") == "Mercados"
    coordinator = Page(app).sign_in(world.email("coordinator"))
    reception = coordinator.get(f"/coordinacion/consultas/{slug}/recepcion")
    entry = next(link for link in reception.links() if "/recepcion/" in link)
    coordinator.get(entry)
    coordinator.follow(entry, {"accion": "aceptar"})
    with session_scope(database):
        window = session().scalars(select(Window).where(Window.slug == slug)).one()
        assert [topic.title for topic in list_topics(window.id)] == ["Mercados"]


def test_draft_is_the_agency_s_own(app: Flask, database: Database, world: World, clock: Clock) -> None:
    with session_scope(database):
        window = _asking(world, clock)
        address = f"/coordinacion/consultas/{window.slug}/recepcion"
        entry_id = _saved(window, world, clock).id

    coordinator = Page(app).sign_in(world.email("coordinator"))

    assert "Reglamento de transporte escolar" not in coordinator.get(address).body
    coordinator.get(f"{address}/{entry_id}", status=404)


def test_uploaded_template_names_its_bad_rows_on_the_page(
    app: Flask, database: Database, world: World, clock: Clock, tmp_path: Path
) -> None:
    with session_scope(database):
        slug = _asking(world, clock).slug
        path = _filled(world, tmp_path / "entrega.xlsx", [_row("a"), _row("b", problematica="")])
    enlace = Page(app).sign_in(world.email("respondent"))
    enlace.get("/bandeja/propuestas")

    with path.open("rb") as file:
        shown = enlace.post(f"/bandeja/propuestas/{slug}/importar", {"file": (file, "entrega.xlsx")}, status=422)

    assert "2 filas leídas: 1 entregada" in shown.body
    assert "3 problematica Falta «Problemática»: escríbalo." in shown.body
