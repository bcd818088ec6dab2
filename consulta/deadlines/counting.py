"""Walking through the days of a term, each one named with what happened to it.

Shared by the plain term (`arithmetic`) and by the term that was suspended, extended or restarted (`fold`).
Every walk starts after a day that is not counted and ends with the last day of the term.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from consulta.deadlines.calendars import Calendar
from consulta.deadlines.derivations import CountedDay, DayUnit

ONE_DAY = timedelta(days=1)
MONTHS_OF = {DayUnit.MONTH: 1, DayUnit.YEAR: 12}
MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
ROLLED_REASON = "el último día del plazo fue inhábil: vence el siguiente día hábil"


@dataclass(frozen=True)
class Pause:
    """A suspension: the days after `from_on`, up to and including `to_on`, do not count."""

    from_on: date
    to_on: date
    source: str = ""

    def holds(self, on: date) -> bool:
        """Tell whether `on` is one of the days that do not count."""
        return self.from_on < on <= self.to_on

    def line(self, on: date) -> CountedDay:
        """Give a suspended day as a line of the derivation."""
        reason = f"suspendido: prevención notificada el {self.from_on:%d-%m-%Y}"
        return CountedDay(on, counted=False, number=None, reason=reason, source=self.source)


@dataclass(frozen=True)
class Walker:
    """The calendar and the suspensions that a term meets on its way."""

    calendar: Calendar
    pauses: Sequence[Pause] = ()

    def skipped(self, on: date) -> CountedDay | None:
        """Give the line of a day that is suspended or non-working, None for one on which the term runs."""
        paused = self._paused(on)
        if paused is not None:
            return paused
        rest = self.calendar.non_working(on)
        if rest is None:
            return None
        return CountedDay(on, counted=False, number=None, reason=rest.reason, source=rest.source)

    def business_days(self, n: int, after: date, number: int = 0) -> Iterator[CountedDay]:
        """Give the days after `after` until the n-th business day; the counted ones numbered from `number` + 1."""
        on, last = after, number + n
        while number < last:
            on += ONE_DAY
            skipped = self.skipped(on)
            if skipped is None:
                number += 1
                yield CountedDay(on, counted=True, number=number, reason=self._enabled(on))
            else:
                yield skipped

    def calendar_days(self, n: int, after: date, number: int = 0) -> Iterator[CountedDay]:
        """Give the days after `after` until `n` of them counted; working or not, all but the suspended count."""
        on, last = after, number + n
        while number < last:
            on += ONE_DAY
            self.calendar.require_covered(on)
            paused = self._paused(on)
            if paused is None:
                number += 1
                yield CountedDay(on, counted=True, number=number)
            else:
                yield paused

    def months(self, n: int, unit: DayUnit, after: date, number: int = 0) -> Iterator[CountedDay]:
        """Give the days that complete each of `n` months or years, and the suspended days among them.

        Date to date, non-working days included; every suspended day puts the end one day off.
        """
        reached = after
        for at in range(1, n + 1):
            nominal, lacking = date_to_date(after, at * MONTHS_OF[unit])
            self.calendar.require_covered(nominal)
            completed = self._put_off(nominal, after)
            self.calendar.require_covered(completed)
            yield from self._paused_between(reached, completed)
            yield CountedDay(completed, counted=True, number=number + at, reason=lacking)
            reached = completed

    def roll(self, last_on: date) -> Iterator[CountedDay]:
        """Give the days from a last day on which the term cannot end to the one that takes its place, included."""
        if self.calendar.is_business_day(last_on) and self._paused(last_on) is None:
            return
        on = last_on + ONE_DAY
        while (skipped := self.skipped(on)) is not None:
            yield skipped
            on += ONE_DAY
        yield CountedDay(on, counted=False, number=None, reason=ROLLED_REASON)

    def _paused(self, on: date) -> CountedDay | None:
        for pause in self.pauses:
            if pause.holds(on):
                return pause.line(on)
        return None

    def _enabled(self, on: date) -> str:
        source = self.calendar.enabled.get(on)
        return "" if source is None else f"habilitado por {source}"

    def _put_off(self, end: date, after: date) -> date:
        """Move `end` by the days that each suspension, in order, took from the term."""
        for pause in self.pauses:
            if pause.from_on < end:
                end += max(pause.to_on - max(pause.from_on, after), timedelta(0))
        return end

    def _paused_between(self, after: date, before: date) -> Iterator[CountedDay]:
        for offset in range(1, (before - after).days):
            paused = self._paused(after + timedelta(days=offset))
            if paused is not None:
                yield paused


def date_to_date(after: date, months: int) -> tuple[date, str]:
    """Give the day `months` later with the same number, and why it is another where the month lacks it.

    The term is then complete with the first day of the following month (LFPA 29 asks for its first business
    day, which the roll gives).
    """
    year, month = divmod(after.year * 12 + after.month - 1 + months, 12)
    if year >= MAXYEAR:
        return date.max, ""
    if after.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, after.day), ""
    following = date(year, month + 1, 1) + timedelta(days=monthrange(year, month + 1)[1])
    return following, f"{MONTHS[month]} de {year} no tiene día {after.day}: el plazo pasa al mes siguiente"
