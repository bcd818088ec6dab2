"""A person may hold posts in several units: one tray holds the work of all, each act is done from its post."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.agencies.models import Post
from consulta.agencies.operations import appoint
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.referrals.models import Answer
from tests.builders import World, a_referral
from tests.clock import Clock
from tests.pages import Page


@pytest.fixture
def two_units(world: World, database: Database, clock: Clock) -> World:
    """The respondent of the other unit becomes respondent of this one too."""
    with session_scope(database), unit_of_work():
        person = session().scalars(select(Person).where(Person.email == world.email("respondent-agua"))).one()
        post = session().scalars(select(Post).where(Post.key == "respondent")).one()
        appoint(person=person, post=post, from_on=date(2024, 1, 1), now=clock.now)
    return world


def test_one_tray_holds_the_work_of_both_units(two_units: World, app: Flask, database: Database, clock: Clock) -> None:
    with session_scope(database):
        referral = a_referral(two_units, clock.now)
        referral_id, folio = referral.id, referral.submission.folio
    page = Page(app)
    page.sign_in(two_units.email("respondent-agua"))

    assert folio in page.get("/bandeja/turnos").text
    text = "Procedente: se cambia el artículo 12, como propone."
    page.post(
        "/bandeja/responder",
        {"turno": str(referral_id), "disposition": "adopted", "text": text, "accion": "firmar"},
        status=302,
    )

    with session_scope(database):
        answer = session().scalars(select(Answer)).one()
        assert answer.state == "submitted"
        assert answer.unit_id == two_units.units["transito"]
        assert answer.drafted_by_post_id == two_units.actors["respondent"].post_id
