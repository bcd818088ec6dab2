"""A clock that tests set by hand and hand to the application."""

from datetime import UTC, datetime, timedelta

# A Wednesday at noon in Mexico City.
START = datetime(2026, 6, 10, 18, 0, tzinfo=UTC)


class Clock:
    """Gives the instant it was set to."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> datetime:
        """Move forward and return the new instant."""
        self.now += timedelta(**parts)
        return self.now
