"""The archive's work: what is to be kept, and what is disposed of with two signatures."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.archives.disposals import (
    DisposalDraft,
    count_items,
    decide_disposal,
    list_disposals,
    list_items,
    propose_disposal,
)
from consulta.archives.holds import lift_hold, list_holds, place_hold
from consulta.archives.models import Disposal, LegalHold
from consulta.archives.rules import MOST_FOLIOS, may_dispose
from consulta.archives.states import DisposalState
from consulta.db import session, unit_of_work
from consulta.errors import NotFound, Refused
from consulta.folio import parse_folio
from consulta.i18n.text import N_, _
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, holder_of
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS, BaseForm, CleanString, CleanText
from consulta.windows.models import Window
from consulta.windows.queries import find_window

blueprint = Blueprint("desk_archives", __name__)
KEEPS = roles(Role.COORDINATOR, Role.TRANSPARENCY, Role.CONTROL)
DISPOSES = roles(Role.COORDINATOR, Role.TRANSPARENCY)


class HoldForm(BaseForm):
    """What is to be kept, and why."""

    subject = CleanString(N_("Folio o consulta"))
    reference = CleanString(N_("Juicio, auditoría o solicitud"))
    reason = CleanText(N_("Por qué se conserva"))


class DisposalForm(BaseForm):
    """What is to be disposed of, and on what grounds."""

    folios = CleanText(N_("Folios"))
    disposal_reference = CleanString(N_("Dictamen de baja documental"))
    legal_basis = CleanText(N_("Fundamento"))
    disposal_reason = CleanText(N_("Por qué"))


@blueprint.get("/coordinacion/archivo")
@access(KEEPS)
def overview(actor: Actor) -> str:
    """Show what is kept and what is disposed of, with the forms."""
    return _page(actor)


@blueprint.post("/coordinacion/archivo/conservar")
@access(KEEPS)
def hold(actor: Actor) -> Any:
    """Order that a folio or a window is kept."""
    form = HoldForm(request.form)
    form.attach_removed()
    try:
        with unit_of_work():
            place_hold(
                subject=_subject(form.subject.data or "", actor),
                reference=form.reference.data or "",
                reason=form.reason.data or "",
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _page(actor, hold_form=form), 422
    flash(_("Se conserva: ninguna baja lo toca mientras la orden siga."))
    return redirect("/coordinacion/archivo")


@blueprint.post("/coordinacion/archivo/conservar/<int:hold_id>")
@access(KEEPS)
def release(hold_id: int, actor: Actor) -> Any:
    """Lift an order."""
    found = session().get(LegalHold, hold_id) if hold_id < 2**62 else None
    if found is None or found.government_id != actor.government_id:
        raise NotFound(_("No existe esa orden."))
    try:
        with unit_of_work():
            lift_hold(hold=found, reason=_reason(), actor=actor, now=arrived_at())
    except Refused as refused:
        return _page(actor, problem=(f"levantar-{hold_id}", refused.message)), 422
    flash(_("Orden levantada."))
    return redirect("/coordinacion/archivo")


@blueprint.post("/coordinacion/archivo/bajas")
@access(DISPOSES)
def propose(actor: Actor) -> Any:
    """Propose a disposal."""
    form = DisposalForm(request.form)
    form.attach_removed()
    try:
        draft = DisposalDraft(
            form.disposal_reference.data or "", form.legal_basis.data or "", form.disposal_reason.data or ""
        )
        submissions = _folios(form.folios.data or "", actor)
        with unit_of_work():
            made = propose_disposal(
                government_id=actor.government_id, draft=draft, submissions=submissions, actor=actor, now=arrived_at()
            )
            number = made.id
    except Refused as refused:
        field = {"reference": "disposal_reference", "reason": "disposal_reason"}.get(refused.field or "", refused.field)
        form.add_problem(field, refused.message)
        return _page(actor, disposal_form=form), 422
    flash(_("Propuesta. La autoriza otra persona, de otro cargo."))
    return redirect(f"/coordinacion/archivo/bajas/{number}")


@blueprint.get("/coordinacion/archivo/bajas/<int:disposal_id>")
@access(DISPOSES)
def disposal(disposal_id: int, actor: Actor) -> str:
    """Show a disposal: what is in it, and what became of it."""
    return _disposal_page(_own(disposal_id, actor))


@blueprint.post("/coordinacion/archivo/bajas/<int:disposal_id>")
@access(DISPOSES)
def decide(disposal_id: int, actor: Actor) -> Any:
    """Authorise or reject a disposal."""
    found = _own(disposal_id, actor)
    authorises = request.form.get("accion") == "autorizar"
    try:
        if authorises and request.form.get("seguro") != "si":
            raise Refused(_("Marque la casilla para confirmar: no se puede deshacer."))
        with unit_of_work():
            decide_disposal(disposal=found, authorises=authorises, reason=_reason(), actor=actor, now=arrived_at())
    except Refused as refused:
        return _disposal_page(_own(disposal_id, actor), refused.message), 422
    flash(_("Autorizada: se está dando de baja.") if authorises else _("Rechazada: no se tocó nada."))
    return redirect(f"/coordinacion/archivo/bajas/{disposal_id}")


def _own(disposal_id: int, actor: Actor) -> Disposal:
    found = session().get(Disposal, disposal_id) if disposal_id < 2**62 else None
    if found is None or not may_dispose(actor, government_id=found.government_id):
        raise NotFound(_("No existe esa baja."))
    return found


def _subject(typed: str, actor: Actor) -> Submission | Window:
    """Return the submission of a folio, or the window of an address. Raises Refused at the field."""
    window = find_window(typed.strip().rsplit("/", 1)[-1])
    if window is not None and window.government_id == actor.government_id:
        return window
    try:
        found = find_by_folio(parse_folio(typed))
    except Refused:
        found = None
    if found is None or holder_of(found) != actor.government_id:
        raise Refused(_("No hay folio ni consulta de este gobierno con ese nombre."), field="subject")
    return found


def _folios(typed: str, actor: Actor) -> list[Submission]:
    found: list[Submission] = []
    unknown: list[str] = []
    for word in typed.replace(";", " ").replace(",", " ").split()[: MOST_FOLIOS + 1]:
        try:
            submission = find_by_folio(parse_folio(word))
        except Refused:
            submission = None
        if submission is None or holder_of(submission) != actor.government_id:
            unknown.append(word[:40])
        else:
            found.append(submission)
    if unknown:
        raise Refused(_("No son folios de este gobierno: %(folios)s.", folios=", ".join(unknown[:5])), field="folios")
    return found


def _reason() -> str:
    return CLEANERS[0](request.form.get("reason", ""))[0]


def _page(
    actor: Actor,
    *,
    hold_form: HoldForm | None = None,
    disposal_form: DisposalForm | None = None,
    problem: tuple[str, str] | None = None,
) -> str:
    return render_template(
        "desk/archives.html",
        hold_form=hold_form or HoldForm(),
        disposal_form=disposal_form or DisposalForm(),
        holds=list_holds(actor.government_id),
        disposals=list_disposals(actor.government_id),
        disposes=may_dispose(actor, government_id=actor.government_id),
        problem=problem,
        typed=_reason(),
    )


def _disposal_page(found: Disposal, problem: str = "") -> str:
    purged, skipped = count_items(found.id)
    return render_template(
        "desk/disposal.html",
        disposal=found,
        items=list_items(found.id),
        purged=purged,
        skipped=skipped,
        waits=found.state == DisposalState.PROPOSED,
        problem=problem,
        typed=_reason(),
    )
