"""The index of the embedded profile: a folder that Whoosh writes. The only importer of it.

One indexer writes, with the plain writer: those that write in the background lose what they acknowledged when they are
killed. Readers never refresh a searcher, which may give deleted documents back; they open a new one.
"""

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
from consulta.search.query import Query

with warnings.catch_warnings():
    # Its sources carry escapes that Python warns of when it compiles them; those it loads late are loaded here.
    warnings.simplefilter("ignore")
    import whoosh.automata.lev
    import whoosh.codec.whoosh3
    import whoosh.multiproc
    import whoosh.writing  # noqa: F401
    from whoosh import analysis, columns, fields, index, query
    from whoosh.filedb.filestore import FileStorage

    from consulta.search.whoosh_reading import (
        Place,
        Segment,
        documents_of,
        rarity,
        read_segment,
        scores_of,
    )

KEY = "key"
WAIT = 30.0
# How often a folder is opened again when the indexer takes a file away meanwhile.
TRIES = 3
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    length=fields.COLUMN(columns.NumericColumn("q")),
)


class WhooshIndex:
    """Documents in a folder, named by the version of their analysis."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.folder = folder / f"v{VERSION}"
        # Readers move through their files, so one at a time reads.
        self._reading = threading.Lock()
        self._opened: tuple[tuple[int, int], Any] | None = None
        self._known: dict[str, Segment] = {}

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
        with self._reading:
            there = {number for segment in self._segments() for number in segment.numbers}
        known = [str(number) for number in (*gone, *(one.number for one in documents)) if number in there]
        if not documents and not known:
            return
        writer = index.open_dir(str(self.folder)).writer(timeout=WAIT)
        try:
            if known:
                writer.delete_by_query(query.Or([query.Term(KEY, key) for key in known]))
            for one in documents:
                writer.add_document(
                    key=str(one.number),
                    body=_written(one),
                    number=one.number,
                    at=_moment(one.at),
                    length=len(one.positions),
                )
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def find(self, request: Request) -> Matches:
        """Return what matches: the newest are counted and ranked."""
        if not request.query:
            return Matches()
        with self._reading:
            segments = self._segments()
            close = request.query.close
            newest = _newest(request, close, segments)
            if close != request.query and len(newest) < MOST:
                # What says the same in other words fills what is left.
                more = dict.fromkeys([*newest, *_newest(request, request.query, segments)])
                newest = list(more)[:MOST]
            newest = sorted(newest, reverse=True) if request.newest_first else _ranked(request, segments, newest)
        page = newest[request.offset : request.offset + request.limit]
        return Matches(tuple(one.number for one in page), len(newest))

    def frequencies(self, tokens: Iterable[str], most: int = MOST) -> dict[str, int]:
        """Return in how many documents each token stands, `most` at most."""
        with self._reading:
            segments = self._segments()
            return {token: min(most, sum(_count(segment, token) for segment in segments)) for token in tokens}

    def numbers(self) -> list[int]:
        """Return the number of every document, in order, once for each time that it is there."""
        with self._reading:
            return sorted(
                number
                for segment in self._segments()
                for document, number in enumerate(segment.numbers)
                if document not in segment.deleted
            )

    def _segments(self) -> Sequence[Segment]:
        """Return the segments of the folder as they are now; those that were known are kept. The caller holds them."""
        for left in reversed(range(TRIES)):
            try:
                return self._open()
            except (OSError, index.EmptyIndexError):
                # The indexer merged segments, or forgot them, between naming and opening them.
                self._opened = None
                if not left:
                    raise
        return ()

    def _open(self) -> Sequence[Segment]:
        if not index.exists_in(str(self.folder)):
            return ()
        generation = index.FileIndex(FileStorage(str(self.folder))).latest_generation()
        # After it was forgotten generations begin again, so the file that tells them is known by its time too.
        name = generation, (self.folder / f"_MAIN_{generation}.toc").stat().st_mtime_ns
        if self._opened is None or self._opened[0] != name:
            reader = index.open_dir(str(self.folder)).reader()
            known = self._known
            self._known = {
                one.segment().segment_id(): read_segment(one, known.get(one.segment().segment_id()))
                for one, _offset in reader.leaf_readers()
                if one.doc_count_all()
            }
            self._opened = name, reader
        return tuple(self._known.values())


def _newest(request: Request, asked: Query, segments: Sequence[Segment]) -> list[Place]:
    since, until = _moment(request.since), _moment(request.until)
    places = (
        Place(segment.instants[document], segment.numbers[document], number, document)
        for number, segment in enumerate(segments)
        for document in segment.newest(documents_of(segment, asked.wanted, request.tags, asked.excluded), since, until)
    )
    return sorted(places, reverse=True)[:MOST]


def _ranked(request: Request, segments: Sequence[Segment], newest: list[Place]) -> list[Place]:
    """Return places by what they are worth, the newest first among equals."""
    documents = sum(len(segment.instants) - len(segment.deleted) for segment in segments)
    tokens = request.query.tokens
    seen = {token: rarity(sum(_count(segment, token) for segment in segments), documents) for token in tokens}
    worth: dict[Place, float] = {}
    for number, segment in enumerate(segments):
        here = [place for place in newest if place.segment == number]
        chosen = [place.document for place in here]
        worth.update(zip(here, scores_of(segment, request.query.wanted, chosen, seen), strict=True))
    return sorted(newest, key=lambda place: (worth[place], place), reverse=True)


def _count(segment: Segment, token: str) -> int:
    found = segment.weights(token)
    return len(found) - sum(document in found for document in segment.deleted)


def _moment(at: datetime | None) -> int | None:
    return None if at is None else (at - EPOCH) // timedelta(microseconds=1)


def _written(document: Document) -> str:
    lines = [" ".join(sorted(document.tags)), "", *(" ".join(tokens) for tokens in document.positions)]
    return "\n".join(lines)
