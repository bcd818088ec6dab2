"""Where it is, on the pages: asked of who asks for something, shown to who answers and to the person alone."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.db import Database, session, session_scope
from consulta.referrals.models import Referral
from consulta.submissions.drafts import PlaceDraft
from consulta.submissions.models import Submission
from tests.api.machines import Machine
from tests.builders import TEXT, World, a_referral
from tests.clock import START
from tests.pages import Page

WHERE = "Hidalgo y Allende, frente a la escuela"
FIELDS = {"behalf": "self", "notice_version": "2026-1", "text": "No hay luz.", "kind": "service_request"}


def newest(database: Database) -> tuple[str, str]:
    """Return folio and address of the newest submission."""
    with session_scope(database):
        found = session().scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()
        return found.folio, found.place.reading if found.place is not None else ""


def test_address_goes_through_the_three_steps(app: Flask, database: Database, world: World) -> None:
    page, address = Page(app), f"/buzones/{world.slugs['mailbox']}/temas/1/opinar"
    first = page.get(address)
    assert first.soup.select_one("#address") is not None
    typed = {**FIELDS, "nonce": first.value("nonce"), "address": WHERE}

    second = page.post(address, {**typed, "accion": "continuar-1"}, 200)
    third = page.post(address, {**typed, "accion": "continuar-2"}, 200)
    sent = page.post(address, {**typed, "accion": "enviar"}, 201)

    assert second.value("address") == third.value("address") == WHERE
    assert WHERE in third.body
    folio, kept = newest(database)
    assert kept == WHERE
    key = re.search(r"id=\"clave\"[^>]*>([^<]+)<", str(sent.soup))
    assert key is not None
    own = page.post("/seguimiento", {"folio": folio, "key": key[1]}, 200)
    assert WHERE in own.body
    assert WHERE not in page.get(f"/folio/{folio}").body


def test_too_long_an_address_is_told_at_its_field(app: Flask, world: World) -> None:
    page, address = Page(app), f"/buzones/{world.slugs['mailbox']}/temas/1/opinar"
    typed = {**FIELDS, "nonce": page.get(address).value("nonce"), "address": "x" * 301}

    shown = page.post(address, {**typed, "accion": "continuar-1"}, 422)

    assert [str(link["href"]) for link in shown.soup.select(".error-summary a")] == ["#address"]


def test_consultation_asks_for_no_place(app: Flask, database: Database, world: World) -> None:
    page, address = Page(app), f"/consultas/{world.slugs['open']}/temas/1/opinar"
    first = page.get(address)
    assert first.soup.select_one("#address") is None
    typed = {**FIELDS, "kind": "comment", "nonce": first.value("nonce"), "address": WHERE}

    page.post(address, {**typed, "accion": "enviar"}, 201)

    assert newest(database)[1] == ""


def test_operator_may_write_it_down(app: Flask, database: Database, world: World) -> None:
    page = Page(app).sign_in(world.email("operator"))
    address = f"/captura/{world.slugs['mailbox']}/1"
    first = page.get(address)
    typed = {**FIELDS, "nonce": first.value("nonce"), "address": WHERE, "channel": "phone"}

    page.post(address, {**typed, "received_on": "2026-06-10", "received_time": "11:00", "evidence": "Llamada 1"}, 201)

    assert newest(database)[1] == WHERE


def test_who_answers_sees_the_exact_place(app: Flask, database: Database, world: World) -> None:
    place = PlaceDraft("21.01234567", "-101.25765432", WHERE)
    with session_scope(database):
        referral = a_referral(world, START, "mailbox", draft={"kind": "service_request", "place": place})
        number = session().get_one(Referral, referral.id).id
    page = Page(app).sign_in(world.email("respondent"))

    shown = page.get(f"/bandeja/responder?turno={number}")

    assert f"{WHERE} · 21.01234567, -101.25765432" in shown.body


class TestApi:
    """The API takes a place, and gives it back to the person alone."""

    def test_place_is_taken_and_told_to_the_person(self, anybody: Machine, database: Database, world: World) -> None:
        place = {"latitude": 21.0190, "longitude": -101.2574, "address": WHERE}
        receipt = anybody.post(
            f"/topics/{world.topics['mailbox']}/submissions",
            {"text": TEXT, "kind": "petition", "place": place},
        )

        own = anybody.post("/track", {"folio": receipt["folio"], "key": receipt["tracking_key"]}, 200)

        assert own["place"] == {
            "latitude": "21.019",
            "longitude": "-101.2574",
            "address": WHERE,
            "address_key": "",
        }
        assert "place" not in anybody.get(f"/submissions/{receipt['folio']}")

    @pytest.mark.parametrize(
        ("topic", "place", "field"),
        [
            ("mailbox", {"latitude": 91, "longitude": -99.1}, "latitude"),
            ("mailbox", {"latitude": 21.0}, "longitude"),
            ("mailbox", {"latitude": "nan", "longitude": -99.1}, "place.latitude"),
            ("mailbox", {"latitude": 1e300, "longitude": -99.1}, "latitude"),
            ("mailbox", {"altitude": 2000}, "place.altitude"),
            ("open", {"address": WHERE}, "address"),
        ],
    )
    def test_what_is_wrong_is_named(
        self, anybody: Machine, world: World, topic: str, place: dict[str, Any], field: str
    ) -> None:
        kind = "petition" if topic == "mailbox" else "comment"

        told = anybody.post(
            f"/topics/{world.topics[topic]}/submissions", {"text": TEXT, "kind": kind, "place": place}, 422
        )

        assert [item["field"] for item in told["errors"]] == [field]

    @pytest.fixture
    def anybody(self, app: Flask, world: World) -> Machine:
        return Machine(app)
