"""The figures of the board, ready to be drawn: bars by unit. Pure arithmetic and reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.agencies.models import Unit
from consulta.db import session


@dataclass(frozen=True)
class UnitBar:
    """A unit: how much it received and how much of it is answered, and the widths of both bars (0 to 100)."""

    name: str
    agency: str
    received: int
    answered: int
    received_width: float
    answered_width: float


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
