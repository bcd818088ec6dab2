"""`consulta stats`: what is derived, made again; figures of people, released when they are due."""

import click

from consulta import clock
from consulta.cli.runtime import Refusal, instance, print_json
from consulta.db import session, unit_of_work
from consulta.disclosure import Policy
from consulta.opendata.building import refresh
from consulta.opendata.shelf import Shelf
from consulta.participation.operations import release_due, release_people
from consulta.participation.queries import tables_of
from consulta.participation.wording import headline
from consulta.submissions.demographics import flush_demographics
from consulta.windows.counters import fold_counters
from consulta.windows.queries import get_window
from consulta.windows.sealing import place_acts


@click.group("stats", short_help="Rehace lo que se calcula; publica cifras de participación.")
def stats() -> None:
    """Rehace lo que se calcula; publica cifras de participación."""


@stats.command("refresh")
@click.option("--json", "as_json", is_flag=True, help="Para programas.")
def refresh_stats(as_json: bool) -> None:
    """Suma contadores, publica las cifras que ya tocan y vuelve a escribir los datos abiertos que cambiaron."""
    with instance() as (_app, settings, _database):
        for work in (fold_counters, place_acts, flush_demographics, release_due(Policy(settings.people_threshold))):
            with unit_of_work():
                work(clock.now())
        shelf = Shelf(settings.open_data)
        with shelf.alone() as is_alone:
            if not is_alone:
                raise Refusal("El trabajador está escribiendo los datos abiertos ahora: espere a que termine.")
            touched = refresh(shelf, clock.now())
        session().rollback()
    if as_json:
        print_json(touched)
        return
    written = sum(len(parts) for parts in touched.values())
    click.echo(f"{written} partes escritas." if written else "Todo estaba al día.")
    for name, parts in touched.items():
        if parts:
            click.echo(f"  {name}: {len(parts)}")


@stats.command("publish")
@click.argument("slug", metavar="CONSULTA")
def publish(slug: str) -> None:
    """Publica quién participó en una consulta o buzón, si ya toca. Se hace una vez: no se repite ni se deshace."""
    with instance() as (_app, settings, _database):
        with unit_of_work():
            release = release_people(
                window=get_window(slug), policy=Policy(settings.people_threshold), actor=None, now=clock.now()
            )
            told = headline(tables_of(release)[0])
        click.echo(f"{told} Huella: {release.digest}")
