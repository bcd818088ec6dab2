"""Home, lists of windows and mailboxes, window, topic and published files."""

from operator import attrgetter
from typing import Any

from flask import Blueprint, abort, render_template, request

from consulta.clocks import load_calendar
from consulta.deadlines import count_business_days
from consulta.errors import NotFound
from consulta.referrals.pages import topic_page
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.filters import last_day
from consulta.web.pagination import decode_cursor, encode_cursor
from consulta.windows.counters import read_counts, read_window_counts
from consulta.windows.models import Window
from consulta.windows.operations import status_of
from consulta.windows.queries import (
    get_public_window,
    get_topic,
    list_instruments,
    list_mailboxes,
    list_topics,
    list_windows,
)
from consulta.windows.states import WindowState, WindowStatus

blueprint = Blueprint("portal", __name__)

STATUS_WORDS = {
    "abiertas": WindowStatus.OPEN,
    "proximas": WindowStatus.UPCOMING,
    "cerradas": WindowStatus.CLOSED,
    "concluidas": WindowStatus.CONCLUDED,
}


@blueprint.get("/")
@access(EVERYBODY)
def home() -> str:
    """Show what is open now, what comes, and the ways in."""
    now = arrived_at()
    opened = list_windows(now=now, status=WindowStatus.OPEN)
    upcoming = list_windows(now=now, status=WindowStatus.UPCOMING, limit=5)
    closed = list_windows(now=now, status=WindowStatus.CLOSED, limit=5)
    return render_template(
        "portal/home.html",
        opened=opened,
        upcoming=sorted(upcoming, key=attrgetter("opens_at")),
        closed=closed,
        counts=read_window_counts([window.id for window in [*opened, *closed]]),
        mailboxes=list_mailboxes(),
        days_left=days_left,
    )


@blueprint.get("/consultas")
@access(EVERYBODY)
def windows() -> str:
    """List windows, filtered by status and instrument; filters stay in the address."""
    return _window_list(request.args.get("instrumento") or None)


@blueprint.get("/<path_segment>")
@access(EVERYBODY)
def instrument_windows(path_segment: str) -> str:
    """List the windows of one instrument at its own address."""
    for instrument in list_instruments():
        if instrument.path == path_segment:
            return _window_list(instrument.key)
    raise NotFound("No encontramos esa página. Busque la consulta desde el inicio.")


@blueprint.get("/consultas/<slug>")
@access(EVERYBODY)
def window(slug: str) -> str:
    """Show a window with its closing, derivation and topics."""
    return _window_page(get_public_window(slug))


@blueprint.get("/buzones")
@access(EVERYBODY)
def mailboxes() -> str:
    """List the permanent mailboxes."""
    return render_template("portal/mailboxes.html", mailboxes=list_mailboxes())


@blueprint.get("/buzones/<slug>")
@access(EVERYBODY)
def mailbox(slug: str) -> str:
    """Show a mailbox with its topics."""
    return _window_page(get_public_window(slug, permanent=True))


@blueprint.get("/consultas/<slug>/temas/<int:number>")
@blueprint.get("/buzones/<slug>/temas/<int:number>", endpoint="mailbox_topic")
@access(EVERYBODY)
def topic(slug: str, number: int) -> str:
    """Show a topic with its published comments, each with its answer below."""
    found = public_topic(slug, number)
    cursor = decode_cursor(request.args.get("desde"), int)
    page = topic_page(found.id, before_id=cursor[0] if cursor else None)
    return render_template(
        "portal/topic.html",
        topic=found,
        status=status_of(found.window, arrived_at()),
        counts=read_counts([found.id]).get(found.id, {}),
        page=page,
        older=encode_cursor(page.last_id) if page.has_more else None,
        is_first=cursor is None,
        days_left=days_left,
    )


def public_topic(slug: str, number: int) -> Any:
    """Return a topic that the public may see at the address of the request. Raises NotFound."""
    found = get_topic(slug, number) if number < 10**9 else abort(404)
    if found.window.state == WindowState.DRAFT:
        raise NotFound("No existe ese tema.")
    if found.window.instrument.permanent is not request.path.startswith("/buzones/"):
        raise NotFound("No existe ese tema.")
    return found


def days_left(window: Window) -> int | None:
    """Return how many business days remain until a window closes, its last day included; None without closing."""
    if window.closes_at is None:
        return None
    zone = window.government.timezone
    now = arrived_at().astimezone(services().settings.timezone).date()
    return count_business_days(now, last_day(window.closes_at, zone), load_calendar(window.government.calendar_key))


def _window_list(instrument_key: str | None) -> str:
    now = arrived_at()
    status = STATUS_WORDS.get(request.args.get("estado", ""))
    cursor = decode_cursor(request.args.get("desde"), int)
    found = list_windows(
        now=now, status=status, instrument_key=instrument_key, after_id=cursor[0] if cursor else None, limit=21
    )
    shown = found[:20]
    return render_template(
        "portal/windows.html",
        windows=[(item, status_of(item, now)) for item in shown],
        counts=read_window_counts([item.id for item in shown]),
        instruments=list_instruments(),
        chosen_status=request.args.get("estado", ""),
        chosen_instrument=instrument_key or "",
        older=encode_cursor(shown[-1].id) if len(found) > 20 else None,
        days_left=days_left,
    )


def _window_page(found: Window) -> str:
    cursor = decode_cursor(request.args.get("desde"), int)
    topics = list_topics(found.id, after_number=cursor[0] if cursor else 0, limit=101)
    shown = topics[:100]
    counts = read_counts([item.id for item in shown])
    return render_template(
        "portal/window.html",
        window=found,
        status=status_of(found, arrived_at()),
        topics=shown,
        counts=counts,
        totals=read_window_counts([found.id]).get(found.id, {}),
        more=encode_cursor(shown[-1].number) if len(topics) > 100 else None,
        days_left=days_left,
    )
