"""The catalogue of documentary series of a government, and what is filed in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.actors import Actor
from consulta.agencies.models import Government
from consulta.archives.models import DocumentarySeries, SeriesAssignment
from consulta.archives.rules import (
    LONGEST_CODE,
    LONGEST_REASON,
    LONGEST_TITLE,
    MOST_YEARS,
    check_text,
    may_file,
)
from consulta.archives.states import FinalDestination
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.windows.models import Instrument, Window


@dataclass(frozen=True)
class SeriesDraft:
    """What is written of a series, as in the catalogue of documentary disposition."""

    code: str
    title: str
    active_years: int
    concentration_years: int
    destination: str
    legal_basis: str


def add_series(*, government: Government, draft: SeriesDraft, actor: Actor, now: datetime) -> DocumentarySeries:
    """Add a series to the catalogue of a government, with its leaf. It is never changed afterwards.

    Raises Refused at the field to correct; Forbidden for others than the coordination and the transparency unit.
    """
    _check_filer(actor, government.id)
    kept = _checked(draft)
    lock_exclusive(f"series:{government.id}")
    known = select(DocumentarySeries.id).where(
        DocumentarySeries.government_id == government.id, DocumentarySeries.code == kept["code"]
    )
    if session().scalar(known) is not None:
        raise Refused(_("Esa clave ya está en el cuadro: use otra."), field="code")
    series = DocumentarySeries(government_id=government.id, added_at=now, added_by_post_id=actor.post_id, **kept)
    session().add(series)
    session().flush()
    _record(government, "series.added", actor, now, {**kept, "series_id": series.id})
    return series


def retire_series(*, series: DocumentarySeries, actor: Actor, now: datetime) -> None:
    """Take a series out of use, with its leaf: nothing more is filed in it, and what was disposed of still names it.

    Raises Refused twice, or while something is filed in it; Forbidden for others.
    """
    _check_filer(actor, series.government_id)
    lock_exclusive(f"series:{series.government_id}")
    session().refresh(series)
    if series.retired_at is not None:
        raise Refused(_("Esa serie ya se retiró: recargue la página."))
    if session().scalar(select(SeriesAssignment.id).where(SeriesAssignment.series_id == series.id).limit(1)):
        raise Refused(_("Todavía hay algo archivado en esa serie: póngalo antes en otra."))
    series.retired_at = now
    government = session().get_one(Government, series.government_id)
    _record(government, "series.retired", actor, now, {"code": series.code, "series_id": series.id})


def assign_series(
    *,
    subject: Window | Instrument,
    government: Government,
    series: DocumentarySeries | None,
    actor: Actor,
    now: datetime,
) -> None:
    """File everything of an instrument, or of one of its windows or mailboxes, in a series, with its leaf.

    What a window says goes before what its instrument says; None takes back what was said. Raises Refused for a
    series of another government or a retired one; Forbidden for others than the coordination and transparency.
    """
    _check_filer(actor, government.id)
    is_window = isinstance(subject, Window)
    if isinstance(subject, Window) and subject.government_id != government.id:
        raise Forbidden(_("Esa consulta es de otro gobierno."))
    if series is not None and (series.government_id != government.id or series.retired_at is not None):
        raise Refused(_("Elija una serie en uso del cuadro de este gobierno."), field="series_id")
    lock_exclusive(f"series:{government.id}")
    own: dict[str, Any] = {"window_id": subject.id} if isinstance(subject, Window) else {"instrument_key": subject.key}
    known = session().scalar(select(SeriesAssignment).filter_by(government_id=government.id, **own))
    if known is not None and series is None:
        session().delete(known)
    elif known is not None and series is not None:
        known.series, known.at, known.post_id = series, now, actor.post_id
    elif series is not None:
        session().add(
            SeriesAssignment(government_id=government.id, series=series, at=now, post_id=actor.post_id, **own)
        )
    about = {} if is_window else {"instrument": own["instrument_key"]}
    content = {"code": series.code if series is not None else None, **about, "post_id": actor.post_id}
    public_id = subject.slug if isinstance(subject, Window) else government.key
    append_leaf(kind="series.assigned", public_id=public_id, at=now, content=content)
    session().flush()


def list_series(government_id: int) -> Sequence[DocumentarySeries]:
    """Return the catalogue of a government, by code; retired ones at the end."""
    found = select(DocumentarySeries).where(DocumentarySeries.government_id == government_id)
    order = (DocumentarySeries.retired_at.is_not(None), DocumentarySeries.code)
    return session().scalars(found.order_by(*order)).all()


def find_series(government_id: int, series_id: int) -> DocumentarySeries | None:
    """Return a series of that government."""
    found = select(DocumentarySeries).where(DocumentarySeries.government_id == government_id)
    return session().scalar(found.where(DocumentarySeries.id == series_id))


def map_assignments(government_id: int) -> tuple[dict[str, DocumentarySeries], dict[int, DocumentarySeries]]:
    """Return which series each instrument is filed in, by key, and each window that says so itself, by id."""
    found = select(SeriesAssignment).options(joinedload(SeriesAssignment.series))
    rows = session().scalars(found.where(SeriesAssignment.government_id == government_id)).all()
    return (
        {row.instrument_key: row.series for row in rows if row.instrument_key is not None},
        {row.window_id: row.series for row in rows if row.window_id is not None},
    )


def _checked(draft: SeriesDraft) -> dict[str, Any]:
    for field in ("active_years", "concentration_years"):
        if not 0 <= getattr(draft, field) <= MOST_YEARS:
            raise Refused(_("Escriba un número de años de 0 a %(n)s.", n=MOST_YEARS), field=field)
    if draft.active_years + draft.concentration_years == 0:
        raise Refused(_("Una serie se conserva al menos un año en total."), field="active_years")
    if draft.destination not in list(FinalDestination):
        raise Refused(_("Elija qué pasa al final con lo que se archiva."), field="destination")
    texts = {
        "code": (LONGEST_CODE, _("Escriba la clave de la serie, como está en el cuadro.")),
        "title": (LONGEST_TITLE, _("Escriba el nombre de la serie.")),
        "legal_basis": (LONGEST_REASON, _("Escriba el fundamento legal.")),
    }
    kept = {
        name: check_text(getattr(draft, name), field=name, longest=longest, problem=problem)
        for name, (longest, problem) in texts.items()
    }
    return {
        **kept,
        "active_years": draft.active_years,
        "concentration_years": draft.concentration_years,
        "destination": draft.destination,
    }


def _check_filer(actor: Actor, government_id: int) -> None:
    if not may_file(actor, government_id=government_id):
        raise Forbidden(_("El cuadro de series lo llevan la coordinación y transparencia de este gobierno."))


def _record(government: Government, kind: str, actor: Actor, now: datetime, content: dict[str, Any]) -> None:
    append_leaf(kind=kind, public_id=government.key, at=now, content={**content, "post_id": actor.post_id})
    session().flush()
