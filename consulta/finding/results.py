"""What is shown of what the index found: each hit read again from the database, and left out where it may not be seen
or does not say any more what was asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from consulta.finding.findables import Findable, list_findables
from consulta.finding.spelling import Spelled, spell
from consulta.search import Index, Request
from consulta.search.documents import MOST
from consulta.search.query import corrected
from consulta.search.snippets import Piece, cut_snippet


@dataclass(frozen=True)
class Result:
    """A hit with the passage that shows why it was found."""

    found: Findable
    snippet: Sequence[Piece]


@dataclass(frozen=True)
class Results:
    """A page of results, and how many there are; `is_capped`: at least so many."""

    items: tuple[Result, ...]
    total: int
    has_more: bool
    # For a word as it was typed, the one that was looked for as well, where some of the results have it.
    meant: Mapping[str, str] = field(default_factory=dict)
    # Whether it was looked for in other words too.
    is_widened: bool = False

    @property
    def is_capped(self) -> bool:
        """Say whether there may be more than are counted."""
        return self.total >= MOST


def search(index: Index, request: Request) -> Results:
    """Return a page of what matches and may be seen now; misspelled words are put right first, unless not wished."""
    spelled = Spelled({}, {}) if request.is_exact else spell(request.query, index)
    request = replace(request, query=corrected(request.query, spelled.meant, spelled.slips))
    matches = index.find(request)
    now = list_findables(matches.numbers)
    shown = [now[number] for number in matches.numbers if number in now and request.accepts(now[number].document)]
    dropped = len(matches.numbers) - len(shown)
    items = tuple(Result(one, cut_snippet(_passages(one), request.query)) for one in shown)
    return Results(
        items,
        matches.total - dropped,
        matches.total > request.offset + request.limit,
        meant={typed: word for typed, word in spelled.meant.items() if _is_seen(word, shown)},
        is_widened=any(len(clause.forms) > 1 for clause in request.query.wanted),
    )


def _is_seen(word: str, shown: Sequence[Findable]) -> bool:
    """Say whether a word may be told: some text that everybody may read now has it."""
    return any(word in tokens for one in shown for tokens in one.document.positions)


def _passages(found: Findable) -> Sequence[str]:
    """Return the texts from which the passage is taken; the title stands above it already."""
    titled = found.texts and found.texts[0] == found.title
    return found.texts[1:] if titled else found.texts
