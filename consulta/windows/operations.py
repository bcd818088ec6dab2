"""Writes of windows and topics; their dates are written in `dating` and `changes`."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from consulta.actors import Actor, Role
from consulta.agencies.models import Government, Unit
from consulta.agencies.operations import make_key
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.windows.models import Instrument, Topic, Window
from consulta.windows.rules import (
    LONGEST_SHEET,
    LONGEST_SUMMARY,
    check_title,
    status_at,
)
from consulta.windows.states import WindowState, WindowStatus


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
    said = {"summary": window.summary, "decides": window.decides, "afterwards": window.afterwards}
    record_act(window, "window.created", now, actor, {"title": window.title, "instrument": instrument.key, **said})
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
    session().flush()
    record_act(window, "topic.added", now, actor, topic_content(topic))
    session().flush()
    return topic


def set_instrument_aside(*, government: Government, instrument_key: str, actor: Actor, now: datetime) -> None:
    """Write down that a government does not use an instrument, with its leaf: its periods are not told of any more."""
    check_coordinator(actor, government.id)
    government.unused_instruments = sorted({*government.unused_instruments, instrument_key})
    content = {"instrument": instrument_key, "post_id": actor.post_id}
    append_leaf(kind="government.instrument_set_aside", public_id=government.key, at=now, content=content)
    session().flush()


def checked_sheet(sheet: str) -> str:
    """Return the plain page of a topic. Raises Refused when it is longer than a page."""
    if len(sheet) > LONGEST_SHEET:
        raise Refused(_("La cédula lleva hasta %(longest)s caracteres.", longest=LONGEST_SHEET), field="sheet")
    return sheet.strip()


def topic_content(topic: Topic) -> dict[str, Any]:
    """Return what the leaf of a topic commits to."""
    return {
        "topic_id": topic.id,
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


def record_act(window: Window, kind: str, now: datetime, actor: Actor | None, content: dict[str, Any]) -> None:
    """Write the leaf of an act on a window; without actor it is the system's, as when a calendar moves a date."""
    post_id = actor.post_id if actor else None
    append_leaf(kind=kind, public_id=window.slug, at=now, content={**content, "post_id": post_id})
