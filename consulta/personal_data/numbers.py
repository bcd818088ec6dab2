"""Numbers that lead to a person: telephones, cards and accounts, and the number of social security. Pure.

A run of figures is cut into its groups; each stretch of groups of a fitting length is judged by its grouping, its
check digit and the words beside it. A run is read once and a stretch is bounded, so time grows with the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consulta.personal_data import number_words as words
from consulta.personal_data.keys import Candidate
from consulta.personal_data.plain import Plain
from consulta.personal_data.states import PersonalDataKind

RUN = re.compile(r"[0-9](?:[ .\-_()]{0,3}[0-9])*")
GROUP = re.compile(r"[0-9]+")
LENGTHS = {7, 8, 10, 11, 12, 13, 14, 15, 16, 18}
LONGEST = max(LENGTHS)
MOST_GROUPS = 7

# How telephones of ten figures are grouped where no word beside says that it is one.
GROUPINGS = {
    (10,), (2, 8), (2, 4, 4), (3, 7), (3, 3, 4), (3, 3, 2, 2), (3, 4, 3), (6, 4), (2, 4, 2, 2), (2, 2, 2, 2, 2),
    (1, 2, 3, 2, 2), (1, 2, 3, 4), (1, 2, 7), (3, 1, 2, 2, 2), (3, 2, 2, 3), (1,) * 10,
}  # fmt: skip
LOCAL_GROUPINGS = {(7,), (3, 4), (3, 2, 2), (1, 2, 2, 2), (8,), (4, 4), (2, 2, 2, 2)}
# Before the ten figures: long distance, a mobile from a fixed line, the country; and how long the whole is.
PREFIXES = {"01": 12, "044": 13, "045": 13, "52": 12, "521": 13}


@dataclass(frozen=True)
class Stretch:
    """Some neighbouring groups of figures: where they are, the figures, how they are grouped and what parts them."""

    plain: Plain
    start: int
    end: int
    figures: str
    grouping: tuple[int, ...]
    gaps: tuple[str, ...]

    def follows(self, pattern: re.Pattern[str], length: int = 60) -> bool:
        """Say whether a word of that pattern stands before it."""
        return pattern.search(self.plain.before(self.start, length)) is not None

    def precedes(self, pattern: re.Pattern[str], length: int = 40) -> bool:
        """Say whether a word of that pattern comes right after it."""
        return pattern.match(self.plain.after(self.end, length)) is not None


def find_numbers(plain: Plain) -> Iterator[Candidate]:
    """Yield what looks like a telephone, a card, an account or a number of social security; never overlapping."""
    for run in RUN.finditer(plain.text):
        groups = [found.span() for found in GROUP.finditer(plain.text, run.start(), run.end())]
        first = 0
        while first < len(groups):
            last, candidate = _longest_from(plain, groups, first)
            if candidate is not None:
                yield candidate
            first = last + 1


def _longest_from(plain: Plain, groups: list[tuple[int, int]], first: int) -> tuple[int, Candidate | None]:
    """Return the longest stretch from a group on that is something, and its last group; else only the group."""
    for stretch, last in reversed(list(_stretches(plain, groups, first))):
        kind = _kind_of(stretch)
        if kind is not None and _stands_alone(stretch, groups, first, last):
            return last, _with_its_ends(stretch, kind)
    return first, None


def _stretches(plain: Plain, groups: list[tuple[int, int]], first: int) -> Iterator[tuple[Stretch, int]]:
    start, figures, grouping, gaps = groups[first][0], "", tuple[int, ...](), tuple[str, ...]()
    # A list of hundreds of small numbers is no telephone spelled out figure by figure.
    most = LONGEST if len(groups) <= LONGEST else MOST_GROUPS
    for last in range(first, min(len(groups), first + most)):
        begin, end = groups[last]
        if last > first:
            gaps = (*gaps, plain.text[groups[last - 1][1] : begin])
        if len(figures) + end - begin > LONGEST:
            return
        figures, grouping = figures + plain.text[begin:end], (*grouping, end - begin)
        if len(figures) in LENGTHS:
            yield Stretch(plain, start, end, figures, grouping, gaps), last


def _stands_alone(stretch: Stretch, groups: list[tuple[int, int]], first: int, last: int) -> bool:
    """Say whether it is not the middle of something longer: a folio, an amount, an address of the web."""
    text, before, after = (
        stretch.plain.text,
        stretch.plain.before(stretch.start, 3),
        stretch.plain.after(stretch.end, 4),
    )
    if first > 0 and text[groups[first - 1][1] : stretch.start].strip("( "):
        return False
    if last < len(groups) - 1 and text[stretch.end] != " ":
        return False
    if words.INSIDE_SOMETHING.search(before) and not stretch.follows(words.PHONE_GLUED, 20):
        return False
    return words.GOES_ON.match(after) is None


def _kind_of(stretch: Stretch) -> PersonalDataKind | None:
    if len(stretch.figures) == 11 and _is_social_security(stretch):
        return PersonalDataKind.SOCIAL_SECURITY
    if _is_card(stretch) or _is_clabe(stretch) or _is_account(stretch):
        return PersonalDataKind.CARD_OR_ACCOUNT
    return PersonalDataKind.PHONE if _is_phone(stretch) else None


def _is_social_security(stretch: Stretch) -> bool:
    return stretch.follows(words.SOCIAL_SECURITY) or stretch.precedes(words.SOCIAL_SECURITY_AFTER)


def _is_card(stretch: Stretch) -> bool:
    """Fifteen or sixteen figures: with Luhn's check, or after a word for a card, for who mistyped one figure."""
    if len(stretch.figures) not in (15, 16):
        return False
    if stretch.follows(words.CARD):
        return True
    return stretch.figures[0] in "23456" and passes_luhn(stretch.figures) and not stretch.follows(words.OTHER_CARD)


