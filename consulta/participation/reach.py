"""Reach: what share of the opinions came from whom, beside the share of the population. Never used to weight them.

Opinions are not a sample: no interval of sampling belongs to them. The interval here is what silence and rounding
leave open: the least if nobody who kept silent was of the group, the most if everybody was (Manski, Am. Econ. Rev.
80, 1990). Population: INEGI, Censo de Población y Vivienda 2020.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from consulta.disclosure import PublishableTable, Question
from consulta.submissions.territory import AGES, Municipality, list_municipalities

# Ages of the census that hold each of those asked.
HELD = {"0-17": ("0-17",), "18-59": ("18-29", "30-44", "45-59"), "60+": ("60+",)}
MOST = 100.0


class ReachVerdict(StrEnum):
    """How a share of opinions stands beside a share of the population."""

    LESS = "less"
    LIKE = "like"
    MORE = "more"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ReachRow:
    """A group: shares in percent, `least` and `most` of opinions, None where there are not enough data."""

    question: str
    value: str
    opinions: int | None
    least: float | None
    most: float | None
    population: float
    verdict: ReachVerdict


def people_of(territory: str) -> list[Municipality]:
    """Return the municipalities of a territory: the one of five figures, or all of a state."""
    return [item for item in list_municipalities() if item.key.startswith(territory)]


def compare(table: PublishableTable, territory: str) -> list[ReachRow]:
    """Return the groups by sex, age and municipality beside the census; nothing where no place is known."""
    places = people_of(territory)
    in_all = sum(place.population for place in places)
    if not in_all or not table.total:
        return []
    return [*_by_sex(table, places, in_all), *_by_age(table, places), *_by_place(table, places, in_all)]


def _by_sex(table: PublishableTable, places: Sequence[Municipality], in_all: int) -> list[ReachRow]:
    question = table.find("sex")
    if question is None:
        return []
    women = sum(place.women for place in places)
    return [
        _row(table, question, "woman", ("woman",), women / in_all),
        _row(table, question, "man", ("man",), 1 - women / in_all),
    ]


def _by_age(table: PublishableTable, places: Sequence[Municipality]) -> list[ReachRow]:
    question = table.find("age_group")
    if question is None:
        return []
    counts = {group: sum(place.ages[group] for place in places) for group in AGES}
    known = sum(counts.values())
    return [_row(table, question, group, HELD[group], counts[group] / known) for group in AGES]


def _by_place(table: PublishableTable, places: Sequence[Municipality], in_all: int) -> list[ReachRow]:
    question = table.find("municipality")
    if question is None or len(places) < 2:
        return []
    return [_row(table, question, place.key, (place.key,), place.population / in_all) for place in places]


def _row(table: PublishableTable, question: Question, value: str, held: Sequence[str], population: float) -> ReachRow:
    figures = [question.figures.get(item) for item in held]
    shown = [count for count in figures if count is not None]
    share = 100 * population
    if len(shown) < len(figures):
        return ReachRow(question.name, value, None, None, None, share, ReachVerdict.UNKNOWN)
    opinions, slack = sum(shown), table.base / 2
    least = max(0.0, 100 * (opinions - slack * len(shown)) / table.total)
    most = min(MOST, 100 * (opinions + slack * len(shown) + question.unanswered + slack) / table.total)
    verdict = ReachVerdict.LESS if most < share else ReachVerdict.MORE if least > share else ReachVerdict.LIKE
    return ReachRow(question.name, value, opinions, least, most, share, verdict)
