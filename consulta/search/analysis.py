"""What counts as the same word: accents folded, then the Spanish stem, once for every index. Pure.

Folding comes first: stemming accented words and folding afterwards misses one in six of those typed without accents.
"""

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

import snowballstemmer

# Changes with anything below: an index written with another analysis is written again.
VERSION = 2
# What PostgreSQL keeps of a text; the other index keeps the same, so that both find the same.
MOST_POSITIONS = 16_000
MOST_OF_A_WORD = 255
LONGEST_WORD = 60
SHORTEST_PLURAL = 3
# Letters after which a plural is made with -es.
BEFORE_ES = frozenset("dlnrsjy")
# The few that stand in nearly every sentence.
STOP_WORDS = frozenset(
    (
        *("a", "al", "con", "de", "del", "el", "en", "la", "las", "lo", "los"),
        *("o", "para", "por", "que", "se", "su", "un", "una", "y"),
    )
)
WORD = re.compile(r"[^\W_]+")
# As WORD, in a text whose accents may stand apart from their letters.
WRITTEN_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")

Positions = tuple[tuple[str, ...], ...]
_own = threading.local()


def fold(text: str) -> str:
    """Return a text in lower case without accents; ñ reads n."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str) -> Iterator[str]:
    """Yield the folded words of a text, stop words left out."""
    for found in WORD.finditer(fold(text)):
        if found[0] not in STOP_WORDS:
            yield found[0][:LONGEST_WORD]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of a folded word; a word with digits is its own."""
    if not word.isalpha():
        return word
    # A stemmer keeps its work in itself, so each thread has one.
    if not hasattr(_own, "stemmer"):
        _own.stemmer = snowballstemmer.stemmer("spanish")
    return str(_own.stemmer.stemWord(word)) or word


def numbers_of(word: str) -> tuple[str, ...]:
    """Return the stems of the plural and singular of a folded word that the stemmer does not see as one with it."""
    if not word.isalpha() or len(word) < SHORTEST_PLURAL:
        return ()
    if word.endswith("z"):
        found = f"{word.removesuffix('z')}ces"
    elif word.endswith("ces"):
        found = f"{word.removesuffix('ces')}z"
    elif word.endswith("es") and word[-3] in BEFORE_ES:
        found = word.removesuffix("es")
    else:
        found = f"{word}es" if word[-1] in BEFORE_ES else word
    return tuple({stem(found)} - {stem(word)})


def positions_of(texts: Iterable[str]) -> Positions:
    """Return what is indexed at each position of texts: the stem, and the whole word for who asks by its beginning.

    Between two texts one position stays empty, so that no phrase runs from one into the other.
    """
    found: list[tuple[str, ...]] = []
    seen: Counter[str] = Counter()
    for text in texts:
        if found:
            found.append(())
        for word in words_of(text):
            if len(found) >= MOST_POSITIONS:
                return tuple(found)
            both = dict.fromkeys((stem(word), word))
            seen.update(both.keys())
            found.append(tuple(token for token in both if seen[token] <= MOST_OF_A_WORD))
    return tuple(found)