def _is_clabe(stretch: Stretch) -> bool:
    """Eighteen figures: with the check of the bank, or after its name, for who mistyped one figure."""
    if len(stretch.figures) != 18:
        return False
    if stretch.follows(words.CARD):
        return True
    return passes_clabe(stretch.figures) and not stretch.follows(words.OTHER_CARD)


def _is_account(stretch: Stretch) -> bool:
    """Ten or eleven figures after «cuenta», with a bank or money near: an account of water is none."""
    if len(stretch.figures) not in (10, 11) or not stretch.follows(words.ACCOUNT):
        return False
    around = stretch.plain.before(stretch.start, 60) + stretch.plain.after(stretch.end, 30)
    return words.BANK.search(around) is not None


def _is_phone(stretch: Stretch) -> bool:
    if stretch.follows(words.OTHER_NUMBER) or stretch.follows(words.MONEY, 3) or stretch.precedes(words.UNIT):
        return False
    if len(stretch.figures) in (7, 8):
        return _is_local_phone(stretch)
    has_plus = stretch.follows(words.PLUS, 3)
    if has_plus and 11 <= len(stretch.figures) <= 14:
        return True
    is_named = has_plus or stretch.follows(words.PHONE, 40)
    figures, grouping = _without_prefix(stretch, is_named)
    if len(figures) != 10 or figures[0] in "01":
        return False
    return is_named or (grouping in GROUPINGS and not _looks_like_decimals(stretch) and not _are_years(stretch))


def _is_local_phone(stretch: Stretch) -> bool:
    """Seven or eight figures, as many still give them: only with the word beside."""
    if stretch.grouping not in LOCAL_GROUPINGS or _are_years(stretch):
        return False
    if stretch.grouping == (8,) and stretch.figures.startswith(("19", "20")):
        return False
    return stretch.follows(words.LOCAL_PHONE, 45) or stretch.precedes(words.ANSWERS)


def _without_prefix(stretch: Stretch, is_named: bool) -> tuple[str, tuple[int, ...]]:
    """Return the ten figures and their grouping without what is dialled before; all of it when nothing is."""
    for prefix, whole in PREFIXES.items():
        if len(stretch.figures) != whole or not stretch.figures.startswith(prefix):
            continue
        rest, count = len(prefix), 0
        while count < len(stretch.grouping) and rest >= stretch.grouping[count]:
            rest -= stretch.grouping[count]
            count += 1
        if rest == 0 or is_named:
            return stretch.figures[len(prefix) :], stretch.grouping[count:]
    return stretch.figures, stretch.grouping


def _looks_like_decimals(stretch: Stretch) -> bool:
    return len(stretch.gaps) == 1 and "." in stretch.gaps[0]


def _are_years(stretch: Stretch) -> bool:
    """Say whether every group of four is a year: a list of them is no telephone."""
    at, fours = 0, list[str]()
    for length in stretch.grouping:
        if length == 4:
            fours.append(stretch.figures[at : at + 4])
        at += length
    return len(fours) > 1 and all(four.startswith(("19", "20")) for four in fours)


def _with_its_ends(stretch: Stretch, kind: PersonalDataKind) -> Candidate:
    """Return the stretch with the plus or bracket before it and the extension after."""
    opening = words.OPENING.search(stretch.plain.before(stretch.start, 3))
    start = stretch.start - (len(opening[0]) if opening else 0)
    extension = words.EXTENSION.match(stretch.plain.after(stretch.end, 24)) if kind == PersonalDataKind.PHONE else None
    return kind, start, stretch.end + (extension.end() if extension else 0)


def passes_luhn(figures: str) -> bool:
    """Say whether the last figure of a card is its check digit (ISO/IEC 7812-1)."""
    doubled = [int(figure) * (2 if at % 2 else 1) for at, figure in enumerate(reversed(figures))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def passes_clabe(figures: str) -> bool:
    """Say whether the last figure of a CLABE is its check digit (weights 3, 7, 1, each product without its tens)."""
    total = sum(int(figure) * (3, 7, 1)[at % 3] % 10 for at, figure in enumerate(figures[:-1]))
    return (10 - total % 10) % 10 == int(figures[-1])
