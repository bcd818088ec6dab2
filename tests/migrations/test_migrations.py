"""Migrations: numbered, in both directions, with data, on both databases; models and database agree."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from consulta.db import Database, session_scope
from consulta.migrate import MIGRATIONS, current_revision, differences, downgrade, head_revision, upgrade
from tests.builders import a_world, an_answered
from tests.clock import START
from tests.postgresql import Cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        database = Database(cluster.create(f"empty_{tmp_path.name.replace('-', '_')}"))
    yield database
    database.dispose()


def test_revisions_are_numbered_and_named() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))

    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in names)


def test_upgrade_brings_an_empty_database_to_the_models(empty: Database) -> None:
    upgrade(empty)

    assert current_revision(empty) == head_revision()
    assert differences(empty) == []


def test_downgrade_leaves_nothing_and_upgrade_comes_back(database: Database) -> None:
    with session_scope(database):
        an_answered(a_world(START), START)

    downgrade(database, "base")
    left = set(inspect(database.engine).get_table_names())
    upgrade(database)

    assert left == {"alembic_version"}
    assert differences(database) == []


def test_upgrade_keeps_data_and_says_nothing_when_there_is_nothing_to_do(database: Database) -> None:
    with session_scope(database):
        an_answered(a_world(START), START)
    before = _rows(database)

    upgrade(database)

    assert _rows(database) == before
    assert before["submissions"] == 1


def test_sqlite_is_refused_with_an_unsafe_setting(tmp_path: Path, sqlite_template: Path) -> None:
    from consulta.db import engine as engine_module

    path = tmp_path / "unsafe.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")

        with pytest.raises(engine_module.UnsafeDatabase, match="synchronous"):
            engine_module._check_sqlite(connection)
    database.dispose()


def _rows(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in tables}
