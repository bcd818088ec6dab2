"""Plain functions that build what tests act on, through the operations of the product."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from consulta.accounts.operations import invite_person, set_password, sign_in
from consulta.actors import Actor, Role
from consulta.agencies.models import Government, Unit
from consulta.agencies.operations import (
    appoint,
    create_agency,
    create_government,
    create_post,
    create_unit,
    publish_privacy_notice,
)
from consulta.db import session, unit_of_work
from consulta.moderation.operations import publish_text
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Referral
from consulta.referrals.operations import publish_answer, sign_off, submit_answer
from consulta.referrals.routing import refer_by_topic
from consulta.submissions import buffer_keys
from consulta.submissions.drafts import Delivery, Draft
from consulta.submissions.models import BufferedDemographics, Submission
from consulta.submissions.operations import Outcome, receive
from consulta.submissions.states import Channel
from consulta.windows.dating import schedule_window
from consulta.windows.models import Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument

SECRET = b"a-secret-of-the-tests-of-at-least-32-bytes"
PASSWORD = "cuatro palabras muy largas"
TEXT = "Propongo que la revisión sea cada tres meses, porque los frenos se gastan antes."


@dataclass
class World:
    """What `a_world` built: actors and addresses of people by the key of their post, topics and windows."""

    government_id: int
    actors: dict[str, Actor] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    topics: dict[str, int] = field(default_factory=dict)

    def email(self, post: str) -> str:
        """Return the address of who holds a post."""
        return f"{post}@ejemplo.mx"


def a_world(now: datetime) -> World:
    """Build a government with a post per role, an open window of two topics, a closed one and a mailbox."""
    start = now - timedelta(days=120)
    with unit_of_work():
        government = a_government(now=start)
        world = World(government.id)
        agency = create_agency(government=government, key="movilidad", name="Secretaría de Movilidad", now=start)
        other = create_agency(government=government, key="agua", name="Comisión del Agua", now=start)
        units = {
            "transito": create_unit(agency=agency, key="transito", name="Dirección de Tránsito", now=start),
            "redes": create_unit(agency=other, key="redes", name="Dirección de Redes", now=start),
        }
        world.units = {key: unit.id for key, unit in units.items()}
        for role in Role:
            world.actors[role.value] = a_holder(government, units["transito"], role, role.value, start)
        world.actors["respondent-agua"] = a_holder(
            government, units["redes"], Role.RESPONDENT, "respondent-agua", start
        )
    open_slug, open_topics = a_window(world, opened=now - timedelta(days=3), now=now)
    closed_slug, closed_topics = a_window(world, title="Agenda pasada", opened=now - timedelta(days=60), now=now)
    mailbox_slug, mailbox_topics = a_window(
        world, title="Atención", opened=now - timedelta(days=60), now=now, instrument="atencion_ciudadana"
    )
    world.slugs = {"open": open_slug, "closed": closed_slug, "mailbox": mailbox_slug}
    world.topics = {
        "open": open_topics[0],
        "open-unrouted": open_topics[1],
        "closed": closed_topics[0],
        "mailbox": mailbox_topics[0],
    }
    return world


def a_government(*, now: datetime, key: str = "guanajuato", prefix: str = "GTO") -> Government:
    """Build a government with a privacy notice."""
    government = create_government(
        key=key,
        name=f"Gobierno de {key} (inventado)",
        folio_prefix=prefix,
        timezone="America/Mexico_City",
        calendar_key="lft",
        contact="Calle Inventada 1",
        now=now,
    )
    publish_privacy_notice(
        government=government, version="2026-1", summary="Usamos su texto para responderle.", text="Todo.", now=now
    )
    return government


def a_holder(government: Government, unit: Unit, role: Role, key: str, now: datetime) -> Actor:
    """Build a post and who holds it."""
    post = create_post(unit=unit, key=key, title=f"Cargo {key}", role=role, now=now)
    person, token = invite_person(email=f"{key}@ejemplo.mx", name=f"Persona {key} (inventada)", now=now)
    person.password_hash = _hash_once(token, now)
    person.state = "active"
    appoint(person=person, post=post, from_on=date(2020, 1, 1), now=now)
    return Actor(post.id, role, unit.id, unit.agency_id, government.id, person.id)


_HASHES: list[str] = []


def _hash_once(token: str, now: datetime) -> str:
    """Hash the password of the tests once: argon2 is slow on purpose."""
    if not _HASHES:
        person = set_password(token=token, password=PASSWORD, now=now)
        assert person.password_hash is not None
        _HASHES.append(person.password_hash)
    return _HASHES[0]


def a_window(
    world: World,
    *,
    opened: datetime,
    now: datetime,
    title: str = "Agenda regulatoria",
    instrument: str = "agenda_regulatoria",
    days: int = 20,
) -> tuple[str, list[int]]:
    """Build a window of two topics, the first routed to a unit, that opened on a day."""
    actor = world.actors["coordinator"]
    with unit_of_work():
        government = session().get_one(Government, world.government_id)
        window = create_window(
            government=government,
            instrument=get_instrument(instrument),
            title=title,
            summary="Se consultan dos propuestas.",
            actor=actor,
            now=opened,
        )
        unit = session().get_one(Unit, world.units["transito"])
        topics = [
            add_topic(window=window, title="Transporte escolar", summary="", unit=unit, actor=actor, now=opened),
            add_topic(window=window, title="Sin unidad", summary="", unit=None, actor=actor, now=opened),
        ]
        schedule_window(window=window, opens_on=opened.date(), days=days, actor=actor, now=opened)
        return window.slug, [topic.id for topic in topics]


def a_delivery(topic_id: int, now: datetime, **overrides: object) -> Delivery:
    """Build a delivery of the web; `draft` fields and delivery fields may be overridden."""
    draft = Draft(**{"text": TEXT, "notice_version": "2026-1", **overrides.pop("draft", {})})  # type: ignore[arg-type]
    values = {
        "topic_id": topic_id,
        "draft": draft,
        "channel": Channel.WEB,
        "nonce": secrets.token_bytes(16),
        "received_at": now,
    }
    return Delivery(**{**values, **overrides})  # type: ignore[arg-type]


def a_receipt(topic_id: int, now: datetime, **overrides: object) -> Outcome:
    """Receive a delivery in its own unit of work."""
    with unit_of_work():
        return receive(a_delivery(topic_id, now, **overrides), secret=SECRET, clock=lambda: now)


def a_submission(topic_id: int, now: datetime, **overrides: object) -> Submission:
    """Receive a delivery and return its row."""
    return get_submission(a_receipt(topic_id, now, **overrides).folio)


def get_submission(folio: str) -> Submission:
    """Return the row of a folio."""
    return session().scalars(select(Submission).where(Submission.folio == folio)).one()


def a_referral(world: World, now: datetime, topic: str = "open", **overrides: object) -> Referral:
    """Receive a submission and refer it by its topic."""
    submission = a_submission(world.topics[topic], now, **overrides)
    with unit_of_work():
        refer_by_topic({"folio": submission.folio}, now)
    return session().scalars(select(Referral).where(Referral.submission_id == submission.id)).one()


def a_published(world: World, now: datetime, **overrides: object) -> Submission:
    """Receive a submission and publish its text."""
    submission = a_submission(world.topics["open"], now, **overrides)
    with unit_of_work():
        publish_text(submission=submission, actor=world.actors["moderator"], now=now)
    return submission


def an_answered(world: World, now: datetime, text: str = "Procedente: se cambia el artículo 12.") -> Referral:
    """Walk a submission to its published answer."""
    referral = a_referral(world, now)
    with unit_of_work():
        publish_text(submission=referral.submission, actor=world.actors["moderator"], now=now)
        answer = draft_answer(
            referrals=[referral], disposition="adopted", text=text, actor=world.actors["respondent"], now=now
        )
        submit_answer(answer=answer, actor=world.actors["respondent"], now=now)
        sign_off(answer=answer, actor=world.actors["approver"], now=now)
        publish_answer(answer=answer, actor=world.actors["coordinator"], now=now)
    return referral


def a_session(world: World, post: str, now: datetime) -> str:
    """Sign the holder of a post in; return the token of the session."""
    with unit_of_work():
        _, token = sign_in(email=world.email(post), password=PASSWORD, device="pruebas", now=now)
    assert token is not None
    return token


def get_window(slug: str) -> Window:
    """Return a window."""
    return session().scalars(select(Window).where(Window.slug == slug)).one()


def buffered(window_id: int) -> list[dict[str, str]]:
    """Return what waits in the buffer of a window, opened with its key."""
    rows = session().scalars(select(BufferedDemographics).where(BufferedDemographics.window_id == window_id))
    folder = session().info["demographics_keys"]
    return [json.loads(buffer_keys.unseal(folder, row.batch, row.sealed)) for row in rows]
