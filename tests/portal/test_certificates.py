"""The certificate of a computed date: PDF/UA, DOCX and JSON say the same, and the seal can be checked by anybody."""

import base64
import json
from io import BytesIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from docx import Document
from flask.testing import FlaskClient
from PIL import ImageFile
from pypdf import PdfReader

from consulta.db import Database, session_scope
from tests.builders import World, a_referral
from tests.clock import START


def certificate(client: FlaskClient, world: World, extension: str) -> bytes:
    """Fetch the certificate of the open window."""
    response = client.get(f"/consultas/{world.slugs['open']}/computo.{extension}")
    assert response.status_code == 200
    return response.data


def test_json_is_signed_and_anybody_can_check_it(world: World, client: FlaskClient) -> None:
    found = json.loads(certificate(client, world, "json"))

    message = base64.b64decode(found["canonical"])
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(found["public_key"]))
    key.verify(base64.b64decode(found["signature"]), message)
    assert json.loads(message) == found["content"]
    assert found["content"]["derivation"]["due_on"] == "2026-07-03"
    assert [event["kind"] for event in found["content"]["events"]] == ["start"]


def test_pdf_is_accessible_and_says_each_day(world: World, client: FlaskClient) -> None:
    found = PdfReader(BytesIO(certificate(client, world, "pdf")))

    text = " ".join(" ".join(page.extract_text() for page in found.pages).split())
    assert "Certificación de cómputo de plazo" in text
    assert "viernes 3 de julio de 2026" in text
    assert "sábado" in text
    assert "no es e.firma" in text
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert found.trailer["/Root"]["/Lang"] == "es-MX"


def test_drawing_a_paper_leaves_the_inspection_of_files_as_strict_as_before(world: World, client: FlaskClient) -> None:
    certificate(client, world, "pdf")

    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_docx_says_the_same(world: World, client: FlaskClient) -> None:
    found = Document(BytesIO(certificate(client, world, "docx")))

    words = " ".join(paragraph.text for paragraph in found.paragraphs)
    assert "Vence: a las 24:00 h del viernes 3 de julio de 2026" in words
    assert found.tables[0].rows[1].cells[1].text == "1"


def test_the_same_state_gives_the_same_paper(world: World, client: FlaskClient) -> None:
    assert certificate(client, world, "json") == certificate(client, world, "json")
    assert certificate(client, world, "pdf") == certificate(client, world, "pdf")


def test_a_folio_has_one_once_it_is_routed(world: World, database: Database, client: FlaskClient) -> None:
    with session_scope(database):
        folio = a_referral(world, START).submission.folio

    found = json.loads(client.get(f"/folio/{folio}/computo.json").data)

    assert (found["content"]["about"], found["content"]["kind"]) == (folio, "answer")
    assert client.get("/folio/GTO-2026-AAAAAAAA-A/computo.json").status_code == 404
    assert client.get(f"/consultas/{world.slugs['open']}/computo.exe").status_code == 404
