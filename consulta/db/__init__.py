"""Storage of rows: the declarative base, the engine of either database, and `unit_of_work()`.

Knows nothing of Flask: the web, the commands and the worker each open a scope around their work.
"""

from consulta.db.base import Base, BigId, UtcDateTime, pk
from consulta.db.engine import Database, UnsafeDatabase
from consulta.db.scope import is_postgresql, lock_exclusive, lock_shared, session, session_scope, unit_of_work

__all__ = [
    "Base",
    "BigId",
    "Database",
    "UnsafeDatabase",
    "UtcDateTime",
    "is_postgresql",
    "lock_exclusive",
    "lock_shared",
    "pk",
    "session",
    "session_scope",
    "unit_of_work",
]
