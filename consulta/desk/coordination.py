"""The coordinator's first page: windows, what waits for whom; routing and late hand-ins."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_government_by_key, find_unit, get_government, list_governments, list_units
from consulta.clocks.calendars import list_decrees
from consulta.clocks.states import DecreeState
from consulta.db import unit_of_work
from consulta.desk.plan import closing_soon, coming_periods, overdue_by_unit, year_plan
from consulta.errors import ConsultaError, NotFound
from consulta.i18n.text import _
from consulta.moderation.queries import list_to_review
from consulta.referrals.claims import list_open_claims
from consulta.referrals.handing_over import hand_over
from consulta.referrals.queries import (
    find_part,
    list_answers,
    list_unrouted,
    list_unrouted_parts,
    map_last_returns,
)
from consulta.referrals.routing import refer
from consulta.referrals.states import AnswerState
from consulta.referrals.undelivered import list_undelivered
from consulta.submissions.queries import find_by_folio, holder_of, list_late
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS
from consulta.windows.counters import read_window_counts
from consulta.windows.operations import status_of
from consulta.windows.outages import list_hit_windows
from consulta.windows.queries import list_changes, list_instruments, list_windows_of_government
from consulta.windows.states import WindowState

blueprint = Blueprint("coordination", __name__)
COORDINATES = roles(Role.COORDINATOR)
MANY = 100


@blueprint.get("/coordinacion")
@access(COORDINATES)
def overview(actor: Actor) -> str:
    """Show every window of the government and what waits. Counts stop at a hundred: "100 o más"."""
    now = arrived_at()
    government = get_government(actor.government_id)
    zone = ZoneInfo(government.timezone)
    today = now.astimezone(zone).date()
    windows = list_windows_of_government(actor.government_id)
    instruments = list_instruments(government_id=actor.government_id)
    used = [item for item in instruments if item.key not in government.unused_instruments]
    asked = request.args.get("anio", type=int)
    year = asked if asked is not None and 2000 <= asked <= 2100 else today.year
    waiting = {
        "review": len(list_to_review(actor.government_id, limit=MANY)),
        "unrouted": min(
            MANY,
            len(list_unrouted(actor.government_id, limit=MANY))
            + len(list_unrouted_parts(actor.government_id, limit=MANY)),
        ),
        "publish": len(list_answers(state=AnswerState.SIGNED_OFF, government_id=actor.government_id, limit=MANY)),
        "late": len(list_late(actor.government_id, undecided=True, limit=MANY)),
        "claims": len(list_open_claims(actor.government_id)),
        "changes": len(list_changes(actor.government_id, waiting=True)),
        "decrees": len([item for item in list_decrees(actor.government_id) if item.state == DecreeState.DRAFT]),
    }
    return render_template(
        "desk/coordination.html",
        windows=[(item, status_of(item, now)) for item in windows],
        counts=read_window_counts([item.id for item in windows]),
        waiting=waiting,
        many=MANY,
        year=year,
        rows=year_plan(windows, year, zone),
        today_at=_part_of_year(today, year),
        overdue=overdue_by_unit(actor.government_id, now),
        closing=closing_soon(windows, now),
        coming=coming_periods(used, windows, today, zone),
        hit=list_hit_windows(actor.government_id, now),
        undelivered=list_undelivered(actor.government_id, now - timedelta(days=30)),
        asking=[item for item in windows if item.state == WindowState.DRAFT and item.entries_due_on is not None],
    )


def _part_of_year(today: date, year: int) -> float | None:
    """Return where today falls in the year, in hundredths; None in another year."""
    return round((today.timetuple().tm_yday - 1) / 3.66, 2) if today.year == year else None


@blueprint.get("/coordinacion/sin-turnar")
@access(COORDINATES)
def unrouted(actor: Actor) -> str:
    """List what is at no unit, with who returned it and why."""
    return _unrouted_page(actor)


@blueprint.post("/coordinacion/sin-turnar")
@access(COORDINATES)
def route(actor: Actor) -> Any:
    """Refer what was marked to a unit."""
    unit_id = request.form.get("unit_id", type=int)
    unit = find_unit(actor.government_id, unit_id) if unit_id and 0 < unit_id < 2**62 else None
    if unit is None or not (_folios() or _parts()):
        return _unrouted_page(actor, [_("Marque los comentarios y elija la unidad que debe responderlos.")]), 422
    name, key = unit.name, unit.id
    done, problems = _each(lambda folio: _refer_one(folio, key, actor))
    for part_id in _parts():
        try:
            _refer_part(part_id, key, actor)
            done += 1
        except ConsultaError as stopped:
            problems.append(stopped.message)
    return _told(_("Turnados a %(name)s: %(done)s.", name=name, done=done), done, problems, actor)


@blueprint.post("/coordinacion/entregar")
@access(COORDINATES)
def give_to(actor: Actor) -> Any:
    """Hand what was marked to another government."""
    government_id = request.form.get("government_id", type=int)
    to = next((item for item in list_governments() if item.id == government_id), None)
    if to is None or not _folios():
        return _unrouted_page(actor, [_("Marque los comentarios y elija el gobierno al que le tocan.")]), 422
    name, key, reason = to.name, to.key, request.form.get("reason", "")
    done, problems = _each(lambda folio: _hand_one(folio, key, reason, actor))
    return _told(_("Entregados a %(name)s: %(count)s.", name=name, count=done), done, problems, actor)


def _folios() -> list[str]:
    return request.form.getlist("folio")[:200]


def _parts() -> list[int]:
    return [item for item in request.form.getlist("parte", type=int)[:200] if 0 < item < 2**62]


def _each(act: Callable[[str], None]) -> tuple[int, list[str]]:
    """Do an act on every folio that was marked; return how many went well, and what stopped the others.

    Raises NotFound when none of them exists for this person.
    """
    done, problems, gone = 0, [], 0
    for folio in _folios():
        try:
            act(folio)
            done += 1
        except ConsultaError as stopped:
            gone += isinstance(stopped, NotFound)
            problems.append(f"{folio}: {stopped.message}")
    if gone and gone == len(_folios()):
        raise NotFound(_("No existe ese folio."))
    return done, list(dict.fromkeys(problems))


def _told(message: str, done: int, problems: list[str], actor: Actor) -> Any:
    """Return to the list; with what was typed and marked where something was not done."""
    if done:
        flash(message)
    return (_unrouted_page(actor, problems), 422) if problems else redirect("/coordinacion/sin-turnar")


def _unrouted_page(actor: Actor, problems: list[str] | None = None) -> str:
    found = list_unrouted(actor.government_id)
    return render_template(
        "desk/unrouted.html",
        items=found,
        parts=list_unrouted_parts(actor.government_id),
        marked_parts=_parts(),
        returns=map_last_returns([item.id for item in found]),
        units=list_units(actor.government_id),
        governments=[item for item in list_governments() if item.id != actor.government_id],
        problems=problems or [],
        marked=_folios(),
        typed={name: CLEANERS[0](request.form.get(name, ""))[0] for name in ("unit_id", "government_id", "reason")},
    )


def _hand_one(folio: str, government_key: str, reason: str, actor: Actor) -> None:
    with unit_of_work():
        submission, to = find_by_folio(folio), find_government_by_key(government_key)
        if submission is None or to is None or submission.reserved or holder_of(submission) != actor.government_id:
            raise NotFound(_("No existe ese folio."))
        hand_over(submission=submission, to=to, reason=CLEANERS[0](reason)[0], actor=actor, now=arrived_at())


def _refer_part(part_id: int, unit_id: int, actor: Actor) -> None:
    with unit_of_work():
        part, unit = find_part(part_id), find_unit(actor.government_id, unit_id)
        if part is None or unit is None or holder_of(part.submission) != actor.government_id:
            raise NotFound(_("No existe esa parte."))
        refer(submission=part.submission, unit=unit, now=arrived_at(), actor=actor, part=part)


def _refer_one(folio: str, unit_id: int, actor: Actor) -> None:
    with unit_of_work():
        submission = find_by_folio(folio)
        unit: Any = find_unit(actor.government_id, unit_id)
        if submission is None or submission.reserved or holder_of(submission) != actor.government_id:
            raise NotFound(_("No existe ese folio."))
        refer(submission=submission, unit=unit, now=arrived_at(), actor=actor)
