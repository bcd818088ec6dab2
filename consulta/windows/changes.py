"""What takes two people: shortening an open window, and annulling one. One proposes, another decides."""

from datetime import datetime

from consulta.actors import Actor, Role
from consulta.clocks.timekeeping import record_event
from consulta.db import lock_exclusive, session
from consulta.deadlines import ClockState, Event, EventKind
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.jobs import enqueue
from consulta.windows.dating import EXTENDED, LONGEST_AGREEMENT, check_grounds, event_day, restart_term
from consulta.windows.models import DateChange, Window
from consulta.windows.operations import check_coordinator, record_act, status_of, window_lock
from consulta.windows.queries import find_proposed
from consulta.windows.rules import check_transition
from consulta.windows.states import (
    CHANGE_TRANSITIONS,
    DateChangeKind,
    DateChangeState,
    WindowState,
    WindowStatus,
)
from consulta.windows.terms import Term, compute_window_term

DECIDES = (Role.COORDINATOR, Role.CONTROL)


def propose_change(
    *,
    window: Window,
    kind: DateChangeKind,
    days: int | None,
    legal_basis: str,
    reason: str,
    agreement: str,
    actor: Actor,
    now: datetime,
) -> DateChange:
    """Propose to shorten an open window to `days` in all, or to annul one, with its leaf. Nothing moves yet.

    Raises Refused without grounds, below the legal minimum, or while another proposal waits.
    """
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    session().refresh(window)
    check_grounds(legal_basis=legal_basis, reason=reason, agreement=agreement)
    if find_proposed(window) is not None:
        raise Refused(_("Ya hay una propuesta esperando: que la decida otra persona, o retírela."))
    to_closes_at = _check_possible(window, kind, days, now)
    change = DateChange(
        window=window,
        kind=kind,
        state=DateChangeState.PROPOSED,
        days=days if kind == DateChangeKind.SHORTEN else None,
        legal_basis=legal_basis.strip(),
        reason=reason.strip(),
        agreement=agreement.strip()[:LONGEST_AGREEMENT],
        from_closes_at=window.closes_at,
        to_closes_at=to_closes_at,
        proposed_at=now,
        proposed_by_post_id=actor.post_id,
        proposed_by_person_id=actor.person_id,
    )
    session().add(change)
    session().flush()
    _record(change, "proposed", actor, now)
    return change


def approve_change(*, change: DateChange, actor: Actor, now: datetime) -> None:
    """Carry out what another person proposed.

    Effects in order: state approved, the window shortened (a new clock from the same opening day) or annulled, leaf,
    due dates of referrals recomputed later. Raises Forbidden for other posts; Refused for who proposed it, when it
    was decided before, or when it is no longer possible: it is checked again now.
    """
    window = _lock(change, actor)
    if actor.post_id == change.proposed_by_post_id or (
        actor.person_id is not None and actor.person_id == change.proposed_by_person_id
    ):
        raise Refused(_("Usted lo propuso: debe aprobarlo otra persona, de otro cargo."))
    _move(change, DateChangeState.APPROVED, actor, now)
    change.from_closes_at = window.closes_at
    change.to_closes_at = _check_possible(window, DateChangeKind(change.kind), change.days, now)
    if change.kind == DateChangeKind.SHORTEN:
        assert change.days is not None
        restart_term(window, change.days, actor, now, legal_basis=change.legal_basis)
        change.to_closes_at = window.closes_at
    else:
        check_transition(WindowState(window.state), WindowState.ANNULLED)
        window.state, window.annulled_at, window.updated_at = WindowState.ANNULLED, now, now
        _end_clock(window, actor, now, change)
    _record(change, "approved", actor, now)
    enqueue(kind=EXTENDED, payload={"window_id": window.id}, run_at=now)
    session().flush()


