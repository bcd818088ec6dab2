"""How long a window has left."""

from zoneinfo import ZoneInfo

from consulta.agencies.queries import find_government_by_key
from consulta.clocks import load_calendar
from consulta.clocks.calendars import calendar_of
from consulta.deadlines import count_business_days
from consulta.errors import NotFound
from consulta.i18n.text import _
from consulta.web.context import arrived_at
from consulta.web.filters import last_day
from consulta.windows.models import Window


def calendar_name(key: str) -> str:
    """Return how people call the calendar of a derivation: one that ships, or a government's own with its decrees."""
    try:
        return load_calendar(key).name
    except NotFound:
        government = find_government_by_key(key)
        return _("%(name)s, con sus decretos", name=government.name) if government else key


def days_left(window: Window) -> int | None:
    """Return how many business days remain until a window closes, its last day included; None without closing."""
    if window.closes_at is None:
        return None
    zone = window.government.timezone
    today = arrived_at().astimezone(ZoneInfo(zone)).date()
    calendar = calendar_of(window.government, procedure=window.instrument_key)
    return count_business_days(today, last_day(window.closes_at, zone), calendar)
