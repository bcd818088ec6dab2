"""The comment in three steps, as a browser without script walks it: nothing typed is ever lost."""

import io
import zipfile
from datetime import date
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from consulta.agencies.models import Government
from consulta.agencies.operations import publish_privacy_notice
from consulta.db import session, unit_of_work
from consulta.moderation.operations import publish_text
from consulta.submissions.models import Attachment, BufferedDemographics, Submission, WaitingFile
from consulta.submissions.states import SubmissionKind
from consulta.windows.dating import schedule_window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument
from tests.builders import TEXT, World, buffered, get_submission, get_window
from tests.clock import START, Clock
from tests.html_check import Page
from tests.inspection.inspected_files import a_jpeg, a_pdf, an_exif

pytestmark = pytest.mark.usefixtures("scope")

ABOUT = {
    "email": "persona@ejemplo.mx",
    "phone": "473 555 0101",
    "behalf": "self",
    "author_name": "Ana Pérez",
    "name_is_public": "y",
    "sex": "woman",
    "age_group": "30-44",
    "municipality": "11015",
}


class Journey:
    """A person at the form of a topic: what she sees, and what she sends next."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client = client
        self.address = f"{address}/opinar"
        self.response: TestResponse = client.get(self.address)
        self.page = Page(self.response.text)

    def press(self, action: str, *, files: tuple[tuple[bytes, str], ...] = (), **typed: Any) -> Page:
        """Fill fields in and press a button; check the page that comes."""
        sent = {**self.page.fields(), **typed, "accion": action}
        data: dict[str, Any] = {name: value for name, value in sent.items() if value is not None}
        if files:
            data["files"] = [(io.BytesIO(content), name) for content, name in files]
        self.response = self.client.post(self.address, data=data, content_type="multipart/form-data" if files else None)
        self.page = Page(self.response.text)
        # What the test reads next is what the request wrote, not what was true before it.
        session().rollback()
        assert self.response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in self.response.headers
        for where, message in self.page.problems:
            assert where in self.page.ids
            assert message
        assert bool(self.page.problems) is (self.response.status_code == 422 and "opinar" in self.page.html)
        return self.page

    def reach_step_3(self, text: str = TEXT, **about: Any) -> Page:
        """Walk to the last step."""
        self.press("continuar-1", text=text)
        return self.press("continuar-2", **about)

    @property
    def folio(self) -> str:
        """The folio on the receipt."""
        return "".join(self.page.by_id("folio").itertext())

    @property
    def key(self) -> str:
        """The key on the receipt."""
        return "".join(self.page.by_id("clave").itertext())


@pytest.fixture
def topic(world: World) -> str:
    """The address of a topic of the open window."""
    return f"/consultas/{world.slugs['open']}/temas/1"


@pytest.fixture
def journey(client: FlaskClient, topic: str) -> Journey:
    """A person who opened the form of the open window."""
    return Journey(client, topic)


def count(model: type[Any]) -> int:
    """Return how many rows a table holds."""
    return session().scalar(select(func.count()).select_from(model)) or 0


def test_three_steps_lead_to_a_receipt_that_opens_the_story(journey: Journey, client: FlaskClient) -> None:
    headings = [journey.page.heading]
    headings.append(journey.press("continuar-1", text=TEXT).heading)
    headings.append(journey.press("continuar-2", **ABOUT).heading)
    summary = journey.page.main
    headings.append(journey.press("enviar").heading)

    assert headings == ["Su opinión", "Sobre usted, si quiere", "Revise y envíe", "Recibimos su comentario"]
    for shown in (TEXT, "Ana Pérez (se publica)", "Por correo a persona@ejemplo.mx", "Mujer · 30 a 44 años · "):
        assert shown in summary
    assert journey.response.status_code == 201
    submission = get_submission(journey.folio)
    assert (submission.text, submission.author_name, submission.name_is_public) == (TEXT, "Ana Pérez", True)
    assert (submission.email, submission.phone) == ("persona@ejemplo.mx", "473 555 0101")
    assert (submission.received_at, submission.notice_version) == (START, "2026-1")
    story = client.post("/seguimiento", data={"folio": journey.folio, "key": journey.key})
    assert TEXT in Page(story.text).main


def test_receipt_says_who_answers_and_what_comes(journey: Journey) -> None:
    journey.reach_step_3()

    page = journey.press("enviar")

    assert "miércoles 10 de junio de 2026, 12:00 h" in page.main
    assert "Responde Dirección de Tránsito" in page.main
    assert "La consulta cierra a las 24:00 h del viernes 3 de julio de 2026, hora del centro." in page.main
    assert "Le responden en los estrados electrónicos" in page.main
    assert len(journey.key.split("-")) == 6


def test_nothing_but_the_text_is_needed(journey: Journey) -> None:
    journey.press("continuar-1", text="x")
    journey.press("continuar-2")

    journey.press("enviar")

    assert journey.response.status_code == 201
    assert get_submission(journey.folio).text == "x"
    [row] = session().scalars(select(BufferedDemographics))
    assert buffered(row.window_id) == [{"behalf": "self"}]


def test_everything_typed_is_kept_back_and_forth(journey: Journey) -> None:
    text = 'Primera línea\n\n  segunda, con «comillas», "dobles" & <b>signos</b>'
    journey.reach_step_3(text, **ABOUT)
    third = journey.page.fields()

    second = journey.press("editar-2").fields()
    first = journey.press("editar-1").fields()
    journey.press("continuar-1")
    again = journey.press("continuar-2").fields()

    assert third["text"] == text
    for fields in (second, first, again):
        assert {name: fields[name] for name in third} == third
    assert journey.press("enviar").heading == "Recibimos su comentario"
    assert get_submission(journey.folio).text == text


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u2060", "\u3164"])
def test_empty_text_is_told_at_its_field(journey: Journey, text: str) -> None:
    page = journey.press("continuar-1", text=text)

    assert journey.response.status_code == 422
    assert page.problems == [("text", "Escriba su comentario: el campo está vacío.")]
    assert page.title.startswith("Corrija: Su opinión, paso 1 de 3")
    assert "text-error" in page.by_id("text").attrib["aria-describedby"]


def test_text_of_ten_thousand_fits_and_one_more_is_told_and_kept(journey: Journey) -> None:
    assert journey.press("continuar-1", text="ñ" * 10_000).heading == "Sobre usted, si quiere"
    journey.press("editar-1")

    page = journey.press("continuar-1", text="ñ" * 10_001)

    [(where, message)] = page.problems
    assert (where, "10,001" in message) == ("text", True)
    assert page.fields()["text"] == "ñ" * 10_001


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"email": "no es correo"}, "email"),
        ({"phone": "123"}, "phone"),
        ({"name_is_public": "y", "author_name": ""}, "author_name"),
        ({"author_name": "a" * 201}, "author_name"),
        ({"representative_post": "a" * 201}, "representative_post"),
        ({"sex": "otro valor"}, "sex"),
        ({"age_group": "7"}, "age_group"),
        ({"municipality": "99999"}, "municipality"),
        ({"behalf": "nadie"}, "behalf"),
        ({"behalf": "organization", "representative": "Ana"}, "organization"),
        ({"behalf": "organization", "organization": "Cámara"}, "representative"),
    ],
)
def test_problems_of_step_2_are_at_their_fields(journey: Journey, typed: dict[str, str], where: str) -> None:
    journey.press("continuar-1", text=TEXT)

    page = journey.press("continuar-2", **typed)

    assert journey.response.status_code == 422
    assert [anchor for anchor, _ in page.problems] == [where]
    assert f"{where}-error" in page.ids
    assert page.fields()["text"] == TEXT
    kept = {name: value for name, value in typed.items() if value and name not in ("sex", "age_group", "municipality")}
    assert {name: page.fields()[name] for name in kept if name != "behalf"} == {
        name: value for name, value in kept.items() if name != "behalf"
    }
    assert count(Submission) == 0


def test_problem_of_an_earlier_step_brings_back_to_it(journey: Journey) -> None:
    journey.reach_step_3()

    page = journey.press("enviar", text="", email="mal")

    assert page.heading == "Su opinión"
    assert page.problems[0][0] == "text"


def test_organization_is_named_with_who_represents_it(journey: Journey) -> None:
    journey.press("continuar-1", text=TEXT)
    assert journey.press("continuar-2", behalf="organization").problems == [
        ("organization", "Escriba la razón social o el nombre de la organización."),
        ("representative", "Escriba el nombre de quien representa a la organización."),
    ]
    details = next(iter(journey.page.by_class("more")))
    assert "open" in details.attrib

    page = journey.press("continuar-2", organization="Cámara de Comercio", representative="Eva Ruiz")
    assert "Por una organización: Cámara de Comercio, representada por Eva Ruiz" in page.main
    journey.press("enviar")

    assert get_submission(journey.folio).organization == "Cámara de Comercio"


def test_demographics_are_optional_and_may_be_declined(journey: Journey) -> None:
    declined = {"sex": "declined", "age_group": "declined", "municipality": "declined"}

    page = journey.reach_step_3(**declined)
    journey.press("enviar")

    assert "Prefiero no responder · Prefiero no responder · Prefiero no responder" in page.main
    [row] = session().scalars(select(BufferedDemographics))
    assert buffered(row.window_id) == [{"behalf": "self", **declined}]


def test_version_of_the_notice_that_was_shown_is_recorded(journey: Journey, world: World) -> None:
    journey.reach_step_3()
    government = session().get_one(Government, world.government_id)
    with unit_of_work():
        publish_privacy_notice(government=government, version="2026-2", summary="Otro.", text="Otro.", now=START)

    journey.press("enviar")

    assert get_submission(journey.folio).notice_version == "2026-1"


def test_version_that_was_never_published_is_not_recorded(journey: Journey) -> None:
    journey.reach_step_3()

    page = journey.press("enviar", notice_version="inventada")

    assert "No sabemos qué versión del aviso de privacidad leyó" in page.main
    assert page.fields()["notice_version"] == "2026-1"
    assert journey.press("enviar").heading == "Recibimos su comentario"


def test_same_form_sent_twice_shows_the_same_receipt(journey: Journey, clock: Clock) -> None:
    journey.reach_step_3()
    sent = journey.page
    journey.press("enviar")
    first = (journey.folio, journey.key)
    clock.advance(hours=2)

    journey.page = sent
    journey.press("enviar")

    assert (journey.folio, journey.key) == first
    assert journey.response.status_code == 200
    assert "12:00 h" in journey.page.main
    assert count(Submission) == 1


def test_same_form_with_another_text_is_told_and_may_be_sent_apart(journey: Journey) -> None:
    journey.reach_step_3()
    sent = journey.page
    journey.press("enviar")
    first = journey.folio

    journey.page = sent
    page = journey.press("enviar", text="Otra cosa.")

    assert f"Este formulario ya se había enviado y tiene el folio {first}." in page.main
    assert page.fields()["text"] == "Otra cosa."
    journey.press("enviar")
    assert journey.folio != first
    assert count(Submission) == 2


@pytest.mark.parametrize("nonce", ["", "roto", "IjEyMyI.aaaa.bbbb", None])
def test_nonce_not_made_here_or_expired_keeps_everything(journey: Journey, nonce: str | None) -> None:
    fresh = journey.reach_step_3(**ABOUT).fields()["nonce"]

    page = journey.press("enviar", nonce=fresh[:-2] + "xx" if nonce == "roto" else nonce)

    assert "La página llevaba más de un día abierta. Su texto sigue aquí" in page.main
    assert page.fields()["text"] == TEXT
    assert page.fields()["email"] == ABOUT["email"]
    assert count(Submission) == 0
    assert journey.press("enviar").heading == "Recibimos su comentario"


def test_closing_while_she_writes_gives_a_late_receipt(journey: Journey, world: World, clock: Clock) -> None:
    journey.press("continuar-1", text=TEXT)
    closes_at = get_window(world.slugs["open"]).closes_at
    assert closes_at is not None
    clock.now = closes_at

    warned = journey.press("continuar-2")
    page = journey.press("enviar")

    assert "se guarda con folio como recibido fuera de plazo" in warned.main
    assert page.heading == "Lo recibimos fuera de plazo"
    assert "Queda guardado con su folio, aparte de lo recibido en plazo" in page.main
    assert get_submission(journey.folio).timeliness == "late"


def test_late_comment_to_a_closed_window_is_warned_from_the_first_step(client: FlaskClient, world: World) -> None:
    journey = Journey(client, f"/consultas/{world.slugs['closed']}/temas/1")

    assert "Esta consulta cerró a las 24:00 h" in journey.page.main


def test_upcoming_window_receives_nothing_and_shows_what_was_typed(client: FlaskClient, world: World) -> None:
    actor = world.actors["coordinator"]
    with unit_of_work():
        window = create_window(
            government=session().get_one(Government, world.government_id),
            instrument=get_instrument("agenda_regulatoria"),
            title="Viene",
            summary="Viene.",
            actor=actor,
            now=START,
        )
        add_topic(window=window, title="Uno", summary="", unit=None, actor=actor, now=START)
        schedule_window(window=window, opens_on=date(2026, 6, 20), days=20, actor=actor, now=START)
        address = f"/consultas/{window.slug}/temas/1/opinar"

    shown = Page(client.get(address).text)
    refused = client.post(address, data={"text": "Me adelanté", "accion": "enviar"})

    assert shown.heading == "Todavía no abre"
    assert "Podrá opinar desde el sábado 20 de junio de 2026." in shown.main
    assert "Me adelanté" in Page(refused.text).main
    assert refused.status_code == 422
    assert count(Submission) == 0


def test_files_are_kept_across_steps_and_may_be_removed(journey: Journey) -> None:
    journey.press("continuar-1", text=TEXT, files=((a_pdf(), "uno.pdf"), (a_jpeg(), "dos.jpg")))
    tokens = journey.page.fields()["file_token"]
    journey.press("continuar-2")
    assert "uno.pdf, dos.jpg" in journey.page.main

    journey.press("editar-1")
    page = journey.press(f"quitar:{tokens[0]}", text="A medias")

    assert page.heading == "Su opinión"
    assert page.fields()["file_token"] == tokens[1]
    assert page.fields()["text"] == "A medias"
    journey.press("continuar-1", files=((a_pdf(), "tres.pdf"),))
    journey.press("continuar-2")
    journey.press("enviar")
    assert [item.filename for item in get_submission(journey.folio).attachments] == ["dos.jpg", "tres.pdf"]


def test_bad_file_is_refused_by_name_and_the_good_one_stays(journey: Journey) -> None:
    page = journey.press("continuar-1", text=TEXT, files=((b"MZ...", "virus.exe"), (a_pdf(), "bien.pdf")))

    [(where, message)] = page.problems
    assert where == "files"
    assert "«virus.exe»" in message
    assert "bien.pdf" in page.main
    assert page.fields()["text"] == TEXT
    assert journey.press("continuar-1").heading == "Sobre usted, si quiere"


def test_at_most_five_files_stay(journey: Journey) -> None:
    page = journey.press("continuar-1", text=TEXT, files=tuple((a_pdf(), f"{n}.pdf") for n in range(6)))

    assert page.problems == [("files", "Se pueden adjuntar hasta 5 archivos: se quedaron los primeros.")]
    assert len(page.fields()["file_token"]) == 5
    journey.press("continuar-1", files=((a_pdf(), "otro.pdf"),))
    assert len(journey.page.fields()["file_token"]) == 5


def test_file_that_is_gone_is_told_and_the_text_stays(journey: Journey) -> None:
    journey.press("continuar-1", text=TEXT, files=((a_pdf(), "uno.pdf"),))
    journey.press("continuar-2")
    with unit_of_work():
        for row in session().scalars(select(WaitingFile)):
            row.created_at = START.replace(year=2025)

    page = journey.press("enviar")

    assert [where for where, _ in page.problems] == ["files"]
    assert page.heading == "Su opinión"
    assert page.fields()["text"] == TEXT
    assert count(Submission) == 0


def test_published_file_is_the_copy_without_traces(
    journey: Journey, client: FlaskClient, world: World, app: Flask
) -> None:
    original = a_jpeg(exif=an_exif())
    assert b"CameraMaker" in original
    journey.press("continuar-1", text=TEXT, files=((original, "foto.jpg"),))
    journey.press("continuar-2")
    journey.press("enviar")
    address = f"/folio/{journey.folio}/archivos/1"

    assert client.get(address).status_code == 404
    submission = get_submission(journey.folio)
    with unit_of_work():
        publish_text(submission=submission, actor=world.actors["moderator"], now=START)
    response = client.get(address)

    assert response.status_code == 200
    assert b"CameraMaker" not in response.data
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Disposition"] == "attachment; filename=foto.jpg"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.get(f"/folio/{journey.folio}/archivos/2").status_code == 404
    assert f"/folio/{journey.folio}/archivos/1" in Page(client.get(f"/folio/{journey.folio}").text).links
    response.close()


def test_text_that_looks_like_html_is_shown_as_text(journey: Journey, client: FlaskClient, world: World) -> None:
    text = "<script>alert(1)</script> <img src=x onerror=alert(1)> &amp; {{ 7*7 }}"
    page = journey.reach_step_3(text, author_name='"><b>', name_is_public="y")
    assert text in page.main
    journey.press("enviar")
    with unit_of_work():
        publish_text(submission=get_submission(journey.folio), actor=world.actors["moderator"], now=START)

    for address in (f"/consultas/{world.slugs['open']}/temas/1", f"/folio/{journey.folio}"):
        shown = Page(client.get(address).text)
        assert text in shown.main
        assert '"><b>' in shown.main
        assert len(shown.all("script")) == 1
        assert not shown.all("img", "b")


def test_mailbox_offers_its_kinds_and_asks_consent_where_the_kind_needs_it(client: FlaskClient, world: World) -> None:
    journey = Journey(client, f"/buzones/{world.slugs['mailbox']}/temas/1")
    choices = [item.attrib["value"] for item in journey.page.all("input") if item.attrib["name"] == "kind"]
    assert choices == ["petition", "service_request", "suggestion", "praise"]

    assert "text_consent" not in journey.press("continuar-1", text=TEXT, kind="petition").ids
    journey.press("editar-1")
    assert "text_consent" in journey.press("continuar-1", kind="suggestion").ids
    page = journey.press("continuar-2", text_consent="y")
    assert "Su texto se publicará después de revisarlo." in page.main
    journey.press("enviar")

    submission = get_submission(journey.folio)
    assert (submission.kind, submission.text_consent) == (SubmissionKind.SUGGESTION, True)


@pytest.mark.parametrize("kind", ["complaint", "comment", "no existe"])
def test_kind_that_the_mailbox_does_not_take_is_never_changed_in_silence(
    client: FlaskClient, world: World, kind: str
) -> None:
    journey = Journey(client, f"/buzones/{world.slugs['mailbox']}/temas/1")
    journey.reach_step_3()

    page = journey.press("enviar", kind=kind)

    assert page.problems == [("kind", "Elija qué desea enviar.")]
    assert count(Submission) == 0


def test_write_that_another_site_caused_is_refused(client: FlaskClient, topic: str) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://otro.example"}):
        response = client.post(f"{topic}/opinar", data={"text": TEXT, "accion": "enviar"}, headers=headers)
        assert response.status_code == 403
        assert "El envío vino de otro sitio" in Page(response.text).main


def test_originals_stay_as_they_came(journey: Journey, app: Flask) -> None:
    original = a_pdf(lambda pdf: pdf.docinfo.__setitem__(pikepdf.Name("/Author"), "Juana"))
    journey.press("continuar-1", text=TEXT, files=((original, "carta.pdf"),))
    journey.press("continuar-2")
    journey.press("enviar")

    [item] = session().scalars(select(Attachment))
    storage = app.extensions["consulta.storage"]
    assert storage.read(item.original_key) == original
    assert storage.read(item.public_key) != original
    assert not zipfile.is_zipfile(io.BytesIO(original))
