"""Writes of a window's dates: scheduled, extended, moved by a calendar, concluded. Each takes its lock exclusively.

Every date is what the window's clock says; here it is copied to the window, and its reasons are written down.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consulta.actors import Actor
from consulta.agencies.queries import find_control_unit, find_notice, list_coordinators
from consulta.clocks.states import ClockKind
from consulta.clocks.timekeeping import record_event, start_clock
from consulta.db import lock_exclusive, session
from consulta.deadlines import DayUnit, Event, EventKind
from consulta.deadlines import Term as RuleTerm
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.jobs import enqueue
from consulta.notices import notify
from consulta.windows.models import Extension, Topic, Window
from consulta.windows.notices import moved_notice
from consulta.windows.opening import check_answers
from consulta.windows.operations import check_coordinator, record_act, status_of, window_lock
from consulta.windows.rules import check_transition, needs_control, start_of_day
from consulta.windows.states import WindowState, WindowStatus
from consulta.windows.terms import compute_term, compute_window_term, holder_for, window_term

EXTENDED = "window.extended"
# Days; beyond it a date is surely mistyped.
LONGEST_AHEAD = 731
LONGEST_AGREEMENT = 120


def schedule_window(
    *,
    window: Window,
    opens_on: date,
    days: int,
    actor: Actor,
    now: datetime,
    answers: Mapping[str, str] | None = None,
    capture_post_id: int | None = None,
) -> None:
    """Fix opening and closing. Nothing opens it later: it is open when its instants say so.

    `answers` are those to the questions of `opening`; None where nobody was asked, which the page says.
    Effects in order: clock started, state scheduled, leaf. Raises Refused when it has no topic, the day is past, the
    term is shorter than the law's, a question has no answer, there is no privacy notice, or it was scheduled before.
    """
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    check_transition(WindowState(window.state), WindowState.SCHEDULED)
    _check_ready(window)
    today = now.astimezone(ZoneInfo(window.government.timezone)).date()
    if opens_on < today:
        raise Refused(_("La fecha de apertura ya pasó: elija hoy o un día posterior."), field="opens_on")
    if not window.instrument.permanent:
        compute_window_term(government=window.government, instrument=window.instrument, opens_on=opens_on, days=days)
    if (opens_on - today).days > LONGEST_AHEAD:
        raise Refused(_("La fecha de apertura está a más de dos años: revísela."), field="opens_on")
    if not window.instrument.permanent:
        window.opening_answers = check_answers(answers) if answers is not None else {}
        _start(window, opens_on, days, actor, now)
    window.opens_at = max(start_of_day(opens_on, ZoneInfo(window.government.timezone)), now)
    window.state = WindowState.SCHEDULED
    window.capture_post_id = capture_post_id
    window.updated_at = now
    content = {
        "opens_at": window.opens_at,
        "closes_at": window.closes_at,
        "derivation": window.derivation,
        "answers": window.opening_answers,
    }
    record_act(window, "window.scheduled", now, actor, content)
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

    Effects in order: event on the clock, extension kept with reason and agreement, leaf, due dates of
    referrals recomputed later. Raises Refused when it is not open or upcoming, or a ground is missing.
    """
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    if status_of(window, now) not in (WindowStatus.UPCOMING, WindowStatus.OPEN) or window.clock is None:
        raise Refused(_("Solo se amplía el plazo de una consulta programada o abierta que tenga cierre."))
    check_grounds(legal_basis=legal_basis, reason=reason, agreement=agreement)
    before, last_day = window.closes_at, date.fromisoformat((window.derivation or {})["due_on"])
    unit = DayUnit(window.instrument.day_unit)
    added = compute_term(
        holder=holder_for(window.government, window.instrument),
        term=RuleTerm(days, unit, rule="ampliación", citation=legal_basis.strip()),
        starts_on=last_day,
    )
    event = Event(EventKind.EXTEND, event_day(window, now), days, unit, legal_basis.strip())
    record_event(clock=window.clock, event=event, now=now, post_id=actor.post_id, reason=reason.strip())
    _copy_dates(window, now)
    extension = Extension(
        window=window,
        from_closes_at=before,
        to_closes_at=window.closes_at,
        derivation=added.derivation,
        legal_basis=legal_basis.strip(),
        reason=reason.strip(),
        agreement=agreement.strip()[:LONGEST_AGREEMENT],
        post_id=actor.post_id,
        at=now,
    )
    session().add(extension)
    record_act(window, EXTENDED, now, actor, _extension_content(extension, ZoneInfo(window.government.timezone)))
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


