"""When somebody leaves nothing is orphaned: a paper lists every open matter of the post, with its date."""

from datetime import timedelta
from io import BytesIO

from docx import Document
from flask import Flask
from sqlalchemy import select

from consulta.agencies.models import Tenure
from consulta.agencies.operations import end_tenure
from consulta.db import Database, session, session_scope, unit_of_work
from tests.builders import World, a_referral, a_submission
from tests.clock import START
from tests.pages import Page


def paper(page: Page, post_id: int) -> str:
    """Return every word of the paper of a post."""
    document = Document(BytesIO(page.get(f"/coordinacion/cargos/{post_id}/entrega.docx").response.data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_paper_lists_what_a_post_has_open_with_its_date(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        referral = a_referral(world, START, draft={"text": "Secreto de familia, no se cuenta."})
        folio, due = referral.submission.folio, referral.due_at
        loose = a_submission(world.topics["open-unrouted"], START).folio
    page = Page(app).sign_in(world.email("administrator"))

    respondent = paper(page, world.actors["respondent"].post_id)
    coordinator = paper(page, world.actors["coordinator"].post_id)

    assert folio in respondent
    assert f"{due - timedelta(hours=7):%d/%m/%Y}" in respondent
    assert "Secreto" not in respondent
    assert loose in coordinator
    assert "Agenda regulatoria" in coordinator
    assert "nada pendiente" in paper(page, world.actors["operator"].post_id)
    assert (
        page.get(f"/coordinacion/cargos/{world.actors['respondent'].post_id}/entrega.pdf").response.data[:4] == b"%PDF"
    )


def test_post_that_nobody_holds_is_seen_and_keeps_its_work(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        a_referral(world, START)
        with unit_of_work():
            for tenure in (
                session().scalars(select(Tenure).where(Tenure.post_id == world.actors["respondent"].post_id)).all()
            ):
                end_tenure(tenure=tenure, to_on=START.date(), now=START)
    page = Page(app).sign_in(world.email("coordinator"))

    shown = page.get("/coordinacion/cargos")

    assert "Vacante" in shown.body
    assert "Turnos por responder" in paper(page, world.actors["respondent"].post_id)
