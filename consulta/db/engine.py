"""Engines of both databases, each refused when its version or a setting could lose an acknowledged row."""

import threading
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session, sessionmaker

# https://sqlite.org/wal.html#walreset: before 3.51.3 two connections can corrupt a WAL database.
SAFE_SQLITE = (3, 51, 3)
SAFE_POSTGRESQL = 150000
WRITE = "consulta_write"
KEY_FOLDER = "claves-demografia"


class UnsafeDatabase(SystemExit):
    """The database would not keep what it acknowledges; carries the sentence to print."""


class Database:
    """An engine with its session factory.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://…`.
        keys: folder of the keys that must never be in the database; beside the file of SQLite when none is given.
    Raises:
        UnsafeDatabase: on the first connection, when version or durability settings are unsafe.
    """

    def __init__(self, url: str, *, pool_size: int = 10, keys: Path | None = None) -> None:
        self.url = url
        if keys is None and url.startswith("sqlite:///"):
            keys = Path(url.removeprefix("sqlite:///")).parent / KEY_FOLDER
        self.engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url, pool_size)
        self.keys = keys
        info = {} if keys is None else {"demographics_keys": keys}
        self.sessions = sessionmaker(self.engine, class_=Session, expire_on_commit=True, info=info)
        self._checked = False
        self._lock = threading.Lock()

    def check(self) -> None:
        """Refuse an unsafe version or setting. Raises UnsafeDatabase."""
        with self._lock:
            if not self._checked:
                with self.engine.connect() as connection:
                    (_check_sqlite if self.engine.dialect.name == "sqlite" else _check_postgresql)(connection)
                self._checked = True

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, module=pysqlite3, connect_args={"timeout": 30, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # Autocommit mode of the driver: BEGIN is ours, so that writers can take the lock at once.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgresql(url: str, pool_size: int) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC"},
    )


def _check_sqlite(connection: Connection) -> None:
    version = tuple(int(part) for part in pysqlite3.sqlite_version.split("."))
    if version < SAFE_SQLITE:
        raise UnsafeDatabase(
            f"SQLite {pysqlite3.sqlite_version} puede dañar la base: instale pysqlite3 0.6.1 o posterior."
        )
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for pragma, value in expected.items():
        found = connection.execute(text(f"PRAGMA {pragma}")).scalar_one()
        if found != value:
            raise UnsafeDatabase(f"SQLite: «{pragma}» quedó en «{found}»; debe ser «{value}». Revise el disco.")


def _check_postgresql(connection: Connection) -> None:
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if version < SAFE_POSTGRESQL:
        raise UnsafeDatabase("Se necesita PostgreSQL 15 o posterior: actualice el servidor.")
    if connection.execute(text("SHOW synchronous_commit")).scalar_one() == "off":
        raise UnsafeDatabase("PostgreSQL con synchronous_commit=off pierde acuses: póngalo en «on».")
