"""What forty judged queries find over real texts; accents never matter. On both indexes: `make measure`."""

from pathlib import Path

import pytest

from consulta.db import Database, session_scope
from tests.search.judged import NEEDED, ask_all, is_there

LEAST = 0.95


@pytest.mark.skipif(not is_there(), reason=NEEDED)
def test_judged_queries_find_what_is_relevant(tmp_path: Path, database: Database) -> None:
    if database.url.startswith("postgresql"):
        pytest.skip("en PostgreSQL: make measure ONLY=search_recall")
    with session_scope(database):
        reached, different = ask_all(tmp_path / "search", database.url)

    assert len(reached) == 40
    assert sum(reached.values()) / len(reached) >= LEAST, {query.text: one for query, one in reached.items() if one < 1}
    assert different == []
