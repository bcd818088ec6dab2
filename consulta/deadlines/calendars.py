"""Calendars of non-working days (días inhábiles), as values.

A calendar answers only for the years it covers: a silent "no holidays known" for a far year would be a
wrong due date, so a date outside its range is refused instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

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
    provision quoted for them. `enabled` holds the days on which a decree orders work all the same (días
    habilitados, LFPA 28), each with that decree; no date is both in `days` and in `enabled`.
    """

    key: str
    name: str
    days: Mapping[date, NonWorkingDay] = field(hash=False, repr=False)
    first_on: date
    last_on: date
    weekend_source: str = ""
    enabled: Mapping[date, str] = field(default_factory=dict, hash=False, repr=False)

    def non_working(self, on: date) -> NonWorkingDay | None:
        """Say why `on` does not count, or None for a business day.

        A named day wins over the weekend it falls on, because its source says more.
        Raises `OutsideCalendar` for a date before `first_on` or after `last_on`.
        """
        self.require_covered(on)
        named = self.days.get(on)
        if named is not None:
            return named
        weekend = None if on in self.enabled else WEEKEND_REASONS.get(on.weekday())
        return None if weekend is None else NonWorkingDay(on, weekend, self.weekend_source)

    def is_business_day(self, on: date) -> bool:
        """Tell whether `on` counts as a día hábil. Raises `OutsideCalendar` for a date it does not cover."""
        return self.non_working(on) is None

    @cached_property
    def business_days(self) -> tuple[int, ...]:
        """Every business day as its ordinal, in order: built once, so that many terms can be looked up in it."""
        ordinals = range(self.first_on.toordinal(), self.last_on.toordinal() + 1)
        return tuple(at for at in ordinals if self.is_business_day(date.fromordinal(at)))

    def require_covered(self, on: date) -> None:
        """Raise `OutsideCalendar` unless `first_on` <= `on` <= `last_on`."""
        if not self.first_on <= on <= self.last_on:
            raise OutsideCalendar(
                f"El calendario «{self.name}» cubre del {self.first_on:%d-%m-%Y} al {self.last_on:%d-%m-%Y}; "
                f"el {on:%d-%m-%Y} queda fuera. Use otra fecha o pida que se amplíe el calendario."
            )


def extend_calendar(
    base: Calendar,
    *,
    key: str,
    name: str,
    closed: Mapping[date, NonWorkingDay],
    enabled: Mapping[date, str],
) -> Calendar:
    """Return `base` with what later decrees add: days that do not count, and days that do after all.

    A closed day wins over whatever the base says of it, an enabled one too. `enabled` gives the decree of
    each day. Dates that the base does not cover are never asked for and do no harm.
    Raises `Refused` when one date is both closed and enabled.
    """
    clash = min(set(closed) & set(enabled), default=None)
    if clash is not None:
        raise Refused(
            f"El {clash:%d-%m-%Y} aparece a la vez como inhábil ({closed[clash].source}) y como habilitado "
            f"({enabled[clash]}) en el calendario «{name}»: deje solo uno de los dos."
        )
    days = {on: day for on, day in base.days.items() if on not in enabled} | dict(closed)
    working = {on: source for on, source in base.enabled.items() if on not in closed} | dict(enabled)
    return replace(
        base,
        key=key,
        name=name,
        days=MappingProxyType(dict(sorted(days.items()))),
        enabled=MappingProxyType(dict(sorted(working.items()))),
    )
