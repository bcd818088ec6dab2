"""Sending a dataset: from the shelf, with its length, its ETag and any range; live where nothing was built yet."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response, request
from werkzeug.datastructures import Range
from werkzeug.http import parse_if_range_header

from consulta.db import Database, session_scope
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.opendata.columns import Dataset
from consulta.opendata.formats import MEDIA_TYPES, MOST_IN_XLSX, csv_lines, header, json_lines, write_xlsx
from consulta.opendata.shelf import BuiltPart, Manifest, Shelf

CHUNK = 256 * 1024
# A piece of a body: bytes as they are, or a file with its length.
Piece = bytes | tuple[Path, int]


def send_dataset(
    shelf: Shelf, dataset: Dataset, form: str, part: str | None, now: datetime, database: Database
) -> Response:
    """Return the answer that sends a dataset, or one of its parts, in a format. Raises NotFound for none."""
    manifest = shelf.manifest(dataset)
    if manifest is None or form == "xlsx":
        if part is not None:
            raise NotFound(_("Esa parte no existe."))
        return _named(_live(dataset, form, manifest, now, database), dataset, form, None)
    if form == "parquet":
        return _named(_parquet(shelf, dataset, manifest), dataset, form, None)
    parts = _chosen(manifest, part)
    head = header(dataset) if form == "csv" else b""
    pieces: list[Piece] = [head, *((shelf.path(dataset, item, form), item.size(form)) for item in parts)]
    tag = manifest.digest if part is None else parts[0].digest
    return _named(_pieces(pieces, f"{tag}-{form}"), dataset, form, part)


def _chosen(manifest: Manifest, part: str | None) -> list[BuiltPart]:
    if part is None:
        return [item for _name, item in sorted(manifest.parts.items())]
    found = manifest.parts.get(part)
    if found is None:
        raise NotFound(_("Esa parte no existe."))
    return [found]


def _live(dataset: Dataset, form: str, manifest: Manifest | None, now: datetime, database: Database) -> Response:
    """Send rows as they are read: a workbook, or anything before the first build."""
    if form == "parquet":
        raise NotFound(_("El archivo Parquet todavía no se prepara: vuelva en unos minutos o use CSV."))
    if form != "xlsx":
        return Response(_stream(dataset, form, now, database))
    if manifest is not None and manifest.rows > MOST_IN_XLSX:
        raise Refused(_("Son demasiados renglones para un libro de Excel: baje el CSV, completo o por partes."))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "datos.xlsx"
        write_xlsx(dataset, dataset.rows(None, now), path)
        return Response(path.read_bytes())


def _stream(dataset: Dataset, form: str, now: datetime, database: Database) -> Iterator[bytes]:
    """Yield a download in a session of its own: the request's is closed before the body is sent."""
    with session_scope(database), closing(dataset.rows(None, now)) as rows:
        if form == "csv":
            yield header(dataset)
            yield from csv_lines(rows)
        else:
            yield from json_lines(dataset, rows)


def _parquet(shelf: Shelf, dataset: Dataset, manifest: Manifest) -> Response:
    if not manifest.parquet:
        raise NotFound(_("Aquí no se preparan archivos Parquet: use CSV o JSON por líneas."))
    digest = str(manifest.parquet["digest"])
    return _pieces([(shelf.parquet(dataset, digest), int(str(manifest.parquet["bytes"])))], f"{digest}-parquet")


def _pieces(pieces: Sequence[Piece], tag: str) -> Response:
    """Return the answer made of pieces, whole or the range that was asked for (RFC 9110, 13 and 14)."""
    length = sum(_length(piece) for piece in pieces)
    wanted = _range(tag, length)
    first, after = wanted or (0, length)
    response = Response(_read(pieces, first, after), 206 if wanted else 200, direct_passthrough=True)
    response.set_etag(tag)
    response.headers["Accept-Ranges"] = "bytes"
    response.content_length = after - first
    if wanted:
        response.headers["Content-Range"] = f"bytes {first}-{after - 1}/{length}"
    if request.if_none_match.contains(tag):
        return Response(status=304, headers={"ETag": response.headers["ETag"]})
    return response


def _range(tag: str, length: int) -> tuple[int, int] | None:
    """Return the bytes asked for; None for all: no range, several, one that cannot be, or of another version."""
    asked: Range | None = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    same = parse_if_range_header(request.headers.get("If-Range"))
    # A date says less than the tag: then everything is sent.
    if same.date is not None or (same.etag is not None and same.etag != tag):
        return None
    return asked.range_for_length(length)


def _length(piece: Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else piece[1]


def _read(pieces: Sequence[Piece], first: int, after: int) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        start, end = max(first - at, 0), min(after - at, _length(piece))
        at += _length(piece)
        if start >= end:
            continue
        if isinstance(piece, bytes):
            yield piece[start:end]
        else:
            yield from _file(piece[0], start, end)


def _file(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as handle:
        handle.seek(start)
        left = end - start
        while left and (chunk := handle.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _named(response: Response, dataset: Dataset, form: str, part: str | None) -> Response:
    if response.status_code != 304:
        response.headers["Content-Type"] = MEDIA_TYPES[form]
        name = dataset.filename if part is None else f"{dataset.filename}.{part}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
