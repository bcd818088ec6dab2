"""The year plan: windows as bars over the months, and what is late and whose. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from consulta.agencies.models import Agency, Unit
from consulta.db import session
from consulta.referrals.models import Referral
from consulta.referrals.states import ReferralState
from consulta.submissions.models import Submission
from consulta.windows.models import Instrument, Window
from consulta.windows.periods import Occurrence, find_due, read_periods

SOON = timedelta(days=3)


@dataclass(frozen=True)
class Bar:
    """A window in the plan. `start` and `width` are hundredths of the year, ready to be drawn."""

    window: Window
    start: float
    width: float
    opens_on: date
    last_on: date


@dataclass(frozen=True)
class Row:
    """An instrument with its windows of the year."""

    name: str
    bars: tuple[Bar, ...]


def year_plan(windows: Sequence[Window], year: int, zone: ZoneInfo) -> list[Row]:
    """Return the windows of a year by instrument, in the order of their opening."""
    rows: dict[str, list[Bar]] = {}
    for window in sorted(windows, key=lambda item: (item.instrument.name, item.opens_at or item.created_at)):
        bar = _bar(window, year, zone)
        if bar is not None:
            rows.setdefault(window.instrument.name, []).append(bar)
    return [Row(name, tuple(bars)) for name, bars in rows.items()]


@dataclass(frozen=True)
class Coming:
    """A period of an instrument for which no window has been prepared."""

    instrument: Instrument
    occurrence: Occurrence


def coming_periods(
    instruments: Sequence[Instrument], windows: Sequence[Window], today: date, zone: ZoneInfo
) -> list[Coming]:
    """Return what is due soon, or was, and nobody has begun."""
    found = []
    for instrument in instruments:
        mine = [window for window in windows if window.instrument_key == instrument.key]
        days = [(_day(window.opens_at, zone), window.created_at.astimezone(zone).date()) for window in mine]
        for occurrence in find_due(read_periods(instrument.periods or ()), today):
            if not any(occurrence.is_taken_by(opens_on, created_on) for opens_on, created_on in days):
                found.append(Coming(instrument, occurrence))
    return sorted(found, key=lambda item: item.occurrence.on)


def _day(instant: datetime | None, zone: ZoneInfo) -> date | None:
    return instant.astimezone(zone).date() if instant is not None else None


def overdue_by_unit(government_id: int, now: datetime) -> list[tuple[str, str, int, datetime]]:
    """Return unit, agency, how many referrals are overdue and since when, the oldest first."""
    found = (
        select(Unit.name, Agency.name, func.count(), func.min(Referral.due_at))
        .join(Referral, Referral.unit_id == Unit.id)
        .join(Agency, Agency.id == Unit.agency_id)
        .join(Submission, Submission.id == Referral.submission_id)
        .where(
            Agency.government_id == government_id,
            Referral.state == ReferralState.REFERRED,
            Referral.due_at <= now,
            Submission.reserved.is_(False),
        )
        .group_by(Unit.id, Unit.name, Agency.name)
        .order_by(func.min(Referral.due_at))
    )
    return [(unit, agency, count, since) for unit, agency, count, since in session().execute(found)]


def closing_soon(windows: Sequence[Window], now: datetime) -> list[Window]:
    """Return the windows that close within three days."""
    return [item for item in windows if item.closes_at is not None and now < item.closes_at <= now + SOON]


def _bar(window: Window, year: int, zone: ZoneInfo) -> Bar | None:
    if window.opens_at is None or window.closes_at is None:
        return None
    opens_on = window.opens_at.astimezone(zone).date()
    last_on = (window.closes_at.astimezone(zone) - timedelta(microseconds=1)).date()
    first, last = date(year, 1, 1), date(year, 12, 31)
    if last_on < first or opens_on > last:
        return None
    days = (last - first).days + 1
    start = (max(opens_on, first) - first).days
    width = (min(last_on, last) - max(opens_on, first)).days + 1
    return Bar(window, round(100 * start / days, 2), round(100 * width / days, 2), opens_on, last_on)
