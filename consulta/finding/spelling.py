"""What was probably meant: the words of what may be found, by how they sound; a typed one may be a slip of another.

Words stay in the table when the text that had them is withdrawn: whether one may be told is known by the index and by
who reads the results again, never by the table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from consulta.db import is_postgresql, session, unit_of_work
from consulta.search import Document, Index
from consulta.search.analysis import stem
from consulta.search.models import SearchWord
from consulta.search.query import Query
from consulta.search.spelling import distance, is_learnt, sound_of, variants_of

AT_ONCE = 400
# Of so many letters a word may differ by two; shorter ones by one.
LONG = 7
# A word that is so many times as common as the one that was typed was probably meant.
MORE_COMMON = 20
# A word in no more texts than this is itself a slip of the one that was typed, where they differ by little.
SLIP = 3
CANDIDATES = 12
# A word in so many texts is no slip.
COMMON = 50


@dataclass(frozen=True)
class Spelled:
    """For words as they were typed, what was meant instead of them, and how others mistyped them."""

    meant: Mapping[str, str]
    slips: Mapping[str, Sequence[str]]


def learn(documents: Iterable[Document]) -> None:
    """Keep the words of documents that are not known yet. Opens units of work of its own."""
    words = {tokens[-1] for one in documents for tokens in one.positions if tokens and is_learnt(tokens[-1])}
    for some in _batches(sorted(words)):
        known = select(SearchWord.word).where(SearchWord.variant.in_({sound_of(word) for word in some}))
        fresh = [word for word in some if word not in set(session().scalars(known))]
        session().rollback()
        if fresh:
            rows = [{"variant": variant, "word": word} for word in fresh for variant in variants_of(word)]
            insert = postgresql.insert if is_postgresql() else sqlite.insert
            with unit_of_work():
                session().execute(insert(SearchWord).on_conflict_do_nothing(), rows)


def forget_words() -> None:
    """Forget every word, before all are learnt again."""
    with unit_of_work():
        session().execute(delete(SearchWord))


def spell(query: Query, index: Index) -> Spelled:
    """Say which typed words are slips of a common one, and which rare words are slips of a typed one."""
    meant: dict[str, str] = {}
    slips: dict[str, list[str]] = {}
    for typed in [clause.typed for clause in query.wanted if is_learnt(clause.typed)]:
        mine = index.frequencies([stem(typed)], COMMON)[stem(typed)]
        if mine >= COMMON:
            # So many wrote it so, that it is right.
            continue
        near = _near(typed)
        often = index.frequencies(near, COMMON * MORE_COMMON)
        best = min(near, key=lambda word: (_away(typed, word), -often[word], word), default="")
        if best and often[best] >= max(1, mine * MORE_COMMON):
            meant[typed] = best
            near = list(dict.fromkeys([*near, *_near(best)]))
            often = index.frequencies(near, COMMON * MORE_COMMON)
        right = meant.get(typed, typed)
        slips[typed] = [word for word in near if often[word] and _is_slip(right, word, often)]
    return Spelled(meant, slips)


def _near(typed: str) -> list[str]:
    """Return the words near to a typed one that are no form of it, the nearest first."""
    found = session().scalars(
        select(SearchWord.word).where(SearchWord.variant.in_(list(variants_of(typed)))).distinct()
    )
    furthest = 2 if len(typed) >= LONG else 1
    near = [word for word in found if stem(word) != stem(typed) and _away(typed, word) <= furthest]
    return sorted(near, key=lambda word: (_away(typed, word), word))[:CANDIDATES]


def _away(typed: str, word: str) -> int:
    """Return how far a word is from a typed one: what sounds the same is nearest."""
    return 0 if sound_of(typed) == sound_of(word) else distance(typed, word)


def _is_slip(right: str, word: str, often: Mapping[str, int]) -> bool:
    """Say whether a word is the right one as others write it: it sounds the same, or is rare and a letter away."""
    away = _away(right, word)
    is_rare = often[word] <= SLIP
    return word != right and (away == 0 or (away == 1 and is_rare and len(right) >= LONG))


def _batches(words: Sequence[str]) -> Iterator[Sequence[str]]:
    return (words[start : start + AT_ONCE] for start in range(0, len(words), AT_ONCE))
