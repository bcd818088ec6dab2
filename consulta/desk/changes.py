"""Shortening and annulling, which take two people: one proposes on the control page, another decides here."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.desk.control_page import control_page, own_window
from consulta.desk.window_forms import ChangeForm
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS
from consulta.windows.changes import (
    approve_change,
    propose_change,
    reject_change,
    shortened_term,
    withdraw_change,
)
from consulta.windows.models import DateChange
from consulta.windows.queries import find_change, list_changes
from consulta.windows.states import DateChangeKind, DateChangeState

blueprint = Blueprint("changes", __name__)
PROPOSES = roles(Role.COORDINATOR)
DECIDES = roles(Role.COORDINATOR, Role.CONTROL)


@blueprint.post("/coordinacion/consultas/<slug>/proponer")
@access(PROPOSES)
def propose(slug: str, actor: Actor) -> Any:
    """Propose to shorten or to annul a window. Nothing moves until another person approves."""
    form = ChangeForm(request.form)
    form.attach_removed()
    window = own_window(slug, actor)
    kind = request.form.get("kind", "")
    try:
        if kind not in list(DateChangeKind):
            raise Refused(_("Elija si propone acortar o anular."), field="kind")
        if form.has_problems():
            return control_page(window, change_form=form), 422
        with unit_of_work():
            propose_change(
                window=window,
                kind=DateChangeKind(kind),
                days=form.days.data,
                legal_basis=form.legal_basis.data or "",
                reason=form.reason.data or "",
                agreement=form.agreement.data or "",
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return control_page(own_window(slug, actor), change_form=form), 422
    flash(_("Propuesta guardada. Nada se mueve hasta que otra persona la apruebe."))
    return redirect(f"/coordinacion/consultas/{slug}#cambios")


@blueprint.get("/coordinacion/cambios")
@access(DECIDES)
def overview(actor: Actor) -> str:
    """List the proposals that wait for a decision, and those that were decided."""
    return _page(actor)


@blueprint.post("/coordinacion/cambios/<int:change_id>")
@access(DECIDES)
def decide(change_id: int, actor: Actor) -> Any:
    """Approve, reject, or take one's own proposal back."""
    action = request.form.get("accion", "")
    try:
        with unit_of_work():
            message = _act(_own(change_id, actor), action, actor)
    except Refused as refused:
        return _page(actor, change_id, refused), 422
    flash(message)
    return redirect("/coordinacion/cambios")


def _act(change: DateChange, action: str, actor: Actor) -> str:
    now = arrived_at()
    if action == "aprobar":
        approve_change(change=change, actor=actor, now=now)
        return _("Aprobada: la página pública ya muestra el cambio y sus razones.")
    if action == "rechazar":
        reason = CLEANERS[0](request.form.get("decision_reason", ""))[0]
        reject_change(change=change, reason=reason, actor=actor, now=now)
        return _("Rechazada: las fechas quedan como estaban.")
    if action == "retirar":
        withdraw_change(change=change, actor=actor, now=now)
        return _("Propuesta retirada.")
    raise Refused(_("Elija aprobar o rechazar."))


def _page(actor: Actor, wrong: int | None = None, refused: Refused | None = None) -> str:
    found = list_changes(actor.government_id)
    return render_template(
        "desk/changes.html",
        waiting=[item for item in found if item.state == DateChangeState.PROPOSED],
        decided=[item for item in found if item.state != DateChangeState.PROPOSED],
        mine=actor.post_id,
        proposed_closing=_proposed_closing,
        wrong=wrong,
        refused=refused,
        typed=request.form.get("decision_reason", ""),
    )


def _proposed_closing(change: DateChange) -> datetime | None:
    """Return when the window would close with the calendar as it is now; None where it is not possible any more."""
    if change.days is None:
        return None
    try:
        return shortened_term(change.window, change.days, arrived_at()).closes_at
    except Refused:
        return None


def _own(change_id: int, actor: Actor) -> DateChange:
    found = find_change(change_id)
    if found is None or found.window.government_id != actor.government_id:
        raise NotFound(_("No existe esa propuesta."))
    return found
