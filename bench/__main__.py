"""Measures and writes `bench/results.json`. A ratio above its limit ends with status 1."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from bench import due_dates, recalendar, recording, search, tray
from bench.timing import interleaved
from consulta.app import create_app
from consulta.db import session, unit_of_work
from consulta.record.models import Leaf
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive_batch
from measure.instances import DATABASES, Instance, instances
from tests.builders import SECRET, World, a_delivery

RESULTS = Path(__file__).parent / "results.json"
REPEATS = 31
FEW, MANY = 30, 3000
BATCH = 250


def main() -> None:
    """Run every bench: those of the arithmetic, and those of the pages and the intake on both databases."""
    found = {"arithmetic": {"100000_due_dates_with_a_five_decree_calendar": due_dates.run()}}
    with instances(*DATABASES) as made:
        found |= {name: _bench(instance) for name, instance in made}
    with instances(*DATABASES) as made:
        # Instances of their own: a million comments would weigh on everything else.
        for name, instance in made:
            rows = search.ROWS[name]
            found[name][f"search_of_{rows}_comments"] = search.run(instance, instance.world(datetime.now(UTC)))
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(json.dumps(found, ensure_ascii=False, indent=2))
    slow = [f"{name}.{key}" for name, benches in found.items() for key, item in benches.items() if not item["reached"]]
    sys.exit(f"not reached: {', '.join(slow)}" if slow else 0)


def _bench(instance: Instance) -> dict[str, Any]:
    now = datetime.now(UTC)
    world = instance.world(now)
    with instance.scope() as database:
        _fill(world.topics["open"], FEW, now)
        _fill(world.topics["open-unrouted"], MANY, now)
        client = create_app(instance.settings, database=database).test_client()
        base = f"/consultas/{world.slugs['open']}/temas"
        page = interleaved(lambda: client.get(f"{base}/1"), lambda: client.get(f"{base}/2"), repeats=REPEATS)
        recorded = recording.run(world, now)
        intake = interleaved(lambda: _bare(now), lambda: _intake(world, now), repeats=11)
    listed = tray.run(instance, world)
    moved = recalendar.run(instance, world)
    return {
        f"tray_of_{tray.MANY}_against_{tray.FEW}_referrals": listed,
        f"recalendar_of_{recalendar.CASES}_open_cases_during_intake": moved,
        f"topic_page_{MANY}_against_{FEW}_comments": {**page, "limit": 1.3, "reached": page["ratio"] <= 1.3},
        f"intake_of_{recording.AT_ONCE}_with_the_record_against_without": recorded,
        f"intake_of_{BATCH}_against_bare_inserts": {**intake, "limit": 40, "reached": intake["ratio"] <= 40},
    }


def _fill(topic_id: int, count: int, now: datetime) -> None:
    for start in range(0, count, BATCH):
        deliveries = [a_delivery(topic_id, now) for _ in range(min(BATCH, count - start))]
        with unit_of_work():
            receive_batch(deliveries, secret=SECRET, clock=lambda: now)
    with unit_of_work():
        session().execute(
            update(Submission).where(Submission.topic_id == topic_id).values(state="published", reviewed_at=now)
        )


def _intake(world: World, now: datetime) -> None:
    deliveries = [a_delivery(world.topics["open"], now) for _ in range(BATCH)]
    with unit_of_work():
        receive_batch(deliveries, secret=SECRET, clock=lambda: now)


def _bare(now: datetime) -> None:
    """The baseline: as many bare rows in one durable transaction."""
    rows = [{"kind": "bench", "public_id": "bench", "at": now, "commitment": b"0" * 32} for _ in range(BATCH)]
    with unit_of_work():
        session().execute(insert(Leaf), rows)


main()
