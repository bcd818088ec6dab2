"""Writes of windows and topics. Opening, extending and concluding take the window's lock exclusively."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from consulta.actors import Actor, Role
from consulta.agencies.models import Government, Unit
from consulta.agencies.operations import make_key
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.jobs import enqueue
from consulta.record.operations import append_leaf
from consulta.windows.models import Extension, Instrument, Topic, Window
from consulta.windows.rules import LONGEST_SUMMARY, check_title, check_transition, start_of_day, status_at
from consulta.windows.states import WindowState, WindowStatus
from consulta.windows.terms import compute_term, compute_window_term, join_derivations

EXTENDED = "window.extended"
# Days; beyond it a date is surely mistyped.
LONGEST_AHEAD = 731


def window_lock(window_id: int) -> str:
    """Return the name of a window's lock: shared by intake, exclusive for what moves its dates."""
    return f"window:{window_id}"


def create_window(
    *,
    government: Government,
    instrument: Instrument,
    title: str,
    summary: str,
    actor: Actor,
    now: datetime,
    decides: str = "",
    afterwards: str = "",
) -> Window:
    """Create a window in preparation, with its leaf. Raises Refused on a bad title, Forbidden for others."""
    _check_coordinator(actor, government.id)
    check_title(title)
    if not summary.strip() or len(summary) > LONGEST_SUMMARY:
        raise Refused(f"Explique en 1 a {LONGEST_SUMMARY} caracteres qué se consulta.", field="summary")
    window = Window(
        government_id=government.id,
        instrument_key=instrument.key,
        slug=_free_slug(title),
        title=title.strip(),
        summary=summary.strip(),
        decides=decides.strip(),
        afterwards=afterwards.strip(),
        state=WindowState.DRAFT,
        created_at=now,
        updated_at=now,
    )
    session().add(window)
    _record(window, "window.created", now, actor, {"title": window.title, "instrument": instrument.key})
    session().flush()
    return window


def add_topic(
    *,
    window: Window,
    title: str,
    summary: str,
    unit: Unit | None,
    actor: Actor,
    now: datetime,
    source_key: str | None = None,
) -> Topic:
    """Add a topic with the next number, and its leaf. Raises Refused once the window has closed."""
    _check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    check_title(title)
    if len(summary) > LONGEST_SUMMARY:
        raise Refused(f"La explicación lleva hasta {LONGEST_SUMMARY} caracteres.", field="summary")
    if status_of(window, now) in (WindowStatus.CLOSED, WindowStatus.CONCLUDED):
        raise Refused("La consulta ya cerró: no se le pueden agregar temas.")
    last = session().scalar(select(func.max(Topic.number)).where(Topic.window_id == window.id)) or 0
    topic = Topic(
        window=window,
        number=last + 1,
        title=title.strip(),
        summary=summary.strip(),
        unit_id=unit.id if unit else None,
        source_key=source_key,
    )
    session().add(topic)
    window.updated_at = now
    _record(window, "topic.added", now, actor, {"number": topic.number, "title": topic.title})
    session().flush()
    return topic


def schedule_window(*, window: Window, opens_on: date, days: int, actor: Actor, now: datetime) -> None:
    """Fix opening and closing. Nothing opens it later: it is open when its instants say so.

    Effects in order: term computed, state scheduled, leaf. Raises Refused when it has no topic, the day is
    past, the term is shorter than the law's, or it was scheduled before.
    """
    _check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    check_transition(WindowState(window.state), WindowState.SCHEDULED)
    if session().scalar(select(Topic.id).where(Topic.window_id == window.id).limit(1)) is None:
        raise Refused("Agregue al menos un tema antes de programar la consulta.")
    zone = ZoneInfo(window.government.timezone)
    if opens_on < now.astimezone(zone).date():
        raise Refused("La fecha de apertura ya pasó: elija hoy o un día posterior.", field="opens_on")
    government, instrument = window.government, window.instrument
    term = None
    if not instrument.permanent:
        term = compute_window_term(government=government, instrument=instrument, opens_on=opens_on, days=days)
    if (opens_on - now.astimezone(zone).date()).days > LONGEST_AHEAD:
        raise Refused("La fecha de apertura está a más de dos años: revísela.", field="opens_on")
    window.opens_at = max(start_of_day(opens_on, zone), now)
    window.closes_at, window.derivation = (term.closes_at, term.derivation) if term else (None, None)
    window.state = WindowState.SCHEDULED
    window.updated_at = now
    dates = {"opens_at": window.opens_at, "closes_at": window.closes_at, "derivation": window.derivation}
    _record(window, "window.scheduled", now, actor, dates)
    session().flush()


