"""A thousand answers filled in a spreadsheet, one in twenty with a broken cell: good ones once, broken ones named."""

import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from consulta.db import session, unit_of_work
from consulta.referrals.models import AnswerWording, Referral
from consulta.referrals.routing import refer_by_topic
from consulta.referrals.sheets import COLUMNS, apply_sheet, check_sheet, write_sheet
from consulta.referrals.tray import list_tray
from consulta.submissions.operations import receive_batch
from measure.instances import DATABASES, Instance, instances
from tests.builders import SECRET, World, a_delivery

ANSWERS, BROKEN = 1_000, 50
SEED = 20_261_125
# What is done to a broken row: which column gets which value.
FAULTS = (
    ("sentido", "Tal vez"),
    ("sentido", ""),
    ("respuesta", "No."),
    ("turno", "999999999"),
    ("folio", "GTO-2026-AAAAAAAA-A"),
)
TEXT = "No procede, porque la ley ya lo ordena en su artículo {number}."


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {**found, "reached": all(item["reached"] for item in found.values())}


def _measure(instance: Instance) -> dict[str, Any]:
    now = datetime.now(UTC)
    world = instance.world(now)
    draw = random.Random(SEED)
    with instance.scope(), tempfile.TemporaryDirectory() as folder:
        _refer(world, now)
        path = Path(folder) / "turnos.xlsx"
        write_sheet(list_tray(unit_ids=[world.units["transito"]], limit=ANSWERS), path)
        broken = _fill_in(path, set(draw.sample(range(2, ANSWERS + 2), BROKEN)), draw)
        posts = (world.actors["respondent"],)
        report = check_sheet(path, posts=posts)
        apply_sheet(report, posts=posts, now=now, submits=False)
        again = check_sheet(path, posts=posts)
        named = {problem.cell for problem in report.problems}
        drafted = session().query(Referral).filter(Referral.answer_id.is_not(None)).count()
        wordings = session().query(AnswerWording).count()
    right = (
        named == broken
        and report.applied == drafted == wordings == ANSWERS - BROKEN
        and (len(again.good), again.known) == (0, ANSWERS - BROKEN)
    )
    return {
        "n": ANSWERS,
        "broken": BROKEN,
        "seed": SEED,
        "applied": report.applied,
        "named_by_cell": len(named & broken),
        "named_wrongly": len(named - broken),
        "applied_again": len(again.good),
        "reached": right,
    }


def _refer(world: World, now: datetime) -> None:
    for start in range(0, ANSWERS, 250):
        deliveries = [a_delivery(world.topics["open"], now) for _ in range(min(250, ANSWERS - start))]
        with unit_of_work():
            outcomes = receive_batch(deliveries, secret=SECRET, clock=lambda: now)
        with unit_of_work():
            for outcome in outcomes:
                refer_by_topic({"folio": outcome.folio}, now)
        session().expunge_all()


def _fill_in(path: Path, rows: set[int], draw: random.Random) -> set[str]:
    """Fill every answer in, break those rows, and return the cells that must be named."""
    book = openpyxl.load_workbook(path)
    sheet, places = book.active, {name: number for number, (name, _width) in enumerate(COLUMNS, 1)}
    broken: set[str] = set()
    for row in range(2, ANSWERS + 2):
        sheet.cell(row, places["sentido"]).value = "No procedente"
        sheet.cell(row, places["respuesta"]).value = TEXT.format(number=row)
        if row in rows:
            column, value = draw.choice(FAULTS)
            sheet.cell(row, places[column]).value = value
            broken.add(sheet.cell(row, places[column]).coordinate)
    book.save(path)
    return broken
