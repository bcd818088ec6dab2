"""`consulta export`: any open dataset, streamed."""

import sys
from pathlib import Path

import click

from consulta import clock
from consulta.cli.runtime import Refusal, instance
from consulta.opendata.datasets import DATASETS
from consulta.opendata.formats import stream_csv, stream_json, write_xlsx


@click.command("export", short_help="Exporta un conjunto de datos abiertos.")
@click.argument("dataset", type=click.Choice(sorted(DATASETS)), metavar="CONJUNTO")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "json"]), default="csv", help="Por omisión: csv.")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="Archivo; sin él, la salida.")
def export(dataset: str, form: str, output: Path | None) -> None:
    """Exporta un conjunto: submissions (comentarios y respuestas) o windows (consultas)."""
    chosen = DATASETS[dataset]
    if form == "xlsx" and output is None:
        raise Refusal("Para XLSX indique el archivo con -o.")
    if output is not None and not output.absolute().parent.is_dir():
        raise Refusal(f"No existe la carpeta {output.absolute().parent}: créela o escriba otra ruta.")
    with instance():
        if form == "xlsx" and output is not None:
            write_xlsx(chosen, clock.now(), output)
            return
        stream = (stream_csv if form == "csv" else stream_json)(chosen, clock.now())
        if output is None:
            for chunk in stream:
                sys.stdout.buffer.write(chunk)
            return
        with output.open("wb") as handle:
            handle.writelines(stream)
