"""Both indexes: the same queries give the same set, and documents are there once."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from consulta.db import Database, session_scope
from consulta.search import Document, Index, Progress, Request, parse_query
from consulta.search import documents as limits
from consulta.search.analysis import positions_of
from consulta.search.postgres_index import PostgresIndex
from consulta.search.whoosh_index import WhooshIndex
from tests.clock import START

WORDS = [
    *("agua", "aguas", "potable", "revisión", "revisiones", "frenos", "freno", "transporte", "transportes", "escolar"),
    *("niño", "niños", "bache", "baches", "calle", "línea", "linea", "12", "300", "2e5", "participación", "árbol"),
    *("participativo", "y", "de", "la", "los", "banqueta", "o'higgins", "socio-económico"),
    *("acera", "hoyo", "carril bici", "ciclovía", "luz", "luces"),
]
TAGS = ("#government:guanajuato", "#government:leon", "#disposition:adopted")
QUERIES = (
    "agua",
    "AGUAS revision",
    '"agua potable"',
    '"transporte escolar" -bache',
    "particip*",
    "l*",
    "tran* -escol*",
    '-"agua potable" agua',
    "12",
    "2e5",
    "socio-economico",
    "o'higgins",
    '"linea 12"',
    "de",
    "-agua",
    '"agua agua"',
    "frenos freno niño nino",
    "\\ ' & | ! (agua)",
    "#government:leon",
    "acera",
    "hoyo -bache",
    "ciclovia agua",
    "carril bici",
    "luz",
    '"hoyo"',
)


def a_document(number: int, chance: random.Random) -> Document:
    """Build a document of words by chance."""
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(chance.randint(1, 3))]
    tags = frozenset(one for one in TAGS if chance.random() < 0.5)
    return Document(number, START + timedelta(hours=chance.randint(0, 50)), tags, positions_of(texts))


@pytest.fixture
def documents() -> list[Document]:
    chance = random.Random(7)
    return [a_document(number, chance) for number in range(1, 301)]


@pytest.fixture
def index(database: Database, tmp_path: Path, scope: None) -> Index:
    is_postgresql = database.engine.dialect.name == "postgresql"
    made: Index = (PostgresIndex if is_postgresql else WhooshIndex)(tmp_path / "busqueda")
    with made.alone() as is_alone:
        assert is_alone
        made.clear()
    return made


def fill(index: Index, documents: list[Document]) -> None:
    """Write documents in batches, as an indexer does."""
    for start in range(0, len(documents), 100):
        index.replace(documents[start : start + 100])


@pytest.mark.parametrize("filters", [{}, {"tags": frozenset(TAGS[:1])}, {"since": START + timedelta(hours=20)}])
def test_index_gives_exactly_what_matches(index: Index, documents: list[Document], filters: dict[str, object]) -> None:
    fill(index, documents)

    for text in QUERIES:
        request = Request(parse_query(text), limit=1000, **filters)  # type: ignore[arg-type]
        expected = {one.number for one in documents if request.accepts(one)}
        for newest_first in (False, True):
            found = index.find(Request(parse_query(text), limit=1000, newest_first=newest_first, **filters))  # type: ignore[arg-type]
            assert set(found.numbers) == expected, text
            assert found.total == len(found.numbers) == len(expected), text


def test_random_queries_give_exactly_what_matches(index: Index, documents: list[Document]) -> None:
    fill(index, documents)
    chance = random.Random(11)
    for _ in range(60):
        parts = []
        for _ in range(chance.randint(1, 3)):
            words = chance.choices(WORDS, k=chance.randint(1, 3))
            form = chance.choice(["{}", "-{}", '"{}"', '-"{}"'])
            parts.append(form.format(" ".join(words)))
            if chance.random() < 0.3:
                parts.append(words[0][:3] + "*")
        request = Request(parse_query(" ".join(parts)), limit=1000)

        found = index.find(request)

        assert set(found.numbers) == {one.number for one in documents if request.accepts(one)}, parts


def test_newest_first_and_pages(index: Index, documents: list[Document]) -> None:
    fill(index, documents)
    expected = sorted((one.at, one.number) for one in documents if Request(parse_query("agua")).accepts(one))

    pages = [
        index.find(Request(parse_query("agua"), newest_first=True, offset=start, limit=20)).numbers
        for start in range(0, len(expected) + 20, 20)
    ]

    assert [number for page in pages for number in page] == [number for _, number in reversed(expected)]


def test_only_the_newest_are_ranked_and_counted(
    index: Index, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(index, documents)
    for module in ("whoosh_index", "postgres_index"):
        monkeypatch.setattr(f"consulta.search.{module}.MOST", 10)
    expected = sorted((one.at, one.number) for one in documents if Request(parse_query("agua")).accepts(one))[-10:]

    found = index.find(Request(parse_query("agua"), limit=50))

    assert limits.MOST == 5000
    assert found.total == 10
    assert set(found.numbers) == {number for _, number in expected}


def test_what_says_the_same_in_other_words_comes_after_and_fills_what_is_left(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["acera", "banqueta rota", "acera rota", "banqueta"]
    fill(
        index, [Document(n, START + timedelta(hours=n), frozenset(), positions_of([one])) for n, one in enumerate(said)]
    )

    found = index.find(Request(parse_query("acera")))
    exact = index.find(Request(parse_query("acera", is_exact=True)))
    newest = index.find(Request(parse_query("acera"), newest_first=True))
    for module in ("whoosh_index", "postgres_index"):
        monkeypatch.setattr(f"consulta.search.{module}.MOST", 3)
    few = index.find(Request(parse_query("acera"), newest_first=True))

    assert (set(found.numbers[:2]), set(found.numbers[2:])) == ({0, 2}, {1, 3})
    assert set(exact.numbers) == {0, 2}
    assert newest.numbers == (3, 2, 1, 0)
    assert (few.numbers, few.total) == ((3, 2, 0), 3)


def test_frequencies_tell_what_is_there_now(index: Index) -> None:
    fill(index, [Document(n, START, frozenset(), positions_of(["baches y luces"])) for n in range(4)])
    index.replace([], gone=[0, 1])

    assert index.frequencies(["baches", "bach", "luces", "nada"]) == {"baches": 2, "bach": 2, "luces": 2, "nada": 0}


def test_replacing_and_taking_out_leave_no_duplicates(index: Index, documents: list[Document]) -> None:
    fill(index, documents)
    fill(index, documents)

    index.replace([Document(5, START, frozenset(), positions_of(["única"]))], gone=[1, 2, 3, 999])

    assert index.numbers() == list(range(4, 301))
    assert index.find(Request(parse_query("unica"))).numbers == (5,)


def test_one_indexer_at_a_time(index: Index) -> None:
    with index.alone() as first, index.alone() as second:
        assert (first, second) == (True, False)


def test_progress_is_kept_and_forgotten(index: Index) -> None:
    assert index.progress() is None

    index.keep(Progress(7, frozenset({9, 8})))
    kept = index.progress()
    index.clear()

    assert kept == Progress(7, frozenset({8, 9}))
    assert index.progress() is None


def test_nothing_is_found_before_there_is_an_index(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "no-hay")

    assert index.find(Request(parse_query("agua"))).numbers == ()
    assert index.numbers() == []


def test_forgotten_index_is_read_anew(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "busqueda")
    for number in (1, 2):
        index.clear()
        index.replace([Document(number, START, frozenset(), positions_of(["agua"]))])

        assert index.find(Request(parse_query("agua"))).numbers == (number,)


def test_every_word_of_a_document_is_a_lexeme(database: Database, tmp_path: Path) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL has lexemes")
    from consulta.search.models import SearchDocument

    long = positions_of([" ".join(f"palabra{number}" for number in range(20_000)), "x" * 5_000])
    with session_scope(database) as opened:
        PostgresIndex(tmp_path).replace([Document(1, START, frozenset({"#a:b'c\\d"}), long)])
        count = opened.scalar(select(func.length(SearchDocument.tokens)))

    assert count == 16_001
