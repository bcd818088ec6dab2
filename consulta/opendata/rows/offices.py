"""Rows of what offices did: cases by unit, indicators with their definitions, the record, calendars, territory."""

from collections.abc import Generator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from consulta.agencies.models import Agency, Government, Unit
from consulta.agencies.queries import list_governments
from consulta.clocks.calendars import list_decrees
from consulta.clocks.catalogue import load_calendar
from consulta.db import session
from consulta.i18n.labels import official
from consulta.opendata.columns import Row, iso, month_bounds
from consulta.record.models import Leaf
from consulta.referrals.models import Referral
from consulta.referrals.states import ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.policy import VISIBLE_KINDS
from consulta.submissions.territory import list_municipalities

BATCH = 5_000
OPEN = (ReferralState.REFERRED,)
# What each indicator counts, in one sentence each: the numerator over the denominator.
DEFINITIONS = {
    "respondidos": (
        "Turnos respondidos entre turnos recibidos",
        "Turnos con respuesta publicada o entregada",
        "Turnos",
    ),
    "oportunidad": (
        "Turnos respondidos en plazo entre los respondidos y los vencidos sin responder",
        "Turnos respondidos a más tardar en la fecha que tenían al responderse",
        "Turnos respondidos, más los abiertos cuya fecha ya pasó",
    ),
}


def list_cases(_part: str | None, now: datetime) -> Generator[Row]:
    """Yield how many turnos each unit has had, by what became of them."""
    for row in session().execute(_counts(now, Unit.id, Unit.name, Agency.name.label("agency"), Government.name)):
        yield row[3], row.agency, row[1], row.received, row.answered, row.on_time, row.open, row.overdue


def list_indicators(_part: str | None, now: datetime) -> Generator[Row]:
    """Yield the indicators of each agency with their definitions, as of now."""
    for row in session().execute(_counts(now, Agency.id, Agency.name, Government.name.label("government"))):
        late = row.answered + row.overdue
        for key, above, below in (("respondidos", row.answered, row.received), ("oportunidad", row.on_time, late)):
            definition, numerator, denominator = DEFINITIONS[key]
            value = round(above / below, 4) if below else None
            yield row.government, row[1], key, definition, numerator, denominator, above, below, value, iso(now)


def _counts(now: datetime, *columns: Any) -> Any:
    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    answered = Referral.state == ReferralState.ANSWERED
    waiting = Referral.state.in_(OPEN)
    return (
        select(
            *columns,
            func.count(Referral.id).label("received"),
            counted(answered).label("answered"),
            counted(answered & (Referral.answered_at <= Referral.due_at)).label("on_time"),
            counted(waiting).label("open"),
            counted(waiting & (Referral.due_at < now)).label("overdue"),
        )
        .select_from(Referral)
        .join(Unit, Unit.id == Referral.unit_id)
        .join(Agency, Agency.id == Unit.agency_id)
        .join(Government, Government.id == Agency.government_id)
        .where(Referral.state != ReferralState.RETURNED)
        .group_by(*columns)
        .order_by(columns[0])
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