def extend_window(
    *,
    window: Window,
    days: int,
    legal_basis: str,
    reason: str,
    agreement: str,
    actor: Actor,
    now: datetime,
) -> Extension:
    """Lengthen the term by `days` of the instrument's unit, counted from its last day.

    Effects in order: new closing computed, extension kept with reason and agreement, leaf, due dates of
    referrals recomputed later. Raises Refused when it is not open or upcoming, or a ground is missing.
    """
    _check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    if status_of(window, now) not in (WindowStatus.UPCOMING, WindowStatus.OPEN) or window.closes_at is None:
        raise Refused("Solo se amplía el plazo de una consulta programada o abierta que tenga cierre.")
    for field, value in (("legal_basis", legal_basis), ("reason", reason), ("agreement", agreement)):
        if not value.strip():
            raise Refused("Escriba el fundamento, el motivo y el número de acuerdo de la ampliación.", field=field)
    zone = ZoneInfo(window.government.timezone)
    derivation = window.derivation or {}
    last_day = date.fromisoformat(derivation["due_on"])
    term = compute_term(
        government=window.government,
        n=days,
        unit=window.instrument.day_unit,
        starts_on=last_day,
        rule="ampliación",
        citation=legal_basis.strip(),
    )
    extension = Extension(
        window=window,
        from_closes_at=window.closes_at,
        to_closes_at=term.closes_at,
        derivation=term.derivation,
        legal_basis=legal_basis.strip(),
        reason=reason.strip(),
        agreement=agreement.strip()[:120],
        post_id=actor.post_id,
        at=now,
    )
    session().add(extension)
    window.closes_at, window.updated_at = term.closes_at, now
    window.derivation = join_derivations(derivation, term.derivation)
    _record(window, EXTENDED, now, actor, _extension_content(extension, zone))
    enqueue(kind=EXTENDED, payload={"window_id": window.id}, run_at=now)
    session().flush()
    return extension


def conclude_window(*, window: Window, actor: Actor, now: datetime) -> None:
    """Declare a closed window concluded, with its leaf. Raises Refused while it is open or upcoming."""
    _check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    check_transition(WindowState(window.state), WindowState.CONCLUDED)
    if status_of(window, now) != WindowStatus.CLOSED:
        raise Refused("La consulta todavía recibe comentarios: se concluye después de su cierre.")
    window.state = WindowState.CONCLUDED
    window.concluded_at = window.updated_at = now
    _record(window, "window.concluded", now, actor, {"closes_at": window.closes_at})
    session().flush()


def status_of(window: Window, now: datetime) -> WindowStatus:
    """Return the computed status of a window at `now`."""
    return status_at(state=WindowState(window.state), opens_at=window.opens_at, closes_at=window.closes_at, now=now)


def _check_coordinator(actor: Actor, government_id: int) -> None:
    if actor.role != Role.COORDINATOR or actor.government_id != government_id:
        raise Forbidden("Solo la coordinación de este gobierno puede hacerlo.")


def _free_slug(title: str) -> str:
    base = make_key(title, longest=60, field="title")
    taken = set(session().scalars(select(Window.slug).where(Window.slug.startswith(base, autoescape=True))))
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)


def _extension_content(extension: Extension, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "from_closes_at": extension.from_closes_at.astimezone(zone).isoformat(),
        "to_closes_at": extension.to_closes_at.astimezone(zone).isoformat(),
        "legal_basis": extension.legal_basis,
        "reason": extension.reason,
        "agreement": extension.agreement,
    }


def _record(window: Window, kind: str, now: datetime, actor: Actor, content: dict[str, Any]) -> None:
    append_leaf(kind=kind, public_id=window.slug, at=now, content={**content, "post_id": actor.post_id})
