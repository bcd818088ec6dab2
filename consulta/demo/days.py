"""Days of the demonstration, counted from the day on which it is loaded in the calendar of a government."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consulta.clocks.catalogue import load_calendar
from consulta.deadlines import Calendar

OPENS, CLOSES = time(9), time(16)


@dataclass(frozen=True)
class Days:
    """The calendar of a government, seen from `now`."""

    now: datetime
    zone: ZoneInfo
    calendar: Calendar

    @classmethod
    def of(cls, now: datetime, timezone: str, calendar_key: str) -> "Days":
        """Return the days of a government."""
        return cls(now, ZoneInfo(timezone), load_calendar(calendar_key))

    @property
    def today(self) -> date:
        """The civil day on which the demonstration is loaded."""
        return self.now.astimezone(self.zone).date()

    def is_business(self, on: date) -> bool:
        """Say whether an office works on a day."""
        return self.calendar.non_working(on) is None

    def business(self, n: int, start: date | None = None) -> date:
        """Return the n-th business day after a day, or before it; 0: that day, or the next business day."""
        day = start or self.today
        step = timedelta(days=1 if n >= 0 else -1)
        while n == 0 and not self.is_business(day):
            day += step
        for _ in range(abs(n)):
            day += step
            while not self.is_business(day):
                day += step
        return day

    def at(self, on: date, hour: int = 10, minute: int = 0) -> datetime:
        """Return an instant of a day."""
        return datetime.combine(on, time(hour, minute), tzinfo=self.zone)

    def office(self, at: datetime) -> datetime:
        """Return the first instant from `at` on at which an office works."""
        local = at.astimezone(self.zone)
        day = local.date()
        if not self.is_business(day) or local.time() >= CLOSES:
            minutes = 9 * 60 + local.minute * 3
            local = self.at(self.business(0 if local.time() < CLOSES else 1, day), minutes // 60, minutes % 60)
        elif local.time() < OPENS:
            local = self.at(day, 9, local.minute)
        return local

    def acting(self, at: datetime) -> datetime:
        """Return when an office acts: in working hours, unless that would be after the demonstration is loaded."""
        working = self.office(at)
        return working if working <= self.now else at

    def awake(self, at: datetime) -> datetime:
        """Return an instant at which somebody writes: between seven in the morning and midnight."""
        local = at.astimezone(self.zone)
        return at + timedelta(hours=7) if local.hour < 7 else at