def reject_change(*, change: DateChange, reason: str, actor: Actor, now: datetime) -> None:
    """Turn a proposal down with the reason. Raises Refused without one, or for who proposed it."""
    _lock(change, actor)
    if actor.post_id == change.proposed_by_post_id:
        raise Refused(_("Usted lo propuso: retírelo en lugar de rechazarlo."))
    if not reason.strip():
        raise Refused(_("Escriba por qué no procede."), field="decision_reason")
    change.decision_reason = reason.strip()
    _move(change, DateChangeState.REJECTED, actor, now)
    _record(change, "rejected", actor, now)


def withdraw_change(*, change: DateChange, actor: Actor, now: datetime) -> None:
    """Take one's own proposal back. Raises Forbidden for anybody else."""
    _lock(change, actor)
    if actor.post_id != change.proposed_by_post_id:
        raise Forbidden(_("Solo la retira quien la propuso."))
    _move(change, DateChangeState.WITHDRAWN, actor, now)
    _record(change, "withdrawn", actor, now)


def shortened_term(window: Window, days: int, now: datetime) -> Term:
    """Return the term that a window would have in all. Raises Refused unless it is legal, shorter, and still ahead."""
    assert window.clock is not None
    term = compute_window_term(
        government=window.government, instrument=window.instrument, opens_on=window.clock.starts_on, days=days
    )
    if window.closes_at is None or term.closes_at >= window.closes_at:
        raise Refused(_("Con esos días no se acorta: escriba menos."), field="days")
    if term.closes_at <= now:
        raise Refused(_("Con esos días ya habría cerrado: escriba más."), field="days")
    return term


def _check_possible(window: Window, kind: DateChangeKind, days: int | None, now: datetime) -> datetime | None:
    """Return the closing that would follow. Raises Refused when the window is not in a state for it."""
    status = status_of(window, now)
    if kind == DateChangeKind.ANNUL:
        if status not in (WindowStatus.UPCOMING, WindowStatus.OPEN, WindowStatus.CLOSED):
            raise Refused(_("Solo se anula una consulta programada que no haya concluido."))
        return None
    if status != WindowStatus.OPEN or window.clock is None:
        raise Refused(_("Solo se acorta el plazo de una consulta abierta que tenga cierre."))
    if days is None:
        raise Refused(_("Escriba cuántos días duraría en total, con números."), field="days")
    return shortened_term(window, days, now).closes_at


def _end_clock(window: Window, actor: Actor, now: datetime, change: DateChange) -> None:
    if window.clock is not None and window.clock.state != ClockState.MET:
        event = Event(EventKind.MET, event_day(window, now))
        record_event(clock=window.clock, event=event, now=now, post_id=actor.post_id, reason=change.reason)


def _lock(change: DateChange, actor: Actor) -> Window:
    if actor.role not in DECIDES or actor.government_id != change.window.government_id:
        raise Forbidden(_("Lo decide otra persona de la coordinación, o el órgano interno de control."))
    lock_exclusive(window_lock(change.window_id))
    session().refresh(change)
    session().refresh(change.window)
    return change.window


def _move(change: DateChange, target: DateChangeState, actor: Actor, now: datetime) -> None:
    if target not in CHANGE_TRANSITIONS[DateChangeState(change.state)]:
        raise Refused(_("Esa propuesta ya se decidió: recargue la página y vea cómo quedó."))
    change.state, change.decided_at, change.decided_by_post_id = target, now, actor.post_id


def _record(change: DateChange, verb: str, actor: Actor, now: datetime) -> None:
    content = {
        "kind": change.kind,
        "days": change.days,
        "legal_basis": change.legal_basis,
        "reason": change.reason,
        "agreement": change.agreement,
        "from_closes_at": change.from_closes_at,
        "to_closes_at": change.to_closes_at,
        "decision_reason": change.decision_reason,
        "change_id": change.id,
    }
    record_act(change.window, f"window.change_{verb}", now, actor, content)
    session().flush()
