"""From a calendar file to its patterns and to a `Calendar`.

A file may say `extends = "<key>"`: it then adds its days to those of the other calendar, whose reason and
source are quoted where both name a day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, date
from pathlib import Path
from types import MappingProxyType

from consulta.clocks.tables import Table, read_table
from consulta.deadlines import (
    Calendar,
    DateRange,
    ExplicitDates,
    MonthDay,
    NthWeekday,
    Pattern,
    Validity,
    expand_patterns,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
HEADER_KEYS = ("key", "name", "extends", "weekend_source", "day")
COMMON_KEYS = ("pattern", "reason", "source", "valid_from", "valid_to")


@dataclass(frozen=True)
class CalendarFile:
    """What a calendar file says once its base, if any, has been put in front of it."""

    key: str
    name: str
    weekend_source: str
    patterns: tuple[Pattern, ...]

    def calendar(self, *, first_year: int, last_year: int) -> Calendar:
        """Expand the patterns over whole years, both included."""
        return Calendar(
            key=self.key,
            name=self.name,
            days=MappingProxyType(expand_patterns(self.patterns, first_year=first_year, last_year=last_year)),
            first_on=date(first_year, 1, 1),
            last_on=date(last_year, 12, 31),
            weekend_source=self.weekend_source,
        )


def read_calendar_file(folder: Path, key: str, *, seen: tuple[str, ...] = ()) -> CalendarFile:
    """Read `<key>.toml` in `folder`, after the calendar it extends.

    Raises `BadData` naming file, key and remedy. `seen` holds the calendars that led here, so that two
    that extend each other are told apart from a long chain.
    """
    table = read_table(folder / f"{key}.toml")
    table.refuse_others(HEADER_KEYS)
    if table.text("key") != key:
        raise table.bad("key", f"escriba «{key}», como el nombre del archivo")
    base = None
    if "extends" in table:
        base_key = table.text("extends")
        if base_key in (*seen, key):
            raise table.bad("extends", "nombre un calendario que no dependa de este")
        base = read_calendar_file(folder, base_key, seen=(*seen, key))
    own = tuple(_pattern(day) for day in table.tables("day"))
    if base is None:
        return CalendarFile(key, table.text("name"), table.text("weekend_source"), own)
    weekend_source = table.text("weekend_source") if "weekend_source" in table else base.weekend_source
    return CalendarFile(key, table.text("name"), weekend_source, base.patterns + own)


def _pattern(table: Table) -> Pattern:
    """Read one [[day]]. Raises `BadData` for an unknown pattern, a misspelt key or an impossible date."""
    return READERS[table.choice("pattern", tuple(READERS))](table)


def _validity(table: Table, *own_keys: str) -> Validity:
    """Read what every pattern has, and refuse keys that neither it nor this pattern knows."""
    table.refuse_others((*COMMON_KEYS, *own_keys))
    valid_from = table.day("valid_from")
    valid_to = table.day("valid_to") if "valid_to" in table else date(MAXYEAR, 12, 31)
    if valid_to < valid_from:
        raise table.bad("valid_to", "escriba una fecha igual o posterior a valid_from")
    return Validity(table.text("reason"), table.text("source"), valid_from, valid_to)


def _month_day(table: Table) -> Pattern:
    validity = _validity(table, "month", "day", "every_years", "from_year")
    month = table.whole("month", low=1, high=12)
    day = table.whole("day", low=1, high=LONGEST_MONTHS[month - 1])
    if "every_years" not in table and "from_year" not in table:
        return MonthDay(validity, month, day)
    every_years = table.whole("every_years", low=1, high=100)
    return MonthDay(validity, month, day, every_years, table.whole("from_year", low=1900, high=MAXYEAR))


def _nth_weekday(table: Table) -> Pattern:
    validity = _validity(table, "month", "weekday", "nth")
    month = table.whole("month", low=1, high=12)
    weekday = WEEKDAYS.index(table.choice("weekday", WEEKDAYS))
    return NthWeekday(validity, month, weekday, table.whole("nth", low=1, high=5))


def _explicit_dates(table: Table) -> Pattern:
    return ExplicitDates(_validity(table, "dates"), table.days("dates"))


def _date_range(table: Table) -> Pattern:
    validity = _validity(table, "first_on", "last_on")
    first_on, last_on = table.day("first_on"), table.day("last_on")
    if last_on < first_on:
        raise table.bad("last_on", "escriba una fecha igual o posterior a first_on")
    return DateRange(validity, first_on, last_on)


READERS: dict[str, Callable[[Table], Pattern]] = {
    "month_day": _month_day,
    "nth_weekday": _nth_weekday,
    "dates": _explicit_dates,
    "range": _date_range,
}
