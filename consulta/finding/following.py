"""The index follows the public record: every act leaves a leaf that names a folio or a window, and what it names is
read again from the database. A leaf that has no place in the tree yet is followed at once, and not again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from consulta.db import session
from consulta.finding.findables import Findable, cases, comments, number_of, topics, windows
from consulta.finding.spelling import forget_words, learn
from consulta.finding.states import FoundKind
from consulta.jobs import enqueue
from consulta.jobs.models import Job
from consulta.record.models import Leaf
from consulta.search import AT_ONCE, Index, Progress
from consulta.submissions.models import Submission
from consulta.windows.models import Topic, Window

REFRESH = "search.refresh"


@dataclass(frozen=True)
class News:
    """What was named since the last time, and how far the index will have followed once it knows it."""

    named: tuple[str, ...]
    progress: Progress


def refresh(index: Index) -> int:
    """Bring the index up to what is public now. The caller holds it. Returns how many documents it wrote or took out.

    How far it followed is kept last: who is killed meanwhile does the same again, which changes nothing.
    """
    known = index.progress()
    if known is None:
        return rebuild(index)
    news = _news(known)
    if news.progress == known:
        return 0
    touched = _write(index, news.named)
    index.keep(news.progress)
    return touched


def rebuild(index: Index) -> int:
    """Write the whole index again. The caller holds it. Returns how many documents it has."""
    progress = _progress_now()
    session().rollback()
    index.clear()
    forget_words()
    count = sum(_write_all(index, read, column) for read, column in EVERY)
    index.keep(progress)
    return count


def refresh_with(index: Index) -> Callable[[dict[str, Any], datetime], None]:
    """Return the handler of `search.refresh`: it holds no transaction while it writes files."""

    def work(_payload: dict[str, Any], _now: datetime) -> None:
        with index.alone() as is_alone:
            if is_alone:
                refresh(index)
        session().rollback()

    return work


def ask_refresh(index: Index) -> Callable[[datetime], None]:
    """Return the periodic work: ask for a refresh when something was done that the index does not know."""

    def ask(now: datetime) -> None:
        if session().scalar(select(Job.id).where(Job.kind == REFRESH).limit(1)) is None and _is_behind(index):
            enqueue(kind=REFRESH, payload={}, run_at=now)

    return ask


EVERY: tuple[tuple[Callable[..., list[Findable]], Any], ...] = (
    (windows, Window.id),
    (topics, Topic.id),
    (comments, Submission.id),
    (cases, Submission.id),
)


def _is_behind(index: Index) -> bool:
    known = index.progress()
    return known is None or _news(known).progress != known


def _progress_now() -> Progress:
    """Return how far who reads everything now has followed."""
    last = session().scalar(select(func.max(Leaf.sequence)))
    waiting = session().scalars(select(Leaf.id).where(Leaf.sequence.is_(None)))
    return Progress(-1 if last is None else last, frozenset(waiting))


def _news(known: Progress) -> News:
    """Read the leaves that have a place after the last one known, and all that wait for theirs."""
    fresh = select(Leaf.id, Leaf.sequence, Leaf.public_id).where(
        or_(Leaf.sequence > known.sequence, Leaf.sequence.is_(None))
    )
    rows = session().execute(fresh).all()
    last = max((row.sequence for row in rows if row.sequence is not None), default=known.sequence)
    named = dict.fromkeys(row.public_id for row in rows if row.id not in known.waiting)
    return News(tuple(named), Progress(last, frozenset(row.id for row in rows if row.sequence is None)))


def _write(index: Index, named: Sequence[str]) -> int:
    """Write what the names stand for, and take out what may not be found any more."""
    touched = 0
    for some in _batches(named):
        ids = session().scalars(select(Submission.id).where(Submission.folio.in_(some))).all()
        touched += _replace(index, FoundKind.COMMENT, ids, comments(Submission.id.in_(ids)) if ids else [])
        touched += _replace(index, FoundKind.CASE, ids, cases(Submission.id.in_(ids)) if ids else [])
    # What is about a topic names `<slug>/<number>`.
    for some in _batches(sorted({name.split("/", 1)[0] for name in named})):
        ids = session().scalars(select(Window.id).where(Window.slug.in_(some))).all()
        touched += _replace(index, FoundKind.WINDOW, ids, windows(Window.id.in_(ids)) if ids else [])
        inside = session().scalars(select(Topic.id).where(Topic.window_id.in_(ids))).all() if ids else []
        for few in _batches(inside):
            touched += _replace(index, FoundKind.TOPIC, few, topics(Topic.id.in_(few)))
    return touched


def _replace(index: Index, kind: FoundKind, ids: Iterable[int], found: Sequence[Findable]) -> int:
    documents = [one.document for one in found]
    gone = {number_of(kind, row_id) for row_id in ids} - {one.number for one in documents}
    # Nothing is read any more while the index writes.
    session().rollback()
    index.replace(documents, gone)
    learn(documents)
    return len(documents) + len(gone)


def _write_all(index: Index, read: Callable[..., list[Findable]], column: Any) -> int:
    last, count = 0, 0
    while found := read(column > last, limit=AT_ONCE):
        last, count = found[-1].row.id, count + len(found)
        documents = [one.document for one in found]
        session().rollback()
        index.replace(documents)
        learn(documents)
    return count


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
