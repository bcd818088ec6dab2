"""Many workers conclude the same window at the same time: exactly one of them does."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from consulta.record.models import Leaf
from consulta.windows.dating import conclude_window
from consulta.windows.queries import get_window
from measure.instances import DATABASES, Instance, instances
from measure.window_moves import fresh_window

WORKERS = (2, 8, 16)
REPEATS = 200


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"reached": all(item["reached"] for item in found.values()), **found}


def _measure(instance: Instance) -> dict[str, Any]:
    instance.world(datetime.now(UTC))
    # Each worker has a pool of its own, as processes have.
    databases = [
        Database(instance.settings.database_url, keys=instance.settings.demographics_keys) for _ in range(max(WORKERS))
    ]
    with instance.scope():
        rounds = {
            workers: [_round(instance, databases[:workers], number) for number in range(REPEATS)] for workers in WORKERS
        }
    for database in databases:
        database.dispose()
    exact = {str(workers): sum(item == (1, 1, workers - 1) for item in items) for workers, items in rounds.items()}
    return {"repeats": REPEATS, "exactly_one": exact, "reached": all(count == REPEATS for count in exact.values())}


def _round(instance: Instance, databases: list[Database], number: int) -> tuple[int, int, int]:
    """Return how many events there are, how many workers succeeded, and how many were refused."""
    workers = len(databases)
    world, slug, _ = fresh_window(instance, workers * 1000 + number)
    now = datetime.now(UTC) + timedelta(days=90)
    done: Counter[str] = Counter()
    start = threading.Barrier(workers)

    def work(database: Database) -> None:
        with session_scope(database):
            window = get_window(slug)
            start.wait()
            try:
                with unit_of_work():
                    conclude_window(window=window, actor=world.actors["coordinator"], now=now)
                done["concluded"] += 1
            except Refused:
                done["refused"] += 1

    threads = [threading.Thread(target=work, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session().rollback()
    events = session().scalars(select(Leaf.id).where(Leaf.public_id == slug, Leaf.kind == "window.concluded")).all()
    return len(events), done["concluded"], done["refused"]
