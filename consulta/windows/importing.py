"""Topics of a window from CSV."""

import tomllib
from datetime import datetime
from pathlib import Path

from consulta.actors import Actor
from consulta.agencies.queries import find_unit_by_key
from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.tables import CatalogueReport, RowProblem, cell, read_rows, require_own_columns
from consulta.windows.models import Window
from consulta.windows.operations import add_topic
from consulta.windows.queries import find_topic_by_source_key
from consulta.windows.rules import LONGEST_SUMMARY

DEFAULT_COLUMNS = {"title": "titulo", "summary": "explicacion", "unit": "unidad", "key": "clave"}


def read_topic_columns(path: Path | None) -> dict[str, str]:
    """Return which column holds what: the template's names, or those of `[columns]` in a map. Raises Refused."""
    if path is None:
        return DEFAULT_COLUMNS
    try:
        columns = tomllib.loads(path.read_text("utf-8")).get("columns", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name}: no se puede leer ({error}).") from error
    unknown = sorted(set(columns) - set(DEFAULT_COLUMNS))
    if unknown or "title" not in columns:
        wrong = f"sobra «{unknown[0]}»" if unknown else "falta «title»"
        raise Refused(f"{path.name}: en [columns] {wrong}. Se admiten: {', '.join(DEFAULT_COLUMNS)}.")
    return {name: str(column) for name, column in columns.items()}


def import_topics(path: Path, window: Window, columns: dict[str, str], actor: Actor, now: datetime) -> CatalogueReport:
    """Add the topics of a file; those whose key is known are left as they are. Bad rows are named."""
    report = CatalogueReport()
    for line, row in read_rows(path, {columns["title"]}):
        report.rows += 1
        try:
            with unit_of_work():
                added = _import_row(row, window, columns, actor, now)
        except Refused as refused:
            report.problems.append(RowProblem(line, refused.field or columns["title"], refused.message))
            continue
        report.added += added
        report.known += not added
    return report


def _import_row(row: dict[str, str], window: Window, columns: dict[str, str], actor: Actor, now: datetime) -> bool:
    require_own_columns(row)
    title, unit_key, key = (" ".join(cell(row, columns, name).split()) for name in ("title", "unit", "key"))
    summary = cell(row, columns, "summary").strip()
    if any(0xD800 <= ord(character) <= 0xDFFF or character == "\0" for character in title + summary + key):
        raise Refused("Trae bytes que no se pueden guardar: guarde el archivo como CSV UTF-8.")
    key = key or title[:120]
    if find_topic_by_source_key(window.id, key) is not None:
        return False
    unit = find_unit_by_key(window.government_id, unit_key) if unit_key else None
    if unit_key and unit is None:
        raise Refused(f"No existe la unidad «{unit_key}».", field=columns["unit"])
    add_topic(
        window=window,
        title=title,
        summary=summary[:LONGEST_SUMMARY],
        unit=unit,
        actor=actor,
        now=now,
        source_key=key,
    )
    return True
