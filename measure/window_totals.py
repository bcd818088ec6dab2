"""The totals of windows after random histories: page, API, every export and a recount of the rows say the same."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import openpyxl
import polars
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, func, select

from consulta.app import create_app
from consulta.db import session, unit_of_work
from consulta.opendata.building import refresh
from consulta.opendata.shelf import Shelf
from consulta.record.sequencing import sequence_everything
from consulta.submissions.models import Submission
from consulta.submissions.states import Standing
from consulta.windows.models import Topic, Window
from measure.answer_histories import PER_GOVERNMENT, SEED, START, found_government, play_history
from measure.instances import DATABASES, Instance, instances

HISTORIES = 1_000
AT = START + timedelta(days=60)
COUNTED = ("En plazo", "Sellado en plazo y capturado después del cierre")
SLOW = "En plazo: su formulario"
ADMITTED = "Admitida por la coordinación"
ANSWERED = "Respondido"
COUNTERS = ("page", "api")
STANDING = Submission.is_answered.is_(True) & (Submission.standing == Standing.STANDS)
NUMBER = r"([\d,]+)"


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"histories": HISTORIES, "seed": SEED, **found, "reached": all(item["reached"] for item in found.values())}


def _measure(instance: Instance) -> dict[str, Any]:
    with instance.scope() as database:
        for number in range(HISTORIES):
            if number % PER_GOVERNMENT == 0:
                with unit_of_work():
                    actors, units = found_government(number)
            play_history(number, dict(actors), units)
            session().expunge_all()
        with unit_of_work():
            sequence_everything(AT)
        shelf = Shelf(instance.settings.open_data)
        refresh(shelf, AT)
        # Counters count every answered one; a row that its author withdrew says so instead of «Respondido».
        truth = {True: _recount(Submission.is_answered.is_(True)), False: _recount(STANDING)}
        slugs = session().scalars(select(Window.slug).order_by(Window.id)).all()
        session().rollback()
        client = create_app(instance.settings, database=database, clock=lambda: AT).test_client()
        told = {
            "page": _by_window(slugs, lambda slug: _page(client, slug)),
            "api": _by_window(slugs, lambda slug: _api(client, slug)),
            **{form: _export(client, form) for form in ("csv", "json", "xlsx", "parquet")},
        }
    different = {
        name: sum(counts.get(slug, (0, 0)) != truth[name in COUNTERS].get(slug, (0, 0)) for slug in slugs)
        for name, counts in told.items()
    }
    return {
        "windows": len(slugs),
        "submissions": sum(received for received, _answered in truth[True].values()),
        "different": different,
        "reached": not any(different.values()) and bool(truth),
    }


def _recount(answered: ColumnElement[bool]) -> dict[str, tuple[int, int]]:
    """Return how many were received in time and how many of those are answered, from the rows."""
    rows = session().execute(
        select(Window.slug, func.count(), func.count().filter(answered))
        .select_from(Submission)
        .join(Topic, Topic.id == Submission.topic_id)
        .join(Window, Window.id == Topic.window_id)
        .where(Submission.is_admitted.is_(True))
        .group_by(Window.slug)
    )
    return {slug: (received, count) for slug, received, count in rows}


def _by_window(slugs: Iterable[str], tell: Callable[[str], tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {slug: tell(slug) for slug in slugs}


def _page(client: FlaskClient, slug: str) -> tuple[int, int]:
    text = client.get(f"/consultas/{slug}/resultados").text
    received = re.search(rf"{NUMBER} comentarios? recibidos?", text)
    answered = re.search(rf"{NUMBER} respondidos?", text)
    return tuple(int(found[1].replace(",", "")) if found else -1 for found in (received, answered))  # type: ignore[return-value]


def _api(client: FlaskClient, slug: str) -> tuple[int, int]:
    counters = client.get(f"/api/v1/windows/{slug}").get_json()["counters"]
    return counters["received"], counters["answered"]


def _export(client: FlaskClient, form: str) -> dict[str, tuple[int, int]]:
    received: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for row in _rows(client, form):
        if row["admision"] in COUNTED or row["admision"].startswith(SLOW) or row["decision"] == ADMITTED:
            received[row["consulta"]] += 1
            answered[row["consulta"]] += row["situacion"] == ANSWERED
    return {slug: (count, answered[slug]) for slug, count in received.items()}


def _rows(client: FlaskClient, form: str) -> Iterable[dict[str, Any]]:
    body = client.get(f"/datos/comentarios.{form}").data
    if form == "csv":
        return csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    if form == "json":
        return (json.loads(line) for line in body.decode("utf-8").split("\n") if line)
    if form == "parquet":
        return polars.read_parquet(io.BytesIO(body)).iter_rows(named=True)
    names, *rows = openpyxl.load_workbook(io.BytesIO(body), read_only=True)["datos"].iter_rows(values_only=True)
    return (dict(zip(names, row, strict=True)) for row in rows)
