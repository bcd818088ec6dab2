"""Groups of alike comments for the people who answer them: what differs in each, confirm, break up, answer at once."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.analysis.clustering import load_parameters
from consulta.analysis.differences import find_differences
from consulta.analysis.models import Campaign, CampaignMember
from consulta.analysis.operations import FEWEST, ask_for_campaigns, decide_campaign, take_member_out
from consulta.analysis.queries import find_campaign, list_campaigns, list_members
from consulta.analysis.states import CampaignState
from consulta.db import unit_of_work
from consulta.desk.editor import ReasonForm
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.web.access import access, held_posts, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.pagination import decode_cursor, encode_cursor
from consulta.windows.counters import read_window_counts
from consulta.windows.models import Window
from consulta.windows.queries import get_window

blueprint = Blueprint("campaigns", __name__)
READS = roles(Role.COORDINATOR, Role.RESPONDENT, Role.APPROVER)
WORDS = {"confirmar": CampaignState.CONFIRMED, "deshacer": CampaignState.BROKEN}


@blueprint.get("/bandeja/consultas/<slug>/grupos")
@access(READS)
def groups(slug: str, actor: Actor) -> str:
    """List the groups of a window."""
    window = _window(slug, actor)
    counts = read_window_counts([window.id]).get(window.id, {})
    return render_template(
        "desk/campaigns.html",
        window=window,
        found=list_campaigns(window.id, with_broken=True),
        received=counts.get("received", 0),
        fewest=FEWEST,
        parameters=load_parameters(),
    )


@blueprint.post("/bandeja/consultas/<slug>/grupos")
@access(READS)
def look(slug: str, actor: Actor) -> Any:
    """Let the worker look for groups."""
    with unit_of_work():
        ask_for_campaigns(window=_window(slug, actor), actor=actor, now=arrived_at())
    flash(_("Se están buscando. Recargue esta página en un minuto."))
    return redirect(f"/bandeja/consultas/{slug}/grupos")


@blueprint.get("/bandeja/grupos/<int:campaign_id>")
@access(READS)
def group(campaign_id: int, actor: Actor) -> str:
    """Show a group, with what differs in each of its members."""
    return _page(_own(campaign_id, actor), ReasonForm())


@blueprint.post("/bandeja/grupos/<int:campaign_id>")
@access(READS)
def decide(campaign_id: int, actor: Actor) -> Any:
    """Confirm a group, or break it up with the reason."""
    found, form = _own(campaign_id, actor), ReasonForm(request.form)
    form.attach_removed()
    state = WORDS.get(request.form.get("accion", ""), CampaignState.CONFIRMED)
    try:
        with unit_of_work():
            decide_campaign(campaign=found, state=state, reason=form.reason.data or "", actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _page(_own(campaign_id, actor), form), 422
    confirmed = state == CampaignState.CONFIRMED
    flash(_("Grupo confirmado.") if confirmed else _("Grupo deshecho: cada comentario sigue igual."))
    return redirect(f"/bandeja/grupos/{campaign_id}")


@blueprint.post("/bandeja/grupos/<int:campaign_id>/sacar/<folio>")
@access(READS)
def leave_out(campaign_id: int, folio: str, actor: Actor) -> Any:
    """Take a comment out of a group."""
    found = _own(campaign_id, actor)
    member = next((item for item in _every(found) if item.submission.folio == folio), None)
    if member is None:
        raise NotFound(_("No existe ese folio."))
    try:
        with unit_of_work():
            take_member_out(member=member, campaign=found, actor=actor, now=arrived_at())
        flash(_("%(folio)s ya no está en el grupo.", folio=folio))
    except Refused as refused:
        flash(refused.message)
    return redirect(f"/bandeja/grupos/{campaign_id}")


def _every(found: Campaign) -> list[CampaignMember]:
    return list(list_members(found.id, limit=100_000))


def _own(campaign_id: int, actor: Actor) -> Campaign:
    found = find_campaign(campaign_id)
    if found is None or found.window.government_id != actor.government_id:
        raise NotFound(_("No existe ese grupo."))
    return found


def _window(slug: str, actor: Actor) -> Window:
    found = get_window(slug)
    if found.government_id != actor.government_id:
        raise NotFound(_("No existe esa consulta."))
    return found


def _page(found: Campaign, form: ReasonForm) -> str:
    cursor = decode_cursor(request.args.get("desde"), int)
    members = list_members(found.id, after_id=cursor[0] if cursor else 0, limit=51)
    shown, text = members[:50], found.representative.text
    return render_template(
        "desk/campaign.html",
        campaign=found,
        members=[(item, find_differences(text, item.submission.text)) for item in shown],
        more=encode_cursor(shown[-1].submission_id) if len(members) > 50 else None,
        answers=bool(held_posts(Role.RESPONDENT, Role.APPROVER)),
        form=form,
    )
