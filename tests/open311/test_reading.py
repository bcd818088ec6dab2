"""Reading: both forms say the same, hold the schemas of the standard, and tell no more than the policy allows."""

import json
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from flask import Flask
from sqlalchemy import update

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.referrals.drafting import draft_answer
from consulta.referrals.operations import publish_answer, sign_off, submit_answer
from consulta.referrals.routing import return_referral
from consulta.referrals.standing import disown, withdraw
from consulta.submissions.drafts import PlaceDraft
from consulta.submissions.models import Submission
from consulta.submissions.policy import POLICY, PublicText
from consulta.submissions.states import SubmissionKind
from consulta.windows.models import Topic, Window
from tests.builders import World, a_referral, a_submission, an_answered
from tests.clock import START, Clock
from tests.conftest import SHARED
from tests.contracts.offices import another_government
from tests.open311.speakers import ERRORS, ROOT, Speaker, check, from_json, from_xml, schema_of

STANDARDS = SHARED / "standards" / "open311"
PLACE = PlaceDraft("21.01234567", "-101.25765432", "Calle Inventada 12", "G-77")
WANTED = {"kind": SubmissionKind.SERVICE_REQUEST, "text": "Mi vecina Eva no tiene luz.", "place": PLACE}


@pytest.fixture
def asked(database: Database, world: World) -> str:
    """A service request at its unit."""
    with session_scope(database):
        return a_referral(world, START, "mailbox", draft=WANTED).submission.folio


def folios(requests: Any) -> list[str]:
    """Return the numbers of requests."""
    return [item["service_request_id"] for item in requests]


def of_folio(folio: str) -> Submission:
    """Return a row."""
    return session().query(Submission).filter_by(folio=folio).one()


class TestServices:
    """What can be asked for, and how."""

    def test_discovery_says_where_the_calls_are(self, speaker: Speaker) -> None:
        read = speaker.client.get(f"{ROOT}/discovery.json")

        told = from_json(read)
        [endpoint] = told["endpoints"]
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert (endpoint["url"], endpoint["type"]) == ("http://localhost/open311/v2", "production")
        assert endpoint["formats"] == ["text/xml", "application/json"]
        assert told["contact"] == "Calle Inventada 1"
        assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
        xml = speaker.client.get(f"{ROOT}/discovery.xml").text
        assert xml.count("<endpoint>") == 1
        assert xml.count("<format>") == 2

    def test_services_are_the_topics_of_mailboxes_that_take_service_requests(
        self, speaker: Speaker, world: World
    ) -> None:
        told = check(speaker.get("/services"), schema_of("Service", many=True))

        assert [(item["service_code"], item["service_name"]) for item in told] == [
            ("atencion-1", "Transporte escolar"),
            ("atencion-2", "Sin unidad"),
        ]
        assert {(item["type"], item["metadata"], item["group"]) for item in told} == {("realtime", False, "Atención")}

    def test_definition_has_no_attributes(self, speaker: Speaker) -> None:
        told = check(speaker.get("/services/atencion-1"), schema_of("ServiceDefinition"))

        assert told == {"service_code": "atencion-1", "attributes": []}

    @pytest.mark.parametrize("code", ["no-hay-1", "atencion-9", "agenda-regulatoria-1", "atencion", "%C3%B1-1"])
    def test_what_is_no_service_does_not_exist(self, speaker: Speaker, code: str) -> None:
        speaker.get(f"/services/{code}", 404)


