"""Search over many comments, filters, spelling, fresh reading of every hit and snippets included.

On PostgreSQL a million comments, embedded a hundred thousand. The texts are real ones where the shared data is there,
over and over; the queries are those that were judged, single common words and pairs of them, each with filters by
chance. The baseline is the same over a thousand comments, in the same run.
"""

import csv
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from consulta.db import is_postgresql, session, unit_of_work
from consulta.finding.asking import Asked
from consulta.finding.findables import number_of, tag
from consulta.finding.results import search
from consulta.finding.spelling import learn
from consulta.finding.states import FoundKind
from consulta.search import AT_ONCE, Document, Index, index_of
from consulta.search.analysis import Positions, positions_of
from consulta.search.postgres_index import tsvector_of
from consulta.submissions.models import Submission
from measure.instances import Instance
from tests.builders import World, a_published
from tests.search.judged import DATA, is_there, read_queries

ROWS = {"sqlite": 100_000, "postgresql": int(os.environ.get("ROWS", "1000000"))}
FEW, QUERIES, SEED = 1_000, 1_000, 20_261_126
LIMITS = {"sqlite": {"p50": 60.0}, "postgresql": {"p50": 20.0, "p99": 150.0}}
ZONE = ZoneInfo("America/Mexico_City")
START = datetime(2024, 6, 10, 18, 0, tzinfo=UTC)
COMMON = (
    *("calle", "bache", "agua", "colonia", "gente", "ciudad", "coche", "limpieza", "basura", "transporte", "perro"),
    *("impuesto", "propuesta", "bicicleta", "parque", "escuela", "pavimento", "semáforo", "seguridad", "ruido"),
)
INVENTED = [f"Que reparen la {thing} de la {place}, {why}." for thing in COMMON for place in COMMON for why in COMMON]


def run(instance: Instance, world: World) -> dict[str, Any]:
    """Measure on one database."""
    with instance.scope():
        name = "postgresql" if is_postgresql() else "sqlite"
        few, many = (index_of(instance.folder / place, instance.settings.database_url) for place in ("few", "many"))
        texts = _texts()
        _insert(world, texts, ROWS[name])
        _write(few, texts, FEW)
        baseline = _time(few, 100)
        _write(many, texts, ROWS[name])
        found = _time(many, QUERIES)
    limits = LIMITS[name]
    return {
        "rows": ROWS[name],
        "texts": len(texts),
        "n": QUERIES,
        "seed": SEED,
        **found,
        "baseline_ms": baseline["p50"],
        "ratio": round(found["p50"] / baseline["p50"], 2),
        "limits_ms": limits,
        "reached": all(found[key] <= limit for key, limit in limits.items()),
    }


def _texts() -> list[str]:
    if not is_there():
        return INVENTED
    found = []
    for name, column in (("hermosillo/reports.csv", "descripcion"), ("decide-madrid/comments.csv", "text")):
        with (DATA / name).open(encoding="utf-8", newline="") as handle:
            found += [row[column] for row in csv.DictReader(handle) if row[column].strip()]
    return found


def _insert(world: World, texts: Sequence[str], rows: int) -> None:
    """Write comments like one that intake wrote and a moderator published."""
    one = a_published(world, datetime.now(UTC))
    columns = {column.key: getattr(one, column.key) for column in Submission.__table__.columns if column.key != "id"}
    topics = [world.topics["open"], world.topics["closed"]]
    for first in range(0, rows, 5_000):
        made = [
            {
                **columns,
                "id": number + 100,
                "folio": f"B-{number}",
                "nonce_hash": number.to_bytes(32, "big"),
                "topic_id": topics[number % 2],
                "text": texts[number % len(texts)],
                "received_at": _at(number),
            }
            for number in range(first, min(first + 5_000, rows))
        ]
        with unit_of_work():
            session().execute(insert(Submission), made)


def _write(index: Index, texts: Sequence[str], rows: int) -> None:
    """Write the comments into the index: on PostgreSQL at once, and its index afterwards."""
    positions = [positions_of([one]) for one in texts]
    learn(_document(number, positions) for number in range(min(rows, len(texts))))
    with index.alone():
        index.clear()
        if is_postgresql():
            _copy(_document(number, positions) for number in range(rows))
            return
        for first in range(0, rows, AT_ONCE):
            index.replace([_document(number, positions) for number in range(first, min(first + AT_ONCE, rows))])


def _copy(documents: Iterator[Document]) -> None:
    with unit_of_work() as current:
        current.execute(text("DROP INDEX ix_search_documents_tokens"))
        cursor = current.connection().connection.cursor()
        with cursor.copy("COPY search_documents (id, at, tokens) FROM STDIN") as copy:
            for one in documents:
                copy.write_row((one.number, one.at, tsvector_of(one)))
        current.execute(text("CREATE INDEX ix_search_documents_tokens ON search_documents USING gin (tokens)"))
        current.execute(text("ANALYZE search_documents"))
        current.execute(text("ANALYZE submissions"))


def _document(number: int, positions: Sequence[Positions]) -> Document:
    tags = [tag("government", "guanajuato"), tag("instrument", "agenda_regulatoria")]
    return Document(
        number=number_of(FoundKind.COMMENT, number + 100),
        at=_at(number),
        tags=frozenset(tags),
        positions=positions[number % len(positions)],
    )


def _at(number: int) -> datetime:
    return START + timedelta(seconds=60 * number)


def _time(index: Index, queries: int) -> dict[str, Any]:
    """Return how long a page of results takes, in milliseconds."""
    times, found = [], 0
    for asked in _asked(queries):
        began = time.perf_counter()
        results = search(index, asked.request(ZONE))
        times.append((time.perf_counter() - began) * 1000)
        session().rollback()
        found += bool(results.items)
    times.sort()
    return {
        "p50": round(statistics.median(times), 1),
        "p99": round(times[int(len(times) * 0.99)], 1),
        "worst": round(times[-1], 1),
        "with_results": found,
    }


def _asked(queries: int) -> Iterator[Asked]:
    chance = random.Random(SEED)
    judged = [query.text for query in read_queries()]
    makers: tuple[Callable[[], str], ...] = (
        lambda: chance.choice(judged),
        lambda: chance.choice(COMMON),
        lambda: " ".join(chance.sample(COMMON, 2)),
    )
    for _ in range(queries):
        yield Asked(
            text=chance.choice(makers)(),
            government="guanajuato" if chance.random() < 0.5 else "",
            instrument="agenda_regulatoria" if chance.random() < 0.3 else "",
            since=_day(chance) if chance.random() < 0.3 else None,
            until=_day(chance) if chance.random() < 0.2 else None,
            newest_first=chance.random() < 0.2,
        )


def _day(chance: random.Random) -> date:
    return (START + timedelta(days=chance.randint(0, 600))).date()
