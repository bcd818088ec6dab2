"""What both databases can write as text by themselves, each in its own words."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class iso_instant(GenericFunction[str]):  # noqa: N801 - SQLAlchemy names functions as SQL does
    """An instant as data: UTC, ISO 8601, to the second; NULL stays NULL."""

    type = String()
    inherit_cache = True


@compiles(iso_instant, "sqlite")
def _sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {compiler.process(element.clauses, **words)})"


@compiles(iso_instant, "postgresql")
def _postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"""to_char({compiler.process(element.clauses, **words)}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
