"""The docket of a topic and its lineage, for the coordination."""

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS
from consulta.windows.dockets import file_topic, get_docket, succeed, withdraw_docket
from consulta.windows.models import Topic
from consulta.windows.queries import get_topic
from consulta.windows.states import SuccessionKind

blueprint = Blueprint("dockets", __name__)
COORDINATES = roles(Role.COORDINATOR)


@blueprint.post("/coordinacion/consultas/<slug>/temas/<int:number>/expediente")
@access(COORDINATES)
def act(slug: str, number: int, actor: Actor) -> Response:
    """File a topic, withdraw its docket, or write down from which one it comes."""
    found = _own(slug, number, actor)
    try:
        with unit_of_work():
            flash(_act(found, request.form.get("accion", ""), actor))
    except (Refused, NotFound) as refused:
        flash(refused.message)
    return redirect(f"/coordinacion/consultas/{slug}/temas/{number}#expediente")


def _act(found: Topic, verb: str, actor: Actor) -> str:
    if verb == "retirar" and found.docket is not None:
        withdraw_docket(docket=found.docket, reason=_typed("motivo"), actor=actor, now=arrived_at())
        return _("Expediente retirado. Lo comentado sigue a la vista.")
    if verb == "suceder" and found.docket is not None:
        kind = _typed("como")
        succeed(
            predecessor=get_docket(actor.government_id, _typed("anterior")),
            successor=found.docket,
            kind=SuccessionKind(kind) if kind in list(SuccessionKind) else SuccessionKind.REFILED,
            reason=_typed("motivo"),
            actor=actor,
            now=arrived_at(),
        )
        return _("Anotado. Sus comentarios se están trasladando y se avisa a quienes escribieron.")
    docket = file_topic(topic=found, key=_typed("expediente"), actor=actor, now=arrived_at())
    return _("Expediente %(key)s.", key=docket.key)


def _typed(name: str) -> str:
    return CLEANERS[0](request.form.get(name, ""))[0].strip()


def _own(slug: str, number: int, actor: Actor) -> Any:
    found = get_topic(slug, number) if number < 10**9 else None
    if found is None or found.window.government_id != actor.government_id:
        raise NotFound(_("No existe ese tema."))
    return found
