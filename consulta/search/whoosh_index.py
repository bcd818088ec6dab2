"""The index of the embedded profile: a folder that Whoosh writes. The only importer of it.

One indexer writes, with the plain writer: those that write in the background lose what they acknowledged when they are
killed. Readers never refresh a searcher, which may give deleted documents back; they open a new one.
"""

import heapq
import json
import os
import shutil
import threading
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from consulta.search.analysis import VERSION
from consulta.search.documents import MOST, Document, Matches, Progress, Request
from consulta.search.locking import hold
from consulta.search.query import Clause

with warnings.catch_warnings():
    # Its sources carry escapes that Python warns of when it compiles them; those it loads late are loaded here.
    warnings.simplefilter("ignore")
    import whoosh.automata.lev
    import whoosh.codec.whoosh3
    import whoosh.multiproc
    import whoosh.writing  # noqa: F401
    from whoosh import analysis, columns, fields, index, query

BODY, KEY = "body", "key"
WAIT = 30.0
# How often a folder is opened again when the indexer takes a file away meanwhile.
TRIES = 3
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Where, in which order: instant, number, which segment, which document of it.
Place = tuple[int, int, int, int]


class Positioned(analysis.Analyzer):  # type: ignore[misc]
    """Reads what was analysed before: a line per position, with its tokens."""

    def __call__(self, value: str, **_how: Any) -> Iterator[Any]:
        """Yield the tokens with their positions."""
        token = analysis.Token(positions=True, mode="index")
        token.boost, token.stopped = 1.0, False
        for place, line in enumerate(value.split("\n")):
            for text in line.split():
                token.text, token.pos = text, place
                yield token


SCHEMA = fields.Schema(
    key=fields.ID(unique=True),
    body=fields.TEXT(analyzer=Positioned(), phrase=True),
    number=fields.COLUMN(columns.NumericColumn("q")),
    at=fields.COLUMN(columns.NumericColumn("q")),
)


class WhooshIndex:
    """Documents in a folder, named by the version of their analysis."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.folder = folder / f"v{VERSION}"
        self._own = threading.local()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the folder; gives False when another process is writing it now."""
        with hold(self.root) as is_alone:
            yield is_alone

    def progress(self) -> Progress | None:
        """Return how far it has followed; None when it must be written from the beginning."""
        try:
            plain = json.loads((self.folder / "progress.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        if not index.exists_in(str(self.folder)):
            return None
        return Progress(plain["sequence"], frozenset(plain["waiting"]))

    def keep(self, progress: Progress) -> None:
        """Remember how far it has followed: after what was written, so that a kill repeats and never skips."""
        waiting = self.folder / f".progress.{os.getpid()}"
        plain = {"sequence": progress.sequence, "waiting": sorted(progress.waiting)}
        waiting.write_text(json.dumps(plain), "utf-8")
        waiting.replace(self.folder / "progress.json")

    def clear(self) -> None:
        """Forget everything, that of other versions too."""
        for old in self.root.glob("v*"):
            shutil.rmtree(old)
        self.folder.mkdir(parents=True)
        index.create_in(str(self.folder), SCHEMA)

    def replace(self, documents: Sequence[Document], gone: Iterable[int] = ()) -> None:
        """Write documents in the place of those with the same number, and take others out."""
        searcher = self._searcher()
        keys = [str(number) for number in (*gone, *(one.number for one in documents))]
        known = [key for key in keys if searcher is not None and searcher.doc_frequency(KEY, key)]
        if not documents and not known:
            return
        writer = index.open_dir(str(self.folder)).writer(timeout=WAIT)
        try:
            if known:
                writer.delete_by_query(query.Or([query.Term(KEY, key) for key in known]))
            for one in documents:
                writer.add_document(key=str(one.number), body=_written(one), number=one.number, at=_moment(one.at))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def find(self, request: Request) -> Matches:
        """Return what matches: the newest are counted and ranked."""
        for left in reversed(range(TRIES)):
            try:
                searcher = self._searcher()
                return _find(searcher, request) if searcher is not None and request.query else Matches()
            except OSError:
                # The indexer merged segments between naming and opening them.
                self._own.__dict__.clear()
                if not left:
                    raise
        return Matches()

    def numbers(self) -> list[int]:
        """Return the number of every document, in order, once for each time that it is there."""
        searcher = self._searcher()
        return [] if searcher is None else sorted(one[1] for one in _places(searcher, query.Every()))

    def _searcher(self) -> Any:
        """Return a searcher of what is there now, one per thread; None while there is no index."""
        if not index.exists_in(str(self.folder)):
            return None
        opened = index.open_dir(str(self.folder))
        # After it was forgotten generations begin again, so the file that tells them is known by its time too.
        generation = opened.latest_generation()
        name = generation, (self.folder / f"_MAIN_{generation}.toc").stat().st_mtime_ns
        if getattr(self._own, "name", None) != name:
            self._own.searcher = opened.searcher()
            self._own.name = name
        return self._own.searcher


def _find(searcher: Any, request: Request) -> Matches:
    found = _wanted(request)
    newest = heapq.nlargest(MOST, _within(request, _places(searcher, found, _excluded(request))))
    scores = {} if request.newest_first else _scores(searcher, found, newest)
    if scores:
        newest.sort(key=lambda one: (scores[one[2:]], one), reverse=True)
    page = newest[request.offset : request.offset + request.limit]
    return Matches(tuple(one[1] for one in page), len(newest))


def _places(searcher: Any, found: Any, excluded: Any = None) -> Iterator[Place]:
    """Yield every match without ranking it. What is excluded is taken out here: `AndNot` lets some of it through."""
    for segment, (part, _offset) in enumerate(searcher.leaf_searchers()):
        instants, numbers = part.reader().column_reader("at"), part.reader().column_reader("number")
        out = set(excluded.matcher(part, part.boolean_context()).all_ids()) if excluded is not None else ()
        for document in found.matcher(part, part.boolean_context()).all_ids():
            if document not in out:
                yield instants[document], numbers[document], segment, document


def _within(request: Request, places: Iterable[Place]) -> Iterator[Place]:
    since, until = _moment(request.since), _moment(request.until)
    return (one for one in places if (since is None or one[0] >= since) and (until is None or one[0] < until))


def _scores(searcher: Any, found: Any, chosen: Sequence[Place]) -> dict[tuple[int, int], float]:
    scores = {}
    for segment, (part, _offset) in enumerate(searcher.leaf_searchers()):
        wanted = sorted(document for _at, _number, where, document in chosen if where == segment)
        if not wanted:
            continue
        matcher = found.matcher(part, part.context())
        for document in wanted:
            matcher.skip_to(document)
            scores[segment, document] = matcher.score()
    return scores


def _moment(at: datetime | None) -> int | None:
    return None if at is None else (at - EPOCH) // timedelta(microseconds=1)


def _written(document: Document) -> str:
    lines = [" ".join(sorted(document.tags)), "", *(" ".join(tokens) for tokens in document.positions)]
    return "\n".join(lines)


def _wanted(request: Request) -> Any:
    tags = [query.ConstantScoreQuery(query.Term(BODY, tag), 0.0) for tag in sorted(request.tags)]
    return query.And([*map(_clause, request.query.wanted), *tags])


def _excluded(request: Request) -> Any:
    return query.Or([_clause(clause) for clause in request.query.excluded]) if request.query.excluded else None


def _clause(clause: Clause) -> Any:
    if clause.is_prefix:
        return query.Prefix(BODY, clause.words[0])
    if len(clause.words) == 1:
        return query.Term(BODY, clause.words[0])
    return query.Phrase(BODY, list(clause.words))
