"""Following a folio: the person's own view with her key, and the public view without it."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from consulta.errors import NotFound, Refused
from consulta.folio import parse_folio
from consulta.i18n.text import N_, _
from consulta.referrals.story import public_view, tell_story
from consulta.submissions.downloads import find_attachment, send_attachment
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_shown
from consulta.submissions.queries import find_own, find_visible
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.forms import BaseForm, CleanString
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
    return render_template("portal/tracking.html", submission=found, story=tell_story(found, arrived_at()), own=True)


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
        "portal/folio.html", submission=found, story=tell_story(found, arrived_at()), view=public_view(found)
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
