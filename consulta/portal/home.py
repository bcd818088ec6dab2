"""The front page: what is open now, what comes, and the ways in; of the whole instance or of one government."""

from operator import attrgetter

from flask import Blueprint, render_template

from consulta.agencies.models import Government
from consulta.agencies.queries import list_governments
from consulta.portal.dates import days_left
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at
from consulta.windows.counters import read_window_counts
from consulta.windows.queries import list_mailboxes, list_windows
from consulta.windows.states import WindowStatus

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@access(EVERYBODY)
def home() -> str:
    """Show what is open now, what comes, and the ways in."""
    return front_page(None)


def front_page(government: Government | None) -> str:
    """Return the front page of one government, or of all."""
    now, government_id = arrived_at(), government.id if government else None
    opened = list_windows(now=now, status=WindowStatus.OPEN, government_id=government_id)
    upcoming = list_windows(now=now, status=WindowStatus.UPCOMING, government_id=government_id, limit=5)
    closed = list_windows(now=now, status=WindowStatus.CLOSED, government_id=government_id, limit=5)
    concluded = list_windows(now=now, status=WindowStatus.CONCLUDED, government_id=government_id, limit=3)
    governments = list_governments()
    return render_template(
        "portal/home.html",
        only=government,
        governments=governments,
        several=len(governments) > 1 and government is None,
        opened=sorted(opened, key=attrgetter("closes_at")),
        upcoming=sorted(upcoming, key=attrgetter("opens_at")),
        closed=closed,
        concluded=concluded,
        counts=read_window_counts([window.id for window in [*opened, *closed, *concluded]]),
        mailboxes=list_mailboxes(government_id=government_id),
        days_left=days_left,
    )
