"""When in the year an instrument is due: rows of data, and which of them come. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from consulta.errors import Refused

LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Days; the windows of two periods of a year must not be taken for each other.
LONGEST_WARNING = 120
KEYS = frozenset({"name", "month", "day", "warn_days", "citation"})


@dataclass(frozen=True)
class Period:
    """A time of the year in which an instrument opens.

    Attributes:
        name: what people read: "mayo".
        month, day: from when it is due.
        warn_days: how many days before the coordinator is told.
        citation: who says so.
    """

    name: str
    month: int
    day: int
    warn_days: int
    citation: str


@dataclass(frozen=True)
class Occurrence:
    """A period in a year."""

    period: Period
    on: date

    def is_taken_by(self, opens_on: date | None, created_on: date) -> bool:
        """Say whether a window that opens then, or that was begun for it, takes care of it.

        One that opens long before was that of another time; one that is being prepared since the warning is for it.
        """
        warning = timedelta(days=self.period.warn_days)
        first = self.on - (warning // 2 if opens_on else warning)
        return first <= (opens_on or created_on) <= self.on + warning


def read_periods(rows: Iterable[Mapping[str, Any]], where: str = "") -> tuple[Period, ...]:
    """Return the periods of an instrument's row. Raises Refused naming the one that cannot be."""
    return tuple(_period(row, where) for row in rows)


def find_due(periods: Sequence[Period], today: date) -> list[Occurrence]:
    """Return the occurrences to tell of today: from `warn_days` before each to as many after."""
    found = []
    for period in periods:
        for year in (today.year - 1, today.year, today.year + 1):
            on = date(year, period.month, min(period.day, _last_day(year, period.month)))
            if abs((on - today).days) <= period.warn_days:
                found.append(Occurrence(period, on))
    return sorted(found, key=lambda item: item.on)


def _period(row: Mapping[str, Any], where: str) -> Period:
    if not isinstance(row, Mapping) or set(row) != KEYS:
        raise Refused(f"{where}: cada periodo lleva {', '.join(sorted(KEYS))}.")
    month, day, warn_days = row["month"], row["day"], row["warn_days"]
    if not isinstance(month, int) or not 1 <= month <= len(LONGEST_MONTHS):
        raise Refused(f"{where}: «month» es un mes, de 1 a 12.")
    if not isinstance(day, int) or not 1 <= day <= LONGEST_MONTHS[month - 1]:
        raise Refused(f"{where}: «day» es un día que exista en ese mes.")
    if not isinstance(warn_days, int) or not 1 <= warn_days <= LONGEST_WARNING:
        raise Refused(f"{where}: «warn_days» es cuántos días antes se avisa, de 1 a {LONGEST_WARNING}.")
    return Period(str(row["name"]), month, day, warn_days, str(row["citation"]))


def _last_day(year: int, month: int) -> int:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return (first_of_next - timedelta(days=1)).day