class TestRequests:
    """What everybody may know of a request."""

    def test_request_at_its_unit(self, speaker: Speaker, asked: str) -> None:
        [told] = check(speaker.get(f"/requests/{asked}"), schema_of("Request", many=True))

        assert told == {
            "service_request_id": asked,
            "status": "open",
            "status_notes": "Está en la unidad responsable.",
            "service_name": "Transporte escolar",
            "service_code": "atencion-1",
            "description": "El texto de la solicitud no es público: lo lee quien responde.",
            "agency_responsible": "Dirección de Tránsito, Secretaría de Movilidad",
            "requested_datetime": "2026-06-10T18:00:00Z",
            "updated_datetime": "2026-06-10T18:00:00Z",
            "expected_datetime": "2026-06-18T06:00:00Z",
            "address": "Zona de un kilómetro alrededor del punto; el lugar exacto no es público.",
            "lat": 21.015,
            "long": -101.255,
        }
        assert speaker.get(f"/requests/{asked.lower()}") == [told]

    def test_policy_of_service_requests_is_still_subject_only(self) -> None:
        """Whoever makes more of them public must say so here too: `serializers` tells nothing else."""
        assert POLICY[SubmissionKind.SERVICE_REQUEST] == PublicText.SUBJECT_ONLY

    def test_answered_is_closed_and_its_answer_is_not_told(
        self, speaker: Speaker, database: Database, world: World
    ) -> None:
        with session_scope(database):
            referral = a_referral(world, START, "mailbox", draft=WANTED)
            folio, later = referral.submission.folio, START + timedelta(hours=3)
            with unit_of_work():
                answer = draft_answer(
                    referrals=[referral],
                    disposition="adopted",
                    text="Se repuso la lámpara de Eva.",
                    actor=world.actors["respondent"],
                    now=later,
                )
                submit_answer(answer=answer, actor=world.actors["respondent"], now=later)
                sign_off(answer=answer, actor=world.actors["approver"], now=later)
                publish_answer(answer=answer, actor=world.actors["coordinator"], now=later)

        [told] = check(speaker.get(f"/requests/{folio}"), schema_of("Request", many=True))

        assert (told["status"], told["updated_datetime"]) == ("closed", "2026-06-10T21:00:00Z")
        assert told["status_notes"] == "Se respondió a quien la envió. La respuesta no es pública."
        assert "expected_datetime" not in told
        assert "lámpara" not in json.dumps(told, ensure_ascii=False)

    def test_returned_waits_for_a_unit(self, speaker: Speaker, database: Database, world: World) -> None:
        with session_scope(database):
            referral = a_referral(world, START, "mailbox", draft=WANTED)
            with unit_of_work():
                return_referral(
                    referral=referral,
                    reason="Es de Eva.",
                    actor=world.actors["respondent"],
                    now=START + timedelta(hours=1),
                )
            folio = referral.submission.folio

        [told] = speaker.get(f"/requests/{folio}")

        assert (told["status"], told["updated_datetime"]) == ("open", "2026-06-10T19:00:00Z")
        assert told["status_notes"] == "Espera a que se le asigne unidad responsable."
        assert "agency_responsible" not in told

    def test_withdrawn_and_disowned_are_closed_and_nowhere(
        self, speaker: Speaker, database: Database, world: World
    ) -> None:
        with session_scope(database):
            rows = [a_submission(world.topics["mailbox"], START, draft=WANTED) for _ in range(2)]
            with unit_of_work():
                withdraw(submission=rows[0], reason="Ya hay luz.", now=START + timedelta(hours=1))
                disown(submission=rows[1], hides=True, reason="No fui.", now=START + timedelta(hours=2))
            names = [row.folio for row in rows]

        told = [speaker.get(f"/requests/{folio}")[0] for folio in names]

        assert [item["status"] for item in told] == ["closed", "closed"]
        assert told[0]["status_notes"] == "La persona que la envió la retiró."
        assert told[1]["status_notes"] == "La persona cuyo nombre lleva dijo que no la envió."
        assert not any({"lat", "long", "address"} & set(item) for item in told)

    def test_address_alone_gives_no_point(self, speaker: Speaker, database: Database, world: World) -> None:
        draft = {**WANTED, "place": PlaceDraft(address="Calle Inventada 12")}
        with session_scope(database):
            folio = a_submission(world.topics["mailbox"], START, draft=draft).folio

        [told] = check(speaker.get(f"/requests/{folio}"), schema_of("Request", many=True))

        assert told["address"] == "La persona dio una dirección, que no es pública."
        assert not {"lat", "long"} & set(told)

    def test_token_of_a_request_is_its_number(self, speaker: Speaker, asked: str) -> None:
        told = check(speaker.get(f"/tokens/{asked}"), schema_of("TokenResponse", many=True))

        assert told == [{"service_request_id": asked, "token": asked}]
        speaker.get("/tokens/12345", 404)

    @pytest.mark.parametrize(
        "draft",
        [
            {"kind": SubmissionKind.PETITION},
            {"kind": SubmissionKind.SUGGESTION, "text_consent": True},
            {"kind": SubmissionKind.SERVICE_REQUEST, "names_official": True},
        ],
    )
    def test_what_is_no_public_service_request_does_not_exist(
        self, speaker: Speaker, database: Database, world: World, draft: dict[str, Any]
    ) -> None:
        with session_scope(database):
            folio = a_submission(world.topics["mailbox"], START, draft=draft).folio
            comment = an_answered(world, START).submission.folio

        for hidden in (folio, comment):
            speaker.get(f"/requests/{hidden}", 404)
            speaker.get(f"/tokens/{hidden}", 404)
        assert speaker.get("/requests") == speaker.get("/requests", service_request_id=f"{folio},{comment}") == []

    def test_control_characters_never_break_the_xml(self, speaker: Speaker, database: Database, world: World) -> None:
        with session_scope(database), unit_of_work():
            topic = session().get_one(Topic, world.topics["mailbox"])
            topic.title = "Luz \x0b<b>&\ufffe\x01 ]]> á"

        response = speaker.client.get(f"{ROOT}/services.xml")

        assert from_xml(response)[0]["service_name"] == "Luz <b>& ]]> á"


