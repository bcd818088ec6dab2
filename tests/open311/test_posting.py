"""Handing in: the examples of the standard, what is kept, what is refused, and the key told once."""

import io
import logging
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.notices.models import Notice
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_own
from consulta.submissions.states import SubmissionKind
from consulta.windows.changes import approve_change, propose_change
from consulta.windows.models import Window
from consulta.windows.states import DateChangeKind
from tests.builders import SECRET, World, get_submission, get_window
from tests.clock import START, Clock
from tests.inspection.inspected_files import a_png
from tests.open311.examples import FORM, GETS, POSTS
from tests.open311.speakers import ERRORS, ROOT, Speaker, check, from_json, from_xml, schema_of

CODE = "atencion-1"
ASKED = {"service_code": CODE, "address_string": "Calle Inventada 12", "description": "No hay luz en la calle."}
KEY = re.compile(r"solo se muestra aquí: «([^»]+)»")


def texts_of(errors: Any) -> list[str]:
    """Return the descriptions of errors."""
    return [item["description"] for item in errors]


def received(database: Database) -> int:
    """Return how many submissions there are."""
    with session_scope(database):
        return session().scalar(select(func.count()).select_from(Submission)) or 0


class TestExamples:
    """What the standard shows is received."""

    @pytest.mark.parametrize("extension", ["json", "xml"])
    @pytest.mark.parametrize("example", POSTS, ids=lambda item: item.name)
    def test_every_post_of_the_standard_is_received(
        self, client: FlaskClient, database: Database, world: World, example: Any, extension: str
    ) -> None:
        sent = example.filled(jurisdiction="guanajuato", code=CODE)

        response = client.post(
            f"{ROOT}/requests.{extension}?{sent.query}", data=sent.body.encode("utf-8"), content_type=FORM
        )

        assert response.status_code == 200, response.text
        told = from_xml(response) if extension == "xml" else from_json(response)
        [one] = check(told, schema_of("RequestResponse", many=True))
        with session_scope(database):
            kept = get_submission(one["service_request_id"])
            assert (kept.kind, kept.topic_id) == (SubmissionKind.SERVICE_REQUEST, world.topics["mailbox"])
            assert kept.place is not None

    def test_every_read_of_the_standard_is_answered(self, speaker: Speaker) -> None:
        [told] = speaker.post(ASKED)
        values = {"jurisdiction": "guanajuato", "code": CODE, "folio": told["service_request_id"]}

        statuses = {path: speaker.client.get(ROOT + path.format(**values)).status_code for path in GETS}

        assert statuses == dict.fromkeys(GETS, 200)

    def test_example_of_the_page_is_kept_whole(self, client: FlaskClient, database: Database, world: World) -> None:
        sent = POSTS[0].filled(jurisdiction="guanajuato", code=CODE)

        told = client.post(f"{ROOT}/requests.json", data=sent.body, content_type=FORM).get_json()

        with session_scope(database):
            kept = get_submission(told[0]["service_request_id"])
            assert kept.text == (
                "A large sinkhole is destroying the street\n\n"
                "media_url: http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg\n"
                "WHISPAWN: 123456\nWHISDORN: COISL001"
            )
            assert (kept.author_name, kept.email, kept.phone) == ("john smith", "smit333@sfgov.edu", "111111111")
            assert kept.place is not None
            assert (kept.place.latitude, kept.place.longitude) == ("37.76524078", "-122.4212043")
            assert (kept.place.address, kept.notice_version) == ("1234 5th street", "2026-1")

    def test_numbers_of_devices_and_accounts_are_kept_nowhere(
        self, client: FlaskClient, database: Database, world: World
    ) -> None:
        sent = POSTS[0].filled(jurisdiction="guanajuato", code=CODE)
        client.post(f"{ROOT}/requests.json", data=sent.body, content_type=FORM)

        with session_scope(database) as current:
            rows = [repr(tuple(row)) for row in current.execute(select(Submission.__table__))]
        assert rows
        assert not any("tt222111" in row or "xyz" in row for row in rows)


