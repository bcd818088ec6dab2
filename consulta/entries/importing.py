"""Entries from the XLSX template or from CSV: good rows go in, bad rows are named with their column and remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter

from consulta.actors import Actor
from consulta.agencies.models import Unit
from consulta.agencies.queries import find_unit, find_unit_by_key
from consulta.db import session, unit_of_work
from consulta.entries.operations import save_entry, submit_entry
from consulta.entries.queries import find_by_source_key
from consulta.entries.states import EntryState
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.tables import CatalogueReport, RowProblem, read_rows, require_own_columns, require_readable
from consulta.windows.fields import EntryField, FieldKind, find_problems, read_fields
from consulta.windows.models import Instrument, Window

LAST_ROW = 2000
# Problems that a report keeps, and characters of a key as its column holds them.
MOST_PROBLEMS, LONGEST_KEY = 100, 120
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


@dataclass
class _Import:
    """One file on its way in: who brings it, and the line and content of every key already read."""

    window: Window
    posts: Sequence[Actor]
    now: datetime
    columns: tuple[EntryField, ...]
    seen: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)


def import_entries(
    path: Path, window: Window, actor: Actor, now: datetime, *, others: Sequence[Actor] = ()
) -> CatalogueReport:
    """Import and hand in the entries of a file. Running it again adds nothing; an observed one is corrected.

    `others` are further posts of who brings the file, for the units of their agencies. Raises Refused when the
    file lacks a column or is too long; rows that cannot go in are named with line, column and remedy.
    """
    columns = columns_of(window.instrument)
    running = _Import(window, (actor, *others), now, columns)
    report = CatalogueReport()
    # Whole before the first one goes in: a file that is refused leaves nothing behind.
    for line, row in list(read_rows(path, {column.key for column in columns if column.is_required}, LAST_ROW)):
        report.rows += 1
        problem = _row_problem(line, row, running)
        if problem is None:
            try:
                with unit_of_work():
                    added = _import_row(row, running)
                report.added += added
                report.known += not added
            except Refused as refused:
                problem = RowProblem(line, refused.field or TITLE, refused.message)
        if problem is not None and len(report.problems) < MOST_PROBLEMS:
            report.problems.append(problem)
        elif problem is not None:
            report.more += 1
    return report


def _row_problem(line: int, row: dict[str, str], running: _Import) -> RowProblem | None:
    """Return everything that is wrong with a row as one problem."""
    try:
        require_own_columns(row)
        require_readable(row)
        _require_own_key(line, row, running)
    except Refused as refused:
        return RowProblem(line, refused.field or TITLE, refused.message)
    found = find_problems(running.columns, row)
    if not found:
        return None
    return RowProblem(line, ", ".join(key for key, _message in found), " ".join(message for _key, message in found))


def _require_own_key(line: int, row: dict[str, str], running: _Import) -> None:
    """Refuse a key that is too long, or that another row of the file has for something else. Raises Refused."""
    key = row.get(KEY, "").strip()
    if len(key) > LONGEST_KEY:
        raise Refused(_("La clave lleva hasta %(longest)s caracteres.", longest=LONGEST_KEY), field=KEY)
    first, known = running.seen.setdefault(key, (line, row))
    if key and known != row:
        raise Refused(
            _("La clave «%(key)s» ya es de la línea %(line)s: use otra en una de las dos.", key=key, line=first),
            field=KEY,
        )


def _import_row(row: dict[str, str], running: _Import) -> bool:
    unit, actor = _unit(row.get(UNIT, "").strip(), running)
    key = row[KEY].strip()
    known = find_by_source_key(running.window.id, unit.agency_id, key)
    if known is not None and known.state == EntryState.WITHDRAWN:
        # What was withdrawn stays as it was; its key is free again.
        known.source_key, known = None, None
        session().flush()
    if known is not None and EntryState(known.state) not in (EntryState.OBSERVED, EntryState.DRAFT):
        return False
    entry = save_entry(
        window=running.window,
        unit=unit,
        title=row[TITLE],
        summary=row[SUMMARY],
        details=row,
        actor=actor,
        now=running.now,
        entry=known,
        source_key=key,
    )
    submit_entry(entry=entry, actor=actor, now=running.now)
    return True


def _unit(key: str, running: _Import) -> tuple[Unit, Actor]:
    """Return the unit that a row names, else that of the first post; and the post from which it is handed in."""
    government_id, first = running.window.government_id, running.posts[0]
    found = find_unit_by_key(government_id, key) if key else find_unit(government_id, first.unit_id)
    for actor in running.posts:
        if found is not None and found.agency_id == actor.agency_id:
            return found, actor
    raise Refused(
        _("No existe la unidad «%(key)s» en su dependencia: déjela vacía o escriba su clave.", key=key), field=UNIT
    )
