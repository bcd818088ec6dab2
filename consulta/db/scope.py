"""The session of the work at hand, and the one way to write: `unit_of_work()`."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from consulta.db.engine import WRITE, Database

_session: ContextVar[Session] = ContextVar("consulta_session")
_writing: ContextVar[bool] = ContextVar("consulta_writing", default=False)


def session() -> Session:
    """Return the session of the current scope. Raises LookupError outside one."""
    return _session.get()


@contextmanager
def session_scope(database: Database) -> Iterator[Session]:
    """Open a session for one request, command or job; what was not committed is rolled back at the end."""
    with database.sessions() as opened:
        token = _session.set(opened)
        try:
            yield opened
        finally:
            _session.reset(token)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One act, one transaction: what happens inside is durable together at the end, or not at all.

    Ends the read that went before, so that what is decided inside is decided on what is true inside:
    objects loaded earlier are read again. SQLite takes its write lock here (`BEGIN IMMEDIATE`).
    """
    current = session()
    if _writing.get():
        raise RuntimeError("a unit of work cannot be opened inside another")
    current.rollback()
    token = _writing.set(True)
    try:
        current.connection(execution_options={WRITE: True})
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        _writing.reset(token)


def is_postgresql() -> bool:
    """Say whether the session at hand speaks to PostgreSQL."""
    return session().get_bind().dialect.name == "postgresql"


def lock_shared(name: str) -> None:
    """Take a shared lock until the transaction ends. On SQLite the write lock is already held."""
    _advisory("pg_advisory_xact_lock_shared", name)


def lock_exclusive(name: str) -> None:
    """Take an exclusive lock until the transaction ends. On SQLite the write lock is already held."""
    _advisory("pg_advisory_xact_lock", name)


def _advisory(function: str, name: str) -> None:
    if is_postgresql():
        key = int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:8], "big", signed=True)
        session().execute(text(f"SELECT {function}(:key)"), {"key": key})
