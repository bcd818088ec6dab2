"""The papers of a closing as its coordinator sees them, and the results as everybody does."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask

from consulta.db import Database, session_scope, unit_of_work
from consulta.referrals.drafting import draft_answer
from consulta.referrals.operations import publish_answer, sign_off, submit_answer
from consulta.reports.operations import prepare_papers
from consulta.reports.states import PaperKind
from tests.builders import World, a_referral, get_window
from tests.clock import START
from tests.pages import Page

BEFORE = START - timedelta(days=50)


@pytest.fixture
def answered(world: World, database: Database) -> str:
    """Answer a comment of the window that closed; its folio."""
    with session_scope(database):
        referral = a_referral(world, BEFORE, topic="closed")
        with unit_of_work():
            answer = draft_answer(
                referrals=[referral],
                disposition="partly_adopted",
                text="Se ajusta el artículo 4 y no el 5, porque ya lo prevé la ley.",
                actor=world.actors["respondent"],
                now=BEFORE,
            )
            submit_answer(answer=answer, actor=world.actors["respondent"], now=BEFORE)
            sign_off(answer=answer, actor=world.actors["approver"], now=BEFORE)
            publish_answer(answer=answer, actor=world.actors["coordinator"], now=BEFORE)
        return referral.submission.folio


@pytest.fixture
def papers(world: World, database: Database, answered: str) -> dict[str, int]:
    """Prepare the papers of the window that closed; `{kind: id}`."""
    with session_scope(database), unit_of_work():
        window = get_window(world.slugs["closed"])
        return {item.kind: item.id for item in prepare_papers(window=window, actor=None, now=START)}


def test_coordinator_prepares_reviews_and_issues(app: Flask, world: World, answered: str) -> None:
    page = Page(app).sign_in(world.email("coordinator"))
    address = f"/coordinacion/consultas/{world.slugs['closed']}/papeles"
    assert "Todavía no se preparan" in page.get(address).body

    page.post(address, {}, status=302)
    listed = page.get(address)
    acta = listed.soup.find("a", string="Acta de cierre")
    assert acta is not None
    shown = page.get(str(acta["href"]))
    assert "se recibieron 1 comentario" in shown.body

    typed = {name: shown.value(name) for name in ("subject", "legal_basis", "body")}
    refused = page.post(
        str(acta["href"]), {**typed, "number": "", "signer_name": "Ana (inventada)", "accion": "emitir"}, status=422
    )
    assert refused.errors[1:] == [
        "Escriba el número con que la oficina lo registra.",
        "Escriba el cargo de quien firma.",
    ]
    assert refused.value("signer_name") == "Ana (inventada)"

    signer = {"number": "CMR/1/2026", "signer_name": "Ana (inventada)", "signer_post": "Titular"}
    page.post(str(acta["href"]), {**typed, **signer, "accion": "emitir"}, status=302)
    issued = page.get(str(acta["href"]))
    assert "Emitido" in issued.body
    assert issued.soup.find("textarea") is None
    assert Page(app).get(f"/consultas/{world.slugs['closed']}/acta.pdf").response.data[:4] == b"%PDF"


def test_results_are_empty_then_issued_as_page_pdf_and_csv(
    app: Flask, world: World, papers: dict[str, int], answered: str
) -> None:
    slug = world.slugs["closed"]
    assert "se está preparando" in Page(app).get(f"/consultas/{slug}/resultados").body
    Page(app).get(f"/consultas/{slug}/resultados.pdf", status=404)
    page = Page(app).sign_in(world.email("coordinator"))
    address = f"/coordinacion/consultas/{slug}/papeles/{papers['feedback']}"
    texts = {"subject": "Resultados", "body": "Gracias.", "accion": "emitir"}
    page.post(address, texts, status=302)

    shown = Page(app).get(f"/consultas/{slug}/resultados")

    assert "Se recibió 1 comentario en plazo" in shown.body
    assert "Se ajusta el artículo 4" in shown.body
    assert f"/folio/{answered}" in shown.text
    assert "De quiénes son las opiniones se publica una sola vez" in shown.body
    assert Page(app).get(f"/consultas/{slug}/resultados.pdf").response.data[:4] == b"%PDF"
    table = Page(app).get(f"/consultas/{slug}/resultados.csv").response.get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {"seccion": "recibidos_por_canal", "tema": "", "concepto": "Internet", "desde": "1", "hasta": "1"} in rows


def test_letter_is_not_public_and_other_windows_have_none(app: Flask, world: World, papers: dict[str, int]) -> None:
    Page(app).get(f"/consultas/{world.slugs['closed']}/oficio.pdf", status=404)
    page = Page(app).sign_in(world.email("coordinator"))
    page.get(f"/coordinacion/consultas/{world.slugs['open']}/papeles/{papers['letter']}", status=404)
    assert "Cuando la consulta cierre" in page.get(f"/coordinacion/consultas/{world.slugs['open']}/papeles").body


def test_wording_with_an_unknown_place_is_refused_and_stays_typed(app: Flask, world: World) -> None:
    page = Page(app).sign_in(world.email("coordinator"))
    kind = PaperKind.LETTER
    typed = {f"{kind}-subject": "Oficio", f"{kind}-body": "Vea {secreto}."}

    refused = page.post(f"/coordinacion/papeles/{kind}", typed, status=422)

    assert refused.value(f"{kind}-body").strip() == "Vea {secreto}."
    page.post(f"/coordinacion/papeles/{kind}", {**typed, f"{kind}-body": "Vea {turnados}."}, status=302)
    assert "Vea {turnados}." in page.get("/coordinacion/papeles").text


def test_matrix_comes_as_spreadsheet_and_document(app: Flask, world: World, answered: str) -> None:
    page = Page(app).sign_in(world.email("auditor"))
    address = f"/coordinacion/consultas/{world.slugs['closed']}/matriz"

    assert page.get(f"{address}.xlsx").response.data[:2] == b"PK"
    assert page.get(f"{address}.docx").response.data[:2] == b"PK"
    page.get(f"{address}.odt", status=404)
