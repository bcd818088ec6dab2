"""What a count of days leaves behind: the due day and every day that led to it, each with its reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class DayUnit(StrEnum):
    """What a term is counted in: días hábiles, días naturales, meses o años."""

    BUSINESS_DAY = "business_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class CountedDay:
    """One day of a derivation: its ordinal when counted, otherwise why it was not and who says so.

    A counted day carries a reason only when the day alone would not explain it: a Saturday that a decree
    made a working day, the first day of an extension.
    """

    date: date
    counted: bool
    number: int | None
    reason: str = ""
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give the day as the values that JSON knows; the date in ISO 8601."""
        return {
            "date": self.date.isoformat(),
            "counted": self.counted,
            "number": self.number,
            "reason": self.reason,
            "source": self.source,
        }


@dataclass(frozen=True)
class Derivation:
    """A due day and the days that led to it, in order, ending with `due_on`.

    Of a term in days every day after `starts_on` appears. A term in months or years runs date to date, so
    only the day that completes each month or year appears, besides the days that were suspended or rolled.
    """

    starts_on: date
    due_on: date
    n: int
    unit: DayUnit
    calendar_key: str
    rule: str
    citation: str
    days: tuple[CountedDay, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the shape that `consulta plazo --json` prints; dates in ISO 8601."""
        return {
            "starts_on": self.starts_on.isoformat(),
            "due_on": self.due_on.isoformat(),
            "n": self.n,
            "unit": self.unit.value,
            "calendar": self.calendar_key,
            "rule": self.rule,
            "citation": self.citation,
            "days": [day.as_json() for day in self.days],
        }
