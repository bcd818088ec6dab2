"""Counting days as the law counts them, and showing how.

The conventions are those of the federal procedure law (LFPA, articles 28 and 29), which local laws copy: the
day of the event is day zero and is never counted, months and years run date to date, and a term whose last
day is non-working is carried to the next business day. Units are whole civil days of the government's time
zone; whoever calls has already turned an instant into a day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date

from consulta.deadlines.calendars import Calendar
from consulta.deadlines.counting import MONTHS_OF, ONE_DAY, Walker, date_to_date
from consulta.deadlines.derivations import CountedDay, DayUnit, Derivation
from consulta.errors import Refused
from consulta.i18n.text import _

MAX_DAYS = 1000


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
    """Count `n` of `unit` after `starts_on` and say which day is the last one.

    `starts_on` is the day of the event and is not counted. A term in calendar days, months or years that ends
    on a non-working day is carried to the next business day when `roll_last_day`; the days it passes over
    appear in the derivation uncounted. Where the last month lacks the day, the term ends on the first business
    day of the next month (LFPA 29). `rule` and `citation` are carried along as they are.

    Raises `Refused` unless 1 <= n <= 1000, and `OutsideCalendar` when the count leaves the calendar.
    """
    require_length(n)
    calendar.require_covered(starts_on)
    days = tuple(count_part(Walker(calendar), n, unit, starts_on, roll_last_day=roll_last_day))
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


def due_on(*, n: int, unit: DayUnit, starts_on: date, calendar: Calendar, roll_last_day: bool = True) -> date:
    """Give the day that `compute_due` gives, without its derivation: for many terms at once.

    Raises what `compute_due` raises.
    """
    require_length(n)
    calendar.require_covered(starts_on)
    if unit is DayUnit.BUSINESS_DAY:
        return _business_day_at(bisect_right(calendar.business_days, starts_on.toordinal()) + n - 1, calendar)
    if unit is DayUnit.CALENDAR_DAY:
        last_on, lacking = date.fromordinal(min(starts_on.toordinal() + n, date.max.toordinal())), ""
    else:
        last_on, lacking = date_to_date(starts_on, n * MONTHS_OF[unit])
    calendar.require_covered(last_on)
    if roll_last_day or lacking:
        return _business_day_at(bisect_left(calendar.business_days, last_on.toordinal()), calendar)
    return last_on


def count_part(
    walker: Walker, n: int, unit: DayUnit, after: date, *, roll_last_day: bool, number: int = 0
) -> Iterator[CountedDay]:
    """Give the days of a term, or of one of its extensions, that begins after `after`; the last one is its end."""
    if unit is DayUnit.BUSINESS_DAY:
        yield from walker.business_days(n, after, number)
        return
    if unit is DayUnit.CALENDAR_DAY:
        days = list(walker.calendar_days(n, after, number))
    else:
        days = list(walker.months(n, unit, after, number))
    yield from days
    # LFPA 29 ends a term that its last month has no day for on a business day, whatever else rolls.
    if roll_last_day or days[-1].reason:
        yield from walker.roll(days[-1].date)


def require_length(n: int) -> None:
    """Raise `Refused` unless `n` is a length that a term may have."""
    if not 1 <= n <= MAX_DAYS:
        raise Refused(_("El plazo debe ser de 1 a %(most)s días; se recibió %(n)s.", most=MAX_DAYS, n=n), field="n")


def count_business_days(after: date, until: date, calendar: Calendar) -> int:
    """Count the business days in (after, until]; negative, over (until, after], when `until` is earlier.

    Raises `OutsideCalendar` when either date is not covered.
    """
    calendar.require_covered(after)
    calendar.require_covered(until)
    days = calendar.business_days
    return bisect_right(days, until.toordinal()) - bisect_right(days, after.toordinal())


def next_business_day(on: date, calendar: Calendar) -> date:
    """Give the first business day strictly after `on`. Raises `OutsideCalendar` when there is none."""
    calendar.require_covered(on)
    return _business_day_at(bisect_right(calendar.business_days, on.toordinal()), calendar)


def _business_day_at(position: int, calendar: Calendar) -> date:
    """Give the business day at a place of the calendar's list; past its end the calendar refuses."""
    if position >= len(calendar.business_days):
        calendar.require_covered(calendar.last_on + ONE_DAY)
    return date.fromordinal(calendar.business_days[position])
