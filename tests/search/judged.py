"""Forty queries over real texts, judged by reading alone, and how many of what is relevant is found.

The texts are not part of the product: they are read from the shared data where it is there.
"""

import csv
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from consulta.finding.spelling import learn, spell
from consulta.search import Document, Index, Request, index_of, parse_query
from consulta.search.analysis import positions_of
from consulta.search.documents import AT_ONCE
from consulta.search.query import corrected

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
NEEDED = f"faltan los textos de {DATA.name}"
START = datetime(2024, 1, 1, tzinfo=UTC)
FIRST = 20


@dataclass(frozen=True)
class Judged:
    """A query and the keys of the texts that are relevant to it."""

    text: str
    kind: str
    relevant: frozenset[str]


def is_there() -> bool:
    """Say whether the texts are there."""
    return (DATA / "hermosillo" / "reports.csv").exists()


def read_queries() -> list[Judged]:
    """Return the queries."""
    found = tomllib.loads(Path(__file__).with_name("judged.toml").read_text("utf-8"))["query"]
    return [Judged(one["text"], one["kind"], frozenset(one["relevant"])) for one in found]


def read_texts() -> list[tuple[str, str]]:
    """Return the key and the text of everything, in order."""
    return [
        *((f"hermosillo:{row['id']}", row["descripcion"]) for row in _rows("hermosillo/reports.csv")),
        *((f"comment:{row['id']}", row["text"]) for row in _rows("decide-madrid/comments.csv")),
        *(
            (f"proposal:{row['id']}", "\n".join((row["title"], row["summary"], row["text"])))
            for row in _rows("decide-madrid/proposals.csv")
        ),
        *((f"law:{number}", row["nombre"]) for number, row in enumerate(_rows("guanajuato/gto_ordenamientos.csv"))),
    ]


def write_texts(index: Index, texts: Sequence[tuple[str, str]]) -> list[Document]:
    """Write the texts into an index, each with its place as its number; return them as documents."""
    documents = [
        Document(number, START + timedelta(minutes=number), frozenset(), positions_of([text]))
        for number, (_key, text) in enumerate(texts)
    ]
    with index.alone():
        index.clear()
        for start in range(0, len(documents), AT_ONCE):
            index.replace(documents[start : start + AT_ONCE])
    return documents


def ask_all(folder: Path, url: str) -> tuple[dict[Judged, float], list[str]]:
    """Write and learn the texts in the database at hand and ask every query.

    Returns the recall of each, and those that find something else when they are typed in capitals without accents.
    """
    index, texts = index_of(folder, url), read_texts()
    keys = [key for key, _text in texts]
    learn(write_texts(index, texts))
    found = {query: [keys[number] for number in _find(index, query.text)] for query in read_queries()}
    different = [query.text for query in found if [keys[n] for n in _find(index, _plain(query.text))] != found[query]]
    return {query: recall(query, numbers) for query, numbers in found.items()}, different


def recall(judged: Judged, found: Sequence[str]) -> float:
    """Return the share of what is relevant that is among the first twenty."""
    return len(judged.relevant & set(found[:FIRST])) / len(judged.relevant)


def _find(index: Index, text: str) -> tuple[int, ...]:
    query = parse_query(text)
    spelled = spell(query, index)
    return index.find(Request(corrected(query, spelled.meant, spelled.slips))).numbers


def _plain(text: str) -> str:
    """Return a text as who types without accents and in capitals writes it; ñ too."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).upper()


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)
