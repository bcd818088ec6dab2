"""Every dataset: its columns are pinned, explained and typed; its catalogue is DCAT; every row keeps to it."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import polars
import pyshacl
import pytest
import rdflib
from flask.testing import FlaskClient

from consulta.db import Database, session_scope, unit_of_work
from consulta.opendata.building import refresh
from consulta.opendata.columns import DAY, INSTANT, INTEGER, NUMBER, Dataset
from consulta.opendata.datasets import DATASETS, EVERY
from consulta.opendata.formats import json_lines, write_parquet
from consulta.opendata.shelf import Shelf
from consulta.record.sequencing import sequence_everything
from tests.builders import World, a_published, an_answered
from tests.clock import START
from tests.conftest import SHARED
from tests.participation.test_release import release, take_part

STANDARDS = SHARED / "standards"
# What others read: a column that moves, goes or means something else is another version.
COLUMNS = {
    "windows": "consulta titulo instrumento gobierno estado abre cierra ampliaciones",
    "topics": "consulta tema_numero tema explicacion unidad",
    "submissions": "folio consulta tema_numero tema tipo canal recibido plazo admision decision publicacion texto "
    "articulo dice debe_decir autor situacion sentido respuesta respondido",
    "referrals": "folio consulta parte unidad dependencia estado turnado vence respondido en_plazo",
    "answers": "folio consulta parte pasaje sentido respuesta datos unidad dependencia firma publicada corregida",
    "cases": "gobierno dependencia unidad recibidos respondidos en_plazo abiertos vencidos",
    "indicators": "gobierno dependencia indicador definicion numerador denominador valor_numerador valor_denominador "
    "valor corte",
    "people": "consulta corte_numero corte pregunta respuesta opiniones",
    "clusters": "grupo consulta comentarios folio encontrado confirmado",
    "record": "secuencia acto identificador instante compromiso",
    "calendars": "gobierno desde hasta tipo motivo fuente publicado",
    "territory": "clave_entidad clave_municipio municipio poblacion mujeres hombres edad_0_17 edad_18_59 edad_60_mas "
    "latitud longitud",
}


@pytest.fixture
def filled(world: World, database: Database) -> World:
    """A world with something in most datasets."""
    with session_scope(database):
        a_published(world, START)
        an_answered(world, START)
        take_part(world, "open", 70, sex="woman")
        take_part(world, "open", 60, sex="man")
        release(world, "open")
        with unit_of_work():
            sequence_everything(START)
    return world


def rows_of(dataset: Dataset, database: Database) -> list[dict[str, Any]]:
    """Return the rows as objects."""
    with session_scope(database):
        return [json.loads(line) for line in json_lines(dataset, dataset.rows(None, START))]


def test_columns_are_pinned() -> None:
    found = {name: " ".join(column.name for column in dataset.columns) for name, dataset in DATASETS.items()}

    assert found == COLUMNS


@pytest.mark.parametrize("dataset", EVERY, ids=lambda item: item.name)
def test_every_row_keeps_to_its_schema(dataset: Dataset, filled: World, database: Database) -> None:
    rows = rows_of(dataset, database)

    assert rows or dataset.name == "clusters"
    kinds = {INTEGER: int, NUMBER: (int, float), INSTANT: str, DAY: str}
    for row in rows:
        for column in dataset.columns:
            value = row[column.name]
            if value is None:
                assert not column.is_required, column.name
                continue
            assert isinstance(value, kinds.get(column.type, str)), (column.name, value)
            if column.type == INSTANT:
                assert datetime.fromisoformat(value).utcoffset() is not None
                assert value.endswith("Z")
            if column.type == DAY:
                date.fromisoformat(value)


@pytest.mark.parametrize("dataset", EVERY, ids=lambda item: item.name)
def test_parquet_reads_as_the_schema_says(dataset: Dataset, filled: World, database: Database, tmp_path: Path) -> None:
    rows = rows_of(dataset, database)
    lines = tmp_path / "filas.json"
    lines.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")

    write_parquet(dataset, [lines] if rows else [], tmp_path / "datos.parquet")

    read = polars.read_parquet(tmp_path / "datos.parquet")
    assert read.height == len(rows)
    for column in dataset.columns:
        kind = {INTEGER: polars.Int64, NUMBER: polars.Float64, DAY: polars.Date}.get(column.type, polars.String)
        assert read.schema[column.name] == (polars.Datetime("us", "UTC") if column.type == INSTANT else kind)


def test_keys_of_the_territory_are_text_with_their_zeros(filled: World, database: Database) -> None:
    rows = rows_of(DATASETS["territory"], database)

    assert {len(row["clave_municipio"]) for row in rows} == {5}
    assert len(rows) == 46
    assert sum(row["poblacion"] for row in rows) == 6_166_934


def test_people_are_those_that_were_released(filled: World, database: Database) -> None:
    rows = rows_of(DATASETS["people"], database)

    sexes = {row["respuesta"]: row["opiniones"] for row in rows if row["pregunta"] == "sex"}
    assert sexes == {"Mujer": 70, "Hombre": 60, "Sin respuesta": 0}


@pytest.mark.skipif(not STANDARDS.exists(), reason="needs ../shared/standards")
@pytest.mark.parametrize("dataset", EVERY, ids=lambda item: item.name)
def test_schema_is_a_table_schema(dataset: Dataset, client: FlaskClient, world: World) -> None:
    profile = json.loads((STANDARDS / "frictionless" / "1.0" / "tableschema.json").read_text("utf-8"))

    schema = client.get(f"/datos/{dataset.filename}.schema.json").get_json()

    jsonschema.validate(schema, profile)
    assert [field["name"] for field in schema["fields"]] == [column.name for column in dataset.columns]


def test_dictionary_explains_every_column(client: FlaskClient, world: World) -> None:
    for dataset in EVERY:
        text = client.get(f"/datos/{dataset.filename}.diccionario.csv").data.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["columna"] for row in rows] == [column.name for column in dataset.columns]
        assert all(row["significado"] for row in rows)


@pytest.mark.skipif(not STANDARDS.exists(), reason="needs ../shared/standards")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("shapes", ["shapes", "range"])
@pytest.mark.parametrize("is_built", [False, True])
def test_catalogue_is_dcat_ap(
    client: FlaskClient, filled: World, database: Database, shapes: str, is_built: bool
) -> None:
    if is_built:
        with session_scope(database):
            refresh(Shelf(client.application.extensions["consulta"].settings.open_data), START)
    graph = rdflib.Graph().parse(data=client.get("/data.json").text, format="json-ld")
    rules = rdflib.Graph()
    folder = STANDARDS / "dcat-ap" / "2.1.1"
    rules.parse(folder / f"dcat-ap_2.1.1_shacl_{shapes}.ttl", format="turtle")

    conforms, _results, text = pyshacl.validate(graph, shacl_graph=rules, inference="none", advanced=True)

    assert conforms, text
    assert len(set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/dcat#Dataset")))) == len(EVERY)


def test_datasets_of_the_api_are_the_catalogue(client: FlaskClient, world: World) -> None:
    found = client.get("/api/v1/datasets", follow_redirects=True)

    assert found.get_json(force=True) == client.get("/data.json").get_json(force=True)
