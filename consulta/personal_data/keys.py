"""Keys that an authority gives to a person: CURP, RFC, the voter's key and the passport. Pure.

All but the passport carry a date of birth, whose month and day must be possible. The check digit is not asked for:
a key with one wrong character still leads to its person, and nothing else has 18 characters of this shape. The RFC of
a company (12 characters) is public and is not looked for; nor are the two that the tax authority gives to everybody.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from consulta.personal_data.plain import Plain
from consulta.personal_data.states import PersonalDataKind

Candidate: TypeAlias = tuple[PersonalDataKind, int, int]

GAP = r"[ ./-]{0,2}"
# People type the letter for the figure zero.
BORN = r"(?P<born>[0-9o]{6})"
CURP = re.compile(
    rf"(?:(?<![a-z0-9])|(?<=curp))[a-z]{{4}}{GAP}{BORN}{GAP}[hmx]{GAP}[a-z]{{2}}{GAP}[a-z]{{3}}{GAP}"
    r"[a-z0-9][0-9o](?![a-z0-9])"
)
VOTER_KEY = re.compile(rf"(?<![a-z0-9])[a-z]{{6}}{GAP}{BORN}{GAP}[0-9o]{{2}}{GAP}[hm]{GAP}[0-9o]{{3}}(?![a-z0-9])")
# The last character of a homoclave is a check digit: a figure or an A.
RFC = re.compile(r"(?:(?<![a-z0-9&])|(?<=rfc))[a-z&]{4}-?(?P<born>[0-9o]{6})-?[a-z0-9]{2}[0-9a](?![a-z0-9])")
# Written apart or without its homoclave it is one only after its name.
RFC_NAMED = re.compile(rf"(?<![a-z0-9&])[a-z&]{{4}}{GAP}{BORN}(?:{GAP}[a-z0-9]{{2}}[0-9a])?(?![a-z0-9])")
NAMES_RFC = re.compile(r"\br\.?f\.?c\b|registro federal")
GIVEN_TO_ALL = ("xaxx010101000", "xexx010101000")
PASSPORT = re.compile(r"(?<![a-z0-9])(?:[a-z][ -]?)?[0-9](?:[ -]?[0-9]){7,8}(?![a-z0-9])")
NAMES_PASSPORT = re.compile(r"\bpasaporte\b[^0-9]*\Z")


def find_keys(plain: Plain) -> Iterator[Candidate]:
    """Yield what looks like a key of a person."""
    yield from _dated(PersonalDataKind.CURP, CURP, plain)
    yield from _dated(PersonalDataKind.VOTER_KEY, VOTER_KEY, plain)
    for kind, start, end in _dated(PersonalDataKind.RFC, RFC, plain):
        if plain.text[start:end].replace("-", "") not in GIVEN_TO_ALL:
            yield kind, start, end
    for kind, start, end in _dated(PersonalDataKind.RFC, RFC_NAMED, plain):
        if NAMES_RFC.search(plain.before(start, 40)) and plain.text[start:end] not in GIVEN_TO_ALL:
            yield kind, start, end
    for found in PASSPORT.finditer(plain.text):
        if NAMES_PASSPORT.search(plain.before(found.start(), 40)):
            yield PersonalDataKind.PASSPORT, found.start(), found.end()


def _dated(kind: PersonalDataKind, shape: re.Pattern[str], plain: Plain) -> Iterator[Candidate]:
    for found in shape.finditer(plain.text):
        if _is_birth(found["born"].replace("o", "0")):
            yield kind, found.start(), found.end()


def _is_birth(figures: str) -> bool:
    """Say whether YYMMDD can be a day; a day that its month lacks passes, as any other slip of the hand."""
    return 1 <= int(figures[2:4]) <= 12 and 1 <= int(figures[4:]) <= 31
