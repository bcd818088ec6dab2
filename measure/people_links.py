"""Linking answers about oneself to submissions once a buffer was emptied, with everything that the machine holds.

Every submission comes in a transaction of its own; the buffer is emptied each time it is full. The attacker has the
files of the database with their logs of writes, the order of rows, the numbers of transactions and the folder of keys
as they are then, and knows in which batch each submission was. For each submission she names one row; her best
strategy counts. The control has what she will not: the keys, before they are destroyed.
"""

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from consulta.db import Database, is_postgresql, session, unit_of_work
from consulta.submissions import buffer_keys
from consulta.submissions.demographics import flush_demographics
from consulta.submissions.drafts import DemographicsDraft
from consulta.submissions.operations import receive
from consulta.submissions.territory import municipalities
from consulta.windows.questions import BY_KEY
from measure.instances import DATABASES, Instance, instances
from tests.builders import SECRET, World, a_delivery

BATCHES, BATCH, SEED = 10, 30, 20261128
START = datetime(2026, 6, 10, 18, 0, tzinfo=UTC)
NEAR = 6_000
Row = tuple[str, str, str]


def run() -> dict[str, Any]:
    """Attack both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {
        "submissions": BATCHES * BATCH,
        "batch": BATCH,
        "seed": SEED,
        "chance": round(1 / BATCH, 4),
        **found,
        "reached": all(item["reached"] for item in found.values()),
    }


def _measure(instance: Instance) -> dict[str, Any]:
    rng = random.Random(SEED)
    world = instance.world(START)
    truth: dict[str, Row] = {}
    right = {"order_of_rows": 0, "order_of_keys": 0, "transactions": 0, "log_of_writes": 0}
    control = 0
    with instance.scope() as database:
        for _ in range(BATCHES):
            folios = [_send(world, rng, truth) for _ in range(BATCH)]
            control += _with_keys(folios, truth)
            before = set(_rows("CAST(ctid AS TEXT)" if is_postgresql() else "hex(key)"))
            with unit_of_work():
                flush_demographics(START)
            with unit_of_work():
                flush_demographics(START)
            rows = [row for row in _rows("CAST(ctid AS TEXT)" if is_postgresql() else "hex(key)") if row not in before]
            values = [row[1] for row in rows]
            right["order_of_rows"] += _paired(folios, values, truth)
            right["order_of_keys"] += _paired(folios, [row[1] for row in sorted(rows)], truth)
            right["transactions"] += _paired(folios, _by_transaction(values), truth)
        files = _bytes(database, instance)
        right["log_of_writes"] = sum(_nearest(files, folio) == row for folio, row in truth.items())
        keys = buffer_keys.list_batches(instance.settings.demographics_keys)
    accuracy = {name: round(count / (BATCHES * BATCH), 4) for name, count in right.items()}
    best = max(accuracy.values())
    return {
        "accuracy": accuracy,
        "best": best,
        "control_with_keys_and_transactions": round(control / (BATCHES * BATCH), 4),
        "keys_left": len(keys),
        "bytes_searched": sum(len(content) for content in files),
        "reached": best <= 2 / BATCH and not keys,
    }


def _send(world: World, rng: random.Random, truth: dict[str, Row]) -> str:
    """Send one opinion with answers of its own, in a transaction of its own."""
    while True:
        row = (
            rng.choice(BY_KEY["sex"].values),
            rng.choice(BY_KEY["age_group"].values),
            rng.choice(list(municipalities())),
        )
        if row not in truth.values():
            break
    draft = {"text": f"Opinión {len(truth)}.", "demographics": DemographicsDraft(*row)}
    with unit_of_work():
        outcome = receive(a_delivery(world.topics["open"], START, draft=draft), secret=SECRET, clock=lambda: START)
    truth[outcome.folio] = row
    return outcome.folio


def _rows(order: str) -> list[tuple[str, Row]]:
    by = "ctid" if is_postgresql() else "key"
    found = session().execute(text(f"SELECT {order}, sex, age_group, municipality FROM demographics ORDER BY {by}"))
    return [(str(row[0]), (row[1], row[2], row[3])) for row in found]


def _by_transaction(values: Sequence[Row]) -> list[Row]:
    """Order by the number of the transaction that wrote each row, where the database keeps one."""
    if not is_postgresql():
        return list(values)
    found = session().execute(
        text("SELECT sex, age_group, municipality FROM demographics ORDER BY CAST(CAST(xmin AS TEXT) AS BIGINT), ctid")
    )
    wanted = set(values)
    return [row for row in (tuple(row) for row in found) if row in wanted]  # type: ignore[misc]


def _paired(folios: Sequence[str], rows: Sequence[Row], truth: dict[str, Row]) -> int:
    """Return how many of a batch are right when the first row is given to the first submission, and so on."""
    return sum(truth[folio] == row for folio, row in zip(folios, rows, strict=False))


def _with_keys(folios: Sequence[str], truth: dict[str, Row]) -> int:
    """Return how many are right for who has the keys before they are destroyed, where transactions have numbers."""
    if not is_postgresql():
        return 0
    folder = session().info["demographics_keys"]
    written = dict(session().execute(text("SELECT CAST(xmin AS TEXT), folio FROM submissions")).all())
    waiting = session().execute(text("SELECT CAST(xmin AS TEXT), batch, sealed FROM demographics_buffer")).all()
    right = 0
    for number, batch, sealed in waiting:
        said = json.loads(buffer_keys.unseal(folder, batch, bytes(sealed)))
        right += truth.get(written.get(number, "")) == (said["sex"], said["age_group"], said["municipality"])
    session().rollback()
    return right if folios else 0


def _bytes(database: Database, instance: Instance) -> list[bytes]:
    """Return the files of the database and of the instance, and the log of writes."""
    session().rollback()
    folders = [instance.folder]
    if is_postgresql():
        with database.engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            data = Path(str(connection.execute(text("SHOW data_directory")).scalar()))
            oid = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar()
        folders += [data / "base" / str(oid), data / "pg_wal"]
    return [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]


def _nearest(files: Sequence[bytes], folio: str) -> Row | None:
    """Return the answers that lie nearest to a folio in any file, where three of the catalogue lie together."""
    marks: dict[str, Callable[[bytes], str | None]] = {
        "sex": lambda near: _first(near, BY_KEY["sex"].values),
        "age_group": lambda near: _first(near, BY_KEY["age_group"].values),
        "municipality": lambda near: _first(near, tuple(municipalities())),
    }
    for content in files:
        at = content.find(folio.encode("ascii"))
        while at >= 0:
            near = content[max(0, at - NEAR) : at + NEAR]
            row = tuple(find(near) for find in marks.values())
            if None not in row:
                return row  # type: ignore[return-value]
            at = content.find(folio.encode("ascii"), at + 1)
    return None


def _first(near: bytes, values: Sequence[str]) -> str | None:
    places = {value: near.find(value.encode("ascii")) for value in values}
    found = {value: abs(place - len(near) // 2) for value, place in places.items() if place >= 0}
    return min(found, key=lambda value: found[value]) if found else None
