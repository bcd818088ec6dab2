"""What a folder that Whoosh wrote gives: postings read once per segment, and kept while the segment is there.

Whoosh decodes postings, spans and all, in Python; a frequent word costs more to decode than to intersect. So each
segment keeps the documents of the tokens that were asked for lately, and what they weigh, as plain arrays. Ranking
is BM25 (Robertson & Zaragoza 2009) over the newest matches.
"""

import math
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from whoosh.reading import TermNotFound

from consulta.search.documents import MOST, OTHER_WORDS
from consulta.search.query import Clause

BODY = "body"
# Tokens whose postings a segment keeps.
KEPT_TOKENS = 512
K1, B = 1.2, 0.75
Weights = Mapping[int, float]
NOTHING: Weights = {}


class Place(NamedTuple):
    """A document: its instant, its number, which segment, which document of it."""

    at: int
    number: int
    segment: int
    document: int


@dataclass
class Segment:
    """One segment of the folder, as it does not change but for documents that are taken out of it."""

    reader: Any
    instants: "array[int]"
    numbers: "array[int]"
    lengths: "array[int]"
    # The documents by instant and number, and the place of each in that order.
    order: "array[int]"
    rank: "array[int]"
    deleted: frozenset[int]
    tokens: OrderedDict[str, Weights] = field(default_factory=OrderedDict)

    def weights(self, token: str) -> Weights:
        """Return the documents that have a token and how often, those that were taken out too."""
        found = self.tokens.get(token)
        if found is None:
            found = self.tokens[token] = _postings(self.reader, token)
            while len(self.tokens) > KEPT_TOKENS:
                self.tokens.popitem(last=False)
        else:
            self.tokens.move_to_end(token)
        return found

    def having(self, form: tuple[str, ...]) -> Weights:
        """Return the documents in which the words of a form stand side by side, and how often the first one does."""
        all_of = [self.weights(word) for word in form]
        if len(form) == 1:
            return all_of[0]
        together = set(all_of[0]).intersection(*all_of[1:])
        places = [_positions(self.reader, word, together) for word in form]
        return {document: all_of[0][document] for document in together if _side_by_side(document, places)}

    def beginning(self, prefix: str) -> Weights:
        """Return the documents with a word that begins so."""
        found: dict[int, float] = {}
        for term in self.reader.expand_prefix(BODY, prefix):
            found.update(_postings(self.reader, term.decode("utf-8")))
        return found

    def newest(self, found: set[int], since: int | None, until: int | None) -> list[int]:
        """Return the newest of some documents, at most `MOST`, the newest last."""
        ranks = sorted(map(self.rank.__getitem__, found))
        first = 0 if since is None else bisect_left(ranks, self._from(since))
        after = len(ranks) if until is None else bisect_left(ranks, self._from(until))
        return [self.order[rank] for rank in ranks[max(first, after - MOST) : after]]

    def _from(self, instant: int) -> int:
        """Return the place in the order of the first document of an instant or later."""
        return bisect_left(self.order, instant, key=self.instants.__getitem__)


def read_segment(reader: Any, known: Segment | None) -> Segment:
    """Return a segment; of one that was known already only what was taken out is read again."""
    deleted = frozenset(reader._perdoc.deleted_docs())
    if known is not None:
        known.reader, known.deleted = reader, deleted
        return known
    instants, numbers, lengths = (array("q", reader.column_reader(name)) for name in ("at", "number", "length"))
    order = array("q", sorted(range(len(instants)), key=lambda one: (instants[one], numbers[one])))
    rank = array("q", bytes(8 * len(order)))
    for place, document in enumerate(order):
        rank[document] = place
    return Segment(reader, instants, numbers, lengths, order, rank, deleted)


def documents_of(
    segment: Segment, wanted: Sequence[Clause], tags: Iterable[str], excluded: Sequence[Clause]
) -> set[int]:
    """Return the documents of a segment that have what is wanted and nothing that is not."""
    needed = [*(_any(segment, clause) for clause in wanted), *(segment.weights(tag) for tag in tags)]
    needed.sort(key=len)
    found = set(needed[0]).intersection(*needed[1:])
    for clause in excluded:
        found.difference_update(_any(segment, clause))
    return found - segment.deleted


def scores_of(
    segment: Segment, clauses: Sequence[Clause], chosen: Sequence[int], seen: Mapping[str, float]
) -> list[float]:
    """Return what each document is worth: for each clause the best of its forms.

    Args:
        segment: where they are.
        clauses: what is wanted.
        chosen: the documents.
        seen: how much it says that a document has a token (`rarity`), for every token of the clauses.
    """
    average = sum(segment.lengths) / max(len(segment.lengths), 1) or 1.0
    norms = [K1 * (1 - B + B * segment.lengths[document] / average) for document in chosen]
    total = [0.0] * len(chosen)
    for clause in clauses:
        forms = [(segment.weights(form[0]), _worth(clause, form, seen)) for form in _ranked_forms(clause)]
        for place, document in enumerate(chosen):
            best = 0.0
            for weights, worth in forms:
                often = weights.get(document)
                if often:
                    best = max(best, worth * often * (K1 + 1) / (often + norms[place]))
            total[place] += best
    return total


def rarity(having: int, documents: int) -> float:
    """Return how much it says that a document has a token that so many have."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))


def _ranked_forms(clause: Clause) -> Sequence[tuple[str, ...]]:
    return () if clause.is_prefix else clause.forms


def _worth(clause: Clause, form: tuple[str, ...], seen: Mapping[str, float]) -> float:
    rare = sum(seen.get(word, 0.0) for word in form)
    return rare * OTHER_WORDS if form in clause.others else rare


def _any(segment: Segment, clause: Clause) -> Weights:
    if clause.is_prefix:
        return segment.beginning(clause.words[0])
    forms = [segment.having(form) for form in clause.forms]
    if len(forms) == 1:
        return forms[0]
    found: dict[int, float] = {}
    for one in forms:
        found.update(one)
    return found


def _postings(reader: Any, token: str) -> Weights:
    found: dict[int, float] = {}
    for ids, weights, _spans in _blocks(reader, token):
        found.update(zip(ids, weights, strict=True))
    return found


def _positions(reader: Any, token: str, documents: set[int]) -> dict[int, frozenset[int]]:
    """Return where a token stands in some documents."""
    decode = reader.schema[BODY].format.decode_positions
    return {
        document: frozenset(decode(spans[place]))
        for ids, _weights, spans in _blocks(reader, token)
        for place, document in enumerate(ids)
        if document in documents
    }


def _side_by_side(document: int, places: Sequence[Mapping[int, frozenset[int]]]) -> bool:
    following = [found.get(document, frozenset()) for found in places]
    return any(all(start + step in found for step, found in enumerate(following)) for start in following[0])


def _blocks(reader: Any, token: str) -> Iterator[tuple[Sequence[int], Sequence[float], Sequence[Any]]]:
    """Yield the postings of a token block by block, as Whoosh keeps them: one by one costs ten times as much.

    Whoosh 2.7.4 is the last of its line and is pinned; how it keeps a block will not change.
    """
    try:
        matcher = reader._terms.matcher(BODY, token.encode("utf-8"), reader.schema[BODY].format)
    except (TermNotFound, KeyError):
        return
    if not hasattr(matcher, "_read_ids"):
        yield matcher._ids, matcher._weights, matcher._values
        return
    while matcher.is_active():
        matcher._read_ids()
        matcher._read_weights()
        matcher._read_values()
        yield matcher._ids, matcher._weights, matcher._values
        matcher._next_block()
