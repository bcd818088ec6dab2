"""What is kept of a person: every column by name, who has it, until when, and what is not linked."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.archives.held import KEPT_INSIDE, PLACE_SHOWN, SHOWN, describe_held
from consulta.archives.held_files import as_file, held_json, held_text
from consulta.archives.holds import place_hold
from consulta.data_rights.operations import file_request
from consulta.data_rights.rules import DataRightsDraft
from consulta.db import session, unit_of_work
from consulta.i18n.text import speaking
from consulta.referrals.claims import file_claim
from consulta.referrals.routing import refer_by_topic
from consulta.submissions.drafts import DemographicsDraft
from consulta.submissions.models import Submission
from tests.archives.filing import filed_in_series
from tests.archives.worlds import with_file
from tests.builders import World, a_published, a_submission, an_answered, buffered
from tests.clock import START

ZONE = "America/Mexico_City"
CONTACT = {"author_name": "Eva (inventada)", "name_is_public": True, "email": "eva@ejemplo.mx", "phone": "4771234567"}


def test_every_column_of_a_submission_is_shown_or_named() -> None:
    columns = {column.name for column in Submission.__table__.columns}

    assert columns == set(SHOWN) | set(KEPT_INSIDE)
    assert not set(SHOWN) & set(KEPT_INSIDE)


@pytest.mark.usefixtures("scope")
class TestHeld:
    def test_fields_sharing_term_messages_and_requests_are_told(self, world: World) -> None:
        submission = a_published(world, START, draft=CONTACT)
        with unit_of_work():
            filed_in_series(world, START)
            refer_by_topic({"folio": submission.folio}, START)
            file_request(submission=submission, draft=DataRightsDraft("access"), now=START + timedelta(hours=1))

        held = describe_held(submission)

        values = {item.name: item.reading for item in held.fields}
        assert (values["email"], values["phone"], values["author_name"]) == (
            "eva@ejemplo.mx",
            "4771234567",
            "Eva (inventada)",
        )
        assert (values["name_is_public"], values["state"], values["reviewed_by_post_id"]) == (
            "Sí",
            "Publicado",
            "Cargo moderator",
        )
        assert any("Dirección de Tránsito" in line for line in held.shared)
        assert any("con el nombre «Eva (inventada)»" in line for line in held.shared)
        assert held.retention.series is not None
        assert [notice.kind for notice in held.messages] == ["receipt", "data_rights_filed"]
        assert [request.kind for request in held.requests] == ["access"]
        assert "data_rights.filed" in [kind for kind, _at in held.acts]

    def test_files_are_in_both_downloads(self, world: World) -> None:
        with_file(world)
        submission = session().scalars(select(Submission).order_by(Submission.id.desc())).first()
        assert submission is not None

        held = describe_held(submission)
        read = json.loads(as_file(held, ZONE, "json"))

        assert read == held_json(held, ZONE)
        assert {item["name"] for item in read["fields"]} == set(SHOWN) | set(PLACE_SHOWN)
        files = next(item for item in read["fields"] if item["name"] == "files")
        assert files["value"][0]["filename"] == "oficio.pdf"
        text = as_file(held, ZONE, "txt").decode("utf-8")
        assert "oficio.pdf" in text
        assert "no tiene serie documental" in text
        assert "Correo: nada" in text

    def test_demographics_are_not_linked_and_it_says_why(self, world: World) -> None:
        answers = DemographicsDraft(sex="woman", age_group="30-44", municipality="11020")
        submission = a_submission(world.topics["open"], START, draft={"demographics": answers})
        assert [said["sex"] for said in buffered(submission.topic.window_id)] == ["woman"]

        held = describe_held(submission)

        assert "no se puede saber cuáles son suyas" in held.not_linked
        assert "11020" not in held_text(held, ZONE)
        assert "Mujer" not in held_text(held, ZONE)

    def test_what_was_written_around_it_is_told_and_not_who_else_wrote(self, world: World) -> None:
        submission = an_answered(world, START).submission
        with unit_of_work():
            file_claim(submission=submission, name="Otra (inventada)", email="", text="No fue.", hides=True, now=START)
            place_hold(subject=submission, reference="A-1", reason="x", actor=world.actors["control"], now=START)

        held = describe_held(submission)

        assert [note.title for note in held.around] == [
            "Su texto se publicó",
            "La respuesta que recibió",
            "Alguien dijo que usted no lo envió",
            "Se conserva por orden, aunque venza su plazo",
        ]
        text = held_text(held, ZONE)
        assert "Procedente: se cambia el artículo 12." in text
        assert "Otra (inventada)" not in text

    def test_secrets_are_named_and_never_told(self, world: World) -> None:
        submission = a_submission(world.topics["open"], START)

        text = held_text(describe_held(submission), ZONE)

        assert "una huella de su clave; la clave no se guarda" in text
        assert submission.key_hash not in text
        assert submission.nonce_hash.hex() not in text

    def test_reserved_says_that_only_the_control_body_has_it(self, world: World) -> None:
        draft = {"kind": "complaint", "names_official": True}
        submission = a_submission(world.topics["mailbox"], START, draft=draft)

        assert describe_held(submission).shared[0] == "El órgano interno de control, y nadie más en el gobierno."

    def test_it_reads_in_the_language_of_the_page(self, world: World) -> None:
        submission = a_submission(world.topics["open"], START)

        with speaking("en"):
            text = held_text(describe_held(submission), ZONE)

        assert "What Consulta keeps about you" in text
