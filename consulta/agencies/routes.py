"""Administration: agencies, units, posts, people and who holds which post."""

from typing import Any

from flask import Blueprint

from consulta.accounts.models import Person
from consulta.accounts.notices import invitation_notice
from consulta.accounts.operations import invite_person, issue_link, restore_person, suspend_person
from consulta.accounts.queries import find_person_by_email
from consulta.accounts.states import AccountState, LinkPurpose
from consulta.actors import Actor, Role
from consulta.agencies.models import Agency, Government, Post, Unit
from consulta.agencies.notices import appointment_notice
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
from consulta.agencies.pages import (
    ADMINISTERS,
    account_link,
    chosen,
    existing,
    perform,
    show_page,
    sign_in_link,
    typed_day,
    typed_number,
    typed_text,
)
from consulta.agencies.queries import (
    find_agency,
    find_person_of,
    find_post,
    find_tenure,
    find_unit,
    get_government,
    list_actors,
)
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.notices import notify
from consulta.web.access import access
from consulta.web.context import arrived_at

blueprint = Blueprint("administration", __name__)


@blueprint.get("/administracion")
@access(ADMINISTERS)
def overview(actor: Actor) -> str:
    """Show what there is, and which posts nobody holds."""
    return show_page(actor)


@blueprint.get("/administracion/dependencias")
@access(ADMINISTERS)
def chart(actor: Actor) -> str:
    """Show agencies and units with the forms to create them."""
    return show_page(actor, "agency")


@blueprint.get("/administracion/cargos")
@access(ADMINISTERS)
def posts(actor: Actor) -> str:
    """Show posts and who holds them, with the forms to change that."""
    return show_page(actor, "post")


@blueprint.get("/administracion/cuentas")
@access(ADMINISTERS)
def people(actor: Actor) -> str:
    """Show the people with an account, with the form to invite."""
    return show_page(actor, "person")


@blueprint.post("/administracion/dependencias")
@access(ADMINISTERS)
def add_agency(actor: Actor) -> Any:
    """Create an agency; its key is made of its name unless one is given."""

    def act(government: Government) -> str:
        name = typed_text("name")
        create_agency(government=government, key=typed_text("key") or make_key(name), name=name, now=arrived_at())
        return _("Dependencia creada: %(name)s.", name=name)

    return perform(actor, "agency", act)


@blueprint.post("/administracion/unidades")
@access(ADMINISTERS)
def add_unit(actor: Actor) -> Any:
    """Create a unit."""

    def act(government: Government) -> str:
        name = typed_text("name")
        agency: Agency = chosen(
            find_agency(government.id, typed_number("agency_id")), "agency_id", _("Elija la dependencia.")
        )
        create_unit(agency=agency, key=typed_text("key") or make_key(name), name=name, now=arrived_at())
        return _("Unidad creada: %(name)s.", name=name)

    return perform(actor, "unit", act)


@blueprint.post("/administracion/cargos")
@access(ADMINISTERS)
def add_post(actor: Actor) -> Any:
    """Create a post."""

    def act(government: Government) -> str:
        title = typed_text("title")
        unit: Unit = chosen(find_unit(government.id, typed_number("unit_id")), "unit_id", _("Elija la unidad."))
        role = typed_text("role")
        if role not in list(Role):
            raise Refused(_("Elija qué hace este cargo."), field="role")
        key = typed_text("key") or make_key(f"{unit.key} {title}", longest=LONGEST_POST_KEY)
        create_post(unit=unit, key=key, title=title, role=Role(role), now=arrived_at())
        return _("Cargo creado: %(title)s.", title=title)

    return perform(actor, "post", act)


@blueprint.post("/administracion/personas")
@access(ADMINISTERS)
def invite(actor: Actor) -> Any:
    """Invite a person to a post: account unless she has one, tenure from today, and a mail that tells her."""

    def act(government: Government) -> str:
        post: Post = chosen(find_post(government.id, typed_number("post_id")), "post_id", _("Elija el cargo."))
        known = find_person_by_email(typed_text("email"))
        if known is not None:
            return _appoint_known(known, post, government)
        person, token = invite_person(email=typed_text("email"), name=typed_text("name"), now=arrived_at())
        appoint(person=person, post=post, from_on=local_today(government, arrived_at()), now=arrived_at())
        notify(invitation_notice(person, account_link(token), government.name, arrived_at()), now=arrived_at())
        return _("Invitación enviada a %(email)s.", email=person.email)

    return perform(actor, "person", act)


