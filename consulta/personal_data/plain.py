"""A text as it is searched: small letters without accents, every digit, space and dash the plain one. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

# Signs that show nothing or sit on another letter: format marks and marks of every kind.
UNSEEN = ("Cf", "Mn", "Me")


@dataclass(frozen=True)
class Plain:
    """The searched text; `places[i]` is where its character `i` stands in what was written."""

    text: str
    places: Sequence[int]

    def before(self, at: int, length: int) -> str:
        """Return up to so many characters before a place."""
        return self.text[max(0, at - length) : at]

    def after(self, at: int, length: int) -> str:
        """Return up to so many characters from a place on."""
        return self.text[at : at + length]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return a span of the searched text as a span of what was written."""
        return self.places[start], self.places[end - 1] + 1


def make_plain(text: str) -> Plain:
    """Return a text as it is searched. Takes time in proportion to its length."""
    if text.isascii():
        return Plain(text.lower().replace("\t", " "), range(len(text)))
    letters, places = list[str](), list[int]()
    for place, character in enumerate(text):
        for letter in _plain_form(character):
            letters.append(letter)
            places.append(place)
    return Plain("".join(letters), places)


@cache
def _plain_form(character: str) -> str:
    """Return what one character is searched as: nothing, one character or several (`№` is `no`)."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    if category == "Pd" or character == "\u2212":
        return "-"
    if character == "\t" or category == "Zs":
        return " "
    decomposed = unicodedata.normalize("NFKD", character).lower()
    return "".join(letter for letter in decomposed if unicodedata.category(letter) not in UNSEEN)
