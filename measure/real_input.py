"""Real comments and reports through `consulta import`: every row accounted for, the same counts everywhere.

5,503 comments on 80 proposals into a window with its topics; 12,744 reports into a permanent topic.
Peak memory of the command is read by the system (ru_maxrss) and compared with a run over a tenth of the rows.
"""

import csv
import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from consulta.agencies.models import Government, Unit
from consulta.db import session, unit_of_work
from consulta.jobs.models import Job
from consulta.moderation.operations import publish_text
from consulta.moderation.queries import list_to_review
from consulta.referrals.models import Referral
from consulta.submissions.models import Submission
from consulta.windows.dating import schedule_window
from consulta.windows.importing import import_topics
from consulta.windows.models import Topic
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument, get_window
from measure.instances import ROOT, SHARED, Instance, get_json, instances
from tests.builders import World

MADRID = SHARED / "data" / "decide-madrid"
HERMOSILLO = SHARED / "data" / "hermosillo" / "reports.csv"
# Before the first comment, so that the attested instants fall inside the term.
OPENED = datetime(2015, 9, 1, 12, tzinfo=UTC)
RATE_WANTED = 500
MEMORY_WANTED = 50 * 1024 * 1024

COMMAND = """
import atexit, pathlib, re, sys
target = pathlib.Path(sys.argv[1])
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: target.write_text(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]))
from consulta.cli import main
main(sys.argv[2:])
"""
MADRID_MAP = """kind = "comment"
window = "propuestas-de-la-ciudadania"
timezone = "Europe/Madrid"
[columns]
id = "id"
text = "text"
received_on = "date"
received_time = "time"
"""
HERMOSILLO_MAP = """kind = "service_request"
timezone = "America/Hermosillo"
[columns]
id = "id"
text = "descripcion"
received_on = "fecha"
"""


def run() -> dict[str, Any]:
    """Measure on both databases."""
    if not MADRID.exists():
        return {"reached": False, "why": "the folder of real data is not beside the repository"}
    with instances("sqlite", "postgresql") as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"reached": all(item["reached"] for item in found.values()), **found}


def _measure(instance: Instance) -> dict[str, Any]:
    world = instance.world(datetime.now(UTC))
    with instance.scope():
        _open_window(world, "Propuestas de la ciudadanía", "agenda_regulatoria", "agenda", 1000)
        _open_window(world, "Reportes de la ciudad", "atencion_ciudadana", "reportes", 0)
        # The window closed in 2019: its topics are added as of its opening, as they were.
        columns = {"key": "id", "title": "title", "summary": "summary"}
        window, actor = get_window("propuestas-de-la-ciudadania"), world.actors["coordinator"]
        topics = import_topics(MADRID / "proposals.csv", window, columns, actor, OPENED)
        assert topics.added == topics.rows == 80
    madrid = _import(instance, MADRID / "comments.csv", MADRID_MAP, "--topic-column", "proposalId")
    hermosillo = _import(instance, HERMOSILLO, HERMOSILLO_MAP, "--topic", "reportes-de-la-ciudad/1")
    agreement = _agreement(instance, world)
    return {
        "decide_madrid": madrid,
        "hermosillo": hermosillo,
        "agreement": agreement,
        "reached": madrid["reached"] and hermosillo["reached"] and agreement["equal"],
    }


def _open_window(world: World, title: str, instrument: str, topic: str, days: int) -> None:
    actor = world.actors["coordinator"]
    with unit_of_work():
        government = session().get_one(Government, world.government_id)
        window = create_window(
            government=government,
            instrument=get_instrument(instrument),
            title=title,
            summary="Datos reales para medir.",
            actor=actor,
            now=OPENED,
        )
        unit = session().get_one(Unit, world.units["transito"])
        add_topic(window=window, title=topic, summary="", unit=unit, actor=actor, now=OPENED)
        schedule_window(window=window, opens_on=date(2015, 9, 1), days=days, actor=actor, now=OPENED)


def _import(instance: Instance, file: Path, mapping: str, *topic: str) -> dict[str, Any]:
    map_file = _write(instance.folder / f"{file.stem}.toml", mapping)
    options = [*topic, "--channel", "paper", "--map", map_file, "--json"]
    rows = _count_rows(file)
    tenth = instance.folder / f"{file.stem}-tenth.csv"
    _head(file, tenth, rows // 10)
    small = _timed(instance, [str(tenth), *options])
    full = _timed(instance, [str(file), *options])
    again = _timed(instance, [str(file), *options])
    fresh = full["accepted"] + small["accepted"]
    rate = full["accepted"] / full["seconds"]
    growth = full["peak_bytes"] - small["peak_bytes"]
    return {
        "rows": rows,
        "accepted": fresh,
        "reported": len(full["problems"]),
        "reasons": _reasons(full["problems"]),
        "accounted_for": fresh + len(full["problems"]) == rows and full["repeated"] == small["accepted"],
        "second_run_added": again["accepted"],
        "rows_per_second": round(rate),
        "peak_mib": {"tenth": small["peak_bytes"] >> 20, "all": full["peak_bytes"] >> 20, "growth": growth >> 20},
        "reached": fresh + len(full["problems"]) == rows
        and again["accepted"] == 0
        and rate >= RATE_WANTED
        and growth <= MEMORY_WANTED,
    }


def _timed(instance: Instance, arguments: list[str]) -> dict[str, Any]:
    """Run an import as its own process and read its result, its seconds and its own peak memory.

    VmHWM begins at zero with the process; ru_maxrss would carry over what this one holds.
    """
    peak = instance.folder / "peak"
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, str(peak), "import", "submissions", *arguments],
        env={**os.environ, **instance.environ},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=False,
    )
    seconds = time.monotonic() - started
    result: dict[str, Any] = json.loads(done.stdout)
    return {**result, "seconds": seconds, "peak_bytes": int(peak.read_text("ascii")) * 1024}