class TestList:
    """Which requests a query gives."""

    @pytest.fixture
    def many(self, database: Database, world: World, clock: Clock) -> list[str]:
        """Five requests, one a day, the newest first; the second one was withdrawn. Today is the last day."""
        with session_scope(database):
            rows = [
                a_submission(world.topics["mailbox"], START + timedelta(days=day), draft=WANTED) for day in range(5)
            ]
            with unit_of_work():
                withdraw(submission=rows[1], reason="", now=START + timedelta(days=1, hours=1))
            names = [row.folio for row in reversed(rows)]
        clock.advance(minutes=4 * 24 * 60 + 1)
        return names

    def test_newest_come_first(self, speaker: Speaker, many: list[str]) -> None:
        told = check(speaker.get("/requests"), schema_of("Request", many=True))

        assert folios(told) == many

    def test_status_and_service_narrow_it(self, speaker: Speaker, many: list[str]) -> None:
        assert folios(speaker.get("/requests", status="closed")) == [many[3]]
        assert folios(speaker.get("/requests", status="open")) == [*many[:3], many[4]]
        assert folios(speaker.get("/requests", status="open,closed")) == many
        assert folios(speaker.get("/requests", service_code="atencion-1, atencion-2")) == many
        assert speaker.get("/requests", service_code="atencion-2") == []
        assert speaker.get("/requests", service_code="inventado") == []
        assert folios(speaker.get("/requests", service_code="", status="", start_date="")) == many

    def test_dates_narrow_it_and_include_their_ends(self, speaker: Speaker, many: list[str]) -> None:
        noon = "2026-06-12T18:00:00Z"

        assert folios(speaker.get("/requests", start_date=noon)) == many[:3]
        assert folios(speaker.get("/requests", end_date=noon)) == many[2:]
        assert folios(speaker.get("/requests", start_date=noon, end_date="2026-06-12T12:00:00-06:00")) == [many[2]]

    def test_by_default_the_last_ninety_days(self, speaker: Speaker, many: list[str], clock: Clock) -> None:
        clock.advance(minutes=86 * 24 * 60 - 1)
        assert folios(speaker.get("/requests")) == many
        clock.advance(minutes=1)
        assert folios(speaker.get("/requests")) == many[:4]

    def test_numbers_override_everything_else(self, speaker: Speaker, many: list[str]) -> None:
        wanted = f" {many[4]}, {many[1].lower()},{many[1]},no-es-folio"

        told = speaker.get("/requests", service_request_id=wanted, status="closed", service_code="x-1")

        assert folios(told) == [many[1], many[4]]

    def test_pages_walk_the_newest_thousand(self, speaker: Speaker, many: list[str]) -> None:
        assert folios(speaker.get("/requests", page_size="2")) == many[:2]
        assert folios(speaker.get("/requests", page_size="2", page="3")) == many[4:]
        assert speaker.get("/requests", page_size="2", page="4") == []
        assert speaker.get("/requests", page_size="1000", page="2") == []

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ({"status": "abierta"}, "status debe ser"),
            ({"start_date": "ayer"}, "start_date debe ser una fecha"),
            ({"end_date": "2026-06-12"}, "end_date debe ser una fecha"),
            ({"end_date": "2026-06-12T00:00:00"}, "end_date debe ser una fecha"),
            ({"start_date": "0001-01-01T00:00:00+14:00"}, "start_date debe ser una fecha"),
            ({"start_date": "2026-06-12T00:00:00Z", "end_date": "2026-06-11T00:00:00Z"}, "no puede ser anterior"),
            ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-01T00:00:01Z"}, "hasta 90 días"),
            ({"page": "0"}, "page debe ser"),
            ({"page": "-1"}, "page debe ser"),
            ({"page_size": "1001"}, "page_size debe ser"),
            ({"page_size": "99999999999999999999"}, "page_size debe ser"),
            ({"jurisdiction_id": "leon"}, "No existe ese jurisdiction_id"),
        ],
    )
    def test_what_cannot_be_asked_is_named(self, speaker: Speaker, query: dict[str, str], said: str) -> None:
        status = 404 if "jurisdiction_id" in query else 400

        [error] = speaker.get("/requests", status, **query)

        assert said in error["description"]
        assert error["code"] == status

    def test_edges_of_time_are_answered(self, speaker: Speaker) -> None:
        assert speaker.get("/requests", end_date="0001-01-02T00:00:00Z") == []
        assert speaker.get("/requests", start_date="9999-12-31T00:00:00Z") == []


