"""Datasets as CSV and JSON Lines, streamed, and as XLSX."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import xlsxwriter

from consulta.opendata.datasets import Cell, Dataset

# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV Injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/x-ndjson; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def guard(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def stream_csv(dataset: Dataset, now: datetime) -> Iterator[bytes]:
    """Yield the dataset as UTF-8 CSV with a byte-order mark, so that spreadsheets read the accents."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([name for name, _ in dataset.columns])
    for count, row in enumerate(dataset.rows(now), start=1):
        writer.writerow([guard(cell) for cell in row])
        if count % 200 == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def stream_json(dataset: Dataset, now: datetime) -> Iterator[bytes]:
    """Yield the dataset as one JSON object a line."""
    names = [name for name, _ in dataset.columns]
    for row in dataset.rows(now):
        yield json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False).encode("utf-8") + b"\n"


def write_xlsx(dataset: Dataset, now: datetime, path: Path) -> None:
    """Write the dataset as a workbook: every text cell a string, never a formula; a second sheet explains columns."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("datos")
    for column, (name, _) in enumerate(dataset.columns):
        sheet.write_string(0, column, name)
    for number, row in enumerate(dataset.rows(now), start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, cell[:LONGEST_CELL])
    meanings = book.add_worksheet("diccionario")
    for number, (name, meaning) in enumerate(dataset.columns):
        meanings.write_string(number, 0, name)
        meanings.write_string(number, 1, meaning)
    book.close()


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")
