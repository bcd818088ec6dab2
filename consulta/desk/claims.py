"""Claims of people who say that they did not send something: the coordination checks who they are, and decides."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.referrals.claims import decide_claim, list_open_claims
from consulta.referrals.models import DisowningClaim
from consulta.referrals.states import ClaimState
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS

blueprint = Blueprint("desk_claims", __name__)
COORDINATES = roles(Role.COORDINATOR)


@blueprint.get("/coordinacion/no-lo-envie")
@access(COORDINATES)
def claims(actor: Actor) -> str:
    """List the claims that wait."""
    return _page(actor)


@blueprint.post("/coordinacion/no-lo-envie/<int:claim_id>")
@access(COORDINATES)
def decide(claim_id: int, actor: Actor) -> Any:
    """Accept a claim, or leave the submission as it is."""
    accepts = request.form.get("accion") == "aceptar"
    try:
        with unit_of_work():
            decide_claim(
                claim=_own(claim_id, actor),
                state=ClaimState.ACCEPTED if accepts else ClaimState.REJECTED,
                reason=_reason(),
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        return _page(actor, claim_id, refused.message), 422
    flash(_("Anotado: ya no lleva su nombre.") if accepts else _("Se queda como está."))
    return redirect("/coordinacion/no-lo-envie")


def _own(claim_id: int, actor: Actor) -> DisowningClaim:
    found = next((item for item in list_open_claims(actor.government_id) if item.id == claim_id), None)
    if found is None:
        raise NotFound(_("Ese aviso no existe o ya se decidió."))
    return found


def _reason() -> str:
    return CLEANERS[0](request.form.get("razones", ""))[0]


def _page(actor: Actor, at: int = 0, problem: str = "") -> str:
    return render_template(
        "desk/claims.html", found=list_open_claims(actor.government_id), at=at, problem=problem, typed=_reason()
    )
