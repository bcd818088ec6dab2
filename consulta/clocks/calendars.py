"""The calendar in which somebody counts: the one that ships, changed by the published decrees above that somebody."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from consulta.agencies.models import Agency, Government, Unit
from consulta.clocks.catalogue import load_calendar
from consulta.clocks.models import Decree, DecreeRange
from consulta.clocks.rules import days_of
from consulta.clocks.states import DecreeKind, DecreeState
from consulta.db import session
from consulta.deadlines import Calendar, NonWorkingDay, extend_calendar

# What the cache holds of one range: first, last, kind, reason, reference, exempted instruments.
Declared = tuple[date, date, str, str, str, tuple[str, ...]]


def calendar_of(
    government: Government, *, agency_id: int | None = None, unit_id: int | None = None, procedure: str = ""
) -> Calendar:
    """Return the calendar of a government, of one of its agencies or of a unit.

    `procedure` is the key of an instrument: days from which a decree exempts it count. Costs a query only while the
    calendar, in its present version, was not asked for before.
    """
    if not government.calendar_version:
        return load_calendar(government.calendar_key)
    known = (government.calendar_key, government.calendar_version, agency_id, unit_id)
    declared = _cached.get(known)
    if declared is None:
        declared = tuple(_declared(government.id, agency_id, unit_id))
        _cached[known] = declared
        while len(_cached) > MOST_CACHED:
            _cached.pop(next(iter(_cached)))
    return _build(government.calendar_key, government.key, government.name, declared, procedure)


def compute_version(government_id: int) -> str:
    """Return the digest of everything that a government's published decrees declare; empty where there are none."""
    rows = [
        [row.decree.agency_id, row.decree.unit_id, *map(_plain, _values(row))] for row in _ranges(government_id, None)
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode("utf-8")).hexdigest() if rows else ""


def list_decrees(government_id: int, *, published_only: bool = False) -> Sequence[Decree]:
    """Return the decrees of a government, newest first, with their ranges."""
    found = select(Decree).outerjoin(Decree.ranges).options(contains_eager(Decree.ranges))
    found = found.where(Decree.government_id == government_id)
    if published_only:
        found = found.where(Decree.state == DecreeState.PUBLISHED)
    return session().scalars(found.order_by(Decree.id.desc(), DecreeRange.first_on)).unique().all()


def find_decree(government_id: int, decree_id: int) -> Decree | None:
    """Return a decree of that government."""
    return session().scalar(select(Decree).where(Decree.government_id == government_id, Decree.id == decree_id))


def name_of_holder(decree: Decree) -> str:
    """Return for whom a decree holds."""
    holder: Government | Agency | Unit = decree.unit or decree.agency or decree.government
    return holder.name


MOST_CACHED = 2048
_cached: dict[tuple[str, str, int | None, int | None], tuple[Declared, ...]] = {}


def _ranges(government_id: int, holders: Any) -> Sequence[DecreeRange]:
    found = (
        select(DecreeRange)
        .join(DecreeRange.decree)
        .options(contains_eager(DecreeRange.decree))
        .where(Decree.government_id == government_id, Decree.state == DecreeState.PUBLISHED)
        .order_by(Decree.unit_id.is_not(None), Decree.agency_id.is_not(None), Decree.id, DecreeRange.first_on)
    )
    return session().scalars(found if holders is None else found.where(holders)).all()


def _declared(government_id: int, agency_id: int | None, unit_id: int | None) -> list[Declared]:
    """Return what holds for somebody: the decrees of the government first, then the agency's, then the unit's."""
    of_agency = Decree.unit_id.is_(None) & or_(Decree.agency_id.is_(None), Decree.agency_id == agency_id)
    holders = or_(of_agency, Decree.unit_id == unit_id) if unit_id is not None else of_agency
    return [_values(row) for row in _ranges(government_id, holders)]


def _values(row: DecreeRange) -> Declared:
    source = f"{row.decree.title}, {row.decree.reference}"
    return row.first_on, row.last_on, row.kind, row.reason, source, tuple(sorted(row.exempt))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@lru_cache(maxsize=256)
def _build(base_key: str, key: str, name: str, declared: tuple[Declared, ...], procedure: str) -> Calendar:
    """Apply decrees in their order: a later one says the last word on a day."""
    closed: dict[date, NonWorkingDay] = {}
    enabled: dict[date, str] = {}
    for first_on, last_on, kind, reason, source, exempt in declared:
        if procedure in exempt:
            continue
        for on in days_of(first_on, last_on):
            closed.pop(on, None)
            enabled.pop(on, None)
            if kind == DecreeKind.ENABLED_DAY:
                enabled[on] = f"{reason} ({source})"
            else:
                closed[on] = NonWorkingDay(on, reason, source)
    return extend_calendar(load_calendar(base_key), key=key, name=name, closed=closed, enabled=enabled)
