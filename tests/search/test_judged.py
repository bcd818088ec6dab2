"""What forty judged queries find over real texts, on both indexes; accents never matter."""

import unicodedata
from pathlib import Path

import pytest

from consulta.db import Database, session_scope
from consulta.finding.spelling import learn, spell
from consulta.search import Index, Request, index_of, parse_query
from consulta.search.query import corrected
from tests.search.judged import NEEDED, is_there, read_queries, read_texts, recall, write_texts

LEAST = 0.95


@pytest.mark.skipif(not is_there(), reason=NEEDED)
def test_judged_queries_find_what_is_relevant(tmp_path: Path, database: Database) -> None:
    index = index_of(tmp_path / "search", database.url)
    texts = read_texts()
    keys = [key for key, _text in texts]

    with session_scope(database):
        learn(write_texts(index, texts))
        found = {query: [keys[number] for number in _find(index, query.text)] for query in read_queries()}
        without = {query: [keys[number] for number in _find(index, _plain(query.text))] for query in found}

    reached = {query.text: recall(query, numbers) for query, numbers in found.items()}
    assert len(reached) == 40
    assert sum(reached.values()) / len(reached) >= LEAST, {text: one for text, one in reached.items() if one < 1}
    assert found == without


def _find(index: Index, text: str) -> tuple[int, ...]:
    query = parse_query(text)
    spelled = spell(query, index)
    return index.find(Request(corrected(query, spelled.meant, spelled.slips))).numbers


def _plain(text: str) -> str:
    """Return a text as who types without accents and in capitals writes it; ñ too."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).upper()
