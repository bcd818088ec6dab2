"""What came late: the coordinator decides of each with reasons, which are public."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.submissions.late import decide_late
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, list_late
from consulta.submissions.states import LateDecision
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS

blueprint = Blueprint("late", __name__)
COORDINATES = roles(Role.COORDINATOR)


@blueprint.get("/coordinacion/extemporaneas")
@access(COORDINATES)
def overview(actor: Actor) -> str:
    """List what came after closing: first what waits for a decision."""
    return _page(actor)


@blueprint.post("/coordinacion/extemporaneas/<folio>")
@access(COORDINATES)
def decide(folio: str, actor: Actor) -> Any:
    """Admit something late, or leave it apart."""
    decision = request.form.get("decision", "")
    _own(folio, actor)
    try:
        if decision not in list(LateDecision):
            raise Refused(_("Elija si se admite o no."), field="decision")
        with unit_of_work():
            decide_late(
                submission=_own(folio, actor),
                decision=LateDecision(decision),
                reason=CLEANERS[0](request.form.get("reason", ""))[0],
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        return _page(actor, folio, refused), 422
    admitted = _("%(folio)s se admitió: sigue su curso como lo recibido en plazo.", folio=folio)
    declined = _("%(folio)s queda aparte, con sus razones.", folio=folio)
    flash(admitted if decision == LateDecision.ADMITTED else declined)
    return redirect("/coordinacion/extemporaneas")


def _page(actor: Actor, wrong: str = "", refused: Refused | None = None) -> str:
    found = list_late(actor.government_id)
    return render_template(
        "desk/late.html",
        waiting=[item for item in found if item.late_decision is None],
        decided=[item for item in found if item.late_decision is not None],
        many=len(found) >= 100,
        wrong=wrong,
        refused=refused,
        typed=CLEANERS[0](request.form.get("reason", ""))[0],
    )


def _own(folio: str, actor: Actor) -> Submission:
    found = find_by_folio(folio)
    if found is None or found.reserved or found.topic.window.government_id != actor.government_id:
        raise NotFound(_("No existe ese folio."))
    return found
