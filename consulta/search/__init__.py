"""Finding texts again: one analysis and one language of queries for two indexes, which give the same set.

Receives plain values and knows nothing of what is public: who asks checks every hit again before showing it.
"""

from pathlib import Path

from consulta.search.documents import AT_ONCE, Document, Index, Matches, Progress, Request
from consulta.search.postgres_index import PostgresIndex
from consulta.search.query import Query, parse_query
from consulta.search.whoosh_index import WhooshIndex

__all__ = ["AT_ONCE", "Document", "Index", "Matches", "Progress", "Query", "Request", "index_of", "parse_query"]


def index_of(folder: Path, database_url: str) -> Index:
    """Return the index of an instance: files beside SQLite, or a table of PostgreSQL."""
    return PostgresIndex(folder) if database_url.startswith("postgresql") else WhooshIndex(folder)
