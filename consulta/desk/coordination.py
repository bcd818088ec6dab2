"""The coordinator's first page: windows, what waits for whom; routing and late hand-ins."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_unit, list_units
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.moderation.queries import list_to_review
from consulta.referrals.queries import list_answers, list_unrouted, map_last_returns
from consulta.referrals.routing import refer
from consulta.referrals.states import AnswerState
from consulta.submissions.queries import find_by_folio, list_late
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.windows.counters import read_window_counts
from consulta.windows.operations import status_of
from consulta.windows.queries import list_windows_of_government

blueprint = Blueprint("coordination", __name__)
COORDINATES = roles(Role.COORDINATOR)
MANY = 100


@blueprint.get("/coordinacion")
@access(COORDINATES)
def overview(actor: Actor) -> str:
    """Show every window of the government and what waits. Counts stop at a hundred: "100 o más"."""
    windows = list_windows_of_government(actor.government_id)
    waiting = {
        "review": len(list_to_review(actor.government_id, limit=MANY)),
        "unrouted": len(list_unrouted(actor.government_id, limit=MANY)),
        "publish": len(list_answers(state=AnswerState.SIGNED_OFF, government_id=actor.government_id, limit=MANY)),
        "late": len(list_late(actor.government_id, limit=MANY)),
    }
    return render_template(
        "desk/coordination.html",
        windows=[(item, status_of(item, arrived_at())) for item in windows],
        counts=read_window_counts([item.id for item in windows]),
        waiting=waiting,
        many=MANY,
    )


@blueprint.get("/coordinacion/sin-turnar")
@access(COORDINATES)
def unrouted(actor: Actor) -> str:
    """List what is at no unit, with who returned it and why."""
    found = list_unrouted(actor.government_id)
    return render_template(
        "desk/unrouted.html",
        items=found,
        returns=map_last_returns([item.id for item in found]),
        units=list_units(actor.government_id),
    )


@blueprint.post("/coordinacion/sin-turnar")
@access(COORDINATES)
def route(actor: Actor) -> Response:
    """Refer what was marked to a unit."""
    unit_id = request.form.get("unit_id", type=int)
    unit = find_unit(actor.government_id, unit_id) if unit_id and 0 < unit_id < 2**62 else None
    folios = request.form.getlist("folio")[:200]
    if unit is None or not folios:
        flash("Marque los comentarios y elija la unidad que debe responderlos.")
        return redirect("/coordinacion/sin-turnar")
    name, key, done = unit.name, unit.id, 0
    for folio in folios:
        try:
            done += _refer_one(folio, key, actor)
        except Refused as refused:
            flash(f"{folio}: {refused.message}")
    flash(f"Turnados a {name}: {done}.")
    return redirect("/coordinacion/sin-turnar")


@blueprint.get("/coordinacion/extemporaneas")
@access(COORDINATES)
def late(actor: Actor) -> str:
    """List what came after closing."""
    return render_template("desk/late.html", items=list_late(actor.government_id))


def _refer_one(folio: str, unit_id: int, actor: Actor) -> int:
    with unit_of_work():
        submission = find_by_folio(folio)
        unit: Any = find_unit(actor.government_id, unit_id)
        if submission is None or submission.topic.window.government_id != actor.government_id:
            raise NotFound("No existe ese folio.")
        refer(submission=submission, unit=unit, now=arrived_at(), actor=actor)
    return 1
