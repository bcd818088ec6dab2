"""What was found once at the doors of officials: files, forms, accounts, and must not come back."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.actors import Role
from consulta.agencies.importing import import_agencies
from consulta.agencies.models import Government, Post, PrivacyNotice, Tenure, Unit
from consulta.agencies.operations import appoint, create_agency, create_unit
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.entries.importing import columns_of, import_entries
from consulta.entries.models import Entry
from consulta.entries.operations import withdraw_entry
from consulta.entries.states import EntryState
from consulta.errors import Refused
from consulta.notices.models import Notice
from consulta.tables import read_rows
from consulta.windows.models import Window
from consulta.windows.operations import create_window
from consulta.windows.preparing import ask_entries
from consulta.windows.queries import get_instrument
from tests.builders import World, a_government, a_holder, a_submission
from tests.clock import START, Clock
from tests.pages import Page

ROW = {
    "titulo": "Transporte",
    "explicacion": "Qué cambia.",
    "fundamento_juridico": "Ley, artículo 12",
    "materia": "Transporte",
    "problematica": "Frenos.",
    "alternativas": "Ninguna.",
    "costos_beneficios": "Dos horas.",
    "simplificacion": "En línea.",
    "fecha_tentativa": "2027-03-15",
}
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def _asking(world: World, clock: Clock) -> Window:
    actor = world.actors["coordinator"]
    with unit_of_work():
        window = create_window(
            government=session().get_one(Government, world.government_id),
            instrument=get_instrument("agenda_regulatoria"),
            title="Agenda 2027",
            summary="Lo que viene.",
            actor=actor,
            now=clock.now,
        )
        ask_entries(window=window, due_on=(clock.now + timedelta(days=10)).date(), actor=actor, now=clock.now)
    return window


def _csv(path: Path, rows: list[dict[str, str]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _xlsx(path: Path, rows: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook that calamine opens, with these rows in its only sheet."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{relations}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="s" '
        f'Type="{relations}/worksheet" Target="/{part}"/></Relationships>',
        part: SHEET.format(rows),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _person(world: World, post: str) -> Person:
    return session().scalars(select(Person).where(Person.email == world.email(post))).one()


# Two cells in far corners asked for 550 GB and ended the process: no test may read them without the check before.
@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="9000"><c><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c><c r="XFD1"><is><t>x</t></is></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
    ],
    ids=["corners", "far row", "far column", "lower case", "no column"],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "otra/hoja.bin"])
def test_sheet_with_far_cells_is_refused_before_it_is_read(tmp_path: Path, rows: str, part: str) -> None:
    with pytest.raises(Refused, match=r"muy lejos|más de 2,000 filas|no se puede leer"):
        list(read_rows(_xlsx(tmp_path / "a.xlsx", rows, part), set(), 2000))


def test_far_cells_are_refused_without_a_limit_of_rows_too(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="CV1048576"><v>1</v></c></row>'

    with pytest.raises(Refused, match="muy lejos"):
        list(read_rows(_xlsx(tmp_path / "a.xlsx", rows), set()))


def test_styled_empty_rows_far_below_do_not_count(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>clave</t></is></c></row><row r="2"><c r="A2"><v>7</v></c></row>'
        '<row r="1048576"><c r="A1048576" s="0"/></row>'
    )

    assert list(read_rows(_xlsx(tmp_path / "a.xlsx", rows), {"clave"}, 2000)) == [(2, {"clave": "7"})]


def test_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = _xlsx(tmp_path / "a.xlsx", "<row/>")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (33 * 1024 * 1024))

    with pytest.raises(Refused, match="ocupa demasiado"):
        list(read_rows(path, set(), 2000))


@pytest.mark.usefixtures("scope")
def test_file_with_too_many_rows_is_refused_and_leaves_nothing(world: World, clock: Clock, tmp_path: Path) -> None:
    window = _asking(world, clock)
    path = _csv(tmp_path / "a.csv", [{"clave": str(number), **ROW} for number in range(2001)])

    with pytest.raises(Refused, match="más de 2,000 filas"):
        import_entries(path, window, world.actors["respondent"], clock.now)

    assert session().scalars(select(Entry)).all() == []


def test_report_of_a_bad_file_is_short(
    app: Flask, database: Database, world: World, clock: Clock, tmp_path: Path
) -> None:
    with session_scope(database):
        slug = _asking(world, clock).slug
    path = _csv(tmp_path / "a.csv", [dict.fromkeys(("clave", *ROW), "") | {"titulo": "x"} for _ in range(150)])
    page = Page(app).sign_in(world.email("respondent"))

    shown = page.post(
        f"/bandeja/propuestas/{slug}/importar", {"file": (io.BytesIO(path.read_bytes()), "a.csv")}, status=422
    )

    assert len(shown.soup.select("tbody tr")) == 100
    assert "…y 50 filas más por corregir." in shown.body


@pytest.mark.usefixtures("scope")
def test_key_repeated_in_one_file_is_named(world: World, clock: Clock, tmp_path: Path) -> None:
    rows = [{"clave": "a", **ROW}, {"clave": "a", **ROW, "titulo": "Otra"}, {"clave": "a", **ROW}]

    report = import_entries(
        _csv(tmp_path / "a.csv", rows), _asking(world, clock), world.actors["respondent"], clock.now
    )

    assert (report.added, report.known) == (1, 1)
    [problem] = report.problems
    assert (problem.line, problem.field) == (3, "clave")
    assert "«a» ya es de la línea 2" in problem.message


@pytest.mark.usefixtures("scope")
def test_withdrawn_entry_is_imported_again_under_its_key(world: World, clock: Clock, tmp_path: Path) -> None:
    window, actor = _asking(world, clock), world.actors["respondent"]
    path = _csv(tmp_path / "a.csv", [{"clave": "a", **ROW}])
    import_entries(path, window, actor, clock.now)
    with unit_of_work():
        withdraw_entry(entry=session().scalars(select(Entry)).one(), actor=actor, now=clock.now)

    report = import_entries(path, window, actor, clock.now)

    assert (report.added, report.known, report.problems) == (1, 0, [])
    found = session().execute(select(Entry.state, Entry.source_key).order_by(Entry.id)).all()
    assert [tuple(row) for row in found] == [(EntryState.WITHDRAWN, None), (EntryState.SUBMITTED, "a")]


@pytest.mark.usefixtures("scope")
def test_key_longer_than_its_column_is_refused_at_it(world: World, clock: Clock, tmp_path: Path) -> None:
    path = _csv(tmp_path / "a.csv", [{"clave": "a" * 121, **ROW}, {"clave": "b" * 120, **ROW}])

    report = import_entries(path, _asking(world, clock), world.actors["respondent"], clock.now)

    assert [(item.line, item.field) for item in report.problems] == [(2, "clave")]
    assert report.added == 1


@pytest.mark.usefixtures("scope")
def test_chart_with_bytes_that_no_database_keeps_names_its_row(world: World, tmp_path: Path) -> None:
    path = _csv(tmp_path / "a.csv", [{"dependencia": "Sal\0ud"}])

    report = import_agencies(path, session().get_one(Government, world.government_id), START)

    assert [(item.line, item.field) for item in report.problems] == [(2, "dependencia")]


def test_refused_notice_comes_back_with_its_lines(app: Flask, world: World) -> None:
    page = Page(app).sign_in(world.email("administrator"))
    typed = {"version": "v" * 41, "summary": "Uno.\nDos.", "text": "Primero.\n\nSegundo."}

    shown = page.post("/administracion/textos", typed, status=422)

    assert shown.errors == ["La versión lleva hasta 40 caracteres."]
    assert shown.soup.select(".error-summary a")[0]["href"] == "#notice-version"
    assert {name: shown.value(name) for name in typed} == typed


def test_lines_of_contact_and_notice_are_kept(app: Flask, database: Database, world: World) -> None:
    page = Page(app).sign_in(world.email("administrator"))

    page.post("/administracion/apariencia", {"name": "Gobierno", "contact": "Calle 1\r\nTel. 2"}, status=302)
    page.post("/administracion/textos", {"version": "2", "summary": "Uno.\r\nDos.", "text": "A\r\n\r\nB"}, status=302)

    with session_scope(database):
        assert session().get_one(Government, world.government_id).contact == "Calle 1\nTel. 2"
        notice = session().scalars(select(PrivacyNotice).where(PrivacyNotice.version == "2")).one()
        assert (notice.summary, notice.text) == ("Uno.\nDos.", "A\n\nB")


@pytest.fixture
def elsewhere(world: World, database: Database) -> World:
    """The moderator left, and works today for another government, as somebody else always did."""
    with session_scope(database), unit_of_work():
        other = a_government(now=START, key="leon", prefix="LEO")
        agency = create_agency(government=other, key="obras", name="Obras", now=START)
        unit = create_unit(agency=agency, key="obras", name="Obras", now=START)
        a_holder(other, unit, Role.OPERATOR, "operator-leon", START)
        person = _person(world, "moderator")
        session().scalars(select(Tenure).where(Tenure.person_id == person.id)).one().to_on = date(2021, 1, 1)
        post = session().scalars(select(Post).where(Post.key == "operator-leon")).one()
        appoint(person=person, post=post, from_on=date(2021, 1, 1), now=START)
    return world


def test_account_of_who_works_elsewhere_is_not_ours_to_close_or_open(
    app: Flask, database: Database, elsewhere: World
) -> None:
    with session_scope(database):
        person_id = _person(elsewhere, "moderator").id
    page = Page(app).sign_in(elsewhere.email("administrator"))

    assert "pida a ese gobierno" in page.post(f"/administracion/personas/{person_id}/suspender", status=422).errors[0]
    with session_scope(database), unit_of_work():
        _person(elsewhere, "moderator").state = "suspended"
    assert "pida a ese gobierno" in page.post(f"/administracion/personas/{person_id}/reabrir", status=422).errors[0]
    with session_scope(database):
        assert _person(elsewhere, "moderator").state == "suspended"


def test_who_has_an_account_elsewhere_is_appointed_and_told(app: Flask, database: Database, elsewhere: World) -> None:
    page = Page(app).sign_in(elsewhere.email("administrator"))
    email, post_id = elsewhere.email("operator-leon"), elsewhere.actors["auditor"].post_id
    fields = {"post_id": str(post_id), "name": "", "email": email.upper()}

    assert "ya tenía cuenta" in page.follow("/administracion/personas", fields).body
    assert "ya ocupa ese cargo" in page.post("/administracion/personas", fields, status=422).errors[0]

    with session_scope(database):
        person = session().scalars(select(Person).where(Person.email == email)).one()
        assert session().scalars(
            select(Tenure.post_id).where(Tenure.person_id == person.id, Tenure.post_id == post_id)
        ).all() == [post_id]
        notice = session().scalars(select(Notice).where(Notice.kind == "appointment")).one()
        assert notice.address == email
        assert "Cargo auditor" in notice.body
        assert "/entrar" in notice.body
    Page(app).sign_in(email)


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [("invited", "invitation", "Invitación enviada"), ("suspended", None, "está suspendida: reábrala")],
)
def test_who_cannot_enter_yet_is_appointed_all_the_same(
    app: Flask, database: Database, elsewhere: World, state: str, kind: str | None, words: str
) -> None:
    with session_scope(database), unit_of_work():
        _person(elsewhere, "operator-leon").state = state
    page = Page(app).sign_in(elsewhere.email("administrator"))
    fields = {"post_id": str(elsewhere.actors["auditor"].post_id), "email": elsewhere.email("operator-leon")}

    assert words in page.follow("/administracion/personas", fields).body

    with session_scope(database):
        assert session().scalar(select(Notice.kind)) == kind


@pytest.fixture
def two_governments(world: World, database: Database) -> Callable[[], str]:
    with session_scope(database), unit_of_work():
        a_government(now=START, key="leon", prefix="LEO")

    def submit() -> str:
        with session_scope(database):
            return a_submission(world.topics["open-unrouted"], START).folio

    return submit


def test_refused_hand_over_keeps_reason_and_ticks(
    app: Flask, database: Database, world: World, two_governments: Callable[[], str]
) -> None:
    folio, other = two_governments(), two_governments()
    with session_scope(database):
        to = str(session().scalars(select(Government.id).where(Government.key == "leon")).one())
    page = Page(app).sign_in(world.email("coordinator"))
    page.get("/coordinacion/sin-turnar")

    nowhere = page.post("/coordinacion/entregar", {"folio": [folio], "reason": "Le toca.\nSí."}, status=422)
    without = page.post("/coordinacion/entregar", {"folio": [folio], "government_id": to, "reason": ""}, status=422)

    assert nowhere.value("reason") == "Le toca.\nSí."
    assert nowhere.errors == ["Marque los comentarios y elija el gobierno al que le tocan."]
    assert [box["value"] for box in nowhere.soup.select("input[name=folio][checked]")] == [folio]
    assert without.value("government_id") == to
    assert folio in without.errors[0]
    assert other in without.body


@pytest.mark.parametrize("address", ["/coordinacion/sin-turnar", "/coordinacion/entregar"])
def test_one_folio_that_is_gone_does_not_hide_the_rest(
    app: Flask, database: Database, world: World, two_governments: Callable[[], str], address: str
) -> None:
    folio = two_governments()
    with session_scope(database):
        to = str(session().scalars(select(Government.id).where(Government.key == "leon")).one())
    page = Page(app).sign_in(world.email("coordinator"))
    page.get("/coordinacion/sin-turnar")
    fields = {"unit_id": str(world.units["redes"]), "government_id": to, "reason": "Le toca."}

    shown = page.post(address, {**fields, "folio": ["GTO-no-hay", folio]}, status=422)

    assert shown.errors == ["GTO-no-hay: No existe ese folio."]
    assert ": 1." in shown.text
    page.post(address, {**fields, "folio": ["GTO-no-hay"]}, status=404)


@pytest.fixture
def two_agencies(world: World, database: Database, clock: Clock) -> str:
    """The enlace of water is enlace of mobility too; return the slug of a window that asks."""
    with session_scope(database):
        with unit_of_work():
            post = session().scalars(select(Post).where(Post.key == "respondent")).one()
            appoint(person=_person(world, "respondent-agua"), post=post, from_on=date(2024, 1, 1), now=clock.now)
        return _asking(world, clock).slug


def test_enlace_of_two_agencies_works_for_both(
    app: Flask, database: Database, world: World, two_agencies: str, tmp_path: Path
) -> None:
    page = Page(app).sign_in(world.email("respondent-agua"))
    address, unit = f"/bandeja/propuestas/{two_agencies}", str(world.units["transito"])
    offered = [str(option["value"]) for option in page.get(f"{address}/nueva").soup.select("#unit_id option")]
    page.follow(f"{address}/nueva", {"title": "Mercados", "summary": "Ordenar.", "unit_id": unit})
    path = _csv(tmp_path / "a.csv", [{"clave": "a", **ROW, "unidad": "transito"}, {"clave": "b", **ROW, "unidad": ""}])

    page.post(f"{address}/importar", {"file": (io.BytesIO(path.read_bytes()), "a.csv")})

    assert {unit, str(world.units["redes"])} <= set(offered)
    shown = page.get("/bandeja/propuestas")
    assert "Mercados" in shown.body
    with session_scope(database):
        found = session().execute(
            select(Entry.unit_id, Entry.created_by_post_id, Unit.agency_id).join(Entry.unit).order_by(Entry.id)
        )
        own, water = world.actors["respondent"], world.actors["respondent-agua"]
        expected = [(a.unit_id, a.post_id, a.agency_id) for a in (own, own, water)]
        assert [tuple(row) for row in found] == expected
    entry = next(link for link in shown.links() if link.startswith(f"{address}/") and link[-1].isdigit())
    assert [str(o["value"]) for o in page.get(entry).soup.select("#unit_id option")] == [unit]


def test_each_agency_declares_on_its_own(app: Flask, world: World, two_agencies: str) -> None:
    page = Page(app).sign_in(world.email("respondent-agua"))
    address = f"/bandeja/propuestas/{two_agencies}/sin-propuestas"
    mobility = str(world.actors["respondent"].agency_id)
    page.get("/bandeja/propuestas")

    shown = page.follow(address, {"agency_id": mobility})

    [left] = shown.soup.select("input[name=agency_id]")
    assert left["value"] == str(world.actors["respondent-agua"].agency_id)
    assert "Secretaría de Movilidad: Su dependencia dijo que no tiene" in shown.body


def test_page_after_an_import_knows_what_was_declared(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    with session_scope(database):
        slug = _asking(world, clock).slug
    page = Page(app).sign_in(world.email("respondent"))
    page.get("/bandeja/propuestas")
    page.follow(f"/bandeja/propuestas/{slug}/sin-propuestas")

    shown = page.post(f"/bandeja/propuestas/{slug}/importar", status=422)

    assert "Declarar que no tenemos" not in shown.body
    assert "Su dependencia dijo que no tiene" in shown.body


def test_digits_that_are_no_number_are_no_unit(app: Flask, database: Database, world: World, clock: Clock) -> None:
    with session_scope(database):
        draft = _asking(world, clock).slug
    page = Page(app).sign_in(world.email("coordinator"))
    page.get(f"/coordinacion/consultas/{draft}")

    page.post(f"/coordinacion/consultas/{draft}/temas", {"title": "Uno", "unit_id": "²"}, status=302)
    page.post(f"/coordinacion/consultas/{draft}/temas/1", {"title": "Uno", "unit_id": "²"}, status=302)


def test_second_button_of_a_form_stays_in_english(app: Flask, world: World, two_governments: Callable[[], str]) -> None:
    two_governments()
    page = Page(app).sign_in(world.email("coordinator"))

    shown = page.get("/en/coordinacion/sin-turnar")

    assert [button["formaction"] for button in shown.soup.select("[formaction]")] == ["/en/coordinacion/entregar"]


def test_kept_day_that_is_no_day_is_shown_as_it_is(
    app: Flask, database: Database, world: World, clock: Clock, tmp_path: Path
) -> None:
    with session_scope(database):
        window = _asking(world, clock)
        assert "fecha_tentativa" in {column.key for column in columns_of(window.instrument)}
        path = _csv(tmp_path / "a.csv", [{"clave": "a", **ROW}])
        import_entries(path, window, world.actors["respondent"], clock.now)
        with unit_of_work():
            entry = session().scalars(select(Entry)).one()
            entry.details = {**entry.details, "fecha_tentativa": "en marzo"}
        address = f"/coordinacion/consultas/{window.slug}/recepcion/{entry.id}"

    assert "en marzo" in Page(app).sign_in(world.email("coordinator")).get(address).body
