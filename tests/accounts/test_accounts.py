"""Accounts: invitation, password, sign-in, locks, links, sessions, and which posts a person has today."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.accounts.models import AccountLink, Person, StaffSession
from consulta.accounts.operations import (
    invite_person,
    issue_link,
    restore_person,
    revoke_sessions,
    set_password,
    sign_in,
    suspend_person,
)
from consulta.accounts.queries import find_link, find_session
from consulta.accounts.rules import check_password
from consulta.accounts.states import AccountState, LinkPurpose, SignInOutcome
from consulta.agencies.models import Government, Post, Tenure
from consulta.agencies.operations import appoint, end_tenure
from consulta.agencies.queries import list_actors
from consulta.db import session, unit_of_work
from consulta.errors import Refused
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from tests.builders import PASSWORD, World, a_session
from tests.clock import START, Clock
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("scope")
NEW = "otras cuatro palabras largas"


def try_in(email: str, password: str, now: datetime = START) -> SignInOutcome:
    """Attempt to sign in, in its own unit of work."""
    with unit_of_work():
        return sign_in(email=email, password=password, device="pruebas", now=now)[0]


def an_invited(now: datetime = START) -> tuple[Person, str]:
    """Invite somebody."""
    with unit_of_work():
        return invite_person(email="Nueva.Persona@Ejemplo.MX", name="Nueva Persona (inventada)", now=now)


def a_reset(email: str, now: datetime = START) -> str:
    """Issue a reset link."""
    with unit_of_work():
        return issue_link(person=get_person(email), purpose=LinkPurpose.RESET, now=now)


def get_person(email: str) -> Person:
    """Return the person of an address."""
    return session().scalars(select(Person).where(Person.email == email)).one()


def choose(token: str, password: str = NEW, now: datetime = START) -> None:
    """Use a link."""
    with unit_of_work():
        set_password(token=token, password=password, now=now)


def test_invited_person_chooses_password_and_signs_in() -> None:
    person, token = an_invited()
    assert (person.state, person.email) == (AccountState.INVITED, "nueva.persona@ejemplo.mx")
    assert try_in(person.email, NEW) == SignInOutcome.WRONG

    choose(token)

    assert person.state == AccountState.ACTIVE
    assert try_in(" NUEVA.persona@ejemplo.mx ", NEW) == SignInOutcome.SUCCESS
    assert try_in(person.email, NEW + " ") == SignInOutcome.WRONG
    assert try_in("nadie@ejemplo.mx", NEW) == SignInOutcome.WRONG


def test_only_hashes_of_secrets_are_stored(world: World) -> None:
    _, link = an_invited()
    token = a_session(world, "respondent", START)

    stored = [*session().scalars(select(AccountLink.token_hash)), *session().scalars(select(StaffSession.token_hash))]
    assert not {link, token} & set(stored)
    assert str(get_person(world.email("respondent")).password_hash).startswith("$argon2id$")


@pytest.mark.parametrize("address", ["", "sin arroba", "a@", "a@b@c.mx", "x@" + "y" * 330 + ".mx"])
def test_invitation_refuses_what_is_no_address(address: str) -> None:
    with pytest.raises(Refused) as refused:
        invite_person(email=address, name="Alguien", now=START)

    assert refused.value.field == "email"


def test_invitation_refuses_repeats_and_empty_names(world: World) -> None:
    with pytest.raises(Refused, match="Ya hay una cuenta"):
        invite_person(email=world.email("respondent").upper(), name="Otra", now=START)
    for name in ("  ", "x" * 201):
        with pytest.raises(Refused) as refused:
            invite_person(email="otra@ejemplo.mx", name=name, now=START)
        assert refused.value.field == "name"


@pytest.mark.parametrize(
    "password", ["once letras", "x" * 257, "abababababab", "Contraseña123", "PERSONA@ejemplo.mx", "123456789012"]
)
def test_password_that_is_short_endless_or_commonplace_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refused:
        check_password(password, email="persona@ejemplo.mx")

    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password", ["doce letras.", "x1y2" * 64, "ñandú con paraguas", "contraseña larga y sin símbolos"]
)
def test_password_needs_length_and_nothing_else(password: str) -> None:
    check_password(password, email="persona@ejemplo.mx")


def test_refused_password_leaves_the_link_usable() -> None:
    _, token = an_invited()

    with pytest.raises(Refused):
        choose(token, "corta")

    choose(token)


def test_five_failures_lock_the_account_for_fifteen_minutes(world: World) -> None:
    email = world.email("respondent")
    for _ in range(4):
        assert try_in(email, "no es esta clave") == SignInOutcome.WRONG
    assert try_in(email, PASSWORD) == SignInOutcome.SUCCESS
    for _ in range(5):
        assert try_in(email, "no es esta clave") == SignInOutcome.WRONG

    assert try_in(email, PASSWORD) == SignInOutcome.LOCKED
    assert try_in(email, PASSWORD, START + timedelta(minutes=15, seconds=-1)) == SignInOutcome.LOCKED
    assert try_in(email, PASSWORD, START + timedelta(minutes=15)) == SignInOutcome.SUCCESS


def test_reset_link_opens_a_locked_account_at_once(world: World) -> None:
    email = world.email("respondent")
    for _ in range(5):
        try_in(email, "no es esta clave")

    choose(a_reset(email))

    assert try_in(email, PASSWORD) == SignInOutcome.WRONG
    assert try_in(email, NEW) == SignInOutcome.SUCCESS


def test_new_password_ends_every_session_and_every_other_link(world: World) -> None:
    email = world.email("respondent")
    token = a_session(world, "respondent", START)
    older, newer = a_reset(email), a_reset(email)

    choose(newer)

    assert find_session(token, START) is None
    assert find_link(token=newer, now=START) is None
    assert find_link(token=older, now=START) is None
    with pytest.raises(Refused, match="ya se usó o venció"):
        choose(older, "una tercera contraseña")


@pytest.mark.parametrize(
    ("purpose", "life"), [(LinkPurpose.RESET, timedelta(hours=2)), (LinkPurpose.INVITATION, timedelta(days=7))]
)
def test_link_ends_at_its_hour(world: World, purpose: LinkPurpose, life: timedelta) -> None:
    with unit_of_work():
        token = issue_link(person=get_person(world.email("respondent")), purpose=purpose, now=START)

    assert find_link(token=token, now=START + life - timedelta(microseconds=1)) is not None
    assert find_link(token=token, now=START + life) is None


def test_suspended_account_opens_nothing_until_it_is_restored(world: World) -> None:
    email = world.email("respondent")
    token, link = a_session(world, "respondent", START), a_reset(email)

    with unit_of_work():
        suspend_person(person=get_person(email), now=START)

    assert find_session(token, START) is None
    assert try_in(email, PASSWORD) == SignInOutcome.WRONG
    assert find_link(token=link, now=START) is None
    with pytest.raises(Refused, match="ya estaba suspendida"):
        suspend_person(person=get_person(email), now=START)
    with unit_of_work():
        fresh = restore_person(person=get_person(email), now=START)
    assert try_in(email, PASSWORD) == SignInOutcome.WRONG
    assert find_link(token=link, now=START) is None, "a link of before the suspension stays spent"
    choose(fresh)
    assert try_in(email, NEW) == SignInOutcome.SUCCESS


def test_only_a_suspended_account_is_restored(world: World) -> None:
    with pytest.raises(Refused, match="no está suspendida"):
        restore_person(person=get_person(world.email("respondent")), now=START)


def test_session_ends_after_two_idle_hours(world: World) -> None:
    token = a_session(world, "respondent", START)

    assert find_session(token, START + timedelta(hours=2, seconds=-1)) is not None
    assert find_session(token, START + timedelta(hours=2)) is None


def test_session_in_use_ends_after_twelve_hours(app: Flask, world: World, clock: Clock) -> None:
    page = Page(app).sign_in(world.email("respondent"))
    for _ in range(7):
        clock.advance(minutes=100)
        page.get("/mi-cuenta")

    clock.advance(minutes=20)

    assert clock.now == START + timedelta(hours=12)
    assert page.get("/mi-cuenta", status=302).location == "/entrar?siguiente=/mi-cuenta"


def test_every_session_can_be_ended(world: World) -> None:
    tokens = [a_session(world, "respondent", START) for _ in range(2)]
    other = a_session(world, "approver", START)

    with unit_of_work():
        revoke_sessions(person_id=get_person(world.email("respondent")).id, now=START)

    assert [find_session(token, START) for token in tokens] == [None, None]
    assert find_session(other, START) is not None


# 2026-06-10 in Mexico City (UTC-6, no daylight saving time since 2022).
MIDNIGHT = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("from_on", "to_on", "at", "holds"),
    [
        (date(2026, 6, 10), None, MIDNIGHT, True),
        (date(2026, 6, 10), None, MIDNIGHT - timedelta(microseconds=1), False),
        (date(2026, 6, 1), date(2026, 6, 10), MIDNIGHT - timedelta(microseconds=1), True),
        (date(2026, 6, 1), date(2026, 6, 10), MIDNIGHT, False),
        (date(2026, 6, 10), date(2026, 6, 10), MIDNIGHT, False),
        (date(2026, 6, 10), date(2026, 6, 11), MIDNIGHT + timedelta(hours=24, microseconds=-1), True),
    ],
)
def test_tenure_begins_and_ends_at_midnight_of_the_government(
    world: World, from_on: date, to_on: date | None, at: datetime, holds: bool
) -> None:
    person, _ = an_invited()
    with unit_of_work():
        post = session().get_one(Post, world.actors["moderator"].post_id)
        appoint(person=person, post=post, from_on=from_on, to_on=to_on, now=START)

    assert [actor.post_id for actor in list_actors(person.id, at)] == ([post.id] if holds else [])


def test_day_is_the_one_of_the_government_and_not_of_the_server(world: World) -> None:
    person, _ = an_invited()
    with unit_of_work():
        session().get_one(Government, world.government_id).timezone = "America/Tijuana"
        post = session().get_one(Post, world.actors["moderator"].post_id)
        appoint(person=person, post=post, from_on=date(2026, 6, 10), now=START)

    assert list_actors(person.id, MIDNIGHT) == ()
    assert len(list_actors(person.id, MIDNIGHT + timedelta(hours=1))) == 1


def test_person_with_two_posts_acts_from_both_and_loses_one_with_its_tenure(world: World) -> None:
    person = get_person(world.email("respondent"))
    with unit_of_work():
        post = session().get_one(Post, world.actors["moderator"].post_id)
        second = appoint(person=person, post=post, from_on=date(2026, 6, 1), now=START)
    assert [actor.role.value for actor in list_actors(person.id, START)] == ["respondent", "moderator"]

    with unit_of_work():
        end_tenure(tenure=session().get_one(Tenure, second.id), to_on=date(2026, 6, 10), now=START)

    assert [actor.role.value for actor in list_actors(person.id, START)] == ["respondent"]


def test_tenures_of_one_person_in_one_post_do_not_overlap(world: World) -> None:
    person = get_person(world.email("respondent"))
    post = session().get_one(Post, world.actors["respondent"].post_id)

    with pytest.raises(Refused, match="ya ocupa ese cargo"):
        appoint(person=person, post=post, from_on=date(2026, 6, 10), now=START)
    with pytest.raises(Refused) as refused:
        appoint(person=person, post=post, from_on=date(2019, 6, 10), to_on=date(2019, 6, 9), now=START)

    assert refused.value.field == "to_on"
    appoint(person=person, post=post, from_on=date(2019, 6, 10), to_on=date(2020, 1, 1), now=START)


def test_suspension_moves_to_no_page_at_the_next_click(app: Flask, world: World) -> None:
    page = Page(app).sign_in(world.email("respondent"))
    page.get("/bandeja/turnos")

    with unit_of_work():
        suspend_person(person=get_person(world.email("respondent")), now=START)

    assert page.get("/bandeja/turnos", status=302).location == "/entrar?siguiente=/bandeja/turnos"


def test_pages_lead_from_forgotten_password_to_the_desk(app: Flask, world: World, worker: Worker) -> None:
    email, page = world.email("respondent"), Page(app)
    known = page.post("/recuperar", {"email": email})
    unknown = page.post("/recuperar", {"email": "nadie@ejemplo.mx"})
    assert known.body.replace(email, "") == unknown.body.replace("nadie@ejemplo.mx", "")

    worker.drain()
    [notice] = session().scalars(select(Notice).where(Notice.kind == "reset"))
    assert notice.address == email
    # The link stands in the mail alone: the row forgets it once it was sent.
    [mail] = app.extensions["consulta"].settings.mail_folder.glob("*.eml")
    part = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert part is not None
    body = part.get_content()
    [link] = [line for line in body.splitlines() if line.startswith("http://localhost/invitacion/")]
    address = link.removeprefix("http://localhost")
    page.get(address)
    assert page.post(address, {"password": "corta"}, status=422).errors == [
        "Escriba una contraseña de al menos 12 caracteres."
    ]
    assert page.post(address, {"password": NEW}, status=302).location == "/entrar?siguiente=/bandeja"

    page.get(address, status=404)
    page.post(address, {"password": NEW}, status=404)
    page.sign_in(email, NEW)
    assert page.get("/bandeja", status=302).location == "/bandeja/turnos"


def test_who_was_invited_gets_a_fresh_link_and_who_is_suspended_gets_none(app: Flask, world: World) -> None:
    person, _ = an_invited()
    invited, email = person.email, world.email("respondent")
    with unit_of_work():
        suspend_person(person=get_person(email), now=START)

    Page(app).post("/recuperar", {"email": invited})
    Page(app).post("/recuperar", {"email": email})

    session().rollback()
    assert session().scalars(select(Notice.address)).all() == [invited]


def test_wrong_and_locked_are_said_on_the_page(app: Flask, world: World) -> None:
    page, fields = Page(app), {"email": world.email("respondent"), "password": "no es esta clave"}
    for _ in range(5):
        shown = page.post("/entrar", fields, status=422)
        assert shown.errors == ["El correo o la contraseña no coinciden: revíselos."]
        assert shown.value("email") == fields["email"]
        assert shown.value("password") == ""

    assert "15 minutos" in page.post("/entrar", {**fields, "password": PASSWORD}, status=422).errors[0]


@pytest.mark.parametrize(
    "target",
    [
        "https://otro.example/",
        "//otro.example/",
        "///otro.example/",
        "/\\otro.example/",
        "\\\\otro.example",
        "javascript:alert(1)",
        "otro",
        "/%09/otro.example\t//x",
        "http:///otro.example",
        "/\t/otro.example",
        "/\n/otro.example",
        "[",
        "//[",
    ],
)
def test_sign_in_never_leads_to_another_site(app: Flask, world: World, target: str) -> None:
    page = Page(app)
    assert page.client.get("/entrar", query_string={"siguiente": target}).status_code == 200

    sent = page.post(
        "/entrar", {"email": world.email("respondent"), "password": PASSWORD, "siguiente": target}, status=302
    )

    assert sent.location == "/bandeja"


def test_sign_in_leads_where_the_person_wanted_to_go(app: Flask, world: World) -> None:
    page = Page(app)
    asked = page.get("/bandeja/turnos?estado=devueltos", status=302)
    form = page.get(asked.location)

    sent = page.post(
        "/entrar",
        {"email": world.email("respondent"), "password": PASSWORD, "siguiente": form.value("siguiente")},
        status=302,
    )

    assert sent.location == "/bandeja/turnos?estado=devueltos"


def test_cookie_of_a_session_is_kept_from_scripts_and_other_sites(app: Flask, world: World) -> None:
    shown = Page(app).post("/entrar", {"email": world.email("respondent"), "password": PASSWORD}, status=302)

    [cookie] = [value for value in shown.response.headers.getlist("Set-Cookie") if value.startswith("consulta_sesion=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
