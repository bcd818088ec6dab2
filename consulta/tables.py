"""Reading catalogues, CSV or XLSX, row by row, with line and column in every complaint. Pure."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from consulta.errors import Refused

# Where a row keeps what is beyond the last column of the header.
EXTRA = "\0extra"


@dataclass(frozen=True)
class RowProblem:
    """A row that was not taken, and why. `line` counts from 1, the header included."""

    line: int
    field: str
    message: str


@dataclass
class CatalogueReport:
    """What became of each row of a catalogue."""

    rows: int = 0
    added: int = 0
    known: int = 0
    problems: list[RowProblem] = field(default_factory=list)


# A cell may hold far more than fits in a comment, so that its row can be named instead of the file refused.
csv.field_size_limit(16 * 1024 * 1024)


def cell(row: dict[str, str], columns: dict[str, str], name: str) -> str:
    """Return what a row holds of `name`; nothing when no column was mapped to it."""
    column = columns.get(name)
    return row.get(column, "") if column is not None else ""


def require_own_columns(row: dict[str, str]) -> None:
    """Refuse a row with more cells than the header: a comma without quotes cut a text in two. Raises Refused."""
    if EXTRA in row:
        raise Refused("Tiene más celdas que el encabezado: ponga entre comillas el texto que lleva comas.")


def require_readable(row: dict[str, str]) -> None:
    """Refuse a row with bytes that no database keeps. Raises Refused at its column."""
    for column, value in row.items():
        if any(0xD800 <= ord(character) <= 0xDFFF or character == "\0" for character in value):
            raise Refused("Trae bytes que no se pueden guardar: guarde el archivo como UTF-8.", field=column)


def read_rows(path: Path, needed: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield `(line, row)` one by one, of a CSV or of the first sheet of an XLSX.

    Raises Refused when the file lacks a column or is broken.
    """
    yield from (_read_xlsx if path.suffix.lower() == ".xlsx" else _read_csv)(path, needed)


def _require_columns(name: str, needed: set[str], header: Iterable[str]) -> None:
    missing = sorted(needed - set(header))
    if missing:
        raise Refused(f"{name}: falta la columna «{missing[0]}» en la primera fila.", field=missing[0])


def _read_xlsx(path: Path, needed: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of the first sheet; empty rows are left out, dates become ISO."""
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(f"{path.name}: no se puede leer como hoja de cálculo (XLSX).") from error
    header = [_written(value).strip() for value in rows[0]] if rows else []
    _require_columns(path.name, needed, header)
    for line, values in enumerate(rows[1:], start=2):
        cells = [_written(value) for value in values]
        if any(cell.strip() for cell in cells):
            yield line, {name: value for name, value in zip(header, cells, strict=False) if name}


def _written(value: object) -> str:
    """Return a cell as a person would write it: 3 and not 3.0, and days as ISO."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    return str(value)


def _read_csv(path: Path, needed: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV. Bytes that are not UTF-8 become surrogates, so that only their row is reported."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        line = 1
        try:
            _require_columns(path.name, needed, reader.fieldnames or ())
            line = reader.line_num + 1
            for row in reader:
                yield line, _cells(row)
                line = reader.line_num + 1
        except csv.Error as error:
            raise Refused(f"{path.name}, línea {line}: el CSV está roto ({error}).") from error


def _cells(row: dict[str | Any, str | Any]) -> dict[str, str]:
    extra = row.pop(None, [])
    cells = {key: value or "" for key, value in row.items()}
    return {**cells, EXTRA: ",".join(extra)} if extra else cells
