"""What the pages of administration share: one section per form, acts in one transaction, what was typed kept."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import redirect, render_template, request

from consulta.accounts.states import AccountState
from consulta.actors import Actor, Role
from consulta.agencies.models import Government
from consulta.agencies.operations import (
    local_today,
)
from consulta.agencies.queries import (
    find_notice,
    get_government,
    list_agencies,
    list_people,
    list_posts,
    list_tenures,
    list_units,
)
from consulta.agencies.themes import DEFAULTS
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.web.access import roles
from consulta.web.context import arrived_at, services
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS
from consulta.web.languages import local

ADMINISTERS = roles(Role.ADMINISTRATOR)
# Which page shows a form, and where.
PAGES = {
    "": ("agencies/administration.html", "/administracion"),
    "agency": ("agencies/chart.html", "/administracion/dependencias"),
    "unit": ("agencies/chart.html", "/administracion/dependencias"),
    "post": ("agencies/posts.html", "/administracion/cargos"),
    "tenure": ("agencies/posts.html", "/administracion/cargos"),
    "person": ("agencies/people.html", "/administracion/cuentas"),
    "notice": ("agencies/texts.html", "/administracion/textos"),
    "look": ("agencies/look.html", "/administracion/apariencia"),
    "shield": ("agencies/look.html", "/administracion/apariencia"),
}
# Fields of several lines.
LINES = ("contact", "summary", "text")


def perform(actor: Actor, section: str, act: Callable[[Government], str]) -> Any:
    """Run an act in one transaction; on refusal show the page again with what was typed and the message."""
    try:
        with unit_of_work():
            message = act(get_government(actor.government_id))
    except Refused as refused:
        return show_page(actor, section, refused), 422
    flash(message)
    return redirect(f"{PAGES[section][1]}#{section}")


def show_page(actor: Actor, section: str = "", refused: Refused | None = None) -> str:
    """Return the page of a section; after a refusal with what was typed and the message."""
    government = get_government(actor.government_id)
    today = local_today(government, arrived_at())
    found, tenures = list_posts(government.id), list_tenures(government.id)
    held = {item.post_id for item in tenures if item.from_on <= today and (item.to_on is None or today < item.to_on)}
    known = list_people(government.id)
    return render_template(
        PAGES[section][0],
        agencies=list_agencies(government.id),
        units=list_units(government.id),
        posts=found,
        vacant=[post for post in found if post.id not in held],
        people=known,
        invited=sum(person.state == AccountState.INVITED for person in known),
        tenures=tenures,
        notice=find_notice(government.id),
        colours={**DEFAULTS, **government.theme},
        today=today,
        roles=list(Role),
        section=section if refused else "",
        refused=refused,
        typed={name: typed_lines(name) if name in LINES else typed_text(name) for name in request.form},
        me=actor.person_id,
    )


def typed_text(name: str) -> str:
    """Return a field of one line as it can be kept."""
    cleaner = CLEANERS[0]
    return " ".join(cleaner(request.form.get(name, ""))[0].split())


def typed_lines(name: str) -> str:
    """Return a field of several lines as it can be kept."""
    return CLEANERS[0](request.form.get(name, ""))[0].strip()


def typed_number(name: str) -> int:
    """Return a field with the id of a row; 0 for anything else."""
    value = request.form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0


def typed_day(name: str) -> date:
    """Return a field with a day. Raises Refused at it."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        raise Refused(_("Escriba el día, por ejemplo 12/06/2026."), field=name) from error


def chosen(found: Any, field: str, message: str) -> Any:
    """Return what was chosen. Raises Refused at the field when it was not."""
    if found is None:
        raise Refused(message, field=field)
    return found


def existing(found: Any, message: str) -> Any:
    """Return what the address names. Raises NotFound."""
    if found is None:
        raise NotFound(message)
    return found


def account_link(token: str) -> str:
    """Return the address with which a person opens her account."""
    return services().settings.public_url + local(f"/invitacion/{token}")


def sign_in_link() -> str:
    """Return the address where a person with an account signs in."""
    return services().settings.public_url + local("/entrar")