def _appoint_known(person: Person, post: Post, government: Government) -> str:
    """Give the post to somebody who has an account, here or in another government, and tell her."""
    try:
        tenure = appoint(person=person, post=post, from_on=local_today(government, arrived_at()), now=arrived_at())
    except Refused as refused:
        raise Refused(refused.message, field="email") from refused
    if person.state == AccountState.SUSPENDED:
        return _("Nombramiento guardado. La cuenta de %(email)s está suspendida: reábrala.", email=person.email)
    if person.state == AccountState.INVITED:
        token = issue_link(person=person, purpose=LinkPurpose.INVITATION, now=arrived_at())
        notify(invitation_notice(person, account_link(token), government.name, arrived_at()), now=arrived_at())
        return _("Invitación enviada a %(email)s.", email=person.email)
    notify(appointment_notice(tenure, government.name, sign_in_link()), now=arrived_at())
    return _("%(email)s ya tenía cuenta: se le avisó de su cargo por correo.", email=person.email)


def _require_ours(person: Person, government: Government) -> None:
    """Refuse to close or open the account of who works today for another government. Raises Refused."""
    for held in list_actors(person.id, arrived_at()):
        if held.government_id != government.id:
            raise Refused(
                _(
                    "%(name)s ocupa hoy un cargo en %(government)s: pida a ese gobierno que lo haga. Aquí puede "
                    "terminar sus nombramientos.",
                    name=person.name,
                    government=get_government(held.government_id).name,
                )
            )


@blueprint.post("/administracion/nombramientos")
@access(ADMINISTERS)
def add_tenure(actor: Actor) -> Any:
    """Put a person who has an account in a post."""

    def act(government: Government) -> str:
        person: Person = chosen(
            find_person_of(government.id, typed_number("person_id")), "person_id", _("Elija a la persona.")
        )
        post: Post = chosen(find_post(government.id, typed_number("post_id")), "post_id", _("Elija el cargo."))
        appoint(person=person, post=post, from_on=typed_day("from_on"), now=arrived_at())
        return f"{person.name} ocupa: {post.title}."

    return perform(actor, "tenure", act)


@blueprint.post("/administracion/nombramientos/<int:tenure_id>/terminar")
@access(ADMINISTERS)
def finish_tenure(tenure_id: int, actor: Actor) -> Any:
    """End a tenure today; the work stays with the post."""

    def act(government: Government) -> str:
        tenure = existing(find_tenure(government.id, tenure_id), _("No existe ese nombramiento."))
        if tenure.person_id == actor.person_id and tenure.post_id == actor.post_id:
            raise Refused(_("No puede terminar su propio nombramiento: pídalo a otra persona que administre."))
        end_tenure(tenure=tenure, to_on=local_today(government, arrived_at()), now=arrived_at())
        return _("Nombramiento terminado. El trabajo pendiente se queda en el cargo.")

    return perform(actor, "tenure", act)


@blueprint.post("/administracion/personas/<int:person_id>/suspender")
@access(ADMINISTERS)
def suspend(person_id: int, actor: Actor) -> Any:
    """Suspend an account and end its sessions."""

    def act(government: Government) -> str:
        person: Person = existing(find_person_of(government.id, person_id), _("No existe esa persona."))
        if person.id == actor.person_id:
            raise Refused(_("No puede suspender su propia cuenta: pídalo a otra persona que administre."))
        _require_ours(person, government)
        suspend_person(person=person, now=arrived_at())
        return _("Cuenta suspendida: %(name)s.", name=person.name)

    return perform(actor, "person", act)


@blueprint.post("/administracion/personas/<int:person_id>/reabrir")
@access(ADMINISTERS)
def restore(person_id: int, actor: Actor) -> Any:
    """Reopen a suspended account with a fresh invitation."""

    def act(government: Government) -> str:
        person: Person = existing(find_person_of(government.id, person_id), _("No existe esa persona."))
        _require_ours(person, government)
        token = restore_person(person=person, now=arrived_at())
        notify(invitation_notice(person, account_link(token), government.name, arrived_at()), now=arrived_at())
        return _("Cuenta reabierta; invitación enviada a %(email)s.", email=person.email)

    return perform(actor, "person", act)
