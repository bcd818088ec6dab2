"""What is asked for: words, "a phrase", begin*, -without. Accents never matter. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from consulta.search.analysis import Positions, fold, numbers_of, stem, words_of
from consulta.search.synonyms import synonyms_of

LONGEST = 200
MOST_CLAUSES = 16
SHORTEST_PREFIX = 2
# Words of the longest term that has synonyms.
LONGEST_TERM = 4
ASKED = re.compile(r'(?P<without>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Clause:
    """Words that must stand side by side, one word, or the beginning of one; wanted or not.

    Attributes:
        words: stems, in order.
        is_prefix: whether it is the beginning of a word.
        is_excluded: whether it must not be there.
        meant: how it was probably meant, where it is written as nobody else writes it; worth as much as the words.
        others: the same in other words; worth less, and looked for after the rest.
        typed: the folded word, where it is a single one that was typed outside a phrase.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False
    meant: tuple[tuple[str, ...], ...] = ()
    others: tuple[tuple[str, ...], ...] = ()
    typed: str = ""

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """Return every form in which it may stand."""
        return (self.words, *self.meant, *self.others)

    @property
    def close(self) -> "Clause":
        """Return it without what is only the same in other words."""
        return replace(self, others=())


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
    def close(self) -> "Query":
        """Return it without what is only the same in other words."""
        return Query(tuple(clause.close for clause in self.wanted), self.excluded)

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
        if clause is not None and clause not in clauses:
            clauses.append(clause)
    kept = clauses[:MOST_CLAUSES]
    wanted = tuple(clause for clause in kept if not clause.is_excluded)
    return Query(
        wanted if is_exact else tuple(_widened(wanted)),
        tuple(clause for clause in kept if clause.is_excluded),
    )


def corrected(query: Query, meant: Mapping[str, str], slips: Mapping[str, Sequence[str]]) -> Query:
    """Return a query in which words may also stand otherwise.

    Args:
        query: as it was typed.
        meant: for a typed word the one that was probably meant; worth as much.
        slips: for a typed word how others mistyped it; worth less.
    """

    def widened(clause: Clause) -> Clause:
        word = meant.get(clause.typed, "")
        right = tuple(form for form in [(stem(word),)] if word and form not in clause.forms)
        more = [*(synonyms_of(right[0]) if right else ()), *((stem(slip),) for slip in slips.get(clause.typed, ()))]
        others = tuple(dict.fromkeys(form for form in (*clause.others, *more) if form not in (clause.words, *right)))
        return replace(clause, meant=(*clause.meant, *right), others=others)

    return Query(tuple(widened(clause) for clause in query.wanted), query.excluded)


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


def _widened(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Yield clauses with what means the same; words that together are one term become one clause."""
    at = 0
    while at < len(clauses):
        for length in range(min(LONGEST_TERM, len(clauses) - at), 0, -1):
            some = clauses[at : at + length]
            form = tuple(one.words[0] for one in some)
            if all(one.typed for one in some) and synonyms_of(form):
                yield replace(some[0] if length == 1 else Clause(form), others=synonyms_of(form))
                at += length
                break
        else:
            yield clauses[at]
            at += 1


def _clause(phrase: str, word: str, *, is_excluded: bool) -> Clause | None:
    if word.endswith("*"):
        begun = list(words_of(word))
        if len(begun) == 1 and len(begun[0]) >= SHORTEST_PREFIX:
            return Clause((begun[0],), is_prefix=True, is_excluded=is_excluded)
    # Something like `socio-económico` is two words side by side.
    plain = tuple(words_of(phrase or word))
    typed = plain[0] if len(plain) == 1 and not phrase and not is_excluded else ""
    stems = tuple(stem(one) for one in plain)
    meant = tuple((one,) for one in numbers_of(typed)) if typed else ()
    return Clause(stems, is_excluded=is_excluded, meant=meant, typed=typed) if stems else None
