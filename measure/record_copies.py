"""The record when everything is changed: the end cut off, history rewritten with the stolen key, two trees, bits.

What was kept outside shows it, and without anything from outside it must be said that it cannot be told.
"""

import importlib.util
import json
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import JSON, Column, delete, select, update
from sqlalchemy.exc import IntegrityError

from consulta.archives.committed import COMMITTED
from consulta.db import Base, Database, session, session_scope, unit_of_work
from consulta.db.base import UtcDateTime
from consulta.receipts.queries import Finding, check_receipt, make_receipt
from consulta.record.models import Checkpoint, Leaf, Opening, SealKey, Tile
from consulta.record.notes import Head, sign_note
from consulta.record.publishing import VERIFIER, write_record
from consulta.record.queries import find_last_checkpoint, note_of
from consulta.record.rules import act_bytes
from consulta.record.tree import root_of
from consulta.record.verdict import Cause
from consulta.record.verifying import verify_record
from consulta.submissions.models import Submission
from measure.instances import instances
from measure.record_mutations import START, build, seal
from tests.archives.worlds import Superuser, verify
from tests.record.test_record import KEY, ORIGIN, PUBLIC

SEED = 20_261_126
SAME = (len("2026-06-10"), len("2026-06-10 18:00:00"))
TIMES, FLIPS, ROWS = 100, 1_000, 500


def run() -> dict[str, Any]:
    """Measure on the embedded database, whose copy is a file."""
    with instances("sqlite") as made:
        [(_name, instance)] = made
        world = instance.world(START)
        with instance.scope() as database:
            build(world)
            found = _copies(database)
    rewritten, flips = found["rewritten_and_signed"], found["flips"]
    reached = (
        found["cut_end"]["found"] == found["split_view"]["found"] == TIMES
        and rewritten["by_witness"] == rewritten["by_receipt"] == rewritten["alone_cannot_tell"] == TIMES
        and flips["exports"]["called_corruption"] == FLIPS
        and flips["rows_of_the_database"]["found"] == ROWS
    )
    return {"seed": SEED, **found, "reached": reached}


def _copies(database: Database) -> dict[str, Any]:
    """What needs a copy of everything each time: on the embedded database, whose copy is a file."""
    seal(500)
    checkpoint = find_last_checkpoint()
    assert checkpoint is not None
    submission = session().scalars(select(Submission).order_by(Submission.id)).first()
    assert submission is not None
    receipt = make_receipt(submission, origin=ORIGIN, key=KEY)
    note = note_of(checkpoint)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base.sqlite3"
        session().rollback()
        with closing(database.engine.raw_connection()) as raw:
            raw.cursor().execute(f"VACUUM INTO '{path}'")
        draw = random.Random(SEED)
        cut = sum(_on_copy(path, _cut(draw.randrange(1, 60)), lambda: _sees(note)) for _ in range(TIMES))
        by_note = by_receipt = silent = 0
        for _ in range(TIMES):
            with _copy(path):
                _rewrite(draw)
                by_note += _sees(note)
                by_receipt += check_receipt(receipt, origin=ORIGIN, public=PUBLIC).finding in (
                    Finding.REWRITTEN,
                    Finding.MISSING,
                )
                silent += verify().is_good
        return {
            "cut_end": {"n": TIMES, "found": cut},
            "rewritten_and_signed": {
                "n": TIMES,
                "by_witness": by_note,
                "by_receipt": by_receipt,
                "alone_cannot_tell": silent,
            },
            "split_view": _split_view(draw),
            "flips": _flips(path, draw),
        }


def _sees(note: str) -> bool:
    return not verify_record(public=PUBLIC, outside=[note]).is_good


@contextmanager
def _copy(path: Path) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "copia.sqlite3"
        shutil.copyfile(path, own)
        copied = Database(f"sqlite:///{own}")
        with session_scope(copied):
            yield
        copied.dispose()


def _on_copy(path: Path, attack: Callable[[], None], found: Callable[[], bool]) -> bool:
    with _copy(path):
        attack()
        return found()


def _cut(count: int) -> Callable[[], None]:
    """Cut the last leaves off, with everything that would show it, and sign what is left."""

    def cut() -> None:
        size = session().query(Leaf).filter(Leaf.sequence.is_not(None)).count()
        with unit_of_work():
            gone = select(Leaf.id).where(Leaf.sequence.is_(None) | (Leaf.sequence >= size - count))
            session().execute(delete(Opening).where(Opening.leaf_id.in_(gone)))
            session().execute(delete(Leaf).where(Leaf.sequence.is_(None) | (Leaf.sequence >= size - count)))
            _forget_tree()
        seal(900)

    return cut


def _rewrite(draw: random.Random) -> None:
    """Rewrite an act, and build and sign all of it again with the stolen key."""
    with unit_of_work():
        # An act whose row says nothing of when: he changes all that would tell.
        quiet = session().scalars(select(Leaf.id).where(Leaf.kind.in_(("post.created", "unit.created")))).all()
        late = START + timedelta(days=1, seconds=draw.randrange(10**6))
        session().execute(update(Leaf).where(Leaf.id == draw.choice(quiet)).values(at=late))
        _forget_tree()
    seal(900)


