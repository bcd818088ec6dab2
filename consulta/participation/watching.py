"""Who is missing while a window is open, in coarse bands and for its coordination alone, so that it can still act."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from consulta.db import session
from consulta.disclosure import FEWEST, FEWEST_IN_ALL, band
from consulta.participation.counting import values_of
from consulta.participation.reach import people_of
from consulta.submissions.models import Demographics
from consulta.submissions.states import Behalf
from consulta.windows.models import Window

WATCHED = ("sex", "age_group", "municipality")


@dataclass(frozen=True)
class WatchedGroup:
    """A group and the band of its opinions so far; `least` None: too few to say."""

    question: str
    value: str
    least: int | None
    most: int | None


def watch(window: Window) -> list[WatchedGroup]:
    """Return the bands of the questions that a window asks; nothing below the fewest opinions.

    What waits in the buffer is not counted: it is there so that nobody can see who has just come.
    """
    mine = Demographics.window_id == window.id, Demographics.behalf == Behalf.SELF
    total = session().scalar(select(func.count()).select_from(Demographics).where(*mine)) or 0
    if total < FEWEST_IN_ALL:
        return []
    found: list[WatchedGroup] = []
    for name in (name for name in WATCHED if name in window.questions):
        column = getattr(Demographics, name)
        rows = session().execute(select(column, func.count()).where(*mine, column.is_not(None)).group_by(column))
        counts = {value: count for value, count in rows}
        found += [WatchedGroup(name, value, *band(counts.get(value, 0))) for value in _values(name, window)]
    return found


def _values(name: str, window: Window) -> list[str]:
    if name != "municipality":
        return list(values_of(name))
    return [place.key for place in people_of(window.government.territory)]


def list_absent(groups: Sequence[WatchedGroup], territory: str) -> list[WatchedGroup]:
    """Return the groups whose band is less than their share of the population, over what was answered.

    Coarse as the bands are: a group is absent when even the most of its band is below its share of the least of all.
    """
    found = []
    for group in groups:
        mine = [item for item in groups if item.question == group.question]
        least_in_all = sum(item.least or 0 for item in mine)
        most = FEWEST - 1 if group.least is None else group.most
        share = _shares(group.question, territory).get(group.value)
        if share is not None and most is not None and most < share * least_in_all:
            found.append(group)
    return found


def _shares(question: str, territory: str) -> dict[str, float]:
    """Return the shares of the population that the census gives for the values of a question."""
    places = people_of(territory)
    in_all = sum(place.population for place in places) or 1
    if question == "sex":
        return {
            "woman": sum(place.women for place in places) / in_all,
            "man": sum(place.men for place in places) / in_all,
        }
    if question == "age_group":
        ages = {group: sum(place.ages[group] for place in places) for group in ("0-17", "60+")}
        return {group: count / in_all for group, count in ages.items()}
    return {place.key: place.population / in_all for place in places}
