"""A thousand submissions disposed of with their authorisation: what was said can be read nowhere, and all verifies.

Every text, name, address and file of the purged carries a mark of its own. Afterwards the marks and the salts are
looked for in every file of the database, in the folder of the instance and in what is exported; those that are held
must be there still.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from consulta.archives.disposals import DisposalDraft, carry_out, count_items, decide_disposal, propose_disposal
from consulta.archives.holds import place_hold
from consulta.archives.openers import OPENERS
from consulta.archives.purging import destroy_files
from consulta.archives.rows import verify_rows
from consulta.archives.states import DisposalState
from consulta.cli.archives import sweep_database
from consulta.db import Database, session, unit_of_work
from consulta.jobs.models import Job
from consulta.record.models import Leaf, Opening
from consulta.record.sequencing import make_checkpoint, sequence_everything
from consulta.record.verifying import verify_record
from consulta.storage.folder import FolderStorage
from consulta.submissions.files import keep_waiting
from consulta.submissions.models import Attachment, Submission
from consulta.submissions.operations import receive_batch
from measure.instances import DATABASES, Instance, instances
from tests.archives.filing import LATER, conclude_everything, filed_in_series
from tests.builders import SECRET, World, a_delivery
from tests.inspection.inspected_files import a_pdf
from tests.record.test_record import KEY, ORIGIN, PUBLIC

PURGED, HELD, FILES = 1_000, 50, 20
MARK, KEPT = "Xochiltepecatl", "Zacatlamanalco"
START = datetime(2026, 6, 10, 18, 0, tzinfo=UTC)


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"n": PURGED, "held": HELD, **found, "reached": all(item["reached"] for item in found.values())}


def _measure(instance: Instance) -> dict[str, Any]:
    world = instance.world(START)
    storage = FolderStorage(instance.settings.uploads)
    with instance.scope() as database:
        gone, held, keys = _receive(world, storage)
        salts = _salts(gone)
        before = _where(database, instance, MARK.encode())
        _dispose(world, [*gone, *held])
        _work_files(storage)
        purged, skipped = count_items(1)
        sweep_database(database)
        verdict = verify_record(public=PUBLIC, openers=OPENERS)
        verify_rows(verdict)
        kept = session().scalars(select(Submission.text).where(Submission.text.contains(KEPT))).all()
        exported = instance.command("export", "submissions", "--format", "csv").stdout
        where = _where(database, instance, MARK.encode())
        salted = sum(bool(_where(database, instance, salt)) for salt in salts[:20])
        wal = _recycle(database, instance)
    files = [key for key in keys if (instance.settings.uploads / key[:2] / key).exists()]
    return {
        "purged": purged,
        "held_kept": len(kept),
        "skipped": skipped,
        "found_before": before,
        "found_after": where,
        "salts_found": salted,
        "in_exports": MARK in exported,
        "files_left": len(files),
        "wal": wal,
        "problems": [item.text for item in verdict.problems[:5]],
        "reached": (purged, len(kept), skipped) == (PURGED, HELD, HELD)
        and bool(before)
        and not where
        and not salted
        and MARK not in exported
        and not files
        and not wal["marks_after_recycling"]
        and verdict.is_good,
    }


def _receive(world: World, storage: FolderStorage) -> tuple[list[Submission], list[Submission], list[str]]:
    made: dict[str, list[str]] = {MARK: [], KEPT: []}
    for mark, count in ((MARK, PURGED), (KEPT, HELD)):
        for first in range(0, count, 50):
            with unit_of_work():
                tokens = [
                    keep_waiting(storage=storage, filename=f"{mark}-{n}.pdf", content=a_pdf(), now=START)[0]
                    for n in range(FILES // 20 if mark == MARK else 0)
                ]
                last = min(first + 50, count)
                deliveries = [_delivery(world, mark, n, tokens if n == first else []) for n in range(first, last)]
                outcomes = receive_batch(deliveries, secret=SECRET, clock=lambda: START)
                made[mark] += [outcome.folio for outcome in outcomes]
    with unit_of_work():
        sequence_everything(START)
        make_checkpoint(origin=ORIGIN, key=KEY, now=START)
    gone, held = (
        list(session().scalars(select(Submission).where(Submission.folio.in_(made[mark]))).all())
        for mark in (MARK, KEPT)
    )
    keys = [key for row in session().scalars(select(Attachment)) for key in (row.original_key, row.public_key)]
    return gone, held, keys


def _delivery(world: World, mark: str, number: int, tokens: list[str]) -> Any:
    draft = {
        "text": f"Vivo en {mark} {number} y esto me afecta.",
        "author_name": f"Persona {mark} (inventada)",
        "email": f"{mark.lower()}{number}@ejemplo.mx",
        "files": tuple(tokens),
    }
    return a_delivery(world.topics["open"], START, draft=draft)


def _salts(gone: list[Submission]) -> list[bytes]:
    folios = [item.folio for item in gone[:20]]
    return list(session().scalars(select(Opening.salt).join(Leaf).where(Leaf.public_id.in_(folios))))


def _dispose(world: World, submissions: list[Submission]) -> None:
    with unit_of_work():
        filed_in_series(world, START)
        conclude_everything(world, START)
        for item in submissions:
            if KEPT in item.text:
                place_hold(
                    subject=item, reference="amparo 1", reason="Se litiga.", actor=world.actors["control"], now=START
                )
        disposal = propose_disposal(
            government_id=world.government_id,
            draft=DisposalDraft("D-1/2026", "Artículo 58", "Venció su plazo."),
            submissions=submissions,
            actor=world.actors["coordinator"],
            now=LATER,
        )
        decide_disposal(
            disposal=disposal, authorises=True, reason="Dictamen.", actor=world.actors["transparency"], now=LATER
        )
    while disposal.state == DisposalState.AUTHORISED:
        with unit_of_work():
            carry_out({"disposal_id": disposal.id}, LATER)
        session().refresh(disposal)
    # What waits in the outbox about them goes as the worker would take it.
    with unit_of_work():
        for job in session().scalars(select(Job).where(Job.kind != "files.destroyed")):
            session().delete(job)


def _work_files(storage: FolderStorage) -> None:
    destroy = destroy_files(storage)
    with unit_of_work():
        for job in session().scalars(select(Job).where(Job.kind == "files.destroyed")):
            destroy(job.payload, START)
            session().delete(job)


def _where(database: Database, instance: Instance, mark: bytes) -> list[str]:
    """Return the files of database and instance in which a string of bytes stands; not yet its log of writes."""
    session().rollback()
    if database.engine.dialect.name == "sqlite":
        folders = [instance.folder]
    else:
        with database.engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            data = Path(str(connection.execute(text("SHOW data_directory")).scalar()))
            oid = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar()
        folders = [instance.folder, data / "base" / str(oid)]
    return [str(path.relative_to(folder)) for folder in folders for path in _holding(folder, mark)]


def _holding(folder: Path, mark: bytes) -> list[Path]:
    # Text is also looked for as PostgreSQL compresses nothing this short, and salts as they are.
    return [path for path in folder.rglob("*") if path.is_file() and mark in path.read_bytes()]


def _recycle(database: Database, instance: Instance) -> dict[str, Any]:
    """Return how many files of the log of writes still say it, and how many once they were used again."""
    if database.engine.dialect.name == "sqlite":
        return {"marks_now": len(_holding(instance.folder, MARK.encode())), "marks_after_recycling": 0}
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        folder = Path(str(connection.execute(text("SHOW data_directory")).scalar())) / "pg_wal"
        now = len(_holding(folder, MARK.encode()))
        segments = sum(1 for path in folder.iterdir() if path.is_file())
        connection.execute(text("CREATE TABLE IF NOT EXISTS ruido (texto text)"))
        turns = 0
        while _holding(folder, MARK.encode()) and turns < 40:
            connection.execute(
                text("INSERT INTO ruido SELECT repeat(md5(g::text), 60) FROM generate_series(1, 8000) g")
            )
            connection.execute(text("SELECT pg_switch_wal()"))
            connection.execute(text("CHECKPOINT"))
            turns += 1
        after = len(_holding(folder, MARK.encode()))
        connection.execute(text("DROP TABLE ruido"))
    return {"segments": segments, "marks_now": now, "turns": turns, "marks_after_recycling": after}
