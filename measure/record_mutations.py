"""The record under single changes by whoever owns the database: each must be found, and its row named.

Every committed column is changed, rows are deleted, duplicated, invented and swapped; between them ordinary acts are
done, and nothing may be said to differ.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Column, Table, select
from sqlalchemy.exc import IntegrityError

from consulta.archives.committed import COMMITTED
from consulta.db import Base, session, unit_of_work
from consulta.record.models import Leaf
from consulta.record.sequencing import make_checkpoint, sequence_everything
from consulta.submissions.models import Submission
from consulta.windows.models import Window
from measure.instances import DATABASES, instances
from tests.archives.worlds import Superuser, changed, keys_of, populate, rows_of, verify
from tests.builders import World, a_submission, an_answered
from tests.record.test_record import KEY, ORIGIN

SEED = 20_261_126
LEAVES, MUTATIONS, CLEAN = 1_000, 2_000, 100
CASES = (("column", 70), ("delete", 10), ("duplicate", 8), ("insert", 6), ("swap", 6))
UNIQUE = ("folio", "slug", "size", "public", "nonce_hash", "number")
START = datetime(2026, 6, 10, 18, 0, tzinfo=UTC)


def run() -> dict[str, Any]:
    """Measure on both databases, each in a process of its own."""
    with ProcessPoolExecutor(max_workers=len(DATABASES)) as pool:
        found = dict(zip(DATABASES, pool.map(_measure, DATABASES), strict=True))
    reached = all(item["missed"] == item["unnamed"] == item["false_alarms"] == 0 for item in found.values())
    return {"seed": SEED, **found, "reached": reached}


def _measure(name: str) -> dict[str, Any]:
    with instances(name) as made:
        [(_name, instance)] = made
        world = instance.world(START)
        with instance.scope():
            build(world)
            return {"leaves": LEAVES, **_mutations(), **_clean(world)}


def build(world: World) -> None:
    """Do acts of every kind until the record has its thousand leaves, sealed every hundred."""
    populate(world)
    hour = 3
    while _count() < LEAVES:
        an_answered(world, START, text="Procedente en parte: se aclara el artículo 14.")
        a_submission(world.topics["open-unrouted"], START)
        if _count() // 100 >= hour - 2:
            seal(hour)
            hour += 1
    seal(hour)


def _mutations() -> dict[str, Any]:
    draw, superuser = random.Random(SEED), Superuser()
    tables = [Base.metadata.tables[name] for name in COMMITTED]
    tables = [table for table in tables if rows_of(table)]
    missed: list[str] = []
    unnamed: list[str] = []
    kinds: Counter[str] = Counter()
    for number in range(MUTATIONS):
        # Every committed column has its turn before any has a second one.
        column = _columns(tables)[number % len(_columns(tables))]
        case = draw.choices([name for name, _weight in CASES], [weight for _name, weight in CASES])[0]
        undo, about, what = _mutate(superuser, draw, case, column)
        verdict = verify()
        kinds[case] += 1
        if verdict.is_good:
            missed.append(what)
        elif not any(word in verdict.problems[0].text for word in about):
            unnamed.append(f"{what}: {verdict.problems[0].text}")
        undo()
    restored = verify()
    superuser.close()
    return {
        "mutations": dict(kinds),
        "missed": len(missed),
        "unnamed": len(unnamed),
        "examples": [*missed[:10], *unnamed[:10]],
        "restored": restored.is_good,
    }


def _columns(tables: list[Table]) -> list[Column[Any]]:
    return [table.c[name] for table in tables for name in COMMITTED[table.name]]


def _mutate(
    superuser: Superuser, draw: random.Random, case: str, column: Column[Any]
) -> tuple[Callable[[], None], list[str], str]:
    """Do one thing to one row; return how to undo it, what must name it, and what it was."""
    table = column.table
    assert isinstance(table, Table)
    rows = rows_of(table)
    row = draw.choice(rows)
    keys, name = keys_of(table, row), f"{case} {table.name}.{column.name}"
    if case == "delete":
        superuser.run(table.delete().where(*_where(table, keys)))
        return (lambda: superuser.run(table.insert().values(**row))), _names(table, row), name
    if case in ("duplicate", "insert"):
        copy = _fresh(table, row, rows, draw, invented=case == "insert")
        superuser.run(table.insert().values(**copy))
        fresh = keys_of(table, copy)
        return (
            (lambda: superuser.run(table.delete().where(*_where(table, fresh)))),
            [*_names(table, copy), *_names(table, row)],
            name,
        )
    other = draw.choice(rows)
    if case == "swap" and column.name not in keys and _differ(table, column, row, other):
        both = (row, other)
        back = partial(_set, superuser, table, column, both, (row[column.name], other[column.name]))
        try:
            _set(superuser, table, column, both, (other[column.name], row[column.name]))
        except IntegrityError:
            # A third row has that value: the embedded database cannot be told otherwise. Another change is drawn.
            superuser.write(table, keys, column.name, row[column.name])
            return _mutate(superuser, draw, "column", column)
        return back, [*_names(table, row), *_names(table, other)], name
    value = changed(column, row[column.name])
    superuser.write(table, keys, column.name, value)
    moved = {**keys, column.name: value} if column.name in keys else keys
    return (
        (lambda: superuser.write(table, moved, column.name, row[column.name])),
        [*_names(table, row), *_names(table, {**row, column.name: value})],
        f"column {table.name}.{column.name}",
    )


def _differ(table: Table, column: Column[Any], row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether to swap a column changes anything: rows that are alike in all the rest only change places."""
    rest = [name for name in COMMITTED[table.name] if name != column.name]
    return row[column.name] != other[column.name] and any(row[name] != other[name] for name in rest)


