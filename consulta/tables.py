"""Reading catalogues, CSV or XLSX, row by row, with line and column in every complaint. Pure."""

import csv
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from consulta.errors import Refused
from consulta.i18n.text import _

# Where a row keeps what is beyond the last column of the header.
EXTRA = "\0extra"
# A sheet is read whole, empty cells included: what it covers and what its archive unpacks to are bounded before.
MOST_COLUMNS = 200
MOST_CELLS = 10_000_000
MOST_UNPACKED, MOST_UNPACKED_OF_ANY = 32 * 1024 * 1024, 512 * 1024 * 1024
REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class RowProblem:
    """A row that was not taken, and why. `line` counts from 1, the header included."""

    line: int
    field: str
    message: str


@dataclass
class CatalogueReport:
    """What became of each row of a catalogue. `more` counts the problems that were not kept."""

    rows: int = 0
    added: int = 0
    known: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    more: int = 0


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


def read_rows(path: Path, needed: set[str], most: int | None = None) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield `(line, row)` one by one, of a CSV or of the first sheet of an XLSX; at most `most` rows where it is given.

    Raises Refused when the file lacks a column, is broken or has more rows.
    """
    rows = _read_xlsx(path, needed, most) if path.suffix.lower() == ".xlsx" else _read_csv(path, needed)
    for number, (line, row) in enumerate(rows, start=1):
        if most is not None and number > most:
            raise _too_long(path.name, most)
        yield line, row


def _too_long(name: str, most: int) -> Refused:
    return Refused(
        _("%(name)s: tiene más de %(most)s filas. Divídalo en varios archivos.", name=name, most=f"{most:,}")
    )


def _require_columns(name: str, needed: set[str], header: Iterable[str]) -> None:
    missing = sorted(needed - set(header))
    if missing:
        raise Refused(f"{name}: falta la columna «{missing[0]}» en la primera fila.", field=missing[0])


def _read_xlsx(path: Path, needed: set[str], most: int | None) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of the first sheet; empty rows are left out, dates become ISO."""
    try:
        _check_extent(path, most)
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, expat.ExpatError, zipfile.BadZipFile, zlib.error) as error:
        raise Refused(f"{path.name}: no se puede leer como hoja de cálculo (XLSX).") from error
    header = [_written(value).strip() for value in rows[0]] if rows else []
    _require_columns(path.name, needed, header)
    for line, values in enumerate(rows[1:], start=2):
        cells = [_written(value) for value in values]
        if any(cell.strip() for cell in cells):
            yield line, {name: value for name, value in zip(header, cells, strict=False) if name}


def _check_extent(path: Path, most: int | None) -> None:
    """Refuse a workbook whose sheets cover more than can be read: two cells in far corners are a full rectangle."""
    for part in _sheets(path, MOST_UNPACKED_OF_ANY if most is None else MOST_UNPACKED):
        extent = _Extent(part)
        if most is not None and extent.rows > most + 1:
            raise _too_long(path.name, most)
        if extent.columns > MOST_COLUMNS or extent.rows * extent.columns > MOST_CELLS:
            raise Refused(
                _(
                    "%(name)s: hay celdas escritas muy lejos de la tabla. Copie la tabla a una hoja nueva y suba esa.",
                    name=path.name,
                )
            )


def _sheets(path: Path, most: int) -> Iterator[bytes]:
    """Yield the parts of a workbook that hold cells, whatever they are called, never unpacking more than `most`."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise zipfile.BadZipFile("what no office program writes")
            with archive.open(entry) as stream:
                content = stream.read(most + 1)
            most -= len(content)
            if most < 0:
                raise Refused(_("%(name)s: ocupa demasiado al abrirse. Divídalo en varios archivos.", name=path.name))
            if b"sheetData" in content:
                yield content


class _Extent:
    """How many rows and columns the written cells of a sheet cover, counted from A1 as the reader counts them."""

    def __init__(self, sheet: bytes) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._in_cell = False
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.Parse(sheet, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element, given = name.rpartition(":")[2], attributes.get("r")
        if element == "row":
            self._row, self._column = (self._row + 1 if given is None else int(given)), 0
        elif element == "c":
            self._in_cell = True
            self._column += 1
            if given is not None:
                self._column, self._row = _place(given)
        elif self._in_cell:
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c":
            self._in_cell = False


def _refuse_doctype(*_unused: object) -> None:
    raise ValueError("document type declaration")


def _place(reference: str) -> tuple[int, int]:
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    return _column(found[1]), int(found[2])


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


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
