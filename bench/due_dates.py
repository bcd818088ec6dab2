"""A hundred thousand due dates with a calendar of five decrees, as when a calendar changes under open cases."""

from datetime import date, timedelta
from typing import Any

from bench.timing import interleaved
from consulta.clocks import load_calendar
from consulta.deadlines import Calendar, DayUnit, NonWorkingDay, due_on, extend_calendar

COUNT = 100_000
TERM = 20
FIRST_START, STARTS = date(2015, 1, 1), 7000
# Five vacations of one year: first day and length.
DECREES = (("2026-04-02", 2), ("2026-07-20", 10), ("2026-09-15", 1), ("2026-11-02", 1), ("2026-12-21", 13))
MOST_SECONDS = 2
MOST_RATIO = 1


def run() -> dict[str, Any]:
    """Compare the product with a plain walk over a set; the calendar is made anew each time, its index too."""
    starts = [FIRST_START + timedelta(days=at * 7 % STARTS) for at in range(COUNT)]
    found = interleaved(lambda: _walked(starts), lambda: _looked_up(starts), repeats=5)
    assert _walked(starts[:STARTS]) == _looked_up(starts[:STARTS])
    seconds = round(found["median_ms"] / 1000, 3)
    reached = found["ratio"] <= MOST_RATIO and seconds <= MOST_SECONDS
    return {**found, "seconds": seconds, "limit_seconds": MOST_SECONDS, "limit": MOST_RATIO, "reached": reached}


def _looked_up(starts: list[date]) -> list[date]:
    calendar = _five_decrees()
    return [due_on(n=TERM, unit=DayUnit.BUSINESS_DAY, starts_on=start, calendar=calendar) for start in starts]


def _walked(starts: list[date]) -> list[date]:
    """The baseline: one day after the other, against a set."""
    off = set(_five_decrees().days)
    day, found = timedelta(days=1), []
    for on in starts:
        left = TERM
        while left:
            on += day
            if on.weekday() < 5 and on not in off:
                left -= 1
        found.append(on)
    return found


def _five_decrees() -> Calendar:
    closed = {
        on: NonWorkingDay(on, "vacaciones", f"Decreto {number}")
        for number, (first, length) in enumerate(DECREES, 1)
        for on in (date.fromisoformat(first) + timedelta(days=at) for at in range(length))
    }
    return extend_calendar(load_calendar("lft"), key="bench", name="Bench", closed=closed, enabled={})
