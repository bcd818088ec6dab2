"""Saying that one did not send what carries one's name, without its key nor the mail of its receipt."""

from typing import Any

from flask import Blueprint, render_template, request
from wtforms import RadioField

from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import N_, _
from consulta.referrals.claims import file_claim
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_visible
from consulta.submissions.states import Standing
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, show_government
from consulta.web.forms import BaseForm, CleanString, CleanText
from consulta.web.responses import no_store

blueprint = Blueprint("claims", __name__)


class ClaimForm(BaseForm):
    """Who says so, what happened, and what is done with the text."""

    name = CleanString(N_("Su nombre"))
    email = CleanString(N_("Correo, para avisarle (opcional)"))
    text = CleanText(N_("Qué pasó"))
    hides = RadioField(
        N_("¿Qué hacemos con el texto, si se comprueba?"),
        choices=lambda: [("si", _("Que no se muestre")), ("no", _("Puede seguir a la vista, sin mi nombre"))],
        validate_choice=False,
        default="si",
    )


@blueprint.get("/folio/<folio>/no-lo-envie")
@access(EVERYBODY)
def claim(folio: str) -> str:
    """Show the form."""
    no_store()
    return _page(_public(folio), ClaimForm())


@blueprint.post("/folio/<folio>/no-lo-envie")
@access(EVERYBODY)
def send(folio: str) -> Any:
    """Keep it for the coordination, which decides."""
    no_store()
    found, form = _public(folio), ClaimForm(request.form)
    form.attach_removed()
    try:
        if form.has_problems():
            return _page(found, form), 422
        with unit_of_work():
            file_claim(
                submission=found,
                name=form.name.data or "",
                email=form.email.data or "",
                text=form.text.data or "",
                hides=form.hides.data != "no",
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _page(_public(folio), form), 422
    return _page(found, form, sent=True)


def _public(folio: str) -> Submission:
    found = find_visible(folio)
    if found is None or found.standing == Standing.DISOWNED:
        raise NotFound(_("No hay nada público con ese folio."))
    show_government(found.topic.window.government)
    return found


def _page(found: Submission, form: ClaimForm, *, sent: bool = False) -> str:
    return render_template("portal/claim.html", submission=found, form=form, sent=sent)
