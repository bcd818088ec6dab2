"""Which words sound alike or differ by a slip: how what was probably meant is found. Pure.

What Mexican Spanish does not tell apart by ear becomes one letter: b and v; s, z and soft c; ll and y; g before e or i
and j; qu, k and hard c; and h is silent. Of two such keys that differ by one letter, both give the same key when one
letter is left out of each (the symmetric deletions of W. Garbe's SymSpell), so a table of what is left finds them.
"""

import re
from collections.abc import Iterator

SHORTEST, LONGEST = 4, 30
SOUNDS = tuple(
    (re.compile(found), made)
    for found, made in (
        (r"ch", "C"),
        (r"h", ""),
        (r"v|w", "b"),
        (r"ll", "y"),
        (r"c(?=[eiy])|z", "s"),
        (r"qu(?=[ei])|k|q", "c"),
        (r"gu(?=[ei])", "G"),
        (r"g(?=[ei])|x", "j"),
        (r"G", "g"),
        (r"(.)\1", r"\1"),
    )
)


def sound_of(word: str) -> str:
    """Return how a folded word sounds."""
    for found, made in SOUNDS:
        word = found.sub(made, word)
    return word


def is_learnt(word: str) -> bool:
    """Say whether a folded word is one that others may be slips of."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def variants_of(word: str) -> Iterator[str]:
    """Yield the keys under which a folded word is kept, and those under which it is looked for: each one once."""
    sound = sound_of(word)
    yield from dict.fromkeys([sound, *(sound[:at] + sound[at + 1 :] for at in range(len(sound)))])


def distance(one: str, other: str) -> int:
    """Return how many letters were added, left out, changed or exchanged with the next (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        here = [row]
        for column, its in enumerate(other, start=1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != its))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == its:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]
