"""Writes of windows and topics. Opening, extending and concluding take the window's lock exclusively."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from consulta.actors import Actor, Role
from consulta.agencies.models import Government, Unit
from consulta.agencies.operations import make_key
from consulta.agencies.queries import find_control_unit
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.jobs import enqueue
from consulta.record.operations import append_leaf
from consulta.windows.models import Extension, Instrument, Topic, Window
from consulta.windows.rules import (
    LONGEST_SHEET,
    LONGEST_SUMMARY,
    check_title,
    check_transition,
    needs_control,
    start_of_day,
    status_at,
)
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
    check_coordinator(actor, government.id)
    if instrument.government_id not in (None, government.id):
        raise Refused(_("Ese instrumento es de otro gobierno: elija uno de la lista."), field="instrument")
    check_title(title)
    if not summary.strip() or len(summary) > LONGEST_SUMMARY:
        raise Refused(
            _("Explique en 1 a %(longest)s caracteres qué se consulta.", longest=LONGEST_SUMMARY), field="summary"
        )
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
    record_act(window, "window.created", now, actor, {"title": window.title, "instrument": instrument.key})
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
    sheet: str = "",
    details: dict[str, str] | None = None,
) -> Topic:
    """Add a topic with the next number, and its leaf. Raises Refused once the window has closed.

    `details` are values of the instrument's entry fields, checked by whoever took them; `sheet` is its page in
    plain language.
    """
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    check_title(title)
    if len(summary) > LONGEST_SUMMARY:
        raise Refused(_("La explicación lleva hasta %(longest)s caracteres.", longest=LONGEST_SUMMARY), field="summary")
    if status_of(window, now) in (WindowStatus.CLOSED, WindowStatus.CONCLUDED):
        raise Refused(_("La consulta ya cerró: no se le pueden agregar temas."))
    last = session().scalar(select(func.max(Topic.number)).where(Topic.window_id == window.id)) or 0
    topic = Topic(
        window=window,
        number=last + 1,
        title=title.strip(),
        summary=summary.strip(),
        unit_id=unit.id if unit else None,
        source_key=source_key,
        sheet=checked_sheet(sheet),
        details=details or {},
    )
    session().add(topic)
    window.updated_at = now
    record_act(window, "topic.added", now, actor, topic_content(topic))
    session().flush()
    return topic


def schedule_window(*, window: Window, opens_on: date, days: int, actor: Actor, now: datetime) -> None:
    """Fix opening and closing. Nothing opens it later: it is open when its instants say so.

    Effects in order: term computed, state scheduled, leaf. Raises Refused when it has no topic, the day is
    past, the term is shorter than the law's, or it was scheduled before.
    """
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    check_transition(WindowState(window.state), WindowState.SCHEDULED)
    if session().scalar(select(Topic.id).where(Topic.window_id == window.id).limit(1)) is None:
        raise Refused(_("Agregue al menos un tema antes de programar la consulta."))
    if needs_control(window.instrument.kinds) and find_control_unit(window.government_id) is None:
        raise Refused(
            _("Aquí llegan quejas o denuncias que solo lee el órgano interno de control: nombre antes ese cargo.")
        )
    zone = ZoneInfo(window.government.timezone)
    if opens_on < now.astimezone(zone).date():
        raise Refused(_("La fecha de apertura ya pasó: elija hoy o un día posterior."), field="opens_on")
    government, instrument = window.government, window.instrument
    term = None
    if not instrument.permanent:
        term = compute_window_term(government=government, instrument=instrument, opens_on=opens_on, days=days)
    if (opens_on - now.astimezone(zone).date()).days > LONGEST_AHEAD:
        raise Refused(_("La fecha de apertura está a más de dos años: revísela."), field="opens_on")
    window.opens_at = max(start_of_day(opens_on, zone), now)
    window.closes_at, window.derivation = (term.closes_at, term.derivation) if term else (None, None)
    window.state = WindowState.SCHEDULED
    window.updated_at = now
    dates = {"opens_at": window.opens_at, "closes_at": window.closes_at, "derivation": window.derivation}
    record_act(window, "window.scheduled", now, actor, dates)
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
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    if status_of(window, now) not in (WindowStatus.UPCOMING, WindowStatus.OPEN) or window.closes_at is None:
        raise Refused(_("Solo se amplía el plazo de una consulta programada o abierta que tenga cierre."))
    for field, value in (("legal_basis", legal_basis), ("reason", reason), ("agreement", agreement)):
        if not value.strip():
            raise Refused(_("Escriba el fundamento, el motivo y el número de acuerdo de la ampliación."), field=field)
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
    record_act(window, EXTENDED, now, actor, _extension_content(extension, zone))
    enqueue(kind=EXTENDED, payload={"window_id": window.id}, run_at=now)
    session().flush()
    return extension


def conclude_window(*, window: Window, actor: Actor, now: datetime) -> None:
    """Declare a closed window concluded, with its leaf. Raises Refused while it is open or upcoming."""
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    check_transition(WindowState(window.state), WindowState.CONCLUDED)
    if status_of(window, now) != WindowStatus.CLOSED:
        raise Refused(_("La consulta todavía recibe comentarios: se concluye después de su cierre."))
    window.state = WindowState.CONCLUDED
    window.concluded_at = window.updated_at = now
    record_act(window, "window.concluded", now, actor, {"closes_at": window.closes_at})
    session().flush()


def checked_sheet(sheet: str) -> str:
    """Return the plain page of a topic. Raises Refused when it is longer than a page."""
    if len(sheet) > LONGEST_SHEET:
        raise Refused(_("La cédula lleva hasta %(longest)s caracteres.", longest=LONGEST_SHEET), field="sheet")
    return sheet.strip()


def topic_content(topic: Topic) -> dict[str, Any]:
    """Return what the leaf of a topic commits to."""
    return {
        "number": topic.number,
        "title": topic.title,
        "summary": topic.summary,
        "sheet": topic.sheet,
        "details": topic.details,
        "unit_id": topic.unit_id,
    }


def status_of(window: Window, now: datetime) -> WindowStatus:
    """Return the computed status of a window at `now`."""
    return status_at(state=WindowState(window.state), opens_at=window.opens_at, closes_at=window.closes_at, now=now)


def check_coordinator(actor: Actor, government_id: int) -> None:
    """Let only the coordination of that government pass. Raises Forbidden."""
    if actor.role != Role.COORDINATOR or actor.government_id != government_id:
        raise Forbidden(_("Solo la coordinación de este gobierno puede hacerlo."))


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


def record_act(window: Window, kind: str, now: datetime, actor: Actor, content: dict[str, Any]) -> None:
    """Write the leaf of an act on a window."""
    append_leaf(kind=kind, public_id=window.slug, at=now, content={**content, "post_id": actor.post_id})
