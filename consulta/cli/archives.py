"""`consulta expediente` and `consulta baja`: the file of a case, and leaving no trace of what was disposed of."""

import sys
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import text

from consulta import clock
from consulta.archives.dossiers import Source, write_submission, write_window
from consulta.cli.runtime import Refusal, instance
from consulta.db import Database, session
from consulta.errors import Refused
from consulta.folio import parse_folio
from consulta.record.signing import load_key
from consulta.storage.folder import FolderStorage
from consulta.submissions.queries import find_by_folio
from consulta.windows.queries import find_window

# Every table in which a purge leaves dead rows.
TOUCHED = (
    *("submissions", "openings", "attachments", "notices", "parts", "moderations", "appeals", "disowning_claims"),
    *("hand_overs", "referrals", "answers", "answer_versions", "answer_wordings", "jobs", "waiting_files"),
    "data_rights_requests",
)


@click.command("expediente", short_help="Escribe el expediente de un folio o una consulta, con sus pruebas.")
@click.argument("about", metavar="FOLIO|CONSULTA")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="ARCHIVO.zip")
def expediente(about: str, output: Path | None) -> None:
    """Escribe el expediente completo: carátula, índice, actos, datos, pruebas y manifiesto sellado."""
    with instance() as (_app, settings, _database):
        source = Source(
            origin=settings.record_origin,
            key=load_key(settings.instance / "keys"),
            read=FolderStorage(settings.uploads).read,
            post_title="",
            now=clock.now(),
        )
        target = output or Path(f"expediente-{about}.zip")
        window = find_window(about)
        if window is not None:
            count = write_window(target, window, source, _progress)
            click.echo(f"{target}: {count:,} folios.")
            return
        try:
            submission = find_by_folio(parse_folio(about))
        except Refused:
            submission = None
        if submission is None:
            raise Refusal(f"No hay folio ni consulta «{about}».")
        write_submission(target, submission, source)
        click.echo(f"{target}: escrito.")


@click.group("baja", short_help="Baja documental.")
def baja() -> None:
    """Lo que toca a quien administra el equipo en una baja documental autorizada."""


@baja.command("sweep")
def sweep() -> None:
    """Reescribe las tablas y vacía el registro de escritura: de lo dado de baja no queda rastro en la base."""
    with instance() as (_app, _settings, database):
        sweep_database(database)
    click.echo("Listo. Los respaldos de antes lo conservan hasta que venzan: bórrelos según su plazo.")


def sweep_database(database: Database) -> None:
    """Rewrite what a purge touched, so that no dead row stays in a file of the database. Locks each table meanwhile."""
    session().rollback()
    if database.engine.dialect.name == "sqlite":
        # Not through a connection of the engine: that begins a transaction, in which nothing can be rewritten.
        with closing(database.engine.raw_connection()) as raw:
            raw.cursor().execute("VACUUM")
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in TOUCHED:
            connection.execute(text(f"VACUUM (FULL, ANALYZE) {table}"))
        # Where the planner keeps samples of what columns held. Who does not own the cluster is warned, not refused.
        connection.execute(text("VACUUM (FULL) pg_catalog.pg_statistic"))
        # What the log of writes still says is overwritten as its files are used again, at most within two of these.
        for _turn in range(2):
            connection.execute(text("SELECT pg_switch_wal()"))
            connection.execute(text("CHECKPOINT"))


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} folios", nl=False, err=True)
