"""`consulta bitacora rotate-key|key-lost|witness`: the keys of the record, and who watches it from outside."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import click

from consulta import clock
from consulta.cli.runtime import Refusal, instance
from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.record.keys import change_key, find_current
from consulta.record.notes import verifier_key
from consulta.record.sequencing import make_checkpoint, sequence_everything
from consulta.record.signing import load_key, next_key, take_next_key
from consulta.record.witness import Alarm, Fetch, Witness

PATIENCE = 30.0
LONGEST_ANSWER = 2_000_000
FOLDER = click.Path(file_okay=False, path_type=Path)
REASON = click.option("--reason", required=True, metavar="TEXTO", help="Por qué; es público.")


@click.command("rotate-key")
@REASON
def rotate_key(reason: str) -> None:
    """Cambia la clave del sello: firma lo que hay con la de antes, y las dos firman la entrega. Es pública."""
    with instance() as (_app, settings, _database):
        keys = settings.instance / "keys"
        following = next_key(keys)
        current = find_current()
        # A rotation that was cut off after it was written down has only to change the files.
        if current is None or current.public != following.public_key().public_bytes_raw():
            old = load_key(keys)
            with unit_of_work():
                sequence_everything(clock.now())
                make_checkpoint(origin=settings.record_origin, key=old, now=clock.now())
            with unit_of_work():
                change_key(old=old, new=following, reason=reason, origin=settings.record_origin, now=clock.now())
        kept = take_next_key(keys)
        click.echo(f"Clave nueva: {verifier_key(settings.record_origin, following.public_key().public_bytes_raw())}")
        click.echo(f"La anterior quedó en {kept.name}: guárdela fuera de este equipo o destrúyala.")


@click.command("key-lost")
@REASON
def key_lost(reason: str) -> None:
    """Declara perdida la clave del sello. La nueva firma sola, y la bitácora lo dice: los testigos deben aceptarla."""
    with instance() as (_app, settings, _database):
        new = load_key(settings.instance / "keys")
        current = find_current()
        if current is not None and current.public == new.public_key().public_bytes_raw():
            raise Refusal("La clave vigente está en este equipo: para cambiarla use «consulta bitacora rotate-key».")
        with unit_of_work():
            change_key(old=None, new=new, reason=reason, origin=settings.record_origin, now=clock.now())
        click.echo(f"Clave nueva: {verifier_key(settings.record_origin, new.public_key().public_bytes_raw())}")
        click.echo("Avise a los testigos y publique la clave: la anterior no pudo entregarla.")


@click.command("witness")
@click.argument("address", metavar="DIRECCIÓN")
@click.option(
    "--folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Su memoria y su clave."
)
@click.option("--name", required=True, metavar="NOMBRE", help="Cómo firma, por ejemplo testigo.universidad.mx.")
@click.option("--key", metavar="CLAVE", help="Clave pública de la bitácora; solo la primera vez.")
@click.option("--every", type=click.IntRange(min=1), metavar="MINUTOS", help="Sigue mirando cada tantos minutos.")
def witness(address: str, folder: Path, name: str, key: str | None, every: int | None) -> None:
    """Atestigua la bitácora de otro: mira, comprueba que nada de antes cambió, y firma. No necesita instancia.

    Termina con 1 si lo que dice la bitácora no puede ser verdad junto a lo que dijo antes.
    """
    fetch = fetcher(address)
    try:
        watcher = Witness(folder=folder, name=name, fetch=fetch, log_key=key)
        click.echo(f"Clave de este testigo: {watcher.verifier_key}")
        while True:
            _look_once(watcher, address)
            if every is None:
                return
            time.sleep(every * 60)
    except Refused as refused:
        raise Refusal(refused.message) from refused
    except Alarm as alarm:
        raise click.ClickException(f"ALARMA. {alarm}") from alarm


def _look_once(watcher: Witness, address: str) -> None:
    try:
        seen = watcher.look(clock.now())
        click.echo(f"Visto: {seen.head.size:,} actos. Todo lo de antes sigue igual.")
        _send(address, seen.head.size, seen.line)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        # It may be down for a while: what was seen is remembered, and the next look checks all the same.
        click.echo(f"No se pudo: {error}", err=True)


def fetcher(address: str) -> Fetch:
    """Return what fetches the addresses of a log."""
    if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise Refusal("La dirección debe empezar con http:// o https://")

    def fetch(path: str) -> bytes:
        with urllib.request.urlopen(address.rstrip("/") + path, timeout=PATIENCE) as answer:  # noqa: S310 - checked above
            found: bytes = answer.read(LONGEST_ANSWER)
        return found

    return fetch


def _send(address: str, size: int, line: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked by `fetcher`
        address.rstrip("/") + "/api/v1/record/cosignatures",
        data=json.dumps({"size": size, "line": line}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    try:
        urllib.request.urlopen(request, timeout=PATIENCE).close()  # noqa: S310 - the same
        click.echo("Firma entregada.")
    except urllib.error.HTTPError as error:
        click.echo(f"La bitácora no tomó la firma ({error.code}): dele la clave de este testigo.", err=True)
