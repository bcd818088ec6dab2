"""`consulta mail`: what mail servers send back."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from consulta import clock
from consulta.app import return_path_of
from consulta.cli.runtime import Refusal, instance, print_json
from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.notices.bounces import Applied, apply_report, read_report
from consulta.notices.return_path import ReturnPath

WORDS = {
    Applied.FAILED: "avisos que no se entregaron",
    Applied.KNOWN: "ya se sabían",
    Applied.IGNORED: "sin nada que hacer",
}
FOLDERS = ("new", "cur")


@click.group("mail", short_help="Lee los correos que regresan.")
def mail() -> None:
    """Lee los correos que regresan."""


@mail.command("bounces")
@click.argument("source", metavar="[ARCHIVO|-]", default="-", type=click.Path(exists=True, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Para programas.")
def bounces(source: str, as_json: bool) -> None:
    """Aplica avisos de entrega (RFC 3464): un mensaje, un mbox, una carpeta, o la entrada estándar.

    Lo que no se entregó se publica en estrados, y a quien no se le puede escribir no se le escribe más. Nada se borra;
    leer lo mismo otra vez no cambia nada. Termina con 1 si algún mensaje no se pudo leer: ese queda donde estaba.
    """
    counted: Counter[str] = Counter()
    problems: list[dict[str, str]] = []
    with instance() as (_app, settings, _database):
        return_path = return_path_of(settings)
        if return_path is None:
            raise Refusal("Ponga CONSULTA_BOUNCE_ADDRESS: sin ella los correos no llevan adónde regresar.")
        for name, content in _messages(source):
            try:
                counted[_apply(content, return_path)] += 1
            except Refused as refused:
                problems.append({"message": name, "problem": refused.message})
    if as_json:
        print_json({**{item.value: counted[item] for item in Applied}, "problems": problems})
    else:
        click.echo(", ".join(f"{counted[item]} {WORDS[item]}" for item in Applied) + ".")
        for problem in problems:
            click.echo(f"{problem['message']}: {problem['problem']}", err=True)
    sys.exit(1 if problems else 0)


def _apply(content: bytes, return_path: ReturnPath) -> Applied:
    report = read_report(content, return_path)
    with unit_of_work():
        return apply_report(report, clock.now())


def _messages(source: str) -> Iterator[tuple[str, bytes]]:
    """Yield each message with a name to call it by."""
    if source == "-":
        yield "entrada estándar", sys.stdin.buffer.read()
        return
    path = Path(source)
    if path.is_dir():
        folders = [path / name for name in FOLDERS if (path / name).is_dir()] or [path]
        for file in sorted(item for folder in folders for item in folder.iterdir() if item.is_file()):
            yield file.name, file.read_bytes()
    elif path.read_bytes()[:5] == b"From ":
        with closing(mailbox.mbox(path, create=False)) as box:
            for key in box.keys():  # noqa: SIM118 - a mailbox yields its messages, not its keys
                yield f"{path.name} {int(key) + 1}", box.get_bytes(key)
    else:
        yield path.name, path.read_bytes()
