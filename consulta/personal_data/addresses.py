"""Where somebody lives. Pure.

A street alone is everybody's: it is an address with a number of house, or when somebody says that she lives there. The
place of an office, or of a hole in the pavement, is left alone unless the words say that somebody lives in it.
"""

import re
from collections.abc import Iterator

from consulta.personal_data import address_words as words
from consulta.personal_data.keys import Candidate
from consulta.personal_data.plain import Plain
from consulta.personal_data.states import PersonalDataKind

# Where the words around it decide: it may as well be a public place.
JUDGED = (words.NUMBERED, words.NUMBER_FIRST, words.WITH_QUARTER)
# What nobody writes of a public place.
CERTAIN = (words.LIVES_AT_NUMBER, words.LIVES_ON_STREET, words.PLOT, words.FLAT, words.HOUSE_ON_ROAD)
AROUND = 60


def find_addresses(plain: Plain) -> Iterator[Candidate]:
    """Yield what looks like where somebody lives, in order: passages that touch are one."""
    start, end = -1, -1
    for begin, stop in sorted(_passages(plain)):
        if start >= 0 and (begin <= end or words.JOINS.fullmatch(plain.text[end:begin])):
            end = max(end, stop)
            continue
        if start >= 0:
            yield PersonalDataKind.ADDRESS, start, end
        start, end = begin, stop
    if start >= 0:
        yield PersonalDataKind.ADDRESS, start, end


def _passages(plain: Plain) -> Iterator[tuple[int, int]]:
    for shape in CERTAIN:
        for found in shape.finditer(plain.text):
            yield _whole(plain, found)
    for shape in JUDGED:
        for found in shape.finditer(plain.text):
            if not _is_public(plain, found):
                yield _whole(plain, found)


def _whole(plain: Plain, found: re.Match[str]) -> tuple[int, int]:
    """Return the passage, from the street on, with the interior, quarter and postal code that follow."""
    tail = words.TAIL.match(plain.after(found.end(), AROUND))
    start = found.start("at") if "at" in found.re.groupindex else found.start()
    end = found.end() + (tail.end() if tail else 0)
    # The stop of the sentence is no part of a name that might have been short for another.
    return start, end - plain.text[start:end].endswith(".")


def _is_public(plain: Plain, found: re.Match[str]) -> bool:
    before = _last_sentence(plain.before(found.start(), AROUND))
    after = _first_sentence(plain.after(found.end(), AROUND))
    if words.LIVES.search(before) or words.LIVES.search(after):
        return False
    return (
        words.PUBLIC_PLACE.search(before + "\n" + after) is not None or words.IN_THE_STREET.search(before) is not None
    )


def _last_sentence(text: str) -> str:
    return re.split(r"[.;!?\n] ", text)[-1]


def _first_sentence(text: str) -> str:
    return re.split(r"[.;!?\n] ", text, maxsplit=1)[0]