def _forget_tree() -> None:
    session().execute(delete(Checkpoint))
    session().execute(update(SealKey).values(signed=0))
    session().execute(delete(Tile))
    session().execute(update(Leaf).values(sequence=None))


def _split_view(draw: random.Random) -> dict[str, Any]:
    """Two trees of one size, each signed: whoever lays two receipts side by side sees it, with the lone verifier."""
    verifier, found = _verifier(), 0
    for number in range(TIMES):
        size = draw.randrange(2, 500)
        common = [act_bytes("thing.done", f"GTO-{n}", START, bytes(32)) for n in range(size)]
        other = [*common[:-1], act_bytes("thing.done", f"GTO-{number}-otro", START, bytes(32))]
        notes = [sign_note(Head(ORIGIN, size, root_of(tree)), KEY, number) for tree in (common, other)]
        heads = [verifier.read_kept(note, [PUBLIC])[0][2] for note in notes]
        found += heads[0][1] == heads[1][1] and heads[0][2] != heads[1][2]
    return {"n": TIMES, "found": found}


def _flips(path: Path, draw: random.Random) -> dict[str, Any]:
    """Flip one bit in each of a thousand exported copies, and of a stored value in copies of the database."""
    exported, detected, told, said = 0, 0, 0, Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "copia"
        with _copy(path):
            write_record(whole, origin=ORIGIN, progress=lambda _done: None)
        for _ in range(FLIPS):
            exported += _flip_export(whole, draw)
    for _ in range(ROWS):
        with _copy(path):
            what = _flip_row(draw)
            verdict = verify()
            is_told = not verdict.is_good and verdict.problems[0].cause == Cause.CORRUPTION
            detected, told = detected + (not verdict.is_good), told + is_told
            if not is_told:
                said[f"{what}: {verdict.problems[0].text if verdict.problems else 'nothing'}"] += 1
    rows = {"n": ROWS, "found": detected, "called_corruption": told, "examples": list(said)[:10]}
    return {"exports": {"n": FLIPS, "called_corruption": exported}, "rows_of_the_database": rows}


def _flip_export(whole: Path, draw: random.Random) -> bool:
    verifier = _verifier()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copia"
        shutil.copytree(whole, copy)
        path = copy / draw.choice(["actos.txt", "puntos.txt"])
        raw = bytearray(path.read_bytes())
        raw[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
        path.write_bytes(bytes(raw))
        heads, problems = verifier.read_export(copy, [PUBLIC])
        with redirect_stdout(StringIO()):
            problems += list(verifier.verify(copy, heads, []))
        return bool(problems) and verifier.CORRUPTION in problems[0]


def _flip_row(draw: random.Random) -> str:
    """Flip one bit of one stored value of one row, where it changes what the value is."""
    superuser = Superuser()
    while True:
        table = Base.metadata.tables[draw.choice(list(COMMITTED))]
        column = table.c[draw.choice(COMMITTED[table.name])]
        keys = [key.name for key in table.primary_key.columns]
        listed = superuser.connection.exec_driver_sql(
            f"SELECT {', '.join(keys)}, {column.name}, typeof({column.name}) FROM {table.name} "
            f"WHERE {column.name} IS NOT NULL"
        ).all()
        if listed and column.name not in keys:
            break
    *key, value, kind = draw.choice(listed)
    where = " AND ".join(f"{name} = ?" for name in keys)
    if kind == "integer":
        is_flag = getattr(column.type, "__visit_name__", "") == "boolean"
        fresh, cast = value ^ 1 << (0 if is_flag else draw.randrange(40)), "?"
    else:
        raw = bytearray(value.encode("utf-8") if isinstance(value, str) else value)
        # What stands between day and hour is read the same whatever it is; a comma for the point of the seconds too.
        marks = SAME if isinstance(column.type, UtcDateTime) else ()
        places = [at for at in range(len(raw)) if at not in marks]
        before = _meaning(column, value)
        if places:
            raw[draw.choice(places)] ^= 1 << draw.randrange(8)
        fresh, cast = bytes(raw), "CAST(? AS TEXT)" if kind == "text" else "?"
        if kind == "text" and before == _meaning(column, fresh.decode("utf-8", "surrogateescape")):
            # The case of an escaped letter, for one: it is read as the same, so nothing changed.
            superuser.close()
            return _flip_row(draw)
    try:
        superuser.connection.exec_driver_sql(
            f"UPDATE {table.name} SET {column.name} = {cast} WHERE {where}", (fresh, *key)
        )
    except IntegrityError:
        # The value of another row of a unique index: this way in is shut, so another bit is drawn.
        return _flip_row(draw)
    finally:
        superuser.close()
    return f"{table.name}.{column.name}"


def _meaning(column: Column[Any], value: Any) -> Any:
    """Return what a stored text is read as; the text itself where it is plain, or no longer what it was."""
    if not isinstance(column.type, JSON):
        return value
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verificador", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found
