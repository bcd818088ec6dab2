"""What is asked for: words, "a phrase", begin*, -without. Accents never matter. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from consulta.search.analysis import Positions, fold, stem, words_of
from consulta.search.synonyms import synonyms_of

LONGEST = 200
MOST_CLAUSES = 16
SHORTEST_PREFIX = 2
ASKED = re.compile(r'(?P<without>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Clause:
    """Words that must stand side by side, one word, or the beginning of one; wanted or not.

    Attributes:
        words: stems, in order.
        is_prefix: whether it is the beginning of a word.
        is_excluded: whether it must not be there.
        others: what may stand in its place: the same in other words, or written otherwise.
        typed: the folded word, where it is a single one that was typed outside a phrase.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False
    others: tuple[tuple[str, ...], ...] = ()
    typed: str = ""

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """Return every form in which it may stand."""
        return (self.words, *self.others)


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
            if not clause.is_prefix and any(tokens & set(form) for form in clause.forms):
                return True
        return False

    @property
    def tokens(self) -> frozenset[str]:
        """Return every token that is asked for, in whatever form."""
        return frozenset(word for clause in self.wanted for form in clause.forms for word in form)


def parse_query(text: str, *, is_exact: bool = False) -> Query:
    """Return what a person typed, as far as it can be understood: nothing is refused.

    A word outside a phrase also stands for what means the same, unless `is_exact`.
    """
    clauses: list[Clause] = []
    for found in ASKED.finditer(text[:LONGEST]):
        clause = _clause(found["phrase"] or "", found["word"] or "", is_excluded=bool(found["without"]))
        if clause is None or clause in clauses:
            continue
        clauses.append(clause)
    kept = clauses[:MOST_CLAUSES]
    return Query(
        tuple(clause if is_exact else _widened(clause) for clause in kept if not clause.is_excluded),
        tuple(clause for clause in kept if clause.is_excluded),
    )


def corrected(query: Query, corrections: Mapping[str, str]) -> Query:
    """Return a query in which words may also stand as they were probably meant: `{typed: meant}`."""

    def meant(clause: Clause) -> Clause:
        word = corrections.get(clause.typed, "")
        form = (stem(word),)
        if not word or form in clause.forms:
            return clause
        return replace(clause, others=(*clause.others, form, *_same(form)))

    return Query(tuple(meant(clause) for clause in query.wanted), query.excluded)


def any_of(words: Iterable[str]) -> Query:
    """Return the query of texts that have any of these stems."""
    found = sorted(words)
    return Query((Clause((found[0],), others=tuple((word,) for word in found[1:])),)) if found else Query()


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
    if clause.is_prefix:
        return any(token.startswith(clause.words[0]) for token in places)
    return any(_stands(form, places) for form in clause.forms)


def _stands(form: tuple[str, ...], places: dict[str, set[int]]) -> bool:
    return any(
        all(start + step in places.get(word, ()) for step, word in enumerate(form)) for start in places.get(form[0], ())
    )


def _widened(clause: Clause) -> Clause:
    return replace(clause, others=_same(clause.words)) if clause.typed else clause


def _same(form: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return synonyms_of(form[0]) if len(form) == 1 else ()


def _clause(phrase: str, word: str, *, is_excluded: bool) -> Clause | None:
    if word.endswith("*"):
        begun = list(words_of(word))
        if len(begun) == 1 and len(begun[0]) >= SHORTEST_PREFIX:
            return Clause((begun[0],), is_prefix=True, is_excluded=is_excluded)
    # Something like `socio-económico` is two words side by side.
    plain = tuple(words_of(phrase or word))
    typed = plain[0] if len(plain) == 1 and not phrase and not is_excluded else ""
    stems = tuple(stem(one) for one in plain)
    return Clause(stems, is_excluded=is_excluded, typed=typed) if stems else None
