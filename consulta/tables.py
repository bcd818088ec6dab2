"""Reading CSV catalogues row by row, with line and column in every complaint. Pure."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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


def read_rows(path: Path, needed: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield `(line, row)` one by one. Raises Refused when the file lacks a column or is broken.

    Bytes that are not UTF-8 become surrogates, so that only their row has to be reported.
    """
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        line = 1
        try:
            missing = sorted(needed - set(reader.fieldnames or ()))
            if missing:
                raise Refused(f"{path.name}: falta la columna «{missing[0]}» en la primera fila.")
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