def follow_clocks(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `clocks.moved`: what a change of calendar moved is copied to the windows, with its leaf.

    A window that closed meanwhile stays as it was. Answers that count from its closing are counted again later.
    """
    ids = payload["clock_ids"]
    for window_id in session().scalars(select(Window.id).where(Window.clock_id.in_(ids)).order_by(Window.id)).all():
        lock_exclusive(window_lock(window_id))
        window = session().get_one(Window, window_id)
        session().refresh(window)
        if window.clock is None or window.clock.due_at == window.closes_at:
            continue
        before = window.closes_at
        _copy_dates(window, now)
        content = {"from_closes_at": before, "to_closes_at": window.closes_at, "derivation": window.derivation}
        record_act(window, "window.recalendared", now, None, content)
        _tell_of_move(window, before, now)
        enqueue(kind=EXTENDED, payload={"window_id": window.id}, run_at=now)
    session().flush()


def _tell_of_move(window: Window, before: datetime | None, now: datetime) -> None:
    zone = ZoneInfo(window.government.timezone)
    was, becomes = (_last_day(instant, zone) for instant in (before, window.closes_at))
    for address in (None, *list_coordinators(window.government, now)):
        notify(moved_notice(window, was, becomes, address), now=now)


def _last_day(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{(instant.astimezone(zone) - timedelta(microseconds=1)):%d/%m/%Y}" if instant else ""


def restart_term(window: Window, days: int, actor: Actor, now: datetime, *, legal_basis: str) -> None:
    """Give a window another term from the same opening day: the old clock ends, a new one starts."""
    assert window.clock is not None
    old = window.clock
    ended = Event(EventKind.MET, event_day(window, now))
    record_event(clock=old, event=ended, now=now, post_id=actor.post_id, reason=legal_basis)
    _start(window, old.starts_on, days, actor, now)
    window.updated_at = now


def check_grounds(*, legal_basis: str, reason: str, agreement: str) -> None:
    """Refuse a change of dates without its three grounds. Raises Refused at the first that is missing."""
    for field, value in (("legal_basis", legal_basis), ("reason", reason), ("agreement", agreement)):
        if not value.strip():
            raise Refused(_("Escriba el fundamento, el motivo y el número de acuerdo del cambio."), field=field)


def event_day(window: Window, now: datetime) -> date:
    """Return the civil day of an act on a window; before it opens, the day on which its clock starts."""
    today = now.astimezone(ZoneInfo(window.government.timezone)).date()
    return max(today, window.clock.starts_on) if window.clock else today


def _check_ready(window: Window) -> None:
    """Refuse what no window may open without. Raises Refused."""
    if session().scalar(select(Topic.id).where(Topic.window_id == window.id).limit(1)) is None:
        raise Refused(_("Agregue al menos un tema antes de programar la consulta."))
    if find_notice(window.government_id) is None:
        raise Refused(_("Falta el aviso de privacidad: pida a la administración que lo publique."))
    if needs_control(window.instrument.kinds) and find_control_unit(window.government_id) is None:
        raise Refused(
            _("Aquí llegan quejas o denuncias que solo lee el órgano interno de control: nombre antes ese cargo.")
        )


def _start(window: Window, opens_on: date, days: int, actor: Actor, now: datetime) -> None:
    """Start a window's clock. Raises Refused at the number of days."""
    term = window_term(window.instrument, days)
    holder = holder_for(window.government, window.instrument)
    window.clock = start_clock(
        kind=ClockKind.CONSULTATION, holder=holder, term=term, on=opens_on, now=now, post_id=actor.post_id
    )
    _copy_dates(window, now)


def _copy_dates(window: Window, now: datetime) -> None:
    """Copy what the clock says. Nothing else writes a closing."""
    assert window.clock is not None
    window.closes_at, window.derivation = window.clock.due_at, window.clock.derivation
    window.updated_at = now


def _extension_content(extension: Extension, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "from_closes_at": extension.from_closes_at.astimezone(zone).isoformat(),
        "to_closes_at": extension.to_closes_at.astimezone(zone).isoformat(),
        "legal_basis": extension.legal_basis,
        "reason": extension.reason,
        "agreement": extension.agreement,
    }
