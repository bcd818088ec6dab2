"""Requests about personal data: the transparency unit answers them; of what is reserved, the control body alone."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.data_rights.effects import CONTACT
from consulta.data_rights.models import DataRightsRequest
from consulta.data_rights.operations import decide_request, extend_request, finish_request
from consulta.data_rights.queries import find_request, list_settled, list_waiting
from consulta.data_rights.rules import CORRECTED, may_answer
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.submissions.policy import public_author
from consulta.submissions.queries import holder_of
from consulta.web.access import access, acting, held_posts, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS

blueprint = Blueprint("desk_data_rights", __name__)
ANSWERS = roles(Role.TRANSPARENCY, Role.CONTROL)
ADDRESS = "/bandeja/datos-personales"


@blueprint.get(ADDRESS)
@access(ANSWERS)
def requests(actor: Actor) -> str:  # noqa: ARG001 - each of her posts has its own
    """List what waits, with its dates, and what is settled."""
    posts = held_posts(Role.TRANSPARENCY, Role.CONTROL)
    return render_template(
        "desk/data_rights.html",
        waiting=[item for post in posts for item in list_waiting(post)],
        settled=[item for post in posts for item in list_settled(post)],
    )


@blueprint.get(f"{ADDRESS}/<int:request_id>")
@access(ANSWERS)
def one(request_id: int, actor: Actor) -> str:  # noqa: ARG001 - each of her posts has its own
    """Show a request with what it would change."""
    return _page(_own(request_id))


@blueprint.post(f"{ADDRESS}/<int:request_id>")
@access(ANSWERS)
def act(request_id: int, actor: Actor) -> Any:
    """Accept, deny, extend or finish a request, as `accion` says."""
    found = _own(request_id)
    author = acting(
        actor,
        lambda post: may_answer(post, government_id=holder_of(found.submission), reserved=found.submission.reserved),
    )
    try:
        with unit_of_work():
            message = _act(found, author)
    except Refused as refused:
        return _page(_own(request_id), refused.message), 422
    flash(message)
    return redirect(f"{ADDRESS}/{request_id}")


def _act(found: DataRightsRequest, actor: Actor) -> str:
    action, reason, now = request.form.get("accion", ""), _reason(), arrived_at()
    if action == "ampliar":
        extend_request(request=found, reason=reason, actor=actor, now=now)
        return _("Plazo ampliado: se le avisó a la persona.")
    if action == "hecho":
        finish_request(request=found, note=reason, actor=actor, now=now)
        return _("Anotado: se hizo.")
    if action not in ("aceptar", "negar"):
        raise Refused(_("Elija qué hacer con la solicitud."))
    decide_request(request=found, accepts=action == "aceptar", reason=reason, actor=actor, now=now)
    return _("Respondida: procede.") if action == "aceptar" else _("Respondida: no procede.")


def _own(request_id: int) -> DataRightsRequest:
    posts = held_posts(Role.TRANSPARENCY, Role.CONTROL) if request_id < 2**62 else ()
    found = next((item for post in posts if (item := find_request(post, request_id)) is not None), None)
    if found is None:
        raise NotFound(_("No existe esa solicitud."))
    return found


def _reason() -> str:
    return CLEANERS[0](request.form.get("razones", ""))[0]


def _page(found: DataRightsRequest, problem: str = "") -> str:
    submission = found.submission
    return render_template(
        "desk/data_rights_one.html",
        request=found,
        submission=submission,
        zone=submission.topic.window.government.timezone,
        now_kept={**{name: getattr(submission, name) for name in CONTACT}, "published_name": public_author(submission)},
        asked={column: getattr(found, name) for name, column in CORRECTED.items() if getattr(found, name)},
        problem=problem,
        typed=_reason(),
    )