def _agreement(instance: Instance, world: World) -> dict[str, Any]:
    """Publish everything, let the worker finish, and count on every surface."""
    with instance.scope():
        while True:
            waiting = [item.id for item in list_to_review(world.government_id, limit=500)]
            if not waiting:
                break
            for start in range(0, len(waiting), 100):
                with unit_of_work():
                    for item_id in waiting[start : start + 100]:
                        submission = session().get_one(Submission, item_id)
                        publish_text(submission=submission, actor=world.actors["moderator"], now=datetime.now(UTC))
                session().expunge_all()
    instance.serve()
    _wait_for_jobs(instance)
    slugs = ("propuestas-de-la-ciudadania", "reportes-de-la-ciudad")
    found = {slug: _counts(instance, slug) for slug in slugs}
    instance.stop()
    return {"equal": all(len(set(item.values())) == 1 for item in found.values()), **found}


def _counts(instance: Instance, slug: str) -> dict[str, int]:
    api = get_json(f"{instance.url}/api/v1/windows/{slug}")
    with instance.scope():
        topics = select(Topic.id).where(Topic.window.has(slug=slug))
        rows = session().scalar(select(func.count()).select_from(Submission).where(Submission.topic_id.in_(topics)))
        referred = session().scalar(
            select(func.count())
            .select_from(Referral)
            .join(Submission, Submission.id == Referral.submission_id)
            .where(Submission.topic_id.in_(topics))
        )
        routed = (
            select(func.count())
            .select_from(Submission)
            .join(Submission.topic)
            .where(Submission.topic_id.in_(topics), Topic.unit_id.is_not(None), Submission.timeliness == "on_time")
        )
        assert referred == session().scalar(routed)
    export = instance.folder / "export.csv"
    instance.command("export", "submissions", "-o", str(export))
    with export.open(encoding="utf-8-sig", newline="") as handle:
        exported = [row for row in csv.DictReader(handle) if row["consulta"] == slug]
    return {
        "database": int(rows or 0),
        "api": api["counters"]["received"] + api["counters"]["late"],
        "page": _page_count(instance, slug),
        "export": len(exported),
    }


def _page_count(instance: Instance, slug: str) -> int:
    """Read every published comment of every topic page; where texts are not public, the count the page prints."""
    window = get_json(f"{instance.url}/api/v1/windows/{slug}")
    if window["counters"]["published"] == 0:
        return _printed(instance, window)
    folios = set()
    for topic in window["topics"]:
        cursor = ""
        while cursor is not None:
            page = get_json(f"{instance.url}/api/v1/topics/{topic['id']}/submissions?cursor={cursor}")
            folios.update(item["folio"] for item in page["items"])
            cursor = page["next"]
    printed = _printed(instance, window)
    # What came late is counted apart and not published; everything else was reviewed and is there to read.
    counters = window["counters"]
    assert len(folios) == counters["published"] == counters["received"] == printed - counters["late"]
    return printed


def _printed(instance: Instance, window: dict[str, Any]) -> int:
    import re
    import urllib.request

    path = window["url"].split("://", 1)[1].split("/", 1)[1]
    with urllib.request.urlopen(f"{instance.url}/{path}", timeout=60) as answer:
        html = answer.read().decode("utf-8")
    received = re.search(r"([\d,]+) comentarios? recibidos?<", html)
    late = re.search(r"([\d,]+) recibidos? fuera de plazo", html)
    return sum(int(match[1].replace(",", "")) for match in (received, late) if match)


def _wait_for_jobs(instance: Instance, seconds: float = 600) -> None:
    limit = time.monotonic() + seconds
    with instance.scope():
        while time.monotonic() < limit:
            session().rollback()
            if session().scalar(select(func.count()).select_from(Job)) == 0:
                return
            time.sleep(1)
    raise RuntimeError("the worker did not finish in time")


def _reasons(problems: list[dict[str, Any]]) -> dict[str, int]:
    reasons: dict[str, int] = {}
    for problem in problems:
        reason = f"{problem['field']}: {problem['message']}"
        reasons[reason] = reasons.get(reason, 0) + 1
    return reasons


def _count_rows(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return sum(1 for _ in csv.DictReader(handle))


def _head(source: Path, target: Path, rows: int) -> None:
    with source.open(encoding="utf-8-sig", newline="") as read, target.open("w", encoding="utf-8", newline="") as write:
        reader, writer = csv.reader(read), csv.writer(write)
        for number, row in enumerate(reader):
            if number > rows:
                return
            writer.writerow(row)


def _write(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    return str(path)
