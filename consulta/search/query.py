"""What is asked for: words, "a phrase", begin*, -without. Accents never matter. Pure."""

import re
from collections import defaultdict
from dataclasses import dataclass

from consulta.search.analysis import Positions, fold, stem, words_of

LONGEST = 200
MOST_CLAUSES = 16
SHORTEST_PREFIX = 2
ASKED = re.compile(r'(?P<without>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Clause:
    """Words that must stand side by side, one word, or the beginning of one; wanted or not."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False


@dataclass(frozen=True)
class Query:
    """What a text must have and what it must not."""

    wanted: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        """Say whether it asks for anything: what is only excluded finds nothing."""
        return bool(self.wanted)

    def marks(self, written: str) -> bool:
        """Say whether a word as it is written is one of those asked for."""
        word = fold(written)
        tokens = {word, stem(word)}
        for clause in self.wanted:
            if clause.is_prefix and word.startswith(clause.words[0]):
                return True
            if not clause.is_prefix and tokens & set(clause.words):
                return True
        return False


def parse_query(text: str) -> Query:
    """Return what a person typed, as far as it can be understood: nothing is refused."""
    clauses: list[Clause] = []
    for found in ASKED.finditer(text[:LONGEST]):
        clause = _clause(found["phrase"] or "", found["word"] or "", is_excluded=bool(found["without"]))
        if clause is not None and clause not in clauses:
            clauses.append(clause)
    kept = clauses[:MOST_CLAUSES]
    return Query(
        tuple(clause for clause in kept if not clause.is_excluded),
        tuple(clause for clause in kept if clause.is_excluded),
    )


def matches(query: Query, positions: Positions) -> bool:
    """Say whether a text has what is asked for: what both indexes must agree with."""
    places: dict[str, set[int]] = defaultdict(set)
    for place, tokens in enumerate(positions):
        for token in tokens:
            places[token].add(place)
    return (
        bool(query)
        and all(_has(clause, places) for clause in query.wanted)
        and not any(_has(clause, places) for clause in query.excluded)
    )


def _has(clause: Clause, places: dict[str, set[int]]) -> bool:
    first = clause.words[0]
    if clause.is_prefix:
        return any(token.startswith(first) for token in places)
    return any(
        all(start + step in places.get(word, ()) for step, word in enumerate(clause.words))
        for start in places.get(first, ())
    )


def _clause(phrase: str, word: str, *, is_excluded: bool) -> Clause | None:
    if word.endswith("*"):
        begun = list(words_of(word))
        if len(begun) == 1 and len(begun[0]) >= SHORTEST_PREFIX:
            return Clause((begun[0],), is_prefix=True, is_excluded=is_excluded)
    # Something like `socio-económico` is two words side by side.
    stems = tuple(stem(one) for one in words_of(phrase or word))
    return Clause(stems, is_excluded=is_excluded) if stems else None
