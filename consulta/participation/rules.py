"""When figures of people may be released. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo


def local_year(now: datetime, timezone: str) -> int:
    """Return the year of an instant where a government is."""
    return now.astimezone(ZoneInfo(timezone)).year


def is_yearly_due(*, opened_year: int, last_year: int | None, year: int) -> bool:
    """Say whether a mailbox has its release of this year ahead: the first comes with the first new year."""
    return year > (opened_year if last_year is None else last_year)