def _set(
    superuser: Superuser,
    table: Table,
    column: Column[Any],
    rows: tuple[dict[str, Any], dict[str, Any]],
    values: tuple[Any, Any],
) -> None:
    """Write values into two rows, past a unique index: through a third value that neither has."""
    first, second = (keys_of(table, row) for row in rows)
    superuser.write(table, first, column.name, changed(column, changed(column, values[0])))
    superuser.write(table, second, column.name, values[1])
    superuser.write(table, first, column.name, values[0])


def _fresh(
    table: Table, row: dict[str, Any], rows: list[dict[str, Any]], draw: random.Random, *, invented: bool
) -> dict[str, Any]:
    """Return a copy of a row under a key that is free; an invented one says something else too."""
    copy = dict(row)
    for key in table.primary_key.columns:
        copy[key.name] = max(item[key.name] for item in rows) + 1_003
    if "sequence" in copy:
        copy["sequence"] = max(item["sequence"] or 0 for item in rows) + 1
    for unique in UNIQUE:
        if unique in copy:
            copy[unique] = changed(table.c[unique], copy[unique])
    if invented:
        free = [item for item in COMMITTED[table.name] if item not in keys_of(table, copy) and item not in UNIQUE]
        name = draw.choice(free)
        copy[name] = changed(table.c[name], copy[name])
    return copy


def _names(table: Table, row: dict[str, Any]) -> list[str]:
    """Return what, in a sentence, names a row."""
    words = {
        "leaves": (
            f"lugar {row.get('sequence')}",
            f"fila {row.get('id')}",
            str(row.get("public_id")),
            "actos con lugar",
        ),
        "openings": (f"fila {row.get('leaf_id')}",),
        "record_tiles": (f"bloque {row.get('level')}/{row.get('position')}", "bloques"),
        "checkpoints": (
            f"punto de control {row.get('size')}",
            f"número {row.get('id')}",
            "puntos de control y el último",
            f"fila {row.get('id')}",
        ),
        "seal_keys": ("clave",),
        "answers": (f"respuesta {row.get('id')} ", f"fila {row.get('id')} "),
    }
    if table.name in words:
        return list(words[table.name])
    return [f"fila {row.get('id')}", f"fila {row.get('id')} ", *_about(row)]


def _about(row: dict[str, Any]) -> Iterator[str]:
    """Yield the folio or address to which a row belongs."""
    for name in ("folio", "slug"):
        if name in row:
            yield str(row[name])
    if "submission_id" in row:
        found = session().scalar(select(Submission.folio).where(Submission.id == row["submission_id"]))
        yield found or "sin folio"
    if "answer_id" in row and row["answer_id"] is not None:
        yield f"respuesta {row['answer_id']}"
    if "window_id" in row:
        found = session().scalar(select(Window.slug).where(Window.id == row["window_id"]))
        yield found or "sin consulta"


def _where(table: Table, keys: dict[str, Any]) -> list[Any]:
    return [table.c[name] == value for name, value in keys.items()]


def _clean(world: World) -> dict[str, Any]:
    """Verify after ordinary acts: nothing may be said to differ."""
    alarms = 0
    for number in range(CLEAN):
        an_answered(world, START)
        if number % 10 == 0:
            seal(100 + number)
        alarms += not verify().is_good
    return {"clean_runs": CLEAN, "false_alarms": alarms}


def seal(hour: int) -> None:
    """Place and sign everything, some hours after the beginning."""
    now = START + timedelta(hours=hour)
    with unit_of_work():
        sequence_everything(now)
        make_checkpoint(origin=ORIGIN, key=KEY, now=now)


def _count() -> int:
    return session().query(Leaf).count()
