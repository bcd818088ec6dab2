"""Reads of the organisation chart, and the actors that a person or a token may be today."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.accounts.models import ApiToken, Person
from consulta.accounts.states import AccountState
from consulta.actors import Actor, Role
from consulta.agencies.models import Agency, Government, Post, PrivacyNotice, Tenure, Unit
from consulta.db import session
from consulta.errors import NotFound
from consulta.i18n.text import _


def list_governments() -> Sequence[Government]:
    """Return every government, by name."""
    return session().scalars(select(Government).order_by(Government.name)).all()


def find_main_government() -> Government | None:
    """Return the government whose instance it is: the first that was created."""
    return session().scalar(select(Government).order_by(Government.id).limit(1))


def find_government_by_key(key: str) -> Government | None:
    """Return a government by its public key; an empty one asks for none."""
    if not key:
        return None
    return session().scalar(select(Government).where(Government.key == key))


def get_government(government_id: int) -> Government:
    """Return a government. Raises NotFound."""
    found = session().get(Government, government_id)
    if found is None:
        raise NotFound(_("No existe ese gobierno."))
    return found


def current_notice(government_id: int) -> PrivacyNotice:
    """Return the privacy notice in force. Raises NotFound when the government has published none."""
    found = find_notice(government_id)
    if found is None:
        raise NotFound(_("Este gobierno todavía no publica su aviso de privacidad."))
    return found


def find_notice(government_id: int) -> PrivacyNotice | None:
    """Return the privacy notice in force, or None while there is none."""
    found = select(PrivacyNotice).where(PrivacyNotice.government_id == government_id)
    return session().scalar(found.order_by(PrivacyNotice.id.desc()).limit(1))


def list_notices(government_id: int) -> Sequence[PrivacyNotice]:
    """Return every version of the privacy notice of a government, in the order of publication."""
    found = select(PrivacyNotice).where(PrivacyNotice.government_id == government_id)
    return session().scalars(found.order_by(PrivacyNotice.id)).all()


def has_notice(government_id: int, version: str) -> bool:
    """Say whether a government ever published that version of its privacy notice."""
    found = select(PrivacyNotice.id).where(
        PrivacyNotice.government_id == government_id, PrivacyNotice.version == version
    )
    return session().scalar(found.limit(1)) is not None


def list_agencies(government_id: int) -> Sequence[Agency]:
    """Return the agencies of a government, by name."""
    return session().scalars(select(Agency).where(Agency.government_id == government_id).order_by(Agency.name)).all()


def _units() -> Select[Unit]:
    return select(Unit).join(Unit.agency).options(contains_eager(Unit.agency))


def list_units(government_id: int) -> Sequence[Unit]:
    """Return the units of a government with their agency, by agency and name."""
    found = _units().where(Agency.government_id == government_id).order_by(Agency.name, Unit.name)
    return session().scalars(found).all()


def find_unit(government_id: int, unit_id: int) -> Unit | None:
    """Return a unit of that government."""
    return session().scalar(_units().where(Agency.government_id == government_id, Unit.id == unit_id))


def find_unit_by_key(government_id: int, key: str) -> Unit | None:
    """Return a unit by `agency/unit`, or by its own key when only one has it."""
    agency_key, slash, unit_key = key.rpartition("/")
    found = _units().where(Agency.government_id == government_id, Unit.key == unit_key)
    if slash:
        found = found.where(Agency.key == agency_key)
    units = session().scalars(found.limit(2)).all()
    return units[0] if len(units) == 1 else None


def list_posts(government_id: int) -> Sequence[Post]:
    """Return the posts of a government with unit and agency."""
    found = (
        select(Post)
        .join(Post.unit)
        .join(Unit.agency)
        .options(contains_eager(Post.unit).contains_eager(Unit.agency))
        .where(Agency.government_id == government_id)
        .order_by(Agency.name, Unit.name, Post.title)
    )
    return session().scalars(found).all()


def find_post_by_key(key: str) -> Post | None:
    """Return a post by its key."""
    return session().scalar(select(Post).where(Post.key == key))


def find_post_of_unit(unit_id: int, role: Role) -> Post | None:
    """Return the first post of a unit with that role."""
    return session().scalar(select(Post).where(Post.unit_id == unit_id, Post.role == role).order_by(Post.id).limit(1))


def list_tenures(government_id: int) -> Sequence[Tenure]:
    """Return every tenure in a government, with post and person, newest first."""
    found = (
        select(Tenure)
        .join(Tenure.post)
        .join(Post.unit)
        .join(Unit.agency)
        .options(contains_eager(Tenure.post).contains_eager(Post.unit), joinedload(Tenure.person))
        .where(Agency.government_id == government_id)
        .order_by(Tenure.from_on.desc(), Tenure.id.desc())
    )
    return session().scalars(found).all()


def list_actors(person_id: int, now: datetime) -> tuple[Actor, ...]:
    """Return what a person may be at `now`: one actor per post she holds today, in her government's zone."""
    rows = session().execute(
        select(Post, Agency.id, Government.id, Government.timezone, Tenure.from_on, Tenure.to_on)
        .join(Tenure, Tenure.post_id == Post.id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Agency, Agency.id == Unit.agency_id)
        .join(Government, Government.id == Agency.government_id)
        .where(Tenure.person_id == person_id)
        .order_by(Tenure.id)
    )
    return tuple(
        _actor(post, agency_id, government_id, person_id)
        for post, agency_id, government_id, timezone, from_on, to_on in rows
        if _holds(from_on, to_on, now.astimezone(ZoneInfo(timezone)).date())
    )


