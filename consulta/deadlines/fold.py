"""A due date as the fold of what happened to a term: it started, was suspended, resumed, extended, met.

The events are facts that are never rewritten; the due date is always computed anew from all of them with the
newest calendar. Whose clock it is, and where its events are kept, is not known here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from consulta.deadlines.arithmetic import count_part
from consulta.deadlines.calendars import Calendar
from consulta.deadlines.counting import Walker
from consulta.deadlines.course import Course, Floor, Length, replay
from consulta.deadlines.derivations import CountedDay, DayUnit, Derivation
from consulta.deadlines.events import ClockState, Event, EventKind, Face, Term

__all__ = ["ClockState", "Event", "EventKind", "Face", "Term", "fold"]

DAYS = (DayUnit.BUSINESS_DAY, DayUnit.CALENDAR_DAY)
EXTENDED_REASON = "comienza la prórroga"
PROTECTED_REASON = "el calendario cambió: un plazo de la ciudadanía nunca se acorta"


def fold(term: Term, events: Sequence[Event], calendar: Calendar) -> Face:
    """Say what a clock shows after `events`, in their order, with the newest `calendar`.

    START on D: counting begins the next day. SUSPEND on S: S itself still counts (a notification takes effect the
    same day, LFPA 38), the days after it do not, up to and including that of RESUME. RESTART on R: all before is
    void and the whole term runs from R (LGTAIP 130), also out of a suspension. EXTEND: its days are counted from
    the last day so far. RECALENDAR: the term ends on its `not_before` at the earliest. MET stops the clock; MISSED
    only marks it.

    Raises `Refused` for events that cannot follow each other, and `OutsideCalendar`.
    """
    course = replay(term, events)
    # A term that is answered while it is suspended has no due day either: nobody could tell which it was.
    derivation = None if course.stands_still else _derive(term, course, calendar)
    return Face(course.state, derivation.due_on if derivation else None, derivation, course.is_missed)


def _derive(term: Term, course: Course, calendar: Calendar) -> Derivation:
    """Count the term and its extensions one after the other, and keep every day of them."""
    calendar.require_covered(course.starts_on)
    walker = Walker(calendar, course.pauses)
    days: list[CountedDay] = []
    last_on, number, unit = course.starts_on, 0, term.unit
    for part in course.parts:
        if isinstance(part, Floor):
            days += _held_back(part, last_on, Walker(calendar, course.pauses[part.since :]), term)
        else:
            # Days are numbered through, whatever their kind; months among days, or days among months, begin anew.
            number, unit = number if _add_up(part.unit, unit) else 0, part.unit
            counted = count_part(walker, part.n, part.unit, last_on, roll_last_day=term.roll_last_day, number=number)
            days += _announced(counted, part) if part.extension else counted
            number += part.n
        last_on = days[-1].date
    return Derivation(
        starts_on=course.starts_on,
        due_on=last_on,
        n=sum(part.n for part in course.parts if isinstance(part, Length) and _add_up(part.unit, term.unit)),
        unit=term.unit,
        calendar_key=calendar.key,
        rule=term.rule,
        citation=term.citation,
        days=tuple(days),
    )


def _add_up(one: DayUnit, other: DayUnit) -> bool:
    return one is other or (one in DAYS and other in DAYS)


def _announced(days: Iterable[CountedDay], part: Length) -> Iterator[CountedDay]:
    """Say on the first day that counts that the extension begins there."""
    first = True
    for day in days:
        if day.counted and first:
            first = False
            reason = "; ".join(filter(None, (EXTENDED_REASON, day.reason)))
            yield replace(day, reason=reason, source=part.citation)
        else:
            yield day


def _held_back(floor: Floor, last_on: date, walker: Walker, term: Term) -> Iterator[CountedDay]:
    """Give the days by which a term that would end before its floor is kept open; none for one that would not.

    The floor is a day that the person had been told, so a suspension that came later puts it off too; and where
    the new calendar makes it non-working, the person gains the days until the next business day.
    """
    if last_on >= floor.on:
        return
    kept = list(walker.calendar_days((floor.on - last_on).days, last_on))
    if term.roll_last_day or term.unit is DayUnit.BUSINESS_DAY:
        kept += walker.roll(kept[-1].date)
    for day in kept:
        if day.counted or day is kept[-1]:
            yield CountedDay(day.date, counted=False, number=None, reason=PROTECTED_REASON, source=floor.citation)
        else:
            yield day
