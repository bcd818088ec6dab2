"""Following a folio: the person's own view with her key, and the public view without it."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.folio import is_disown_code, parse_folio
from consulta.i18n.text import N_, _
from consulta.moderation.appeals import file_appeal, find_appeal, find_last_act
from consulta.moderation.grounds import load_grounds
from consulta.moderation.states import ModerationAct
from consulta.outcomes.models import ImprovementProject
from consulta.outcomes.queries import map_projects
from consulta.referrals.standing import disown, withdraw
from consulta.referrals.story import public_view, tell_story
from consulta.submissions.downloads import find_attachment, send_attachment
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_shown
from consulta.submissions.queries import find_by_folio, find_own, find_visible
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.forms import CLEANERS, BaseForm, CleanString
from consulta.web.responses import no_store, render_private

blueprint = Blueprint("tracking", __name__)


class TrackingForm(BaseForm):
    """Folio and key."""

    folio = CleanString(N_("Folio"))
    key = CleanString(N_("Clave de seguimiento"))


@blueprint.get("/seguimiento")
@access(EVERYBODY)
def show_tracking() -> str:
    """Ask for folio and key."""
    return render_private("portal/tracking_form.html", form=TrackingForm())


@blueprint.post("/seguimiento")
@access(EVERYBODY)
def track() -> Any:
    """Tell the person the whole story of her folio. With the folio alone, go to its public view."""
    no_store()
    form = TrackingForm(request.form)
    try:
        folio = parse_folio(form.folio.data or "")
    except Refused as refused:
        form.add_problem("folio", refused.message)
        return render_template("portal/tracking_form.html", form=form), 422
    if not form.key.data:
        return redirect(f"/folio/{folio}", 303)
    disowned = _to_disown(folio, form.key.data)
    if disowned is not None:
        return render_template("portal/disown.html", submission=disowned, code=form.key.data, problem="")
    found = find_own(folio=folio, key=form.key.data, secret=services().secret)
    if found is None:
        form.add_problem(
            "key",
            _(
                "El folio y la clave no coinciden: revise las seis palabras de su acuse. "
                "Sin clave puede ver la parte pública: deje este campo vacío."
            ),
        )
        return render_template("portal/tracking_form.html", form=form), 422
    return _own_page(found, form.key.data)


@blueprint.post("/seguimiento/retirar")
@access(EVERYBODY)
def take_back() -> Any:
    """Withdraw what one sent, with folio and key."""
    no_store()
    form = TrackingForm(request.form)
    found = _with_key(form)
    if found is None:
        return redirect("/seguimiento", 303)
    if request.form.get("seguro") != "si":
        problem = _("Marque la casilla para confirmar que lo retira.")
        return _own_page(found, form.key.data or "", problem), 422
    try:
        with unit_of_work():
            withdraw(submission=found, reason=_reason(), now=arrived_at())
    except Refused as refused:
        return _own_page(found, form.key.data or "", refused.message), 422
    return _own_page(found, form.key.data or "")


@blueprint.post("/seguimiento/no-lo-envie")
@access(EVERYBODY)
def disown_it() -> Any:
    """Say that one did not send what carries one's name or address: with the code of the mail, or with the key."""
    no_store()
    form = TrackingForm(request.form)
    found = _to_disown(form.folio.data or "", form.key.data or "") or _with_key(form)
    if found is None:
        return redirect("/seguimiento", 303)
    hides = found.reserved or request.form.get("ocultar", "si") == "si"
    try:
        with unit_of_work():
            disown(submission=found, hides=hides, reason=_reason(), now=arrived_at())
    except Refused as refused:
        page = render_template("portal/disown.html", submission=found, code=form.key.data, problem=refused.message)
        return page, 422
    return render_template("portal/disowned.html", submission=found)


@blueprint.post("/seguimiento/impugnar")
@access(EVERYBODY)
def appeal() -> Any:
    """Object, with folio and key, to what is not shown."""
    no_store()
    form = TrackingForm(request.form)
    found = _with_key(form)
    if found is None:
        return redirect("/seguimiento", 303)
    try:
        with unit_of_work():
            file_appeal(submission=found, text=_reason(), now=arrived_at())
    except Refused as refused:
        return _own_page(found, form.key.data or "", refused.message, "impugnar"), 422
    return _own_page(found, form.key.data or "")


def _own_page(found: Submission, key: str, problem: str = "", at: str = "retirar") -> str:
    last = find_last_act(found.id)
    unshown = last is not None and last.act != ModerationAct.PUBLISHED and not found.is_hidden
    return render_template(
        "portal/tracking.html",
        submission=found,
        story=tell_story(found, arrived_at()),
        own=True,
        projects=_projects(found),
        key=key,
        problem=problem,
        at=at,
        unshown=load_grounds()[last.ground] if last is not None and unshown else None,
        appeal=find_appeal(found.id) if unshown else None,
    )


def _projects(found: Submission) -> list[ImprovementProject]:
    """Return what came of a submission; nothing is asked of the database where nothing did."""
    return map_projects([found.id]).get(found.id, []) if found.is_traced else []


def _with_key(form: TrackingForm) -> Submission | None:
    try:
        folio = parse_folio(form.folio.data or "")
    except Refused:
        return None
    return find_own(folio=folio, key=form.key.data or "", secret=services().secret)


def _to_disown(typed: str, code: str) -> Submission | None:
    """Return what the code of a mail disowns; None where it is no such code."""
    try:
        folio = parse_folio(typed)
    except Refused:
        return None
    return find_by_folio(folio) if is_disown_code(services().secret, folio, code) else None


def _reason() -> str:
    return CLEANERS[0](request.form.get("motivo", ""))[0]


@blueprint.get("/folio/<folio>")
@access(EVERYBODY)
def folio(folio: str) -> str | BaseResponse:
    """Show what everybody may see of a folio."""
    try:
        parsed = parse_folio(folio)
    except Refused as refused:
        raise NotFound(refused.message) from refused
    if parsed != folio:
        return redirect(f"/folio/{parsed}", 301)
    found = find_visible(parsed)
    if found is None:
        raise NotFound(_("No hay nada público con ese folio. Si es suyo, use su clave en Seguimiento."))
    return render_template(
        "portal/folio.html",
        submission=found,
        story=tell_story(found, arrived_at()),
        view=public_view(found),
        projects=_projects(found),
    )


@blueprint.get("/folio/<folio>/archivos/<int:number>")
@access(EVERYBODY)
def attachment(folio: str, number: int) -> Response:
    """Download the copy without metadata of a file whose comment is published."""
    found = find_visible(folio)
    if found is None or not _is_published(found):
        abort(404)
    item = find_attachment(found, number)
    if item is None:
        abort(404)
    return send_attachment(item)


def _is_published(submission: Submission) -> bool:
    return is_shown(submission)
