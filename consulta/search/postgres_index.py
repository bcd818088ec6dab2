"""The index of the server profile: tokens of ours in a `tsvector`, found and ranked by PostgreSQL.

PostgreSQL analyses nothing: what it is given was folded and stemmed as for the other index.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, delete, func, insert, literal, select, union_all
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from consulta.db import session, unit_of_work
from consulta.db.scope import lock_exclusive
from consulta.search.analysis import VERSION
from consulta.search.documents import MOST, OTHER_WORDS, Document, Matches, Progress, Request
from consulta.search.locking import hold
from consulta.search.models import SearchDocument, SearchProgress
from consulta.search.query import Clause, Query

ONLY = 1
LOCK = "search"
ADD = insert(SearchDocument.__table__).values(  # type: ignore[arg-type]
    id=bindparam("number"), at=bindparam("moment"), tokens=cast(bindparam("written", type_=String), TSVECTOR)
)


class PostgresIndex:
    """Documents in `search_documents`. Every write is a unit of work of its own.

    Args:
        folder: where the lock of the indexer is; what is found is in the database.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the index on this machine; two machines are kept apart by a lock of the database at each write."""
        with hold(self.folder) as is_alone:
            yield is_alone

    def progress(self) -> Progress | None:
        """Return how far it has followed; None when it must be written from the beginning."""
        found = session().get(SearchProgress, ONLY, populate_existing=True)
        if found is None or found.version != VERSION:
            return None
        return Progress(found.sequence, frozenset(found.waiting))

    def keep(self, progress: Progress) -> None:
        """Remember how far it has followed."""
        with unit_of_work():
            lock_exclusive(LOCK)
            found = session().get(SearchProgress, ONLY) or SearchProgress(id=ONLY)
            found.version, found.sequence, found.waiting = VERSION, progress.sequence, sorted(progress.waiting)
            session().add(found)

    def clear(self) -> None:
        """Forget everything."""
        with unit_of_work():
            lock_exclusive(LOCK)
            session().execute(delete(SearchDocument))
            session().execute(delete(SearchProgress))

    def replace(self, documents: Sequence[Document], gone: Iterable[int] = ()) -> None:
        """Write documents in the place of those with the same number, and take others out."""
        rows = [{"number": one.number, "moment": one.at, "written": tsvector_of(one)} for one in documents]
        numbers = [*gone, *(one.number for one in documents)]
        if not numbers:
            return
        with unit_of_work():
            lock_exclusive(LOCK)
            session().execute(delete(SearchDocument).where(SearchDocument.id.in_(numbers)))
            if rows:
                session().execute(ADD, rows)

    def find(self, request: Request) -> Matches:
        """Return what matches: the newest are counted and ranked."""
        if not request.query:
            return Matches()
        newest = _newest(request)
        by_date = (newest.c.at.desc(), newest.c.id.desc())
        order = by_date if request.newest_first else (_worth(request, newest), *by_date)
        # Counted with the page: what was found is not found twice.
        page = select(newest.c.id, func.count().over()).order_by(*order).offset(request.offset).limit(request.limit)
        rows = session().execute(page).all()
        if rows or not request.offset:
            return Matches(tuple(number for number, _count in rows), rows[0][1] if rows else 0)
        return Matches((), session().scalar(select(func.count()).select_from(newest)) or 0)

    def frequencies(self, tokens: Iterable[str], most: int = MOST) -> dict[str, int]:
        """Return in how many documents each token stands, `most` at most, in one statement."""
        wanted = list(dict.fromkeys(tokens))
        if not wanted:
            return {}
        some = (
            select(SearchDocument.id)
            .where(SearchDocument.tokens.op("@@")(cast(_quoted(token), TSQUERY)))
            .limit(most)
            .subquery()
            for token in wanted
        )
        counts = [select(literal(n).label("n"), func.count()).select_from(one) for n, one in enumerate(some)]
        rows = session().execute(union_all(*counts)).all()
        return {wanted[number]: count for number, count in rows}

    def numbers(self) -> list[int]:
        """Return the number of every document, in order."""
        return list(session().scalars(select(SearchDocument.id).order_by(SearchDocument.id)))


def tsvector_of(document: Document) -> str:
    """Return a document as PostgreSQL reads a `tsvector`: each token with its positions, which begin at one."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, tokens in enumerate(document.positions, start=1):
        for token in tokens:
            places[token].append(place)
    written = [f"{_quoted(token)}:{','.join(map(str, found))}" for token, found in places.items()]
    return " ".join([*written, *(_quoted(tag) for tag in sorted(document.tags))])


def tsquery_of(query: Query, tags: Iterable[str] = ()) -> str:
    """Return a query as PostgreSQL reads a `tsquery`."""
    wanted = [_clause(clause) for clause in query.wanted]
    return " & ".join([*wanted, *(f"!{_clause(one)}" for one in query.excluded), *map(_quoted, sorted(tags))])


def _worth(request: Request, found: Any) -> Any:
    """Return what a document is worth: what was asked for, and less for the same in other words."""

    def rank(query: Query) -> Any:
        return func.ts_rank(found.c.tokens, cast(tsquery_of(Query(query.wanted)), TSQUERY), 1)

    close = request.query.close
    return (rank(close) if close == request.query else rank(close) + OTHER_WORDS * rank(request.query)).desc()


def _newest(request: Request) -> Any:
    """Return the newest that have what was asked for, and after them what says the same in other words."""
    close = request.query.close
    first = _matching(request, close)
    if close == request.query:
        return first.subquery()
    near, far = first.cte("near"), _matching(request, request.query).cte("far")
    is_far = far.c.id.not_in(select(near.c.id))
    both = union_all(
        select(near.c.id, near.c.at, near.c.tokens, literal(0).label("tier")),
        select(far.c.id, far.c.at, far.c.tokens, literal(1)).where(is_far),
    ).subquery()
    newest = select(both.c.id, both.c.at, both.c.tokens).order_by(both.c.tier, both.c.at.desc(), both.c.id.desc())
    return newest.limit(MOST).subquery()


def _matching(request: Request, asked: Query) -> Select[Any]:
    whole = tsquery_of(asked, request.tags)
    item = SearchDocument
    found = select(item.id, item.at, item.tokens).where(item.tokens.op("@@")(cast(whole, TSQUERY)))
    if request.since is not None:
        found = found.where(item.at >= request.since)
    if request.until is not None:
        found = found.where(item.at < request.until)
    return found.order_by(item.at.desc(), item.id.desc()).limit(MOST)


def _clause(clause: Clause) -> str:
    if clause.is_prefix:
        return f"{_quoted(clause.words[0])}:*"
    return f"({' | '.join(_form(form) for form in clause.forms)})"


def _form(form: tuple[str, ...]) -> str:
    return f"({' <-> '.join(map(_quoted, form))})"


def _quoted(token: str) -> str:
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
