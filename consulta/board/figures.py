"""The figures of the board, ready to be drawn: bars by unit, a map of municipalities. Pure arithmetic and reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.agencies.models import Unit
from consulta.db import session
from consulta.disclosure import BANDS, band
from consulta.submissions.territory import list_municipalities

MAP_WIDTH, MAP_HEIGHT, MARGIN = 640, 520, 36


@dataclass(frozen=True)
class UnitBar:
    """A unit: how much it received and how much of it is answered, and the widths of both bars (0 to 100)."""

    name: str
    agency: str
    received: int
    answered: int
    received_width: float
    answered_width: float


@dataclass(frozen=True)
class Place:
    """A municipality on the map: where, how big, and the band of opinions from it; `least` None when too few."""

    name: str
    x: float
    y: float
    radius: float
    least: int | None
    most: int | None


def unit_bars(counts: Mapping[int, Mapping[str, int]], limit: int = 12) -> list[UnitBar]:
    """Return the units that received most."""
    chosen = sorted(counts, key=lambda unit_id: -counts[unit_id].get("received", 0))[:limit]
    units = {
        unit.id: unit
        for unit in session().scalars(select(Unit).options(joinedload(Unit.agency)).where(Unit.id.in_(chosen)))
    }
    largest = max((counts[unit_id].get("received", 0) for unit_id in chosen), default=0) or 1
    return [
        UnitBar(
            units[unit_id].name,
            units[unit_id].agency.name,
            counts[unit_id].get("received", 0),
            counts[unit_id].get("answered", 0),
            round(100 * counts[unit_id].get("received", 0) / largest, 1),
            round(100 * counts[unit_id].get("answered", 0) / largest, 1),
        )
        for unit_id in chosen
        if counts[unit_id].get("received", 0)
    ]


def places(counts: Mapping[str, int]) -> list[Place]:
    """Return every municipality where it lies, seen from above, with the band of its figure."""
    every = list_municipalities()
    west, east = min(item.longitude for item in every), max(item.longitude for item in every)
    south, north = min(item.latitude for item in every), max(item.latitude for item in every)
    shrink = cos(radians((south + north) / 2))
    scale = min((MAP_WIDTH - 2 * MARGIN) / ((east - west) * shrink), (MAP_HEIGHT - 2 * MARGIN) / (north - south))
    return [
        Place(
            item.name,
            round(MARGIN + (item.longitude - west) * shrink * scale, 1),
            round(MARGIN + (north - item.latitude) * scale, 1),
            _radius(counts.get(item.key, 0)),
            *band(counts.get(item.key, 0)),
        )
        for item in every
    ]


def _radius(value: int) -> float:
    least, _most = band(value)
    return 5.0 if least is None else 8.0 + 4.0 * BANDS.index(least)
