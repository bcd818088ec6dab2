"""The passage of a text that shows why it was found, with the words that were asked for apart. Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from consulta.search.analysis import WRITTEN_WORD
from consulta.search.query import Query

LENGTH = 240
# Where a text is looked at; beyond, it is found without its passage.
SEEN = 20_000


class Piece(NamedTuple):
    """A run of text, and whether it was asked for."""

    text: str
    is_marked: bool


def cut_snippet(texts: Sequence[str], query: Query) -> list[Piece]:
    """Return the passage of the texts in which most of the words stand; the beginning where none does."""
    best: tuple[int, str, list[tuple[int, int]]] = (-1, "", [])
    for text in texts:
        line = " ".join(text[:SEEN].split())
        found = [span.span() for span in WRITTEN_WORD.finditer(line) if query.marks(span[0])]
        count = _most_together(found)[1]
        if line and count > best[0]:
            best = count, line, found
    return list(_pieces(best[1], best[2]))


def _most_together(found: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return where the passage begins that holds most of what was found, and how many it holds."""
    best, last = (0, 0), 0
    for first, (start, _end) in enumerate(found):
        last = max(last, first)
        while last < len(found) and found[last][1] <= start + LENGTH:
            last += 1
        if last - first > best[1]:
            best = start, last - first
    return best


def _pieces(line: str, found: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    start = max(0, _most_together(found)[0] - LENGTH // 4)
    # Words are never cut at the beginning; at the end the last one is left out.
    start = 0 if start == 0 else line.find(" ", start) + 1
    end = len(line) if len(line) <= start + LENGTH else max(line.rfind(" ", start, start + LENGTH), start + 1)
    at = start
    if start:
        yield Piece("…", False)
    for first, last in found:
        if start <= first and last <= end:
            if first > at:
                yield Piece(line[at:first], False)
            yield Piece(line[first:last], True)
            at = last
    if at < end:
        yield Piece(line[at:end], False)
    if end < len(line):
        yield Piece("…", False)
