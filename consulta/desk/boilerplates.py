"""The wordings that an agency keeps to begin its answers with."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms import SelectField

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_agency
from consulta.db import unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.referrals.boilerplates import (
    PLACES,
    get_boilerplate,
    keep_boilerplate,
    list_boilerplates,
    restore_boilerplate,
    retire_boilerplate,
)
from consulta.referrals.rules import LONGEST_ANSWER
from consulta.referrals.states import Disposition
from consulta.web.access import access, acting, held_posts, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanString, CleanText

blueprint = Blueprint("boilerplates", __name__)
WRITERS = (Role.RESPONDENT, Role.APPROVER)
WRITES = roles(*WRITERS)


class BoilerplateForm(BaseForm):
    """A wording, its name and the sense that it usually goes with."""

    title = CleanString(N_("Nombre"))
    disposition = SelectField(
        N_("Sentido con el que se usa"),
        choices=lambda: [
            ("", _("Cualquiera")),
            *((item.value, label("disposition", item.value)) for item in Disposition),
        ],
        validate_choice=False,
    )
    text = CleanText(N_("Texto"))


@blueprint.get("/bandeja/textos")
@access(WRITES)
def texts(actor: Actor) -> str:  # noqa: ARG001 - one list for all her posts
    """List the wordings of the person's agencies."""
    return _page(BoilerplateForm())


@blueprint.post("/bandeja/textos")
@access(WRITES)
def keep(actor: Actor) -> Any:
    """Keep a wording."""
    form = BoilerplateForm(request.form)
    form.attach_removed()
    agency = find_agency(actor.government_id, actor.agency_id)
    if form.has_problems() or agency is None:
        return _page(form), 422
    try:
        with unit_of_work():
            keep_boilerplate(
                agency=agency,
                title=form.title.data or "",
                disposition=form.disposition.data or "",
                text=form.text.data or "",
                actor=actor,
                now=arrived_at(),
            )
    except (Refused, Forbidden) as refused:
        form.add_problem(getattr(refused, "field", None), refused.message)
        return _page(form), 422
    flash(_("Texto guardado: ya se ofrece al responder."))
    return redirect("/bandeja/textos")


@blueprint.post("/bandeja/textos/<int:boilerplate_id>")
@access(WRITES)
def change(boilerplate_id: int, actor: Actor) -> Any:
    """Stop offering a wording, or offer it again."""
    found = get_boilerplate(boilerplate_id, _agencies())
    own = acting(
        actor, lambda post: post.role in (Role.RESPONDENT, Role.APPROVER) and post.agency_id == found.agency_id
    )
    with unit_of_work():
        if request.form.get("accion") == "recuperar":
            restore_boilerplate(boilerplate=found, actor=own)
        else:
            retire_boilerplate(boilerplate=found, actor=own, now=arrived_at())
    flash(_("Se ofrece otra vez.") if found.retired_at is None else _("Ya no se ofrece. Puede recuperarlo aquí mismo."))
    return redirect("/bandeja/textos")


def _agencies() -> list[int]:
    return [post.agency_id for post in held_posts(*WRITERS)]


def _page(form: BoilerplateForm) -> str:
    return render_template(
        "desk/boilerplates.html",
        kept=list_boilerplates(_agencies(), retired=True),
        places=[f"{{{name}}}" for name in PLACES],
        longest=LONGEST_ANSWER,
        form=form,
    )
