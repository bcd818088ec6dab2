"""A world with rows in every table that the record commits to, and every committed column changed one at a time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pysqlite3
from sqlalchemy import Column, Executable, Table, create_engine, select

from consulta.archives.committed import COMMITTED
from consulta.archives.openers import OPENERS
from consulta.archives.rows import verify_rows
from consulta.db import Base, session, unit_of_work
from consulta.db.base import UtcDateTime
from consulta.moderation.appeals import file_appeal
from consulta.moderation.operations import withhold_text
from consulta.record.keys import use_key
from consulta.record.sequencing import make_checkpoint, sequence_everything
from consulta.record.verdict import Verdict
from consulta.record.verifying import verify_record
from consulta.referrals.claims import decide_claim, file_claim
from consulta.referrals.operations import correct_answer
from consulta.referrals.routing import return_referral
from consulta.referrals.standing import withdraw
from consulta.referrals.states import ClaimState
from consulta.storage.folder import FolderStorage
from consulta.submissions.drafts import PlaceDraft
from consulta.submissions.files import keep_waiting
from consulta.submissions.late import decide_late
from consulta.submissions.states import LateDecision, SubmissionKind
from tests.builders import World, a_referral, a_submission, an_answered
from tests.clock import START
from tests.inspection.inspected_files import a_pdf
from tests.record.test_record import KEY, ORIGIN, PUBLIC


def populate(world: World) -> None:
    """Do one of everything that the record keeps, and seal it in two checkpoints."""
    coordinator, moderator = world.actors["coordinator"], world.actors["moderator"]
    with unit_of_work():
        use_key(KEY, START)
    answered = an_answered(world, START)
    seal(START)
    assert answered.answer is not None
    with unit_of_work():
        correct_answer(
            answer=answered.answer,
            disposition="partly_adopted",
            text="Procedente en parte: cambia el 12.",
            reason="Se revisó.",
            actor=coordinator,
            now=START + timedelta(hours=1),
        )
    returned = a_referral(world, START)
    with unit_of_work():
        return_referral(referral=returned, reason="No es mío.", actor=world.actors["respondent"], now=START)
    withheld = a_submission(world.topics["open"], START)
    with unit_of_work():
        withhold_text(submission=withheld, ground="personal_data", reason="Trae datos.", actor=moderator, now=START)
        file_appeal(submission=withheld, text="No los trae.", now=START)
    claimed = a_referral(world, START).submission
    with unit_of_work():
        claim = file_claim(
            submission=claimed, name="Eva (inventada)", email="", text="No fui yo.", hides=True, now=START
        )
        decide_claim(claim=claim, state=ClaimState.ACCEPTED, reason="Se vio.", actor=coordinator, now=START)
    gone = a_referral(world, START).submission
    with unit_of_work():
        withdraw(submission=gone, reason="Me equivoqué.", now=START)
    with_file(world)
    with_place(world)
    late = a_submission(world.topics["closed"], START)
    with unit_of_work():
        decide_late(submission=late, decision=LateDecision.ADMITTED, reason="Falló.", actor=coordinator, now=START)
    seal(START + timedelta(hours=2))


def with_file(world: World) -> None:
    """Receive one with a file."""
    with TemporaryDirectory() as folder, unit_of_work():
        token, _row = keep_waiting(
            storage=FolderStorage(Path(folder)), filename="oficio.pdf", content=a_pdf(), now=START
        )
    a_submission(world.topics["open"], START, draft={"files": (token,)})


def with_place(world: World) -> None:
    """Ask for a service somewhere."""
    place = PlaceDraft("21.0190", "-101.2574", "Calle Inventada 12, Centro", "G-77")
    a_submission(world.topics["mailbox"], START, draft={"kind": SubmissionKind.SERVICE_REQUEST, "place": place})


def seal(now: datetime) -> None:
    """Place and sign everything."""
    with unit_of_work():
        sequence_everything(now)
        make_checkpoint(origin=ORIGIN, key=KEY, now=now)


def verify() -> Verdict:
    """Verify all: tree, checkpoints, contents and rows."""
    session().expire_all()
    verdict = verify_record(public=PUBLIC, openers=OPENERS)
    verify_rows(verdict)
    return verdict


def columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield every committed column."""
    for name, committed in COMMITTED.items():
        table = Base.metadata.tables[name]
        for column in committed:
            yield table, table.c[column]


class Superuser:
    """Whoever owns the database: her own connection, past every check, trigger and foreign key."""

    def __init__(self) -> None:
        url = session().get_bind().engine.url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = create_engine(url, **({"module": pysqlite3} if self.is_sqlite else {}))
        self.connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if self.is_sqlite:
            self.connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            own = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'"
            for (name,) in self.connection.exec_driver_sql(own).all():
                self.connection.exec_driver_sql(f'DROP INDEX "{name}"')
        else:
            self.connection.exec_driver_sql("SET session_replication_role = replica")
            for name in COMMITTED:
                self._drop_constraints(Base.metadata.tables[name])

    def write(self, table: Table, keys: dict[str, Any], column: str, value: Any) -> None:
        """Write a value into a column of the row of those keys."""
        session().rollback()
        where = [table.c[name] == kept for name, kept in keys.items()]
        done = self.connection.execute(table.update().where(*where).values({column: value}))
        assert done.rowcount == 1

    def run(self, statement: Executable) -> None:
        """Do anything."""
        session().rollback()
        self.connection.execute(statement)

    def close(self) -> None:
        """Leave."""
        self.connection.close()
        self.engine.dispose()

    def _drop_constraints(self, table: Table) -> None:
        session().rollback()
        for constraint in table.constraints:
            if str(constraint.name).startswith(("ck_", "uq_")):
                drop = f'ALTER TABLE {table.name} DROP CONSTRAINT IF EXISTS "{constraint.name}"'
                self.connection.exec_driver_sql(drop)
        unique = (
            f"SELECT indexname FROM pg_indexes WHERE tablename = '{table.name}' "
            "AND indexdef LIKE 'CREATE UNIQUE%%' AND indexname NOT LIKE 'pk_%%'"
        )
        for (name,) in self.connection.exec_driver_sql(unique).all():
            self.connection.exec_driver_sql(f'DROP INDEX "{name}"')


def keys_of(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Return the key of a row."""
    return {key.name: row[key.name] for key in table.primary_key.columns}


def changed(column: Column[Any], value: Any) -> Any:
    """Return another value of the same type."""
    if value is None:
        fresh = {int: 1, datetime: START, str: "x", bool: True, date: START.date()}
        return fresh.get(_python_type(column), {"x": 1})
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1_000_003
    if isinstance(value, bytes):
        return bytes([value[0] ^ 3, *value[1:]])
    if isinstance(value, dict):
        return {**value, "x": 1}
    if isinstance(value, list):
        return [*value, {"x": 1}]
    if isinstance(value, str):
        return f"{value}x"[-(getattr(column.type, "length", None) or 10**6) :]
    return value - timedelta(days=1)


def _python_type(column: Column[Any]) -> type:
    return datetime if isinstance(column.type, UtcDateTime) else column.type.python_type


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    return [dict(row) for row in session().execute(select(table)).mappings()]
