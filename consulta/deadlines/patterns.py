"""From the way a law names its days ("el tercer lunes de marzo") to dates.

Every pattern carries since when and until when it is in force, because a reform changes the days that
follow it and never those before.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from consulta.deadlines.calendars import NonWorkingDay

DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class Validity:
    """Why a pattern's days do not count, who says so, and the first and last day it is in force."""

    reason: str
    source: str
    valid_from: date
    valid_to: date = date(MAXYEAR, 12, 31)


@dataclass(frozen=True)
class Pattern(ABC):
    """A way to name days. Subclasses say which dates; the validity decides which of them stand."""

    validity: Validity

    @abstractmethod
    def dates(self, years: range) -> Iterator[date]:
        """Give the dates named for `years`, in force or not."""

    def days(self, years: range) -> Iterator[NonWorkingDay]:
        """Give the non-working days in `years` on which the pattern is in force."""
        for on in self.dates(years):
            if on.year in years and self.validity.valid_from <= on <= self.validity.valid_to:
                yield NonWorkingDay(on, self.validity.reason, self.validity.source)


@dataclass(frozen=True)
class MonthDay(Pattern):
    """A fixed day of a month, every `every_years` years counted from `from_year` (0: any year).

    29 February exists only in leap years and is skipped in the others.
    """

    month: int
    day: int
    every_years: int = 1
    from_year: int = 0

    def dates(self, years: range) -> Iterator[date]:
        for year in years:
            if year < self.from_year or (year - self.from_year) % self.every_years:
                continue
            first = date(year, self.month, 1)
            on = first + timedelta(days=self.day - 1)
            if on.month == self.month:
                yield on


@dataclass(frozen=True)
class NthWeekday(Pattern):
    """The `nth` (1 to 5) `weekday` (Monday is 0) of a month; a month without a fifth one gives nothing."""

    month: int
    weekday: int
    nth: int

    def dates(self, years: range) -> Iterator[date]:
        for year in years:
            first = date(year, self.month, 1)
            to_weekday = (self.weekday - first.weekday()) % DAYS_IN_WEEK
            on = first + timedelta(days=to_weekday + DAYS_IN_WEEK * (self.nth - 1))
            if on.month == self.month:
                yield on


@dataclass(frozen=True)
class ExplicitDates(Pattern):
    """Dates listed one by one, as decrees do."""

    on_dates: Sequence[date]

    def dates(self, years: range) -> Iterator[date]:
        return (on for on in self.on_dates if on.year in years)


@dataclass(frozen=True)
class DateRange(Pattern):
    """Every day from `first_on` to `last_on`, both included, as vacations and suspensions are decreed."""

    first_on: date
    last_on: date

    def dates(self, years: range) -> Iterator[date]:
        for offset in range((self.last_on - self.first_on).days + 1):
            on = self.first_on + timedelta(days=offset)
            if on.year in years:
                yield on


def expand_patterns(patterns: Iterable[Pattern], *, first_year: int, last_year: int) -> dict[date, NonWorkingDay]:
    """Expand patterns into the days of `first_year` to `last_year`, both included, in date order.

    Where two patterns name the same date the earlier pattern is quoted.
    """
    days: dict[date, NonWorkingDay] = {}
    for pattern in patterns:
        for day in pattern.days(range(first_year, last_year + 1)):
            days.setdefault(day.on, day)
    return dict(sorted(days.items()))
