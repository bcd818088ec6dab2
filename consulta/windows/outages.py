"""When the instance did not work while a window was open: noticed by its heartbeat, told to the coordinator."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from consulta.db import session
from consulta.windows.margins import load_margins
from consulta.windows.models import Extension, Heartbeat, Outage, Window
from consulta.windows.states import WindowState

ONLY_ROW = 1


def beat(now: datetime) -> None:
    """Write down that the instance works; where it was silent for too long, write the outage down first."""
    heartbeat = session().get(Heartbeat, ONLY_ROW)
    if heartbeat is None:
        session().add(Heartbeat(id=ONLY_ROW, at=now))
        return
    if now - heartbeat.at >= load_margins().outage:
        session().add(Outage(from_at=heartbeat.at, to_at=now))
    heartbeat.at = max(heartbeat.at, now)


def list_outages_of(window: Window) -> Sequence[Outage]:
    """Return the outages while a window was open that no later extension has made up for."""
    if window.opens_at is None or window.closes_at is None or window.state != WindowState.SCHEDULED:
        return []
    found = (
        select(Outage)
        .where(
            Outage.to_at > window.opens_at,
            Outage.from_at < window.closes_at,
            ~select(Extension.id).where(Extension.window_id == window.id, Extension.at >= Outage.to_at).exists(),
        )
        .order_by(Outage.from_at)
    )
    return session().scalars(found).all()


def list_hit_windows(government_id: int, now: datetime) -> Sequence[tuple[Window, Outage]]:
    """Return the open windows of a government with the outages that no extension has made up for."""
    open_ones = select(Window).where(
        Window.government_id == government_id,
        Window.state == WindowState.SCHEDULED,
        Window.opens_at <= now,
        or_(Window.closes_at.is_(None), Window.closes_at > now),
    )
    return [(window, outage) for window in session().scalars(open_ones) for outage in list_outages_of(window)]
