"""Reads for the pages of officials."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from consulta.db import session
from consulta.windows.models import Instrument, Topic, Window
from consulta.windows.states import WindowState

# How long after closing a window stays in the list of capture: paper sealed in time arrives late at the desk.
RECENTLY = timedelta(days=30)


def list_capture_topics(government_id: int, now: datetime, limit: int = 300) -> Sequence[Topic]:
    """Return the topics of open and recently closed windows and of mailboxes."""
    found = (
        select(Topic)
        .join(Topic.window)
        .join(Window.instrument)
        .options(contains_eager(Topic.window).contains_eager(Window.instrument))
        .where(
            Window.government_id == government_id,
            Window.state == WindowState.SCHEDULED,
            Window.opens_at <= now,
            or_(Window.closes_at.is_(None), Window.closes_at > now - RECENTLY),
        )
        .order_by(Instrument.permanent, Window.closes_at, Window.id, Topic.number)
        .limit(limit)
    )
    return session().scalars(found).all()