def find_actor_of_token(token: ApiToken, now: datetime) -> Actor | None:
    """Return the actor that a token may be: its post, in the name of who asked for it while she holds it."""
    if token.person_id is not None:
        held = list_actors(token.person_id, now) if not _is_suspended(token.person_id) else ()
        found = next((actor for actor in held if actor.post_id == token.post_id), None)
        return replace(found, scope=token.scope) if found else None
    return find_actor_of_post(token.post_id, token.scope)


def find_actor_of_post(post_id: int, scope: str) -> Actor | None:
    """Return the actor that a token of the post may be."""
    row = (
        session()
        .execute(
            select(Post, Agency.id, Agency.government_id)
            .join(Unit, Unit.id == Post.unit_id)
            .join(Agency, Agency.id == Unit.agency_id)
            .where(Post.id == post_id)
        )
        .one_or_none()
    )
    if row is None:
        return None
    post, agency_id, government_id = row
    return Actor(post.id, Role(post.role), post.unit_id, agency_id, government_id, scope=scope)


def _is_suspended(person_id: int) -> bool:
    return session().get_one(Person, person_id).state == AccountState.SUSPENDED


def list_addresses_of_post(post_id: int, today: date) -> Sequence[str]:
    """Return the addresses of the people who hold a post today."""
    from_to = (Tenure.from_on <= today, or_(Tenure.to_on.is_(None), Tenure.to_on > today))
    found = select(Tenure).options(joinedload(Tenure.person)).where(Tenure.post_id == post_id, *from_to)
    return [tenure.person.email for tenure in session().scalars(found)]


def _actor(post: Post, agency_id: int, government_id: int, person_id: int) -> Actor:
    return Actor(post.id, Role(post.role), post.unit_id, agency_id, government_id, person_id=person_id)


def _holds(from_on: date, to_on: date | None, today: date) -> bool:
    return from_on <= today and (to_on is None or today < to_on)


def find_agency(government_id: int, agency_id: int) -> Agency | None:
    """Return an agency of that government."""
    return session().scalar(select(Agency).where(Agency.government_id == government_id, Agency.id == agency_id))


def find_agency_by_id(agency_id: int) -> Agency | None:
    """Return an agency of any government."""
    return session().get(Agency, agency_id)


def find_agency_by_key(government_id: int, key: str) -> Agency | None:
    """Return an agency of that government by its key."""
    return session().scalar(select(Agency).where(Agency.government_id == government_id, Agency.key == key))


def find_post(government_id: int, post_id: int) -> Post | None:
    """Return a post of that government."""
    return session().scalar(_posts_of(government_id).where(Post.id == post_id))


def find_tenure(government_id: int, tenure_id: int) -> Tenure | None:
    """Return a tenure in that government."""
    posts = _posts_of(government_id).with_only_columns(Post.id)
    return session().scalar(select(Tenure).where(Tenure.id == tenure_id, Tenure.post_id.in_(posts)))


def list_people(government_id: int) -> Sequence[Person]:
    """Return everybody who holds or held a post in a government, by name."""
    posts = _posts_of(government_id).with_only_columns(Post.id)
    holders = select(Tenure.person_id).where(Tenure.post_id.in_(posts))
    return session().scalars(select(Person).where(Person.id.in_(holders)).order_by(Person.name)).all()


def find_person_of(government_id: int, person_id: int) -> Person | None:
    """Return a person who holds or held a post in that government."""
    return next((person for person in list_people(government_id) if person.id == person_id), None)


def _posts_of(government_id: int) -> Select[Post]:
    return select(Post).join(Post.unit).join(Unit.agency).where(Agency.government_id == government_id)


def find_post_with_role(government_id: int, role: Role) -> Post | None:
    """Return the first post of a government with that role, with its unit."""
    found = _posts_of(government_id).options(contains_eager(Post.unit)).where(Post.role == role)
    return session().scalar(found.order_by(Post.id).limit(1))


def find_control_unit(government_id: int) -> Unit | None:
    """Return the unit of a government's control body: the one of its first post with that role."""
    post = find_post_with_role(government_id, Role.CONTROL)
    return post.unit if post is not None else None


def list_coordinators(government: Government, now: datetime) -> list[str]:
    """Return the addresses of the people who coordinate a government today."""
    today = now.astimezone(ZoneInfo(government.timezone)).date()
    posts = session().scalars(_posts_of(government.id).where(Post.role == Role.COORDINATOR).order_by(Post.id))
    return list(dict.fromkeys(address for post in posts for address in list_addresses_of_post(post.id, today)))
