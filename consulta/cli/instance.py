"""Commands about the instance: creating and migrating it, the demonstration, its accounts, tokens of posts."""

from datetime import UTC, datetime

import click

from consulta import clock
from consulta.accounts.tokens import PER_MINUTE, SCOPES, issue_api_token, revoke_api_tokens
from consulta.agencies.queries import find_post_by_key, list_governments
from consulta.cli.runtime import Refusal, instance, print_json
from consulta.config import load_settings
from consulta.db import Database, unit_of_work
from consulta.demo.accounts import DEMO_PASSWORD, list_demo_accounts
from consulta.demo.government import load_demo
from consulta.jobs.worker import Worker
from consulta.migrate import current_revision
from consulta.migrate import upgrade as migrate_up
from consulta.storage.folder import FolderStorage
from consulta.windows.catalogue import install_instruments


@click.command("init", short_help="Crea la base de una instancia nueva.")
def init() -> None:
    """Crea la base y los instrumentos de una instancia nueva."""
    settings = load_settings()
    database = Database(settings.database_url)
    database.check()
    if current_revision(database) is not None:
        raise Refusal("Esta instancia ya existe: use «consulta upgrade».")
    migrate_up(database)
    database.dispose()
    with instance(), unit_of_work():
        install_instruments()
    click.echo(f"Instancia creada en {settings.instance}.")


@click.command("upgrade", short_help="Lleva la base a la versión del programa.")
def upgrade() -> None:
    """Migra la base a la versión del programa."""
    database = Database(load_settings().database_url)
    database.check()
    before = current_revision(database)
    migrate_up(database)
    after = current_revision(database)
    database.dispose()
    with instance(), unit_of_work():
        install_instruments()
    click.echo("La base ya estaba al día." if before == after else f"Base migrada: {before or 'vacía'} → {after}.")


@click.command("demo", short_help="Carga el gobierno de demostración.")
def demo() -> None:
    """Carga el gobierno de demostración en una instancia vacía; si ya está, no hace nada."""
    with instance() as (app, settings, database):
        if not settings.demo:
            raise Refusal("Esta no es una instancia de demostración: ponga CONSULTA_DEMO=1.")
        if list_governments():
            click.echo("La demostración ya estaba cargada.")
            return
        load_demo(now=clock.now(), secret=settings.secret_key, storage=FolderStorage(settings.uploads))
    with instance() as (app, _settings, database):
        Worker(database, app.extensions["consulta.registry"], clock.now).drain()
    click.echo("Demostración cargada.")


@click.command("accounts", short_help="Muestra las cuentas de la demostración.")
@click.option("--json", "as_json", is_flag=True, help="Escribe en JSON.")
def accounts(as_json: bool) -> None:
    """Muestra las cuentas de la demostración, una por función."""
    with instance() as (_app, settings, _database):
        if not settings.demo:
            raise Refusal("Solo una instancia de demostración muestra sus cuentas.")
        found = list_demo_accounts()
    if as_json:
        print_json(found)
        return
    for account in found:
        click.echo(f"{account['role']:<14} {account['email']:<38} {account['post']}")
    click.echo(f"Contraseña de todas: {DEMO_PASSWORD}")


@click.command("token", short_help="Emite un token de un cargo para la API.")
@click.option("--post", "post_key", required=True, metavar="CLAVE", help="Clave del cargo.")
@click.option("--scope", required=True, type=click.Choice(SCOPES), help="Qué permite.")
@click.option("--expires", metavar="FECHA", help="Último día en que sirve, AAAA-MM-DD.")
@click.option("--per-minute", default=PER_MINUTE, show_default=True, metavar="N", help="Llamadas por minuto.")
@click.option("--revoke", is_flag=True, help="Anula los que tenga, en vez de emitir otro.")
@click.option("--json", "as_json", is_flag=True, help="Escribe en JSON.")
def token(post_key: str, scope: str, expires: str | None, per_minute: int, revoke: bool, as_json: bool) -> None:
    """Emite un token de un cargo para la API. Se muestra una sola vez."""
    try:
        expires_at = None if expires is None else datetime.fromisoformat(f"{expires}T23:59:59").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refusal("La fecha debe ser como 2027-01-31.") from error
    with instance():
        post = find_post_by_key(post_key)
        if post is None:
            raise Refusal(f"No existe el cargo «{post_key}».")
        post_id = post.id
        if revoke:
            with unit_of_work():
                ended = revoke_api_tokens(post_id=post_id, scope=scope, now=clock.now())
            click.echo(f"Tokens anulados: {ended}.")
            return
        with unit_of_work():
            issued = issue_api_token(
                post_id=post_id, scope=scope, now=clock.now(), expires_at=expires_at, per_minute=per_minute
            )
    if as_json:
        print_json({"token": issued})
    else:
        click.echo(issued)
