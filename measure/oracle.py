"""The same law, told once more and as plainly as possible, to check the product against.

It imports nothing from `consulta` and shares no idea with it: every day of twenty-odd years is an entry of a
dictionary, a term is a person who crosses off one day after the other, and midnight is found by looking at the clock.
Slow on purpose.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 2015, 2035
ELECTIONS = ("2015-06-07", "2018-07-01", "2021-06-06", "2024-06-02", "2027-06-06")
FIXED = ((1, 1), (5, 1), (9, 16), (12, 25))
# Month and which of its Mondays, since the reform of 2006.
MONDAYS = ((2, 1), (3, 3), (11, 3))


@dataclass(frozen=True)
class Case:
    """A term and what happened to it, in plain words: ("suspend", day), ("resume", day), ("restart", day)…

    `closed` are decreed ranges, both ends included; `enabled`, days of work that win over everything. An extension is
    ("extend", day, n, in_business_days).
    """

    starts_on: date
    n: int
    in_business_days: bool
    rolls: bool
    closed: tuple[tuple[date, date], ...]
    enabled: tuple[date, ...]
    events: tuple[tuple[object, ...], ...]


def labour_holidays() -> dict[date, bool]:
    """Say of each day of all years whether article 74 of the labour law gives it off."""
    off = {}
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= LAST_YEAR:
        monday_of_month = (day.day + 6) // 7 if day.weekday() == 0 else 0
        december = day.month == 12 and day.day == 1 and day.year in (2018,)
        october = day.month == 10 and day.day == 1 and day.year in (2024, 2030)
        off[day] = (
            (day.month, day.day) in FIXED
            or (day.month, monday_of_month) in MONDAYS
            or december
            or october
            or day.isoformat() in ELECTIONS
        )
        day += timedelta(days=1)
    return off


def working_days(holidays: dict[date, bool], case: Case) -> dict[date, bool]:
    """Say of each day whether it is one of work, after weekends, holidays and decrees."""
    works = {day: not off and day.isoweekday() < 6 for day, off in holidays.items()}
    for first, last in case.closed:
        while first <= last:
            works[first] = False
            first += timedelta(days=1)
    for day in case.enabled:
        works[day] = True
    return works


def last_day(case: Case, works: dict[date, bool]) -> date:
    """Cross off one day after the other until the term and its extensions are used up."""
    start, events = case.starts_on, case.events
    for at, event in enumerate(case.events):
        if event[0] == "restart":
            assert isinstance(event[1], date)
            start, events = event[1], case.events[at + 1 :]
    frozen = _frozen_days(events)
    lengths = [(case.n, case.in_business_days)]
    lengths += [(int(str(event[2])), bool(event[3])) for event in events if event[0] == "extend"]
    day = start
    for left, in_business_days in lengths:
        while left:
            day += timedelta(days=1)
            if day not in frozen and (works[day] or not in_business_days):
                left -= 1
        while case.rolls and not in_business_days and (day in frozen or not works[day]):
            day += timedelta(days=1)
    return day


def _frozen_days(events: tuple[tuple[object, ...], ...]) -> dict[date, bool]:
    """Mark the days after each suspension, up to and including that of its end."""
    frozen: dict[date, bool] = {}
    since: date | None = None
    for event in events:
        on = event[1]
        assert isinstance(on, date)
        if event[0] == "suspend":
            since = on
        elif event[0] == "resume" and since is not None:
            while since < on:
                since += timedelta(days=1)
                frozen[since] = True
            since = None
    return frozen


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Look at the local clock every quarter of an hour until it shows the next day; that instant, in UTC."""
    instant = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    while instant.astimezone(zone).date() <= day:
        instant += timedelta(minutes=15)
    return instant
