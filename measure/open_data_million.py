"""A million submissions as open data: how fast they are exported, in how much memory, and what a thousand changes cost.

Rows are written as intake writes them but for their acts; they lie in three windows and several months. The building
runs in a process of its own, so that its memory is its own.
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from consulta.app import create_app
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.opendata.building import refresh
from consulta.opendata.datasets import DATASETS
from consulta.opendata.formats import csv_lines, header, write_parquet
from consulta.opendata.shelf import Shelf
from consulta.record.operations import append_leaf
from consulta.record.sequencing import sequence_everything
from consulta.submissions.models import Submission
from measure.instances import DATABASES, ROOT, Instance, instances
from tests.builders import World, a_published

ROWS, CHANGES, SEED = int(os.environ.get("ROWS", "1000000")), 1_000, 20_261_129
START = datetime(2026, 6, 10, 18, 0, tzinfo=UTC)
FEWEST_PER_SECOND, LONGEST_PARQUET, MOST_MIB = 100_000, 60, 286
MONTHS = 4
RUN = "import sys; from measure.open_data_million import {what}; {what}(*sys.argv[1:])"
TEXT = (
    "Propongo que la revisión de los camiones sea cada tres meses y no cada año, porque los frenos se gastan antes, "
    "sobre todo en las rutas que suben a los cerros, y que el resultado se publique en cada parada. Comentario {n}."
)


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"rows": ROWS, "seed": SEED, **found, "reached": all(item["reached"] for item in found.values())}


def _measure(instance: Instance) -> dict[str, Any]:
    world = instance.world(START)
    with instance.scope():
        _fill(world)
    url, folder = instance.settings.database_url, str(instance.folder)
    exported = _alone("export_alone", url, folder)
    built = _alone("build_alone", url, folder)
    downloaded = _download(instance)
    with instance.scope():
        _change()
    again = _alone("build_alone", url, folder)
    per_second = round(ROWS / exported["csv_s"])
    return {
        "csv_rows_per_s": per_second,
        "csv_s": exported["csv_s"],
        "csv_mib": exported["csv_mib"],
        "download_rows_per_s": round(ROWS / downloaded),
        "parquet_s": built["parquet_s"],
        "build_s": built["build_s"],
        "peak_mib": max(exported["peak_mib"], built["peak_mib"], again["peak_mib"]),
        "peak_mib_of_each": [exported["peak_mib"], built["peak_mib"], again["peak_mib"]],
        "parts": built["parts"],
        "rewritten_after_changes": again["touched"],
        "rewrite_s": again["build_s"],
        "reached": (
            per_second >= FEWEST_PER_SECOND
            and built["parquet_s"] <= LONGEST_PARQUET
            and max(exported["peak_mib"], built["peak_mib"], again["peak_mib"]) <= MOST_MIB
            and again["touched"] == 1
        ),
    }


def _alone(what: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(what=what), *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def _download(instance: Instance) -> float:
    """Return the seconds in which the application sends the CSV of all submissions, built before."""
    with instance.scope() as database:
        client = create_app(instance.settings, database=database, clock=lambda: START).test_client()
        begun = time.perf_counter()
        lines = sum(chunk.count(b"\n") for chunk in client.get("/datos/comentarios.csv").response)
        seconds = time.perf_counter() - begun
    if lines < ROWS:
        raise RuntimeError(f"faltan renglones: {lines}")
    return seconds


def export_alone(url: str, folder: str) -> None:
    """Write the CSV of all submissions, as `consulta export submissions` does."""
    dataset, path = DATASETS["submissions"], Path(folder) / "todo.csv"
    with session_scope(Database(url)), path.open("wb") as handle:
        begun = time.perf_counter()
        handle.write(header(dataset))
        handle.writelines(csv_lines(dataset.rows(None, START)))
        seconds = time.perf_counter() - begun
    print(json.dumps({"csv_s": round(seconds, 1), "csv_mib": round(path.stat().st_size / 2**20), **_peak()}))


def build_alone(url: str, folder: str) -> None:
    """Write again what was touched of the submissions; a Parquet file of all of them, timed by itself."""
    dataset, shelf = DATASETS["submissions"], Shelf(Path(folder) / "datos")
    with session_scope(Database(url)):
        begun = time.perf_counter()
        touched = refresh(shelf, START + timedelta(days=400 * len(list(shelf.root.rglob("*.parquet")))), [dataset])
        seconds = time.perf_counter() - begun
    manifest = shelf.manifest(dataset)
    assert manifest is not None
    parts = [shelf.path(dataset, part, "json") for _, part in sorted(manifest.parts.items())]
    begun = time.perf_counter()
    write_parquet(dataset, parts, Path(folder) / "todo.parquet")
    parquet = time.perf_counter() - begun
    told = {"build_s": round(seconds, 1), "parquet_s": round(parquet, 1), "parts": len(manifest.parts)}
    print(json.dumps({**told, "touched": len(touched["submissions"]), **_peak()}))


def _peak() -> dict[str, int]:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return {"peak_mib": round(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024)}


def _fill(world: World) -> None:
    """Write rows like one that intake wrote and a moderator published."""
    one = a_published(world, START)
    columns = {column.key: getattr(one, column.key) for column in Submission.__table__.columns if column.key != "id"}
    topics = [world.topics["open"], world.topics["closed"], world.topics["mailbox"]]
    for first in range(0, ROWS, 5_000):
        rows = []
        for n in range(first, min(first + 5_000, ROWS)):
            unique = {"folio": f"GTO-2026-{n:08d}-M", "nonce_hash": n.to_bytes(32, "big"), "text": TEXT.format(n=n)}
            at = START + timedelta(days=30 * (n // 3 % MONTHS), seconds=n % 86_400)
            rows.append({**columns, **unique, "topic_id": topics[n % 3], "received_at": at, "closes_at_seen": None})
        with unit_of_work():
            session().execute(insert(Submission), rows)
    with unit_of_work():
        sequence_everything(START)


def _change() -> None:
    """Change a thousand submissions of one part, each with its leaf."""
    found = (
        select(Submission)
        .where(Submission.topic_id == select(Submission.topic_id).limit(1).scalar_subquery())
        .order_by(Submission.received_at)
        .limit(CHANGES)
    )
    with unit_of_work():
        for item in session().scalars(found):
            item.is_hidden = True
            append_leaf(kind="submission.disowned", public_id=item.folio, at=START, content={"post_id": None})
        sequence_everything(START)