class TestKept:
    """What is kept, and what the person is told."""

    def test_key_is_told_once_and_opens_the_folio(self, speaker: Speaker, database: Database) -> None:
        [told] = speaker.post({**ASKED, "email": "ana@ejemplo.mx"})

        key = KEY.search(told["service_notice"])
        assert key is not None
        assert told["service_request_id"] in told["service_notice"]
        assert "http://localhost/seguimiento" in told["service_notice"]
        with session_scope(database):
            found = find_own(folio=told["service_request_id"], key=key[1], secret=SECRET)
            assert found is not None
            assert not any(key[1] in notice.body for notice in session().scalars(select(Notice)))
        again = speaker.get(f"/requests/{told['service_request_id']}")
        assert "service_notice" not in again[0]

    def test_without_description_the_text_is_the_name_of_the_service(
        self, speaker: Speaker, database: Database
    ) -> None:
        [told] = speaker.post({"service_code": CODE, "address_id": "545483"})

        with session_scope(database):
            kept = get_submission(told["service_request_id"])
            assert kept.text == "Transporte escolar. Se pidió sin descripción."
            assert kept.place is not None
            assert kept.place.address_key == "545483"

    def test_file_goes_the_way_of_files(self, speaker: Speaker, database: Database) -> None:
        [told] = speaker.post({**ASKED, "media": (io.BytesIO(a_png()), "foto.png")})

        with session_scope(database):
            assert [item.filename for item in get_submission(told["service_request_id"]).attachments] == ["foto.png"]

    def test_same_key_is_the_same_request(self, speaker: Speaker, database: Database) -> None:
        header = {"Idempotency-Key": "una-clave-de-la-app-1"}

        first = speaker.post(ASKED, **header)
        again = speaker.post(ASKED, **header)
        other = speaker.post({**ASKED, "address_string": "Otra calle 3"}, 400, **header)

        assert first == again
        assert first[0]["service_request_id"] in texts_of(other)[0]
        assert received(database) == 1
        assert "de 16 a 200" in texts_of(speaker.post(ASKED, 400, **{"Idempotency-Key": "corta"}))[0]

    def test_annulled_mailbox_keeps_what_comes_and_says_that_it_is_late(
        self, speaker: Speaker, database: Database, world: World, clock: Clock
    ) -> None:
        with session_scope(database):
            _annul(world, clock)
        clock.advance(minutes=1)

        [told] = speaker.post(ASKED)

        assert "Llegó después del cierre: queda guardada" in told["service_notice"]
        with session_scope(database):
            assert get_submission(told["service_request_id"]).timeliness == "late"

    def test_mailbox_that_is_not_open_yet_takes_nothing_and_says_so(
        self, speaker: Speaker, database: Database, world: World
    ) -> None:
        with session_scope(database), unit_of_work():
            get_window(world.slugs["mailbox"]).opens_at = START + timedelta(days=1)

        assert speaker.get("/services") == []
        assert "todavía no abre" in texts_of(speaker.post(ASKED, 400))[0]
        assert received(database) == 0

    def test_nothing_that_a_person_wrote_reaches_the_log(
        self, speaker: Speaker, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)

        [told] = speaker.post({**ASKED, "email": "ana@ejemplo.mx", "lat": "21.01234", "long": "-101.25"})
        speaker.post({**ASKED, "lat": "200", "long": "5"}, 400)

        key = KEY.search(told["service_notice"])
        assert key is not None
        for secret in (key[1], ASKED["description"], ASKED["address_string"], "ana@ejemplo.mx", "21.01234"):
            assert secret not in caplog.text


