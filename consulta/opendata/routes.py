"""The page of datasets and their downloads."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, render_template

from consulta.db import Database, session_scope
from consulta.opendata.datasets import DATASETS, Dataset
from consulta.opendata.formats import MEDIA_TYPES, stream_csv, stream_json, write_xlsx
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services

blueprint = Blueprint("opendata", __name__)
FILENAMES = {"windows": "consultas", "submissions": "comentarios"}


@blueprint.get("/datos")
@access(EVERYBODY)
def index() -> str:
    """List the datasets with their columns."""
    return render_template("opendata/index.html", datasets=DATASETS.values(), filenames=FILENAMES)


@blueprint.get("/datos/<filename>.<extension>")
@access(EVERYBODY)
def download(filename: str, extension: str) -> Response:
    """Download a dataset."""
    dataset = next((DATASETS[name] for name, shown in FILENAMES.items() if shown == filename), None)
    if dataset is None or extension not in MEDIA_TYPES:
        abort(404)
    response = _body(dataset, extension)
    response.headers["Content-Type"] = MEDIA_TYPES[extension]
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}.{extension}"'
    return response


def _body(dataset: Dataset, extension: str) -> Response:
    if extension == "xlsx":
        with TemporaryDirectory() as folder:
            path = Path(folder) / "datos.xlsx"
            write_xlsx(dataset, arrived_at(), path)
            return Response(path.read_bytes())
    return Response(_stream(dataset, extension, services().database, arrived_at()))


def _stream(dataset: Dataset, extension: str, database: Database, now: datetime) -> Iterator[bytes]:
    """Yield a download in a session of its own: the request's is closed before the body is sent."""
    with session_scope(database):
        yield from (stream_csv if extension == "csv" else stream_json)(dataset, now)
