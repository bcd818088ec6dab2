"""What surrounds a draft: who would receive it, its wordings side by side, taking back, throwing away."""

from typing import Any

from flask import Blueprint, redirect, render_template

from consulta.actors import Actor
from consulta.analysis.differences import find_differences
from consulta.db import unit_of_work
from consulta.desk.own_referrals import ANSWERS, own_answer, own_referrals, post_for, post_writing
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.referrals.drafting import discard_draft, recall_answer, take_out
from consulta.referrals.operations import submit_answer
from consulta.referrals.queries import list_wordings
from consulta.web.access import access
from consulta.web.context import arrived_at
from consulta.web.flashes import flash

blueprint = Blueprint("drafts", __name__)


@blueprint.get("/bandeja/borradores/<int:answer_id>/destinatarios")
@access(ANSWERS)
def recipients(answer_id: int, actor: Actor) -> str:  # noqa: ARG001 - any of her posts
    """Show who would receive what, and by which means, before it goes to signature."""
    return render_template("desk/recipients.html", answer=own_answer(answer_id), problem="")


@blueprint.post("/bandeja/borradores/<int:answer_id>/firmar")
@access(ANSWERS)
def submit(answer_id: int, actor: Actor) -> Any:
    """Send a draft to signature once its recipients were seen."""
    found = own_answer(answer_id)
    try:
        with unit_of_work():
            submit_answer(answer=found, actor=post_writing(found, actor), now=arrived_at())
    except Refused as refused:
        return render_template("desk/recipients.html", answer=own_answer(answer_id), problem=refused.message), 422
    flash(_("Enviada a firma."))
    return redirect("/bandeja/turnos")


@blueprint.get("/bandeja/borradores/<int:answer_id>/redacciones")
@access(ANSWERS)
def wordings(answer_id: int, actor: Actor) -> str:  # noqa: ARG001 - any of her posts
    """Show the wordings of a draft, each with what changed since the one before."""
    kept = list_wordings(answer_id)
    pairs = [
        (item, before, find_differences(before.text if before else "", item.text))
        for item, before in zip(kept, [None, *kept][: len(kept)], strict=True)
    ]
    return render_template("desk/wordings.html", answer=own_answer(answer_id), pairs=pairs[::-1])


@blueprint.post("/bandeja/borradores/<int:answer_id>/descartar")
@access(ANSWERS)
def discard(answer_id: int, actor: Actor) -> Any:
    """Throw a draft away."""
    found = own_answer(answer_id)
    try:
        with unit_of_work():
            discard_draft(answer=found, actor=post_writing(found, actor), now=arrived_at())
        flash(_("Borrador descartado: sus folios vuelven a esperar respuesta."))
    except Refused as refused:
        flash(refused.message)
    return redirect("/bandeja/turnos")


@blueprint.post("/bandeja/borradores/<int:answer_id>/recuperar")
@access(ANSWERS)
def recall(answer_id: int, actor: Actor) -> Any:
    """Take back what was sent to signature."""
    found = own_answer(answer_id)
    back = f"/bandeja/turnos/{found.referrals[0].id}" if found.referrals else "/bandeja/turnos"
    try:
        with unit_of_work():
            recall_answer(answer=found, actor=post_writing(found, actor), now=arrived_at())
        flash(_("Recuperada: vuelve a ser borrador."))
    except Refused as refused:
        flash(refused.message)
    return redirect(back)


@blueprint.post("/bandeja/turnos/<int:referral_id>/sacar")
@access(ANSWERS)
def leave_out(referral_id: int, actor: Actor) -> Any:
    """Take one comment out of a draft that serves many."""
    [found] = own_referrals([referral_id])
    answer_id = found.answer_id
    try:
        with unit_of_work():
            take_out(referral=found, actor=post_for(found, actor), now=arrived_at())
        flash(_("%(folio)s ya no lleva esa respuesta: vuelve a su bandeja.", folio=found.submission.folio))
    except Refused as refused:
        flash(refused.message)
        return redirect("/bandeja/turnos")
    return redirect(f"/bandeja/borradores/{answer_id}/destinatarios")
