"""What an index holds and gives: plain values, and the one interface that both indexes keep."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from consulta.search.analysis import Positions
from consulta.search.query import Query, matches

# Documents written in one go.
AT_ONCE = 500
# How many of the newest matches are ranked and counted.
MOST = 5_000
# What the same in other words is worth of what was asked for.
OTHER_WORDS = 0.4
# Begins every tag; no word does.
TAG = "#"


@dataclass(frozen=True)
class Document:
    """A text to be found: its number, its tags (`#place:value`), its instant, and what stands at each position."""

    number: int
    at: datetime
    tags: frozenset[str]
    positions: Positions


@dataclass(frozen=True)
class Request:
    """What is asked of an index: texts, tags that they all carry, from when until when, in which order, which page.

    `is_exact`: who asks wants the words as they were typed, so nothing is put right before it is asked.
    """

    query: Query
    tags: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    newest_first: bool = False
    is_exact: bool = False
    offset: int = 0
    limit: int = 20

    def accepts(self, document: Document) -> bool:
        """Say whether a document, as it is now, is what was asked for."""
        return (
            self.tags <= document.tags
            and (self.since is None or document.at >= self.since)
            and (self.until is None or document.at < self.until)
            and matches(self.query, document.positions)
        )


@dataclass(frozen=True)
class Matches:
    """The numbers of a page of matches, and how many there are, `MOST` at most."""

    numbers: tuple[int, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Progress:
    """How far an index has followed: the last of what has a place, and what it knows that has none yet."""

    sequence: int = -1
    waiting: frozenset[int] = field(default_factory=frozenset)


class Index(Protocol):
    """Where documents are kept. Whoever writes holds `alone()`."""

    def alone(self) -> AbstractContextManager[bool]:
        """Hold the index; gives False when another process is writing it now."""

    def progress(self) -> Progress | None:
        """Return how far it has followed; None when it must be written from the beginning."""

    def keep(self, progress: Progress) -> None:
        """Remember how far it has followed, once everything until there is written."""

    def clear(self) -> None:
        """Forget everything."""

    def replace(self, documents: Sequence[Document], gone: Iterable[int] = ()) -> None:
        """Write documents in the place of those with the same number, and take others out. At most `AT_ONCE`."""

    def find(self, request: Request) -> Matches:
        """Return what matches; nothing while there is no index."""

    def frequencies(self, tokens: Iterable[str], most: int = MOST) -> dict[str, int]:
        """Return in how many documents each token stands; who counts further than `most` may stop there."""

    def numbers(self) -> list[int]:
        """Return the number of every document, in order, once for each time that it is there."""
