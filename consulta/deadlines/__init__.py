"""Legal arithmetic of days: from a starting day, a number and a calendar to a due day and its derivation.

Pure: standard library, `consulta.errors` and the sentences of `consulta.i18n.text` only; it never reads a clock, a
file or a database. The calendars and the rules are data that `consulta.clocks` reads; here is only what is done
with them.

- `Calendar`, `NonWorkingDay`, `extend_calendar`: which days do not count, why, and who says so.
- `expand_patterns` and the four patterns: from "third Monday of March" to dates.
- `compute_due`, `due_on`, `count_business_days`, `next_business_day`: the arithmetic.
- `fold`: the due day of a term that was suspended, restarted, extended or met.
- `DeadlineRule`: one term as a law states it; `fold_facts`: its clock from what is told of a case.
"""

from consulta.deadlines.arithmetic import compute_due, count_business_days, due_on, next_business_day
from consulta.deadlines.calendars import Calendar, NonWorkingDay, OutsideCalendar, extend_calendar
from consulta.deadlines.derivations import CountedDay, DayUnit, Derivation
from consulta.deadlines.events import ClockState, Event, EventKind, Face, Term
from consulta.deadlines.facts import event_of, fold_facts
from consulta.deadlines.fold import fold
from consulta.deadlines.patterns import (
    DateRange,
    ExplicitDates,
    MonthDay,
    NthWeekday,
    Pattern,
    Validity,
    expand_patterns,
)
from consulta.deadlines.rules import (
    Bound,
    Confidence,
    CountFrom,
    DeadlineRule,
    Extension,
    Fact,
    FactName,
    OnClarification,
    RuleSet,
    WorkedExample,
)

__all__ = [
    "Bound",
    "Calendar",
    "ClockState",
    "Confidence",
    "CountFrom",
    "CountedDay",
    "DateRange",
    "DayUnit",
    "DeadlineRule",
    "Derivation",
    "Event",
    "EventKind",
    "ExplicitDates",
    "Extension",
    "Face",
    "Fact",
    "FactName",
    "MonthDay",
    "NonWorkingDay",
    "NthWeekday",
    "OnClarification",
    "OutsideCalendar",
    "Pattern",
    "RuleSet",
    "Term",
    "Validity",
    "WorkedExample",
    "compute_due",
    "count_business_days",
    "due_on",
    "event_of",
    "expand_patterns",
    "extend_calendar",
    "fold",
    "fold_facts",
    "next_business_day",
]
