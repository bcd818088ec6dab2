"""`consulta import`: submissions, agencies and topics."""

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from consulta import clock
from consulta.actors import Actor, Role
from consulta.agencies.importing import import_agencies
from consulta.agencies.models import Government
from consulta.agencies.queries import (
    current_notice,
    find_actor_of_post,
    find_government_by_key,
    find_post_by_key,
    find_post_with_role,
    list_governments,
)
from consulta.cli.runtime import Refusal, instance, print_json
from consulta.clocks.decree_files import read_ranges
from consulta.clocks.decrees import draft_decree
from consulta.clocks.rules import DecreeDraft
from consulta.db import unit_of_work
from consulta.entries.importing import import_entries
from consulta.outcomes.importing import import_projects
from consulta.submissions.importing import (
    Report,
    Source,
    TopicFinder,
    import_rows,
    read_mapping,
    topic_finder_by_column,
)
from consulta.submissions.states import Channel
from consulta.tables import CatalogueReport, read_rows
from consulta.windows.catalogue import import_instruments
from consulta.windows.importing import import_topics, read_topic_columns
from consulta.windows.queries import find_topic_by_reference, get_window, map_topics

SHOWN = 20
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import", short_help="Importa comentarios, dependencias, propuestas o temas.")
def import_group() -> None:
    """Importa catálogos y capturas por lote."""


