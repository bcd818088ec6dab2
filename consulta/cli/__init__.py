"""The `consulta` command: Spanish help and output, `--json` where a machine may read it, exit 0, 1 or 2."""

import click

from consulta.cli.archives import baja, expediente
from consulta.cli.bitacora import bitacora
from consulta.cli.doctor import doctor
from consulta.cli.exporting import export
from consulta.cli.importing import import_group
from consulta.cli.instance import accounts, demo, init, token, upgrade
from consulta.cli.mail import mail
from consulta.cli.plazo import plazo
from consulta.cli.seal import key_lost, rotate_key, witness
from consulta.cli.search import search
from consulta.cli.serving import serve, worker
from consulta.cli.stats import stats
from consulta.cli.templates import template

for part in (rotate_key, key_lost, witness):
    bitacora.add_command(part)


@click.group(help="Consulta: consultas públicas y comentarios regulatorios.")
def main() -> None:
    """Run a command."""


COMMANDS = (accounts, baja, bitacora, demo, doctor, expediente, export, import_group, init, plazo, serve, template)
for command in (*COMMANDS, mail, search, stats, token, upgrade, worker):
    main.add_command(command)
