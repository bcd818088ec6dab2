"""How long a window has left."""

from zoneinfo import ZoneInfo

from consulta.clocks import load_calendar
from consulta.deadlines import count_business_days
from consulta.errors import NotFound
from consulta.web.context import arrived_at
from consulta.web.filters import last_day
from consulta.windows.models import Window


def calendar_name(key: str) -> str:
    """Return how people call the calendar of a derivation; its key when the calendar is no longer there."""
    try:
        return load_calendar(key).name
    except NotFound:
        return key


def days_left(window: Window) -> int | None:
    """Return how many business days remain until a window closes, its last day included; None without closing."""
    if window.closes_at is None:
        return None
    zone = window.government.timezone
    today = arrived_at().astimezone(ZoneInfo(zone)).date()
    return count_business_days(today, last_day(window.closes_at, zone), load_calendar(window.government.calendar_key))