@import_group.command("submissions")
@click.argument("file", type=EXISTING, metavar="ARCHIVO.csv")
@click.option("--topic", "reference", metavar="REF", help="Tema de todas las filas: <consulta>/<n>.")
@click.option("--topic-column", metavar="COLUMNA", help="Columna que dice el tema de cada fila.")
@click.option("--channel", required=True, type=click.Choice([item.value for item in Channel]), help="Cómo llegó.")
@click.option("--map", "map_file", required=True, type=EXISTING, metavar="MAPA.toml", help="Qué columna es qué.")
@click.option("--dry-run", is_flag=True, help="Revisa sin guardar.")
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado en JSON.")
def submissions(
    file: Path,
    reference: str | None,
    topic_column: str | None,
    channel: str,
    map_file: Path,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Captura por lote, con la misma recepción que la página. Repetir el archivo no agrega nada."""
    if (reference is None) == (topic_column is None):
        raise Refusal("Indique el tema con --topic REF o con --topic-column COLUMNA, uno de los dos.")
    with instance() as (_app, settings, _database):
        mapping = read_mapping(map_file)
        if reference is not None:
            finder, government_id = _fixed_topic(reference)
        else:
            finder = topic_finder_by_column(str(topic_column), map_topics(mapping.window))
            government_id = _only_government() if mapping.window is None else get_window(mapping.window).government_id
        source = Source(
            mapping=mapping,
            channel=Channel(channel),
            find_topic=finder,
            post_id=_capture_post(government_id),
            notice_version=current_notice(government_id).version,
            secret=settings.secret_key,
            clock=clock.now,
        )
        needed = {*mapping.columns.values(), *([topic_column] if topic_column else [])}
        report = import_rows(read_rows(file, needed), source, dry_run=dry_run, progress=_progress)
    _finish(report, as_json=as_json, dry_run=dry_run)


@import_group.command("agencies")
@click.argument("file", type=EXISTING, metavar="ARCHIVO.csv")
@click.option("--government", "government_key", metavar="CLAVE", help="Gobierno; no hace falta si hay uno solo.")
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado en JSON.")
def agencies(file: Path, government_key: str | None, as_json: bool) -> None:
    """Importa dependencias, unidades y cargos. Lo que ya existe se deja como está."""
    with instance():
        report = import_agencies(file, _government(government_key), clock.now())
    _finish_catalogue(report, as_json=as_json)


@import_group.command("topics")
@click.argument("file", type=EXISTING, metavar="ARCHIVO.csv")
@click.option("--window", "slug", required=True, metavar="CONSULTA", help="Consulta a la que se agregan.")
@click.option("--map", "map_file", type=EXISTING, metavar="MAPA.toml", help="Qué columna es qué.")
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado en JSON.")
def topics(file: Path, slug: str, map_file: Path | None, as_json: bool) -> None:
    """Agrega temas a una consulta. Los que ya se importaron se dejan como están."""
    with instance():
        window = get_window(slug)
        actor = _acting(window.government_id, Role.COORDINATOR)
        report = import_topics(file, window, read_topic_columns(map_file), actor, clock.now())
    _finish_catalogue(report, as_json=as_json)


@import_group.command("calendar")
@click.argument("file", type=EXISTING, metavar="ARCHIVO")
@click.option("--government", "government_key", metavar="CLAVE", help="Gobierno; no hace falta si hay uno solo.")
@click.option("--title", required=True, metavar="NOMBRE", help="Nombre del decreto.")
@click.option("--reference", required=True, metavar="TEXTO", help="Número y periódico oficial.")
@click.option("--gazetted", required=True, metavar="FECHA", help="Día en que lo publicó el periódico, AAAA-MM-DD.")
def calendar(file: Path, government_key: str | None, title: str, reference: str, gazetted: str) -> None:
    """Redacta un decreto de días inhábiles o habilitados, desde CSV o XLSX. La coordinación lo publica en su página."""
    try:
        gazetted_on = date.fromisoformat(gazetted)
    except ValueError as error:
        raise Refusal(f"--gazetted debe ser una fecha que exista, como 2026-12-01; se recibió «{gazetted}».") from error
    with instance():
        government = _government(government_key)
        actor = _acting(government.id, Role.ADMINISTRATOR)
        draft = DecreeDraft(title, reference, gazetted_on, read_ranges(file))
        with unit_of_work():
            decree = draft_decree(government=government, draft=draft, actor=actor, now=clock.now())
            count = len(decree.ranges)
    click.echo(f"Decreto en borrador, con {count} periodos: lo publica la coordinación en /coordinacion/calendario.")


@import_group.command("instruments")
@click.argument("file", type=EXISTING, metavar="ARCHIVO.toml")
@click.option("--government", "government_key", metavar="CLAVE", help="De quién son; sin ella, de todos.")
def instruments(file: Path, government_key: str | None) -> None:
    """Agrega instrumentos: cada tabla del archivo se vuelve una fila, sin programar nada."""
    with instance():
        government = find_government_by_key(government_key or "")
        if government_key and government is None:
            raise Refusal(f"No existe el gobierno «{government_key}».")
        with unit_of_work():
            added = import_instruments(file, government)
    click.echo(f"Instrumentos agregados: {', '.join(added)}.")


@import_group.command("entries")
@click.argument("file", type=EXISTING, metavar="ARCHIVO.xlsx")
@click.option("--window", "slug", required=True, metavar="CONSULTA", help="Consulta que pide propuestas.")
@click.option("--post", "post_key", required=True, metavar="CLAVE", help="Cargo del enlace que las entrega.")
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado en JSON.")
def entries(file: Path, slug: str, post_key: str, as_json: bool) -> None:
    """Entrega las propuestas de una dependencia, de la plantilla XLSX o de un CSV. Repetirlo no agrega nada."""
    with instance():
        window, post = get_window(slug), find_post_by_key(post_key)
        actor = find_actor_of_post(post.id, "desk") if post is not None else None
        if actor is None:
            raise Refusal(f"No existe el cargo «{post_key}».")
        report = import_entries(file, window, actor, clock.now())
    _finish_catalogue(report, as_json=as_json)


@import_group.command("projects")
@click.argument("file", type=EXISTING, metavar="ARCHIVO")
@click.option("--government", "government_key", metavar="CLAVE", help="Gobierno; no hace falta si hay uno solo.")
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado en JSON.")
def projects(file: Path, government_key: str | None, as_json: bool) -> None:
    """Trae proyectos de mejora e intervenciones, con los folios de que vienen. Repetirlo no agrega nada."""
    with instance():
        government = _government(government_key)
        report = import_projects(file, government, _acting(government.id, Role.COORDINATOR), clock.now())
    _finish_catalogue(report, as_json=as_json)


def _government(key: str | None) -> Government:
    """Return the government of a key, or the only one. Raises Refusal when it is not clear which."""
    found = [item for item in list_governments() if key in (None, item.key)]
    if len(found) != 1:
        raise Refusal("Indique el gobierno con --government CLAVE.")
    return found[0]


def _acting(government_id: int, role: Role) -> Actor:
    """Return the post of a role in whose name something is imported. Raises Refusal where there is none."""
    post = find_post_with_role(government_id, role)
    if post is None:
        raise Refusal(f"Este gobierno no tiene un cargo con el papel «{role.value}»: créelo primero.")
    return Actor(post.id, role, post.unit_id, post.unit.agency_id, government_id)


def _fixed_topic(reference: str) -> tuple[TopicFinder, int]:
    topic = find_topic_by_reference(reference)
    if topic is None:
        raise Refusal(f"No existe el tema «{reference}». Se escribe <consulta>/<número>.")
    finder = topic_finder_by_column("tema", {reference: topic.id})
    return lambda _row: finder({"tema": reference}), topic.window.government_id


def _only_government() -> int:
    found = list_governments()
    if len(found) != 1:
        raise Refusal("Hay varios gobiernos: ponga «window» en el mapa.")
    return found[0].id


def _capture_post(government_id: int) -> int | None:
    post = find_post_with_role(government_id, Role.OPERATOR)
    return post.id if post else None


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} filas", nl=False, err=True)


def _finish(report: Report, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        print_json({**asdict(report), "dry_run": dry_run})
    else:
        verb = "Se aceptarían" if dry_run else "Aceptadas"
        click.echo(
            f"Filas: {report.rows:,}. {verb}: {report.accepted:,} (fuera de plazo: {report.late:,}). "
            f"Ya estaban: {report.repeated:,}. Con problemas: {len(report.problems):,}."
        )
        _print_problems(report)
    sys.exit(1 if report.problems else 0)


def _finish_catalogue(report: CatalogueReport, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(report))
    else:
        click.echo(
            f"Filas: {report.rows:,}. Agregadas: {report.added:,}. Ya estaban: {report.known:,}. "
            f"Con problemas: {len(report.problems) + report.more:,}."
        )
        _print_problems(report)
    sys.exit(1 if report.problems else 0)


def _print_problems(report: Report | CatalogueReport) -> None:
    for problem in report.problems[:SHOWN]:
        click.echo(f"  línea {problem.line}, {problem.field}: {problem.message}", err=True)
    if len(report.problems) > SHOWN:
        click.echo(f"  … y {len(report.problems) - SHOWN:,} más: véalas todas con --json.", err=True)
