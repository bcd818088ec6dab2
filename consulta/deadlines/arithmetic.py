"""Counting days as the law counts them, and showing how.

The two conventions are those of the federal procedure law (LFPA, articles 28 and 29), which local laws
copy: the day of the event is day zero and is never counted, and a term whose last day is non-working is
carried to the next business day. Units are whole civil days of the government's time zone; whoever calls
has already turned an instant into a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from consulta.deadlines.calendars import Calendar, NonWorkingDay
from consulta.errors import Refused
from consulta.i18n.text import _

ONE_DAY = timedelta(days=1)
MAX_DAYS = 1000
ROLLED_REASON = "el último día del plazo fue inhábil: vence el siguiente día hábil"


class DayUnit(StrEnum):
    """What a term is counted in: días hábiles or días naturales."""

    BUSINESS_DAY = "business_day"
    CALENDAR_DAY = "calendar_day"


@dataclass(frozen=True)
class CountedDay:
    """One day of a derivation: its ordinal when counted, otherwise why it was not and who says so."""

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
    """A due day and every day that led to it, in order, from the day after `starts_on` to `due_on`."""

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


def compute_due(
    *,
    n: int,
    unit: DayUnit,
    starts_on: date,
    calendar: Calendar,
    roll_last_day: bool = True,
    rule: str = "",
    citation: str = "",
) -> Derivation:
    """Count `n` days of `unit` after `starts_on` and say which day is the last one.

    `starts_on` is the day of the event and is not counted. A term in calendar days that ends on a
    non-working day is carried to the next business day when `roll_last_day`; the days it passes over
    appear in the derivation uncounted. `rule` and `citation` are carried along as they are.

    Raises `Refused` unless 1 <= n <= 1000, and `OutsideCalendar` when the count leaves the calendar.
    """
    if not 1 <= n <= MAX_DAYS:
        raise Refused(_("El plazo debe ser de 1 a %(most)s días; se recibió %(n)s.", most=MAX_DAYS, n=n), field="n")
    calendar.require_covered(starts_on)
    if unit is DayUnit.BUSINESS_DAY:
        days = tuple(_count_business(n, starts_on, calendar))
    else:
        days = tuple(_count_calendar(n, starts_on, calendar))
        if roll_last_day:
            days += tuple(_roll(days[-1].date, calendar))
    return Derivation(
        starts_on=starts_on,
        due_on=days[-1].date,
        n=n,
        unit=unit,
        calendar_key=calendar.key,
        rule=rule,
        citation=citation,
        days=days,
    )


def count_business_days(after: date, until: date, calendar: Calendar) -> int:
    """Count the business days in (after, until]; negative, over (until, after], when `until` is earlier.

    Raises `OutsideCalendar` when either date is not covered.
    """
    calendar.require_covered(after)
    calendar.require_covered(until)
    first, last = sorted((after, until))
    total = sum(
        calendar.non_working(first + timedelta(days=offset)) is None for offset in range(1, (last - first).days + 1)
    )
    return total if until >= after else -total


def next_business_day(on: date, calendar: Calendar) -> date:
    """Give the first business day strictly after `on`. Raises `OutsideCalendar` when there is none."""
    calendar.require_covered(on)
    on += ONE_DAY
    while calendar.non_working(on) is not None:
        on += ONE_DAY
    return on


def _count_business(n: int, starts_on: date, calendar: Calendar) -> Iterator[CountedDay]:
    """Give the days after `starts_on` until the n-th business day, the skipped ones with their reason."""
    on, number = starts_on, 0
    while number < n:
        on += ONE_DAY
        skipped = calendar.non_working(on)
        if skipped is None:
            number += 1
            yield CountedDay(on, counted=True, number=number)
        else:
            yield _uncounted(skipped)


def _count_calendar(n: int, starts_on: date, calendar: Calendar) -> Iterator[CountedDay]:
    """Give the `n` days after `starts_on`; all of them count, working or not."""
    for number in range(1, n + 1):
        on = starts_on + timedelta(days=number)
        calendar.require_covered(on)
        yield CountedDay(on, counted=True, number=number)


def _roll(last_on: date, calendar: Calendar) -> Iterator[CountedDay]:
    """Give the days between a non-working last day and the business day that takes its place, included."""
    if calendar.non_working(last_on) is None:
        return
    on = last_on + ONE_DAY
    while (skipped := calendar.non_working(on)) is not None:
        yield _uncounted(skipped)
        on += ONE_DAY
    yield CountedDay(on, counted=False, number=None, reason=ROLLED_REASON)


def _uncounted(day: NonWorkingDay) -> CountedDay:
    """Turn a non-working day into a line of the derivation."""
    return CountedDay(day.on, counted=False, number=None, reason=day.reason, source=day.source)
