"""Rows as CSV and JSON Lines, streamed; as XLSX; and as Parquet, where its library is installed."""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from consulta.opendata.columns import DAY, INSTANT, INTEGER, NUMBER, Cell, Dataset, Row

# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV Injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The same as a set, with nothing in it for an empty cell.
FIRST = frozenset(DANGEROUS)
LONGEST_CELL = 32_767
# What a workbook holds; beyond, spreadsheets open the CSV in parts.
MOST_IN_XLSX = 200_000
AT_ONCE = 500
BATCH, ROW_GROUP = 5_000, 20_000
MARK = "\ufeff"
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/x-ndjson; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


class NoParquet(RuntimeError):
    """The library that writes Parquet is not installed."""


def guarded(row: Row) -> Row | list[Cell]:
    """Return a row in which no cell is taken for a formula by a spreadsheet: an apostrophe goes before it."""
    for cell in row:
        if type(cell) is str and cell[:1] in FIRST:
            return ["'" + one if type(one) is str and one[:1] in FIRST else one for one in row]
    return row


def header(dataset: Dataset) -> bytes:
    """Return the first line of a CSV, after a byte-order mark, so that spreadsheets read the accents."""
    return (MARK + ",".join(column.name for column in dataset.columns) + "\r\n").encode("utf-8")


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield rows as CSV, without the header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    coming = iter(rows)
    while batch := list(islice(coming, AT_ONCE)):
        writer.writerows(guarded(row) for row in batch)
        yield _taken(buffer)


def json_lines(dataset: Dataset, rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield rows as one JSON object a line."""
    names = [column.name for column in dataset.columns]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in rows:
        yield encode(dict(zip(names, row, strict=True))).encode("utf-8") + b"\n"


def write_xlsx(dataset: Dataset, rows: Iterable[Row], path: Path) -> None:
    """Write rows as a workbook: every text cell a string, never a formula; a second sheet explains columns."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("datos")
    for place, column in enumerate(dataset.columns):
        sheet.write_string(0, place, column.name)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, cell[:LONGEST_CELL])
    meanings = book.add_worksheet("diccionario")
    for number, column in enumerate(dataset.columns):
        meanings.write_string(number, 0, column.name)
        meanings.write_string(number, 1, column.meaning)
    book.close()


def write_parquet(dataset: Dataset, parts: list[Path], path: Path) -> None:
    """Write parts that are JSON Lines as one Parquet file, streamed. Raises NoParquet without the extra."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    try:
        import polars
    except ImportError as error:
        raise NoParquet("instale el extra: pip install 'consulta[parquet]'") from error
    kinds: dict[str, Any] = {INTEGER: polars.Int64, NUMBER: polars.Float64}
    schema = {column.name: kinds.get(column.type, polars.String) for column in dataset.columns}
    # A thread and small batches: the machine serves pages meanwhile, and memory stays low.
    read = (
        polars.scan_ndjson(parts, schema=schema, low_memory=True, batch_size=BATCH)
        if parts
        else polars.LazyFrame(schema=schema)
    )
    typed = [
        polars.col(column.name).str.to_datetime(strict=True, time_zone="UTC", time_unit="us")
        if column.type == INSTANT
        else polars.col(column.name).str.to_date()
        for column in dataset.columns
        if column.type in (INSTANT, DAY)
    ]
    read.with_columns(typed).sink_parquet(path, compression="zstd", row_group_size=ROW_GROUP)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")
