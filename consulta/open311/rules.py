"""What the parameters of Open311 mean: codes of services, spans of dates, pages. Pure.

Source: Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), frozen.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from consulta.errors import Refused
from consulta.i18n.text import N_, _
from consulta.open311.states import RequestStatus
from consulta.submissions.states import SubmissionKind

# Service requests only: no petition, complaint or comment is ever read or handed in here.
KIND = SubmissionKind.SERVICE_REQUEST
LONGEST_SPAN = timedelta(days=90)
MOST_REQUESTS = 1_000
CODE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)-([0-9]{1,9})")
NUMBER = re.compile(r"[0-9]{1,6}")
BAD_DATE = N_("%(name)s debe ser una fecha con hora y zona, por ejemplo 2026-05-24T00:00:00Z.")


@dataclass(frozen=True)
class Span:
    """From an instant to another, both included."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class RequestsWanted:
    """Which requests are asked for. Folios, when given, override everything else."""

    folios: tuple[str, ...]
    codes: tuple[tuple[str, int], ...] | None
    span: Span
    statuses: frozenset[RequestStatus]
    offset: int
    limit: int


def service_code(slug: str, number: int) -> str:
    """Return the code of the service that a topic of a mailbox is."""
    return f"{slug}-{number}"


def parse_code(code: str) -> tuple[str, int] | None:
    """Return slug and number of a code; None where it is no code."""
    found = CODE.fullmatch(code)
    return (found[1], int(found[2])) if found else None


def read_wanted(query: Mapping[str, str], now: datetime) -> RequestsWanted:
    """Return what a query asks for. Raises Refused with what to correct."""
    codes = _listed(query.get("service_code", ""))
    return RequestsWanted(
        folios=tuple(_listed(query.get("service_request_id", "").upper())),
        codes=tuple(pair for code in codes if (pair := parse_code(code)) is not None) if codes else None,
        span=read_span(query.get("start_date", ""), query.get("end_date", ""), now),
        statuses=_statuses(query.get("status", "")),
        **_page(query),
    )


def read_span(start: str, end: str, now: datetime) -> Span:
    """Return the span of a query: the last 90 days where nothing else is said, and never more than 90.

    With one end only, the other is 90 days away, or now. Raises Refused for what is no date with its zone, for an end
    before the start and for a longer span.
    """
    since, until = _instant("start_date", start), _instant("end_date", end)
    if until is None:
        until = now if since is None else _moved(since, min(max(now - since, timedelta(0)), LONGEST_SPAN))
    if since is None:
        since = _moved(until, -LONGEST_SPAN)
    if until < since:
        raise Refused(_("end_date no puede ser anterior a start_date."), field="end_date")
    if until - since > LONGEST_SPAN:
        raise Refused(_("Entre start_date y end_date caben hasta 90 días."), field="end_date")
    return Span(since, until)


def _moved(value: datetime, by: timedelta) -> datetime:
    """Return an instant moved; at the ends of the calendar, the instant itself."""
    try:
        return value + by
    except OverflowError:
        return value


def _instant(name: str, written: str) -> datetime | None:
    if not written:
        return None
    # A plus sign that was not escaped arrives as a space.
    text = re.sub(r" (\d\d:\d\d)$", r"+\1", written.strip())
    try:
        value = datetime.fromisoformat(text)
        if value.tzinfo is None:
            raise ValueError(text)
        return value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(_(BAD_DATE, name=name), field=name) from None


def _statuses(written: str) -> frozenset[RequestStatus]:
    listed = _listed(written.lower())
    if not set(listed) <= set(RequestStatus):
        raise Refused(_("status debe ser open, closed, o los dos separados por coma."), field="status")
    return frozenset(RequestStatus(item) for item in listed) or frozenset(RequestStatus)


def _page(query: Mapping[str, str]) -> dict[str, int]:
    """Return which of the newest thousand: a page never leads beyond them, so that none costs more than another."""
    size = _number("page_size", query.get("page_size", ""), MOST_REQUESTS)
    page = _number("page", query.get("page", ""), 1, most=MOST_REQUESTS)
    offset = min((page - 1) * size, MOST_REQUESTS)
    return {"offset": offset, "limit": min(size, MOST_REQUESTS - offset)}


def _number(name: str, written: str, usual: int, most: int = MOST_REQUESTS) -> int:
    if not written:
        return usual
    if not NUMBER.fullmatch(written) or not 1 <= int(written) <= most:
        raise Refused(_("%(name)s debe ser un número de 1 a %(most)s.", name=name, most=most), field=name)
    return int(written)


def _listed(written: str) -> Collection[str]:
    """Return what is separated by commas, each once, at most a thousand."""
    return list(dict.fromkeys(item.strip() for item in written.split(",") if item.strip()))[:MOST_REQUESTS]
