"""Who takes part, for the coordination: what people are asked, who is missing while it can act, and the release."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.desk.control_page import own_window
from consulta.disclosure import Policy
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.participation.operations import release_people
from consulta.participation.queries import find_latest
from consulta.participation.watching import list_absent, watch
from consulta.participation.wording import person_value, question_title
from consulta.web.access import access, roles
from consulta.web.context import arrived_at, services
from consulta.web.flashes import flash
from consulta.windows.models import Window
from consulta.windows.operations import status_of
from consulta.windows.preparing import ask_about_people
from consulta.windows.questions import ABOUT_PEOPLE
from consulta.windows.states import WindowStatus

blueprint = Blueprint("desk_participation", __name__)
COORDINATES = roles(Role.COORDINATOR)
ADDRESS = "/coordinacion/consultas/<slug>/participacion"


@blueprint.get(ADDRESS)
@access(COORDINATES)
def show(slug: str, actor: Actor) -> str:
    """Show the questions, the bands of who has taken part, and when the figures are released."""
    return _page(own_window(slug, actor))


@blueprint.post(ADDRESS)
@access(COORDINATES)
def choose(slug: str, actor: Actor) -> Any:
    """Choose what people are asked about themselves."""
    window = own_window(slug, actor)
    try:
        with unit_of_work():
            ask_about_people(
                window=window, questions=request.form.getlist("questions")[:20], actor=actor, now=arrived_at()
            )
    except Refused as refused:
        return _page(own_window(slug, actor), refusal=refused.message), 422
    flash(_("Preguntas guardadas."))
    return redirect(f"/coordinacion/consultas/{slug}/participacion")


@blueprint.post(f"{ADDRESS}/publicar")
@access(COORDINATES)
def release(slug: str, actor: Actor) -> Any:
    """Release the figures, when they are due and were not released."""
    window = own_window(slug, actor)
    policy = Policy(threshold=services().settings.people_threshold)
    try:
        with unit_of_work():
            release_people(window=window, policy=policy, actor=actor, now=arrived_at())
    except Refused as refused:
        return _page(own_window(slug, actor), refusal=refused.message), 422
    flash(_("Cifras publicadas."))
    return redirect(f"/coordinacion/consultas/{slug}/participacion")


def _page(window: Window, refusal: str = "") -> str:
    status = status_of(window, arrived_at())
    groups = watch(window)
    return render_template(
        "desk/participation.html",
        window=window,
        status=status,
        questions=ABOUT_PEOPLE,
        may_choose=window.instrument.permanent or status in (WindowStatus.DRAFT, WindowStatus.UPCOMING),
        groups=groups,
        absent=list_absent(groups, window.government.territory),
        release=find_latest(window.id),
        refusal=refusal,
        person_value=person_value,
        question_title=question_title,
    )