class TestRefused:
    """What must be corrected is told in the form that was asked for, and nothing is written."""

    @pytest.mark.parametrize(
        ("changed", "status", "said"),
        [
            ({"service_code": ""}, 400, "Falta service_code"),
            ({"service_code": "no-hay-7"}, 404, "No existe ese service_code"),
            ({"service_code": "../../etc"}, 404, "No existe ese service_code"),
            ({"service_code": "agenda-regulatoria-1"}, 404, "No existe ese service_code"),
            ({"service_code": "atencion-99999999999999999999"}, 404, "No existe ese service_code"),
            ({"jurisdiction_id": "leon"}, 404, "No existe ese jurisdiction_id"),
            ({"address_string": ""}, 400, "Falta el lugar"),
            ({"address_string": " \u3164 "}, 400, "Falta el lugar"),
            ({"address_string": "x" * 301}, 400, "address_string: Escriba hasta 300"),
            ({"address_id": "x" * 61}, 400, "address_id: Escriba hasta 60"),
            ({"lat": "19.43"}, 400, "long: Envíe las dos coordenadas"),
            ({"long": "-99.13"}, 400, "lat: Envíe las dos coordenadas"),
            ({"lat": "91", "long": "-99.13"}, 400, "lat: La latitud debe ser"),
            ({"lat": "19.43", "long": "181"}, 400, "long: La longitud debe ser"),
            ({"lat": "nan", "long": "-99.13"}, 400, "lat: La latitud debe ser"),
            ({"lat": "19.43", "long": "-inf"}, 400, "long: La longitud debe ser"),
            ({"lat": "19,43", "long": "-99.13"}, 400, "lat: La latitud debe ser"),
            ({"lat": "1e1", "long": "-99.13"}, 400, "lat: La latitud debe ser"),
            ({"lat": "١٩", "long": "-99.13"}, 400, "lat: La latitud debe ser"),
            ({"lat": "0", "long": "0.0"}, 400, "lat: Las coordenadas 0, 0"),
            ({"lat": "-99.13", "long": "19.43"}, 400, "lat: La latitud y la longitud parecen cambiadas"),
            ({"lat": "19.43", "long": "99.13"}, 400, "long: A la longitud parece faltarle el signo"),
            ({"email": "no es"}, 400, "email: Revise el correo"),
            ({"phone": "12"}, 400, "phone: Revise el teléfono"),
            ({"description": "x" * 10_001}, 400, "description: Su texto tiene"),
            ({"description": "Trae\x00nulos"}, 400, "description: Trae bytes"),
            ({"first_name": "x" * 201}, 400, "first_name: Escriba hasta 200"),
            ({"media_url": "javascript:alert(1)"}, 400, "media_url: Debe empezar con http"),
            ({"media_url": "file:///etc/passwd"}, 400, "media_url: Debe empezar con http"),
            ({"media_url": "http://"}, 400, "media_url: Debe empezar con http"),
            ({"media_url": "http://[roto"}, 400, "media_url: Debe empezar con http"),
            ({"media_url": "https://ejemplo.mx/" + "x" * 2000}, 400, "media_url: Debe empezar con http"),
        ],
    )
    @pytest.mark.parametrize("extension", ["json", "xml"])
    def test_what_is_wrong_is_named(
        self, speaker: Speaker, database: Database, changed: dict[str, str], status: int, said: str, extension: str
    ) -> None:
        errors = speaker.post({**ASKED, **changed}, status, extension)

        assert len(errors) == 1, errors
        assert said in errors[0]["description"]
        assert errors[0]["code"] == status
        assert received(database) == 0

    def test_several_things_are_told_together(self, speaker: Speaker) -> None:
        errors = speaker.post({**ASKED, "email": "x", "phone": "1", "media_url": "ftp://x"}, 400)

        assert len(errors) == 3

    def test_bytes_that_are_no_text_are_refused(self, client: FlaskClient, database: Database, world: World) -> None:
        body = b"service_code=atencion-1&address_string=Calle&description=ca\xf1on"

        response = client.post(f"{ROOT}/requests.json", data=body, content_type=FORM)

        assert response.status_code == 400
        assert "UTF-8" in from_json(response)[0]["description"]
        assert received(database) == 0

    def test_file_that_is_not_taken_is_named(self, speaker: Speaker, database: Database) -> None:
        errors = speaker.post({**ASKED, "media": (io.BytesIO(b"MZ\x90\x00"), "virus.exe")}, 400)

        assert texts_of(errors)[0].startswith("media: ")
        assert received(database) == 0

    def test_page_of_another_site_cannot_hand_in(self, app: Flask, database: Database, world: World) -> None:
        response = app.test_client().post(f"{ROOT}/requests.json", data=ASKED, headers={"Sec-Fetch-Site": "cross-site"})

        assert response.status_code == 403
        check(from_json(response), ERRORS)
        assert received(database) == 0

    def test_too_much_is_refused_in_its_form(self, app: Flask, world: World) -> None:
        response = app.test_client().post(f"{ROOT}/requests.xml", data={**ASKED, "description": "x" * 9_000_000})

        assert response.status_code == 413
        check(from_xml(response), ERRORS)


def _annul(world: World, clock: Clock) -> None:
    window = get_window(world.slugs["mailbox"])
    another = replace(world.actors["coordinator"], post_id=world.actors["operator"].post_id, person_id=None)
    with unit_of_work():
        change = propose_change(
            window=window,
            kind=DateChangeKind.ANNUL,
            days=None,
            legal_basis="Artículo 28",
            reason="Se abrió por error.",
            agreement="A-1",
            actor=world.actors["coordinator"],
            now=clock.now,
        )
    with unit_of_work():
        approve_change(change=change, actor=another, now=clock.now)
    assert session().get_one(Window, window.id).annulled_at is not None
