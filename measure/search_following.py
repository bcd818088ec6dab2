"""How the index follows what is public: how soon a comment is found, how a withdrawn one is not, and what is left of
it all when the indexer is killed a hundred times during a stream.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from consulta.app import make_registry
from consulta.db import session, unit_of_work
from consulta.finding.asking import Asked
from consulta.finding.findables import is_findable, number_of
from consulta.finding.results import search
from consulta.finding.states import FoundKind
from consulta.jobs.operations import LEASE
from consulta.jobs.worker import Worker
from consulta.referrals.standing import withdraw
from consulta.search import index_of
from consulta.storage.folder import FolderStorage
from consulta.submissions.models import Submission
from measure.instances import DATABASES, ROOT, Instance, get_json, instances
from tests.builders import World, a_published

SOON, KILLS, SEED = 60, 100, 20_261_126
LIMIT_SECONDS = 5.0
SECRET_WORD = "ornitorrinco"


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {
        "n": SOON,
        "kills": KILLS,
        "seed": SEED,
        **found,
        "reached": all(item["reached"] for item in found.values()),
    }


def _measure(instance: Instance) -> dict[str, Any]:
    world = instance.world(datetime.now(UTC))
    soon = _soon(instance, world)
    killed = _killed(instance, world)
    reached = soon["slowest_s"] <= LIMIT_SECONDS and soon["withdrawn_found"] == 0
    return {**soon, **killed, "reached": reached and not any(killed[key] for key in WRONG)}


def _soon(instance: Instance, world: World) -> dict[str, Any]:
    """Publish one comment after another with server and worker running, and ask the API until it is found."""
    instance.serve()
    seconds, still = [], 0
    try:
        for number in range(SOON):
            word = f"palabra{_letters(number)}"
            with instance.scope():
                folio = a_published(world, datetime.now(UTC), draft={"text": f"Propongo {word} para todos."}).folio
            began = time.perf_counter()
            while not _found(instance, word):
                if time.perf_counter() - began > 10 * LIMIT_SECONDS:
                    break
                time.sleep(0.05)
            seconds.append(time.perf_counter() - began)
            with instance.scope(), unit_of_work():
                row = session().scalars(select(Submission).where(Submission.folio == folio)).one()
                withdraw(submission=row, reason="Ya no.", now=datetime.now(UTC))
            still += _found(instance, word)
    finally:
        instance.stop()
    seconds.sort()
    return {
        "median_s": round(seconds[len(seconds) // 2], 2),
        "slowest_s": round(seconds[-1], 2),
        "withdrawn_found": still,
    }


WRONG = ("missing", "twice", "withdrawn_in_index", "withdrawn_shown")


def _killed(instance: Instance, world: World) -> dict[str, Any]:
    """Publish and withdraw while the indexer is started and killed again and again; then let it finish."""
    chance = random.Random(SEED)
    published: list[int] = []
    withdrawn = 0
    for _ in range(KILLS):
        worker = _start(instance)
        until = time.monotonic() + chance.uniform(1.0, 4.0)
        while time.monotonic() < until:
            with instance.scope():
                text = f"Propongo revisar los frenos, {SECRET_WORD} {len(published)}."
                published.append(a_published(world, datetime.now(UTC), draft={"text": text}).id)
                if chance.random() < 0.3:
                    with unit_of_work():
                        row = session().get_one(Submission, chance.choice(published))
                        if row.standing == "stands":
                            withdraw(submission=row, reason="Ya no.", now=datetime.now(UTC))
                            withdrawn += 1
            time.sleep(0.02)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    return {"published": len(published), "withdrawn": withdrawn, **_left(instance)}


def _start(instance: Instance) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "consulta", "worker"],
        env={**os.environ, **instance.environ},
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _left(instance: Instance) -> dict[str, int]:
    """Let the work be finished, and compare the index with what is public."""
    settings = instance.settings
    index = index_of(settings.search_index, settings.database_url)
    with instance.scope() as database:
        worker = Worker(database, make_registry(settings, FolderStorage(settings.uploads)), lambda: datetime.now(UTC))
        # What a killed worker had taken is free again when its lease ends; then the index catches up.
        until = time.monotonic() + (LEASE.total_seconds() + 60)
        while time.monotonic() < until:
            worker.drain()
            time.sleep(2.1)
        rows = session().execute(select(Submission.id, Submission.folio, is_findable())).all()
        counted = Counter(index.numbers())
        number = {row.id: number_of(FoundKind.COMMENT, row.id) for row in rows}
        shown = _shown(instance, index)
        return {
            "missing": sum(row[2] and counted[number[row.id]] == 0 for row in rows),
            "twice": sum(count > 1 for count in counted.values()),
            "withdrawn_in_index": sum(not row[2] and counted[number[row.id]] > 0 for row in rows),
            "withdrawn_shown": sum(not row[2] and row.folio in shown for row in rows),
        }


def _shown(instance: Instance, index: Any) -> set[str]:
    folios: set[str] = set()
    page = 1
    while True:
        asked = Asked(text=SECRET_WORD, newest_first=True, page=page, is_exact=True)
        found = search(index, asked.request(instance.settings.timezone))
        folios |= {one.found.row.folio for one in found.items}
        if not found.has_more:
            return folios
        page += 1


def _found(instance: Instance, word: str) -> bool:
    return bool(get_json(f"{instance.url}/api/v1/search?q={word}")["items"])


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")
