"""Rows of what offices did: cases by unit, indicators with their definitions, the record, calendars, territory."""

from collections.abc import Generator
from datetime import datetime

from sqlalchemy import case, select

from consulta.agencies.models import Agency, Government, Unit
from consulta.agencies.queries import list_governments
from consulta.clocks.calendars import list_decrees
from consulta.clocks.catalogue import load_calendar
from consulta.db import session
from consulta.i18n.labels import official
from consulta.opendata.columns import Row, iso, month_bounds
from consulta.record.models import Leaf
from consulta.referrals.indicators import counts_by, indicators_of
from consulta.submissions.models import Submission
from consulta.submissions.policy import VISIBLE_KINDS
from consulta.submissions.territory import list_municipalities

BATCH = 5_000


def list_cases(_part: str | None, now: datetime) -> Generator[Row]:
    """Yield how many turnos each unit has had, by what became of them."""
    for row in session().execute(counts_by(now, Unit.id, Unit.name, Agency.name.label("agency"), Government.name)):
        yield row[3], row.agency, row[1], row.received, row.answered, row.on_time, row.open, row.overdue


def list_indicators(_part: str | None, now: datetime) -> Generator[Row]:
    """Yield the indicators of each agency with their definitions, as of now."""
    for row in session().execute(counts_by(now, Agency.id, Agency.name, Government.name.label("government"))):
        for found in indicators_of(row):
            yield (
                row.government,
                row[1],
                found.key,
                found.definition,
                found.numerator,
                found.denominator,
                found.above,
                found.below,
                found.value,
                iso(now),
            )


def list_record(part: str | None, _now: datetime) -> Generator[Row]:
    """Yield the acts of the public record in the order of its tree; of what must not be known to exist, no folio."""
    is_known = Submission.id.is_(None) | (Submission.kind.in_(VISIBLE_KINDS) & Submission.reserved.is_(False))
    found = (
        select(Leaf.sequence, Leaf.kind, case((is_known, Leaf.public_id), else_=None), Leaf.at, Leaf.commitment)
        .outerjoin(Submission, Submission.folio == Leaf.public_id)
        .where(Leaf.sequence.is_not(None))
    )
    if part is not None:
        first, after = month_bounds(part)
        found = found.where(Leaf.at >= first, Leaf.at < after)
    with session().execute(found.order_by(Leaf.sequence).execution_options(yield_per=BATCH)) as rows:
        for sequence, kind, public_id, at, commitment in rows:
            yield sequence, kind, public_id, at.isoformat().replace("+00:00", "Z"), commitment.hex()


def list_calendars(_part: str | None, _now: datetime) -> Generator[Row]:
    """Yield the days that do not count, or that were made to, where each is said and by whom."""
    for government in list_governments():
        calendar = load_calendar(government.calendar_key)
        for day, found in sorted(calendar.days.items()):
            yield government.name, day.isoformat(), day.isoformat(), "Inhábil", found.reason, found.source, None
        for decree in reversed(list_decrees(government.id, published_only=True)):
            for item in decree.ranges:
                yield (
                    government.name,
                    item.first_on.isoformat(),
                    item.last_on.isoformat(),
                    official("decree_kind", item.kind),
                    item.reason,
                    decree.reference,
                    iso(decree.published_at),
                )


def list_territory(_part: str | None, _now: datetime) -> Generator[Row]:
    """Yield the municipalities with what the census says of each."""
    for item in list_municipalities():
        ages = (item.ages["0-17"], item.ages["18-59"], item.ages["60+"])
        yield (
            item.key[:2],
            item.key,
            item.name,
            item.population,
            item.women,
            item.men,
            *ages,
            item.latitude,
            item.longitude,
        )
