"""The pages of open data: what there is, each dataset with its columns and versions, and the downloads."""

import json
from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Response, abort, render_template

from consulta.agencies.queries import find_main_government
from consulta.opendata.columns import Dataset
from consulta.opendata.datasets import BY_FILENAME, EVERY
from consulta.opendata.dcat import write_catalogue
from consulta.opendata.downloads import send_dataset
from consulta.opendata.formats import MEDIA_TYPES
from consulta.opendata.schemas import table_schema, write_dictionary
from consulta.opendata.shelf import Shelf
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services

blueprint = Blueprint("opendata", __name__)


@blueprint.get("/datos")
@access(EVERYBODY)
def index() -> str:
    """List the datasets."""
    shelf = _shelf()
    return render_template("opendata/index.html", datasets=[(item, shelf.manifest(item)) for item in EVERY])


@blueprint.get("/datos/<filename>")
@access(EVERYBODY)
def show(filename: str) -> str:
    """Show a dataset: its columns, formats, parts and versions."""
    dataset = _dataset(filename)
    return render_template(
        "opendata/dataset.html", dataset=dataset, manifest=_shelf().manifest(dataset), written_at=_written_at
    )


@blueprint.get("/datos/<filename>.<extension>")
@access(EVERYBODY)
def download(filename: str, extension: str) -> Response:
    """Download a dataset, or what explains its columns."""
    if filename.endswith(".schema") and extension == "json":
        return _schema(_dataset(filename.removesuffix(".schema")))
    if filename.endswith(".diccionario") and extension == "csv":
        return _dictionary(_dataset(filename.removesuffix(".diccionario")))
    dataset = _dataset(filename)
    if extension not in MEDIA_TYPES:
        abort(404)
    return send_dataset(_shelf(), dataset, extension, None, arrived_at(), services().database)


@blueprint.get("/datos/<filename>/<part>.<extension>")
@access(EVERYBODY)
def download_part(filename: str, part: str, extension: str) -> Response:
    """Download one part of a dataset: a window and month, or a month."""
    if extension not in ("csv", "json"):
        abort(404)
    return send_dataset(_shelf(), _dataset(filename), extension, part, arrived_at(), services().database)


@blueprint.get("/data.json")
@access(EVERYBODY)
def catalogue() -> Response:
    """Give the catalogue as DCAT, in JSON-LD."""
    government = find_main_government()
    shelf = _shelf()
    manifests = {item: shelf.manifest(item) for item in EVERY}
    body = write_catalogue(
        root=services().settings.public_url,
        publisher=government.name if government else "Consulta",
        mail=_mail(government.contact if government else ""),
        datasets=manifests,
        has_parquet=any(item and item.parquet for item in manifests.values()),
    )
    return Response(json.dumps(body, ensure_ascii=False, indent=1), mimetype="application/ld+json")


def _schema(dataset: Dataset) -> Response:
    return Response(json.dumps(table_schema(dataset), ensure_ascii=False, indent=1), mimetype="application/json")


def _dictionary(dataset: Dataset) -> Response:
    response = Response("\ufeff" + write_dictionary(dataset), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{dataset.filename}.diccionario.csv"'
    return response


def _written_at(version: Mapping[str, object]) -> datetime:
    return datetime.fromisoformat(str(version["at"]))


def _mail(contact: str) -> str:
    """Return the first address in how a government can be reached; empty where there is none."""
    return next((word.strip(".,;()") for word in contact.split() if "@" in word), "")


def _dataset(filename: str) -> Dataset:
    found = BY_FILENAME.get(filename)
    if found is None:
        abort(404)
    return found


def _shelf() -> Shelf:
    return Shelf(services().settings.open_data)
