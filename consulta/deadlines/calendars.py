"""Calendars of non-working days (días inhábiles), as values.

A calendar answers only for the years it covers: a silent "no holidays known" for a far year would be a
wrong due date, so a date outside its range is refused instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from consulta.errors import Refused

SATURDAY = 5
WEEKEND_REASONS = {SATURDAY: "sábado", SATURDAY + 1: "domingo"}


class OutsideCalendar(Refused):
    """The calendar does not cover the date that was asked for."""


@dataclass(frozen=True)
class NonWorkingDay:
    """One day that does not count: `reason` in Spanish, `source` the article or decree that says so."""

    on: date
    reason: str
    source: str


@dataclass(frozen=True)
class Calendar:
    """The non-working days between `first_on` and `last_on`, both included.

    `days` holds what laws and decrees name; Saturdays and Sundays need no entry. `weekend_source` is the
    provision quoted for them.
    """

    key: str
    name: str
    days: Mapping[date, NonWorkingDay] = field(hash=False, repr=False)
    first_on: date
    last_on: date
    weekend_source: str = ""

    def non_working(self, on: date) -> NonWorkingDay | None:
        """Say why `on` does not count, or None for a business day.

        A named day wins over the weekend it falls on, because its source says more.
        Raises `OutsideCalendar` for a date before `first_on` or after `last_on`.
        """
        self.require_covered(on)
        named = self.days.get(on)
        if named is not None:
            return named
        weekend = WEEKEND_REASONS.get(on.weekday())
        return None if weekend is None else NonWorkingDay(on, weekend, self.weekend_source)

    def require_covered(self, on: date) -> None:
        """Raise `OutsideCalendar` unless `first_on` <= `on` <= `last_on`."""
        if not self.first_on <= on <= self.last_on:
            raise OutsideCalendar(
                f"El calendario «{self.name}» cubre del {self.first_on:%d-%m-%Y} al {self.last_on:%d-%m-%Y}; "
                f"el {on:%d-%m-%Y} queda fuera. Use otra fecha o pida que se amplíe el calendario."
            )
