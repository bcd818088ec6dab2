"""The respondent's tray: what her units must answer, filtered by its address."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request
from flask_login import current_user

from consulta.actors import Actor, Role
from consulta.agencies.queries import get_government
from consulta.desk.own_referrals import ANSWERS
from consulta.errors import Refused
from consulta.folio import parse_folio
from consulta.referrals.states import ReferralState
from consulta.referrals.tray import TrayFilter, list_tray
from consulta.submissions.states import Channel, SubmissionKind
from consulta.web.access import SIGNED_IN, access, held_posts
from consulta.web.context import arrived_at
from consulta.web.pagination import decode_moment_cursor, encode_cursor
from consulta.windows.rules import end_of_day

blueprint = Blueprint("tray", __name__)

FIRST_PAGE = {
    Role.RESPONDENT: "/bandeja/turnos",
    Role.APPROVER: "/bandeja/firma",
    Role.MODERATOR: "/bandeja/revision",
    Role.OPERATOR: "/captura",
    Role.COORDINATOR: "/coordinacion",
    Role.CONTROL: "/bandeja/turnos",
    Role.ADMINISTRATOR: "/administracion",
}
STATE_WORDS = {
    "por-responder": ReferralState.REFERRED,
    "respondidos": ReferralState.ANSWERED,
    "devueltos": ReferralState.RETURNED,
    "cerrados": ReferralState.ENDED,
}
# How many days from today each word of the address looks ahead.
DUE_WORDS = {"vencidos": None, "hoy": 0, "semana": 7}
# What the address may say, besides the state and the page.
NARROWED = ("tema", "consulta", "tipo", "canal", "vence", "grupo", "folio")


@blueprint.get("/bandeja")
@access(SIGNED_IN)
def desk() -> Any:
    """Go to the first page of the person's post."""
    for actor in current_user.actors:
        if actor.role in FIRST_PAGE:
            return redirect(FIRST_PAGE[actor.role])
    return redirect("/mi-cuenta")


@blueprint.get("/bandeja/turnos")
@access(ANSWERS)
def referrals(actor: Actor) -> str:
    """List the referrals of the person's units by due date; filters stay in the address."""
    chosen = request.args.get("estado", "por-responder")
    shown = chosen_filter(actor)
    found = list_tray(
        unit_ids={held.unit_id for held in held_posts(Role.RESPONDENT, Role.APPROVER)},
        control_unit_ids={held.unit_id for held in held_posts(Role.CONTROL)},
        shown=shown,
        after=decode_moment_cursor(request.args.get("desde")),
        limit=51,
    )
    rows = found[:50]
    return render_template(
        "desk/tray.html",
        referrals=rows,
        chosen=chosen,
        shown=shown,
        kept={name: request.args[name] for name in NARROWED if request.args.get(name)},
        kinds=list(SubmissionKind),
        channels=list(Channel),
        marks_all=request.args.get("marcar") == "todos",
        more=encode_cursor(rows[-1].due_at.isoformat(), rows[-1].id) if len(found) > 50 else None,
    )


def chosen_filter(actor: Actor) -> TrayFilter:
    """Return what the address of the request asks to see."""
    kind, channel = request.args.get("tipo", ""), request.args.get("canal", "")
    return TrayFilter(
        state=STATE_WORDS.get(request.args.get("estado", "por-responder")),
        topic_id=_number("tema"),
        window_id=_number("consulta"),
        kind=kind if kind in list(SubmissionKind) else None,
        channel=channel if channel in list(Channel) else None,
        due_before=_due_before(request.args.get("vence", ""), actor),
        campaign_id=_number("grupo"),
        folio=_folio(),
    )


def _number(name: str) -> int | None:
    value = request.args.get(name, type=int)
    return value if value is not None and 0 < value < 2**62 else None


def _folio() -> str | None:
    """Return the folio that is looked for; what is none finds nothing, rather than everything."""
    typed = request.args.get("folio", "").strip()
    try:
        return parse_folio(typed) if typed else None
    except Refused:
        return "-"


def _due_before(word: str, actor: Actor) -> datetime | None:
    if word not in DUE_WORDS:
        return None
    ahead = DUE_WORDS[word]
    if ahead is None:
        return arrived_at()
    zone = ZoneInfo(get_government(actor.government_id).timezone)
    return end_of_day(arrived_at().astimezone(zone).date() + timedelta(days=ahead), zone)
