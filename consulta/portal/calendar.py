"""The public calendar: which days do not count this year and who says so, and both calendars for other programs."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, render_template, request

from consulta.agencies.models import Government
from consulta.agencies.queries import find_government_by_key, find_main_government, list_governments
from consulta.clocks.calendars import calendar_of, list_decrees, name_of_holder
from consulta.errors import NotFound
from consulta.i18n.text import _
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services, show_government
from consulta.windows.addresses import window_address
from consulta.windows.models import Window
from consulta.windows.queries import get_public_window, list_windows
from consulta.windows.states import WindowState

blueprint = Blueprint("calendar", __name__)
LONGEST_LINE = 73


@blueprint.get("/calendario")
@access(EVERYBODY)
def show() -> str:
    """Show the non-working days of a year with their decrees; of one government where several are served."""
    government = _government()
    show_government(government)
    calendar = calendar_of(government)
    this_year = arrived_at().astimezone(ZoneInfo(government.timezone)).year
    asked = request.args.get("anio", type=int)
    years = range(calendar.first_on.year, calendar.last_on.year + 1)
    year = asked if asked in years else this_year
    return render_template(
        "portal/calendar.html",
        of=government,
        governments=list_governments(),
        year=year,
        years=years,
        days=[day for on, day in sorted(calendar.days.items()) if on.year == year],
        enabled=[(on, why) for on, why in sorted(calendar.enabled.items()) if on.year == year],
        narrower=[item for item in list_decrees(government.id, published_only=True) if item.agency_id is not None],
        holder=name_of_holder,
    )


@blueprint.get("/calendario/inhabiles.ics")
@access(EVERYBODY)
def non_working_days() -> Response:
    """Return the non-working days of the present year and the two around it, as iCalendar (RFC 5545)."""
    government = _government()
    now = arrived_at()
    years = (now.year - 1, now.year, now.year + 1)
    events = [
        _event(f"{on.isoformat()}-{government.key}", now, on, on + timedelta(days=1), day.reason, day.source)
        for on, day in sorted(calendar_of(government).days.items())
        if on.year in years
    ]
    return _calendar(_("Días inhábiles: %(name)s", name=government.name), events)


@blueprint.get("/calendario.ics")
@access(EVERYBODY)
def windows() -> Response:
    """Return the consultations with opening and closing, as iCalendar (RFC 5545)."""
    found = list_windows(now=arrived_at(), limit=200)
    events = [_of_window(window) for window in found if window.closes_at is not None]
    return _calendar(_("Consultas públicas"), events)


@blueprint.get("/consultas/<slug>/calendario.ics")
@access(EVERYBODY)
def one_window(slug: str) -> Response:
    """Return one consultation with its opening and closing, and a reminder a day before it closes."""
    window = get_public_window(slug)
    if window.closes_at is None:
        abort(404)
    return _calendar(window.title, [_with_reminder(_of_window(window), window.title)])


def _government() -> Government:
    key = request.args.get("gobierno", "")
    found = find_government_by_key(key) if key else find_main_government()
    if found is None and key:
        abort(404)
    if found is None:
        raise NotFound(_("Esta instancia todavía no tiene gobierno: ejecute «consulta init»."))
    return found


def _of_window(window: Window) -> list[str]:
    """Return the event of a window. Its name never changes and its number grows with each change, so that a calendar
    that has it already moves it (RFC 5545, 3.8.7.4); one that was annulled is cancelled.
    """
    assert window.opens_at is not None
    assert window.closes_at is not None
    address = services().settings.public_url + window_address(window)
    lines = _event(window.slug, window.updated_at, window.opens_at, window.closes_at, window.title, address, address)
    version = [
        f"SEQUENCE:{int((window.updated_at - window.created_at).total_seconds())}",
        f"LAST-MODIFIED:{_stamp(window.updated_at)}",
        f"STATUS:{'CANCELLED' if window.state == WindowState.ANNULLED else 'CONFIRMED'}",
    ]
    return [*lines[:-1], *version, lines[-1]]


def _with_reminder(lines: list[str], text: str) -> list[str]:
    """Return an event that reminds of its end a day before."""
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER;RELATED=END:-P1D", f"DESCRIPTION:{_text(text)}", "END:VALARM"]
    return [*lines[:-1], *alarm, lines[-1]]


def _event(uid: str, now: datetime, start: date, end: date, summary: str, description: str, url: str = "") -> list[str]:
    """Return the lines of an event; its end is the first day or instant after it."""
    host = services().settings.public_url.split("://", 1)[1].split("/", 1)[0].split(":", 1)[0]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}@{host}",
        f"DTSTAMP:{_stamp(now)}",
        f"DTSTART{_value(start)}",
        f"DTEND{_value(end)}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(description)}",
    ]
    return [*lines, *([f"URL:{url}"] if url else []), "TRANSP:TRANSPARENT", "END:VEVENT"]


def _value(when: date) -> str:
    return f":{_stamp(when)}" if isinstance(when, datetime) else f";VALUE=DATE:{when:%Y%m%d}"


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Escape a text as RFC 5545, 3.3.11 asks."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _calendar(name: str, events: Iterable[list[str]]) -> Response:
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Consulta//ES",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    lines = [*head, *(line for event in events for line in event), "END:VCALENDAR"]
    response = make_response("".join(f"{_folded(line)}\r\n" for line in lines))
    response.content_type = "text/calendar; charset=utf-8"
    return response


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never within a character (RFC 5545, 3.1)."""
    parts, current, size = [], "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > LONGEST_LINE:
            parts.append(current)
            current, size = "", 0
        current += character
        size += width
    return "\r\n ".join([*parts, current])
