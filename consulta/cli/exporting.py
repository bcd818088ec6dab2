"""`consulta export`: any open dataset, streamed as it is now."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from consulta import clock
from consulta.cli.runtime import Refusal, instance
from consulta.opendata.columns import Dataset, Row
from consulta.opendata.datasets import DATASETS
from consulta.opendata.formats import NoParquet, csv_lines, header, json_lines, write_parquet, write_xlsx
from consulta.opendata.schemas import table_schema, write_dictionary

FORMS = ("csv", "xlsx", "json", "parquet", "schema", "dictionary")


@click.command("export", short_help="Exporta un conjunto de datos abiertos.")
@click.argument("dataset", type=click.Choice(sorted(DATASETS)), metavar="CONJUNTO")
@click.option("--format", "form", type=click.Choice(FORMS), default="csv", help="Por omisión: csv.")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="Archivo; sin él, la salida.")
def export(dataset: str, form: str, output: Path | None) -> None:
    """Exporta un conjunto: submissions (comentarios y respuestas), windows (consultas), people, record y los demás.

    «schema» da el Table Schema del conjunto y «dictionary» su diccionario de datos.
    """
    chosen = DATASETS[dataset]
    if form in ("xlsx", "parquet") and output is None:
        raise Refusal(f"Para {form.upper()} indique el archivo con -o.")
    if output is not None and not output.absolute().parent.is_dir():
        raise Refusal(f"No existe la carpeta {output.absolute().parent}: créela o escriba otra ruta.")
    with instance():
        rows = chosen.rows(None, clock.now())
        if form == "xlsx" and output is not None:
            write_xlsx(chosen, rows, output)
        elif form == "parquet" and output is not None:
            _write_parquet(chosen, rows, output)
        elif output is None:
            for chunk in _stream(chosen, form, rows):
                sys.stdout.buffer.write(chunk)
        else:
            with output.open("wb") as handle:
                handle.writelines(_stream(chosen, form, rows))


def _stream(dataset: Dataset, form: str, rows: Iterator[Row]) -> Iterator[bytes]:
    if form == "csv":
        yield header(dataset)
        yield from csv_lines(rows)
    elif form == "json":
        yield from json_lines(dataset, rows)
    elif form == "schema":
        yield json.dumps(table_schema(dataset), ensure_ascii=False, indent=1).encode("utf-8")
    else:
        yield write_dictionary(dataset).encode("utf-8")


def _write_parquet(dataset: Dataset, rows: Iterator[Row], output: Path) -> None:
    with TemporaryDirectory(dir=output.absolute().parent) as folder:
        lines = Path(folder) / "filas.json"
        with lines.open("wb") as handle:
            handle.writelines(json_lines(dataset, rows))
        try:
            write_parquet(dataset, [lines] if lines.stat().st_size else [], output)
        except NoParquet as error:
            raise Refusal(f"No se puede escribir Parquet: {error}.") from error
