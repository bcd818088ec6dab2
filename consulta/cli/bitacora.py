"""`consulta bitacora`: sign the record, prove what is in it, and verify all of it."""

import base64
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from consulta import clock
from consulta.archives.openers import OPENERS
from consulta.archives.rows import verify_rows
from consulta.cli.runtime import Refusal, instance, print_json
from consulta.db import unit_of_work
from consulta.folio import parse_folio
from consulta.record.exports import proof_json
from consulta.record.heads import check_cosignatures
from consulta.record.publishing import write_record
from consulta.record.queries import find_last_checkpoint, prove_acts
from consulta.record.sequencing import make_checkpoint, sequence_everything
from consulta.record.signing import load_key
from consulta.record.verdict import Cause
from consulta.record.verifying import verify_record
from consulta.record.witnessing import read_witnesses

CAUSES = {Cause.CORRUPTION: "Daño", Cause.TAMPERING: "Alteración"}
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("bitacora", short_help="Firma, prueba y verifica la bitácora pública.")
def bitacora() -> None:
    """Firma, prueba y verifica la bitácora pública."""


@bitacora.command("checkpoint")
def checkpoint() -> None:
    """Asienta lo que espera, firma un punto de control y lo escribe. Guárdelo fuera de este equipo."""
    with instance() as (_app, settings, _database):
        with unit_of_work():
            sequence_everything(clock.now())
            key = load_key(settings.instance / "keys")
            make_checkpoint(origin=settings.record_origin, key=key, now=clock.now())
        found = find_last_checkpoint()
        if found is None:
            raise Refusal("Todavía no hay actos que firmar.")
        click.echo(found.note, nl=False)


@bitacora.command("prove")
@click.argument("folio")
def prove(folio: str) -> None:
    """Escribe en JSON los actos de un folio con la prueba de cada uno en el último punto de control."""
    with instance():
        newest = find_last_checkpoint()
        places = prove_acts(parse_folio(folio), newest)
        if not places:
            raise Refusal("No hay nada en la bitácora con ese folio.")
        print_json(proof_json(places, newest))


@bitacora.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="CARPETA")
def export_record(folder: Path) -> None:
    """Escribe la bitácora y el verificador en una carpeta, para comprobarla en cualquier equipo sin este programa."""
    with instance() as (_app, settings, _database):
        count = write_record(folder, origin=settings.record_origin, progress=_progress)
    click.echo(f"{count:,} actos. Se comprueban con: python3 {folder}/verificador.py {folder} --clave CLAVE")


@bitacora.command("verify")
@click.option("--against", type=EXISTING, multiple=True, metavar="ARCHIVO", help="Un punto de control guardado fuera.")
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado en JSON.")
def verify(against: tuple[Path, ...], as_json: bool) -> None:
    """Arma el árbol otra vez y lo compara con todo lo firmado. Termina con 1 si algo difiere, y dice qué primero."""
    with instance() as (_app, settings, _database):
        public = load_key(settings.instance / "keys").public_key().public_bytes_raw()
        outside = [_read(path) for path in against]
        verdict = verify_record(public=public, outside=outside, openers=OPENERS)
        check_cosignatures(verdict, read_witnesses(settings.record_witnesses))
        verify_rows(verdict)
    if as_json:
        found: dict[str, Any] = {**asdict(verdict), "key": base64.b64encode(public).decode("ascii")}
        print_json(found)
    else:
        click.echo(
            f"Actos: {verdict.leaves:,}. Puntos de control: {verdict.checkpoints:,}. "
            f"Contenidos comprobados: {verdict.openings:,}. Filas comprobadas: {verdict.rows:,}."
        )
        for problem in verdict.problems:
            click.echo(f"{CAUSES[problem.cause]}: {problem.text}", err=True)
        if not against:
            click.echo("Sin --against no se nota si se cortó el final o si se rehízo todo.", err=True)
    sys.exit(0 if verdict.is_good else 1)


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} actos", nl=False, err=True)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(f"{path.name}: no es un punto de control (no es texto UTF-8).") from error
