"""Entries from the XLSX template or from CSV: good rows go in, bad rows are named with their column and remedy."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from consulta.actors import Actor
from consulta.agencies.models import Unit
from consulta.agencies.queries import find_unit, find_unit_by_key
from consulta.db import unit_of_work
from consulta.entries.operations import save_entry, submit_entry
from consulta.entries.queries import find_by_source_key
from consulta.entries.states import EntryState
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.tables import CatalogueReport, RowProblem, read_rows, require_own_columns, require_readable
from consulta.windows.fields import EntryField, FieldKind, find_problems, read_fields
from consulta.windows.models import Instrument, Window

LAST_ROW = 2000
TITLE, SUMMARY, UNIT, KEY = "titulo", "explicacion", "unidad", "clave"
OWN = (
    EntryField(
        KEY, "Clave", "Una clave suya para cada fila: si sube el archivo otra vez, no se repite.", FieldKind.LINE
    ),
    EntryField(TITLE, "Título", "Nombre preliminar de la propuesta.", FieldKind.LINE),
    EntryField(SUMMARY, "Explicación", "Qué se propone, en palabras que cualquiera entienda."),
    EntryField(UNIT, "Unidad", "Clave de la unidad que responderá; vacía, la de su cargo.", FieldKind.LINE, False),
)


def columns_of(instrument: Instrument) -> tuple[EntryField, ...]:
    """Return the columns of an instrument's template."""
    return (*OWN, *read_fields(instrument.entry_fields))


def write_template(instrument: Instrument, path: Path) -> None:
    """Write the XLSX template of an instrument: a sheet to fill in, and one that explains every column."""
    columns = columns_of(instrument)
    rows = [
        (item.key, f"{item.label}. {item.help}", "Sí" if item.is_required else "No", item.citation) for item in columns
    ]
    write_columns(rows, path, {item.key: item.choices for item in columns if item.choices})


def write_columns(
    rows: Sequence[tuple[str, str, str, str]], path: Path, choices: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Write a template: its columns as text cells, with lists where there are choices, and a sheet of instructions."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet, meanings = book.add_worksheet("datos"), book.add_worksheet("instrucciones")
    sheet.freeze_panes(1, 0)
    meanings.write_row(0, 0, ["Columna", "Qué escribir", "¿Obligatoria?", "Fundamento"], bold)
    meanings.set_column(0, 0, 24)
    meanings.set_column(1, 1, 70)
    for number, row in enumerate(rows):
        sheet.write_string(0, number, row[0], bold)
        sheet.set_column(number, number, 30, text)
        meanings.write_row(number + 1, 0, row, wrapped)
        listed = (choices or {}).get(row[0])
        if listed:
            sheet.data_validation(1, number, LAST_ROW, number, {"validate": "list", "source": list(listed)})
    book.close()


def import_entries(path: Path, window: Window, actor: Actor, now: datetime) -> CatalogueReport:
    """Import and hand in the entries of a file. Running it again adds nothing; an observed one is corrected.

    Raises Refused when the file lacks a column; rows that cannot go in are named with line, column and remedy.
    """
    columns = columns_of(window.instrument)
    report = CatalogueReport()
    for line, row in read_rows(path, {column.key for column in columns if column.is_required}):
        report.rows += 1
        problems = _row_problems(line, row, columns)
        if problems:
            report.problems += problems
            continue
        try:
            with unit_of_work():
                added = _import_row(row, window, actor, now)
        except Refused as refused:
            report.problems.append(RowProblem(line, refused.field or TITLE, refused.message))
            continue
        report.added += added
        report.known += not added
    return report


def _row_problems(line: int, row: dict[str, str], columns: tuple[EntryField, ...]) -> list[RowProblem]:
    try:
        require_own_columns(row)
        require_readable(row)
    except Refused as refused:
        return [RowProblem(line, refused.field or TITLE, refused.message)]
    return [RowProblem(line, key, message) for key, message in find_problems(columns, row)]


def _import_row(row: dict[str, str], window: Window, actor: Actor, now: datetime) -> bool:
    unit = _unit(row.get(UNIT, "").strip(), window, actor)
    key = row[KEY].strip()
    known = find_by_source_key(window.id, unit.agency_id, key)
    if known is not None and EntryState(known.state) not in (EntryState.OBSERVED, EntryState.DRAFT):
        return False
    entry = save_entry(
        window=window,
        unit=unit,
        title=row[TITLE],
        summary=row[SUMMARY],
        details=row,
        actor=actor,
        now=now,
        entry=known,
        source_key=key,
    )
    submit_entry(entry=entry, actor=actor, now=now)
    return True


def _unit(key: str, window: Window, actor: Actor) -> Unit:
    found = find_unit_by_key(window.government_id, key) if key else find_unit(window.government_id, actor.unit_id)
    if found is None or found.agency_id != actor.agency_id:
        raise Refused(
            _("No existe la unidad «%(key)s» en su dependencia: déjela vacía o escriba su clave.", key=key), field=UNIT
        )
    return found
