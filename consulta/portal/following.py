"""Mails about what happens: asking for them, confirming, changing and leaving. Nobody needs an account.

A page that is only opened changes nothing: programs that look at mails before their reader open every link.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from wtforms import RadioField

from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.finding.asking import read_day
from consulta.following.models import Subscription
from consulta.following.notices import CONFIRM, MANAGE, name_of
from consulta.following.operations import (
    Sender,
    ask_to_follow,
    change_followed,
    confirm,
    leave,
    leave_all,
)
from consulta.following.queries import find_agency, find_by_code, list_followable_agencies, list_of_address
from consulta.following.rules import Target, make_code
from consulta.following.states import DepartureCause, FollowedKind, Pace
from consulta.i18n.text import N_, _, language
from consulta.portal.search import FIELDS
from consulta.search.query import LONGEST
from consulta.web.access import BY_CODE, EVERYBODY, access
from consulta.web.context import arrived_at, services, show_government
from consulta.web.forms import BaseForm, CleanString
from consulta.web.responses import no_store, render_private
from consulta.windows.queries import get_public_window

blueprint = Blueprint("following", __name__)
# Fields that say what is followed; they travel through the form.
PLACES = ("consulta", "dependencia", *(name for name in FIELDS if name != "orden"))


class FollowForm(BaseForm):
    """An address, and how soon it is told."""

    email = CleanString(N_("Su correo"))
    pace = RadioField(
        N_("¿Cada cuándo le escribimos?"),
        choices=lambda: [
            (Pace.IMMEDIATE.value, _("Cuando pase algo")),
            (Pace.DAILY.value, _("Un correo al día, a las 8 de la mañana")),
        ],
        validate_choice=False,
        default=Pace.DAILY.value,
    )


@blueprint.get("/avisos")
@access(EVERYBODY)
def show() -> str:
    """Show the form for what the address names, and what else can be followed."""
    no_store()
    return _form_page(FollowForm(), request.args)


@blueprint.post("/avisos")
@access(EVERYBODY)
def ask() -> Any:
    """Send the mail that asks for confirmation; say the same whatever the address follows already."""
    no_store()
    form = FollowForm(request.form)
    target, name = _target(request.form)
    try:
        with unit_of_work():
            ask_to_follow(
                email=form.email.data or "",
                target=target,
                pace=_pace(form.pace.data),
                language=language(),
                sender=_sender(),
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _form_page(form, request.form), 422
    return render_template("following/asked.html", email=form.email.data, name=name)


@blueprint.get("/avisos/confirmar/<code>")
@access(EVERYBODY)
def show_confirmation(code: str) -> str:
    """Show what would be confirmed, with its button."""
    found = _find(code, CONFIRM)
    return render_private("following/confirm.html", subscription=found, name=name_of(found), code=code)


@blueprint.post("/avisos/confirmar/<code>")
@access(EVERYBODY)
def do_confirm(code: str) -> Any:
    """Begin to tell, and say what will come and how to leave."""
    with unit_of_work():
        found = _find(code, CONFIRM)
        try:
            confirm(subscription=found, zone=services().settings.timezone, now=arrived_at())
        except Refused as refused:
            raise NotFound(refused.message) from refused
    manage = f"/avisos/administrar/{make_code(services().secret, MANAGE, found)}"
    return render_private("following/confirmed.html", subscription=found, name=name_of(found), manage=manage)


@blueprint.get("/avisos/administrar/<code>")
@access(EVERYBODY)
def show_followed(code: str) -> str:
    """Show what the owner of an address follows."""
    return _followed_page(_find(code, MANAGE), code, is_saved=False)


@blueprint.post("/avisos/administrar/<code>")
@access(EVERYBODY)
def change(code: str) -> str:
    """Change how soon each is told, leave some, or leave all."""
    now = arrived_at()
    with unit_of_work():
        found = _find(code, MANAGE)
        if request.form.get("accion") == "salir-de-todo":
            leave_all(subscription=found, now=now)
        else:
            paces, left = _choices(request.form)
            change_followed(subscription=found, paces=paces, left=left, zone=services().settings.timezone, now=now)
    still = find_by_code(code, secret=services().secret, purpose=MANAGE)
    return _followed_page(still, code, is_saved=True) if still else render_private("following/left.html")


@blueprint.get("/avisos/salir/<code>")
@access(EVERYBODY)
def show_leaving(code: str) -> str:
    """Show what would be left, with its button."""
    found = _find(code, MANAGE)
    return render_private("following/leave.html", name=name_of(found), code=code)


@blueprint.post("/avisos/salir/<code>")
@access(BY_CODE)
def do_leave(code: str) -> str:
    """Leave at once (RFC 8058): without cookies, questions or redirects; what was left before stays left."""
    with unit_of_work():
        found = find_by_code(code, secret=services().secret, purpose=MANAGE)
        if found is not None:
            leave(subscription=found, cause=DepartureCause.LEFT, now=arrived_at())
    return render_private("following/left.html")


def _find(code: str, purpose: str) -> Subscription:
    found = find_by_code(code, secret=services().secret, purpose=purpose)
    if found is None:
        raise NotFound(_("El enlace ya no sirve: los avisos terminaron, o el plazo para confirmarlos venció."))
    return found


def _followed_page(found: Subscription, code: str, *, is_saved: bool) -> str:
    rows = [(row, name_of(row)) for row in list_of_address(found.email)]
    return render_private("following/followed.html", rows=rows, code=code, is_saved=is_saved)


def _choices(given: Mapping[str, str]) -> tuple[dict[int, Pace], set[int]]:
    """Return how soon each is told, and which are left, as the form says."""
    paces, left = {}, set()
    for name, value in given.items():
        what, _mark, number = name.partition("-")
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            continue
        if what == "ritmo":
            paces[int(number)] = _pace(value)
        elif what == "salir" and value == "si":
            left.add(int(number))
    return paces, left


def _form_page(form: FollowForm, given: Mapping[str, str]) -> str:
    target, name = _target(given)
    return render_template(
        "following/ask.html",
        form=form,
        name=name,
        kind=target.kind,
        places=[(place, given[place]) for place in PLACES if given.get(place)],
        agencies=list_followable_agencies() if target.kind == FollowedKind.EVERYTHING else [],
    )


def _target(given: Mapping[str, str]) -> tuple[Target, str]:
    """Return what an address or a form names, and how it is called. Raises NotFound for what is not public."""
    if given.get("consulta"):
        window = get_public_window(given["consulta"])
        show_government(window.government)
        return Target(FollowedKind.WINDOW, window_id=window.id), window.title
    if given.get("dependencia"):
        agency = find_agency(*given["dependencia"].partition("/")[::2])
        if agency is None:
            raise NotFound(_("No existe esa dependencia."))
        show_government(agency.government)
        return Target(FollowedKind.AGENCY, agency_id=agency.id), agency.name
    search = _search(given)
    if search.get("q"):
        return Target(FollowedKind.SEARCH, search=search), _("la búsqueda «%(words)s»", words=search["q"])
    return Target(FollowedKind.EVERYTHING), _("todas las consultas nuevas")


def _search(given: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a search that say something; days that cannot be read leave open."""
    kept = {name: given.get(name, "").strip()[:LONGEST] for name in FIELDS if name != "orden"}
    for name in ("desde", "hasta"):
        try:
            read_day(kept[name])
        except ValueError:
            kept[name] = ""
    return {name: value for name, value in kept.items() if value}


def _pace(value: object) -> Pace:
    return Pace.IMMEDIATE if value == Pace.IMMEDIATE else Pace.DAILY


def _sender() -> Sender:
    settings = services().settings
    return Sender(services().secret, settings.public_url, settings.timezone)
