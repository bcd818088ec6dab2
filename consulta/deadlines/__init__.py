"""Legal arithmetic of days: from a starting day, a number and a calendar to a due day and its derivation.

Pure: standard library and `consulta.errors` only; it never reads a clock, a file or a database. The
calendars and the rules are data that `consulta.clocks` reads; here is only what is done with them.

- `Calendar`, `NonWorkingDay`: which days do not count, why, and who says so.
- `expand_patterns` and the four patterns: from "third Monday of March" to dates.
- `compute_due`, `count_business_days`, `next_business_day`: the arithmetic.
- `DeadlineRule`: one term as a law states it.
"""

from consulta.deadlines.arithmetic import (
    CountedDay,
    DayUnit,
    Derivation,
    compute_due,
    count_business_days,
    next_business_day,
)
from consulta.deadlines.calendars import Calendar, NonWorkingDay, OutsideCalendar
from consulta.deadlines.patterns import (
    DateRange,
    ExplicitDates,
    MonthDay,
    NthWeekday,
    Pattern,
    Validity,
    expand_patterns,
)
from consulta.deadlines.rules import Bound, Confidence, DeadlineRule

__all__ = [
    "Bound",
    "Calendar",
    "Confidence",
    "CountedDay",
    "DateRange",
    "DayUnit",
    "DeadlineRule",
    "Derivation",
    "ExplicitDates",
    "MonthDay",
    "NonWorkingDay",
    "NthWeekday",
    "OutsideCalendar",
    "Pattern",
    "Validity",
    "compute_due",
    "count_business_days",
    "expand_patterns",
    "next_business_day",
]
