"""History: 882 opinions, 555 projects, 193 actions come in from a file, and every number leads to the folios."""

import csv
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.outcomes.importing import import_projects
from consulta.outcomes.queries import read_chain
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive_batch
from consulta.tables import CatalogueReport
from tests.builders import SECRET, World, a_delivery, get_window
from tests.clock import START
from tests.pages import Page

HEADER = ("tipo", "clave", "titulo", "proyecto", "clase", "unidad", "estado", "motivo", "inicio", "fin", "folios")
OPINIONS, PROJECTS, ACTIONS = 882, 555, 193


def write(path: Path, *rows: dict[str, str]) -> Path:
    """Write a file of history."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        table = csv.DictWriter(handle, HEADER, restval="")
        table.writeheader()
        table.writerows(rows)
    return path


def bring(world: World, path: Path) -> CatalogueReport:
    """Import a file as the coordination."""
    return import_projects(path, get_window(world.slugs["open"]).government, world.actors["coordinator"], START)


def opinions(world: World, count: int) -> list[str]:
    """Receive opinions in batches, and return their folios."""
    deliveries = [a_delivery(world.topics["open"], START) for _ in range(count)]
    for start in range(0, count, 250):
        with unit_of_work():
            receive_batch(deliveries[start : start + 250], secret=SECRET, clock=lambda: START)
    return list(session().scalars(select(Submission.folio).order_by(Submission.id)))


@pytest.mark.usefixtures("scope")
def test_bad_rows_are_named_good_ones_go_in_and_twice_adds_nothing(world: World, tmp_path: Path) -> None:
    [folio] = opinions(world, 1)
    path = write(
        tmp_path / "historia.csv",
        {
            "tipo": "accion",
            "clave": "1",
            "titulo": "Quitar la copia",
            "proyecto": "PM-1",
            "estado": "hecha",
            "fin": "2021-05-31",
        },
        {"tipo": "proyecto", "clave": "PM-1", "titulo": "Menos copias", "clase": "Trámite", "folios": folio.lower()},
        {"tipo": "proyecto", "clave": "PM-2", "titulo": "Otro", "estado": "terminado", "folios": "GTO-2020-NOESTA"},
        {"tipo": "proyecto", "clave": "PM-3", "titulo": "Sin motivo", "estado": "descartado"},
        {"tipo": "proyecto", "clave": "PM-4", "titulo": "Unidad", "unidad": "nadie/nada"},
        {"tipo": "accion", "clave": "1", "titulo": "Huérfana", "proyecto": "PM-99"},
        {"tipo": "accion", "clave": "2", "titulo": "Fecha", "proyecto": "PM-1", "inicio": "31/05/2021"},
        {"tipo": "otra", "clave": "x", "titulo": "x"},
    )

    report = bring(world, path)
    again = bring(world, path)

    assert (report.rows, report.added, report.known) == (8, 3, 0)
    assert [(problem.line, problem.field) for problem in report.problems] == [
        (4, "folios"),
        (5, "reason"),
        (6, "unidad"),
        (7, "proyecto"),
        (8, "inicio"),
        (9, "tipo"),
    ]
    assert (again.added, again.known) == (0, 3)
    chain = read_chain(world.government_id)
    assert (chain.traced, chain.born_of_opinions, chain.own_initiative, chain.actions["done"]) == (1, 1, 1, 1)


def test_chain_of_the_history_adds_up_and_leads_to_the_folios(
    app: Flask, world: World, database: Database, tmp_path: Path
) -> None:
    with session_scope(database):
        folios = opinions(world, OPINIONS)
        rows = [
            {
                "tipo": "proyecto",
                "clave": f"PM-{number:03d}",
                "titulo": f"Proyecto {number} (inventado)",
                # The first take two opinions each, until every opinion has its project.
                "folios": " ".join(folios[number::PROJECTS]),
            }
            for number in range(PROJECTS)
        ]
        rows += [
            {"tipo": "accion", "clave": "1", "titulo": f"Intervención {number}", "proyecto": f"PM-{number:03d}"}
            for number in range(ACTIONS)
        ]
        report = bring(world, write(tmp_path / "historia.csv", *rows))
        assert (report.added, report.problems) == (PROJECTS + ACTIONS, [])
    page = Page(app)

    shown = page.get("/resultados")

    numbers = [item.get_text(strip=True) for item in shown.soup.select(".big-numbers strong")]
    assert numbers == [f"{OPINIONS}", f"{PROJECTS}", f"{ACTIONS}"]
    assert everything(page, "/resultados/opiniones", r"/folio/([A-Z0-9-]+)") == set(folios)
    projects = everything(page, "/resultados/proyectos", r"/resultados/proyectos/(\d+)")
    assert len(projects) == PROJECTS
    assert len(everything(page, "/resultados/intervenciones", r"#intervencion-(\d+)")) == ACTIONS
    of_one = everything(page, f"/resultados/proyectos/{min(projects, key=int)}", r"/folio/([A-Z0-9-]+)")
    assert of_one == {folios[0], folios[PROJECTS]}
    table = page.get("/resultados.csv").response.get_data(as_text=True)
    assert len({row["folio"] for row in csv.DictReader(table.splitlines()) if row["folio"]}) == OPINIONS


def everything(page: Page, address: str, pattern: str) -> set[str]:
    """Follow a list to its last page and return what its links name."""
    found: set[str] = set()
    following: str | None = address
    while following:
        shown = page.get(following)
        found |= {match[1] for link in shown.links() if (match := re.search(pattern, link))}
        older = shown.soup.select_one("a[rel=next]")
        following = address + str(older["href"]) if older else None
    return found
