"""A year: the sum of what was published of each window, and of nothing else, so that it tells nothing more."""

from collections.abc import Iterable

from sqlalchemy import select

from consulta.db import session
from consulta.participation.models import PeopleRelease
from consulta.participation.queries import tables_of

SUMMED = ("sex", "age_group", "municipality")


def list_years() -> list[int]:
    """Return the years in which something was released, the latest first."""
    return list(session().scalars(select(PeopleRelease.year).distinct().order_by(PeopleRelease.year.desc())))


def sum_year(releases: Iterable[PeopleRelease]) -> dict[str, dict[str, int | None]]:
    """Return the sums of published figures by question; None where no window shows the value."""
    found: dict[str, dict[str, int | None]] = {}
    for release in releases:
        for question in tables_of(release)[0].questions:
            if question.name not in SUMMED:
                continue
            sums = found.setdefault(question.name, dict.fromkeys(question.figures))
            for value, count in question.shown():
                sums[value] = (sums.get(value) or 0) + count
    return found
