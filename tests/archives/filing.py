"""Series for tests, and a day on which the terms of everything have run."""

from datetime import datetime, timedelta

from sqlalchemy import select

from consulta.agencies.models import Government
from consulta.archives.models import DocumentarySeries
from consulta.archives.series import SeriesDraft, add_series, assign_series
from consulta.db import session
from consulta.record.operations import append_leaf
from consulta.windows.models import Instrument, Window
from tests.builders import World
from tests.clock import START

# Beyond the two and four years of the series below.
LATER = START + timedelta(days=8 * 366)


def a_draft(code: str = "8S.3", **overrides: object) -> SeriesDraft:
    """Write a series of two years in the office and four in concentration."""
    values = {
        "code": code,
        "title": "Consultas públicas",
        "active_years": 2,
        "concentration_years": 4,
        "destination": "disposal",
        "legal_basis": "Catálogo de disposición documental 2026",
    }
    return SeriesDraft(**{**values, **overrides})  # type: ignore[arg-type]


def a_series(world: World, now: datetime, **overrides: object) -> DocumentarySeries:
    """Add a series, inside a unit of work."""
    government = session().get_one(Government, world.government_id)
    return add_series(
        government=government,
        draft=a_draft(**overrides),
        actor=world.actors["transparency"],
        now=now,  # type: ignore[arg-type]
    )


def filed_in_series(world: World, now: datetime) -> DocumentarySeries:
    """File everything of every instrument in one series, inside a unit of work."""
    series = a_series(world, now)
    government = session().get_one(Government, world.government_id)
    for instrument in session().scalars(select(Instrument)):
        assign_series(
            subject=instrument, government=government, series=series, actor=world.actors["coordinator"], now=now
        )
    return series


def conclude_everything(world: World, now: datetime) -> None:
    """Conclude every window whatever it owes, with its act, inside a unit of work."""
    for window in session().scalars(select(Window).where(Window.government_id == world.government_id)):
        if not window.instrument.permanent:
            window.state, window.concluded_at = "concluded", now
            append_leaf(kind="window.concluded", public_id=window.slug, at=now, content={"post_id": 1})
    session().flush()
