"""Administration: agencies, units, posts, people and who holds which post."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.accounts.models import Person
from consulta.accounts.notices import invitation_notice
from consulta.accounts.operations import invite_person, restore_person, suspend_person
from consulta.actors import Actor, Role
from consulta.agencies.models import Agency, Government, Post, Unit
from consulta.agencies.operations import (
    LONGEST_POST_KEY,
    appoint,
    create_agency,
    create_post,
    create_unit,
    end_tenure,
    local_today,
    make_key,
)
from consulta.agencies.queries import (
    find_agency,
    find_person_of,
    find_post,
    find_tenure,
    find_unit,
    get_government,
    list_agencies,
    list_people,
    list_posts,
    list_tenures,
    list_units,
)
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.notices import notify
from consulta.web.access import access, roles
from consulta.web.context import arrived_at, services
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS

blueprint = Blueprint("administration", __name__)
ADMINISTERS = roles(Role.ADMINISTRATOR)


@blueprint.get("/administracion")
@access(ADMINISTERS)
def overview(actor: Actor) -> str:
    """Show the organisation chart, the people and the tenures, with the forms to change them."""
    return _page(actor)


@blueprint.post("/administracion/dependencias")
@access(ADMINISTERS)
def add_agency(actor: Actor) -> Any:
    """Create an agency; its key is made of its name unless one is given."""

    def act(government: Government) -> str:
        name = _text("name")
        create_agency(government=government, key=_text("key") or make_key(name), name=name, now=arrived_at())
        return f"Dependencia creada: {name}."

    return _do(actor, "agency", act)


@blueprint.post("/administracion/unidades")
@access(ADMINISTERS)
def add_unit(actor: Actor) -> Any:
    """Create a unit."""

    def act(government: Government) -> str:
        name = _text("name")
        agency: Agency = _chosen(find_agency(government.id, _number("agency_id")), "agency_id", "Elija la dependencia.")
        create_unit(agency=agency, key=_text("key") or make_key(name), name=name, now=arrived_at())
        return f"Unidad creada: {name}."

    return _do(actor, "unit", act)


@blueprint.post("/administracion/cargos")
@access(ADMINISTERS)
def add_post(actor: Actor) -> Any:
    """Create a post."""

    def act(government: Government) -> str:
        title = _text("title")
        unit: Unit = _chosen(find_unit(government.id, _number("unit_id")), "unit_id", "Elija la unidad.")
        role = _text("role")
        if role not in list(Role):
            raise Refused("Elija qué hace este cargo.", field="role")
        key = _text("key") or make_key(f"{unit.key} {title}", longest=LONGEST_POST_KEY)
        create_post(unit=unit, key=key, title=title, role=Role(role), now=arrived_at())
        return f"Cargo creado: {title}."

    return _do(actor, "post", act)


@blueprint.post("/administracion/personas")
@access(ADMINISTERS)
def invite(actor: Actor) -> Any:
    """Invite a person to a post: account, tenure from today, and the mail with which she chooses her password."""

    def act(government: Government) -> str:
        post: Post = _chosen(find_post(government.id, _number("post_id")), "post_id", "Elija el cargo.")
        person, token = invite_person(email=_text("email"), name=_text("name"), now=arrived_at())
        appoint(person=person, post=post, from_on=local_today(government, arrived_at()), now=arrived_at())
        notify(invitation_notice(person, _link(token), government.name, arrived_at()), now=arrived_at())
        return f"Invitación enviada a {person.email}."

    return _do(actor, "person", act)


@blueprint.post("/administracion/nombramientos")
@access(ADMINISTERS)
def add_tenure(actor: Actor) -> Any:
    """Put a person who has an account in a post."""

    def act(government: Government) -> str:
        person: Person = _chosen(
            find_person_of(government.id, _number("person_id")), "person_id", "Elija a la persona."
        )
        post: Post = _chosen(find_post(government.id, _number("post_id")), "post_id", "Elija el cargo.")
        appoint(person=person, post=post, from_on=_day("from_on"), now=arrived_at())
        return f"{person.name} ocupa: {post.title}."

    return _do(actor, "tenure", act)


@blueprint.post("/administracion/nombramientos/<int:tenure_id>/terminar")
@access(ADMINISTERS)
def finish_tenure(tenure_id: int, actor: Actor) -> Any:
    """End a tenure today; the work stays with the post."""

    def act(government: Government) -> str:
        tenure = _existing(find_tenure(government.id, tenure_id), "No existe ese nombramiento.")
        if tenure.person_id == actor.person_id and tenure.post_id == actor.post_id:
            raise Refused("No puede terminar su propio nombramiento: pídalo a otra persona que administre.")
        end_tenure(tenure=tenure, to_on=local_today(government, arrived_at()), now=arrived_at())
        return "Nombramiento terminado. El trabajo pendiente se queda en el cargo."

    return _do(actor, "tenure", act)


@blueprint.post("/administracion/personas/<int:person_id>/suspender")
@access(ADMINISTERS)
def suspend(person_id: int, actor: Actor) -> Any:
    """Suspend an account and end its sessions."""

    def act(government: Government) -> str:
        person: Person = _existing(find_person_of(government.id, person_id), "No existe esa persona.")
        if person.id == actor.person_id:
            raise Refused("No puede suspender su propia cuenta: pídalo a otra persona que administre.")
        suspend_person(person=person, now=arrived_at())
        return f"Cuenta suspendida: {person.name}."

    return _do(actor, "person", act)


@blueprint.post("/administracion/personas/<int:person_id>/reabrir")
@access(ADMINISTERS)
def restore(person_id: int, actor: Actor) -> Any:
    """Reopen a suspended account with a fresh invitation."""

    def act(government: Government) -> str:
        person: Person = _existing(find_person_of(government.id, person_id), "No existe esa persona.")
        token = restore_person(person=person, now=arrived_at())
        notify(invitation_notice(person, _link(token), government.name, arrived_at()), now=arrived_at())
        return f"Cuenta reabierta; invitación enviada a {person.email}."

    return _do(actor, "person", act)


def _do(actor: Actor, section: str, act: Callable[[Government], str]) -> Any:
    """Run an act in one transaction; on refusal show the page again with what was typed and the message."""
    try:
        with unit_of_work():
            message = act(get_government(actor.government_id))
    except Refused as refused:
        return _page(actor, section, refused), 422
    flash(message)
    return redirect(f"/administracion#{section}")


def _page(actor: Actor, section: str = "", refused: Refused | None = None) -> str:
    government_id = actor.government_id
    return render_template(
        "agencies/administration.html",
        agencies=list_agencies(government_id),
        units=list_units(government_id),
        posts=list_posts(government_id),
        people=list_people(government_id),
        tenures=list_tenures(government_id),
        today=local_today(get_government(government_id), arrived_at()),
        roles=list(Role),
        section=section,
        refused=refused,
        typed={name: _text(name) for name in request.form},
        me=actor.person_id,
    )


def _text(name: str) -> str:
    cleaner = CLEANERS[0]
    return " ".join(cleaner(request.form.get(name, ""))[0].split())


def _number(name: str) -> int:
    value = request.form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        raise Refused("Escriba el día, por ejemplo 12/06/2026.", field=name) from error


def _chosen(found: Any, field: str, message: str) -> Any:
    if found is None:
        raise Refused(message, field=field)
    return found


def _existing(found: Any, message: str) -> Any:
    if found is None:
        raise NotFound(message)
    return found


def _link(token: str) -> str:
    return f"{services().settings.public_url}/invitacion/{token}"