class TestJurisdictions:
    """An instance of several governments."""

    def test_it_must_be_named_and_keeps_apart(
        self, speaker: Speaker, database: Database, world: World, asked: str
    ) -> None:
        with session_scope(database):
            another_government(START)

        assert "guanajuato, otro" in speaker.get("/services", 400)[0]["description"]
        assert len(speaker.get("/services", jurisdiction_id="guanajuato")) == 2
        assert speaker.get("/services", jurisdiction_id="otro") == []
        assert folios(speaker.get("/requests", jurisdiction_id="guanajuato")) == [asked]
        assert speaker.get("/requests", jurisdiction_id="otro") == []
        speaker.get(f"/requests/{asked}", 404, jurisdiction_id="otro")
        speaker.get(f"/requests/{asked}", 400)
        speaker.get("/services/atencion-1", 404, jurisdiction_id="otro")
        speaker.post({"service_code": "atencion-1", "address_id": "1"}, 400)
        speaker.post({"service_code": "atencion-1", "address_id": "1", "jurisdiction_id": "otro"}, 404)
        speaker.post({"service_code": "atencion-1", "address_id": "1", "jurisdiction_id": "guanajuato"})

    def test_draft_mailbox_is_nobodys_business(self, speaker: Speaker, database: Database, world: World) -> None:
        with session_scope(database), unit_of_work():
            session().execute(
                update(Window)
                .where(Window.slug == world.slugs["mailbox"])
                .values(state="draft", opens_at=None, closes_at=None)
            )

        assert speaker.get("/services") == []
        speaker.post({"service_code": "atencion-1", "address_id": "1"}, 404)


class TestForms:
    """XML and JSON, their headers, and errors in them."""

    def test_errors_come_in_the_form_of_the_address(self, app: Flask, world: World) -> None:
        client = app.test_client()

        for path in ("/nada", "/services/x", "/requests/a/b/c"):
            assert from_json(client.get(f"{ROOT}{path}.json"))[0]["code"] == 404
            assert from_xml(client.get(f"{ROOT}{path}.xml"))[0]["code"] == 404
        wrong_method = client.delete(f"{ROOT}/requests.json")
        assert (wrong_method.status_code, check(from_json(wrong_method), ERRORS)[0]["code"]) == (405, 405)

    def test_without_extension_there_is_nothing_and_accept_says_how_it_is_told(self, app: Flask, world: World) -> None:
        client = app.test_client()

        told = client.get(f"{ROOT}/services", headers={"Accept": "application/json"})
        plain = client.get(f"{ROOT}/services")
        csv = client.get(f"{ROOT}/services.csv")

        assert (told.status_code, from_json(told)[0]["code"]) == (404, 404)
        assert (plain.status_code, from_xml(plain)[0]["code"]) == (404, 404)
        assert (csv.status_code, from_xml(csv)[0]["description"]) == (404, "Pida .json o .xml.")

    def test_reads_may_be_kept_and_asked_again(self, app: Flask, asked: str) -> None:
        client = app.test_client()

        first = client.get(f"{ROOT}/requests.xml")
        again = client.get(f"{ROOT}/requests.xml", headers={"If-None-Match": first.headers["ETag"]})

        assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert again.status_code == 304

    @pytest.mark.skipif(not STANDARDS.exists(), reason="needs ../shared/standards")
    def test_answers_hold_the_schema_files_of_the_standard(self, speaker: Speaker, asked: str) -> None:
        files = {path.name: json.loads(path.read_text("utf-8")) for path in STANDARDS.glob("*.json")}
        answers = {
            "service.json": speaker.get("/services"),
            "service-definition.json": [speaker.get("/services/atencion-1")],
            "request.json": speaker.get("/requests"),
        }

        for name, told in answers.items():
            assert told
            for item in told:
                validator = jsonschema.Draft4Validator(files[name], format_checker=jsonschema.FormatChecker())
                assert list(validator.iter_errors(item)) == []
