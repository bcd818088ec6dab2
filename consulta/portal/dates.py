"""How long a window has left."""

from zoneinfo import ZoneInfo

from consulta.clocks.calendars import calendar_of
from consulta.deadlines import count_business_days
from consulta.web.context import arrived_at
from consulta.web.filters import last_day
from consulta.windows.models import Window


def days_left(window: Window) -> int | None:
    """Return how many business days remain until a window closes, its last day included; None without closing."""
    if window.closes_at is None:
        return None
    zone = window.government.timezone
    today = arrived_at().astimezone(ZoneInfo(zone)).date()
    calendar = calendar_of(window.government, procedure=window.instrument_key)
    return count_business_days(today, last_day(window.closes_at, zone), calendar)
