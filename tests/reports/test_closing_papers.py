"""Closing a window produces its papers in one step: record, letters, certificate, matrix, and what is given back."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import func, select

from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.papers.docx import as_docx
from consulta.papers.pdf import as_pdf
from consulta.record.models import Leaf
from consulta.referrals.routing import refer
from consulta.referrals.standing import withdraw
from consulta.reports.feedback import read_results
from consulta.reports.figures import count_window
from consulta.reports.matrix import iterate_matrix, write_matrix
from consulta.reports.models import ClosingPaper
from consulta.reports.operations import edit_paper, issue_paper, prepare_closed, prepare_papers
from consulta.reports.states import PaperKind
from consulta.reports.wordings import Wording, word_paper, wording_of
from consulta.reports.writing import write_paper
from consulta.submissions.drafts import Capture
from consulta.submissions.states import Channel
from consulta.windows.models import Window
from tests.builders import World, a_referral, a_submission, an_answered, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
CLOSED = START + timedelta(days=60)


def papers_of(world: World, slug: str = "open", now: datetime = CLOSED) -> dict[str, ClosingPaper]:
    """Prepare the papers of a window as its coordinator."""
    with unit_of_work():
        found = prepare_papers(window=get_window(world.slugs[slug]), actor=world.actors["coordinator"], now=now)
    return {paper.kind: paper for paper in found}


def issue(world: World, paper: ClosingPaper, **texts: str) -> None:
    """Sign and issue."""
    values = {"subject": paper.subject, "legal_basis": paper.legal_basis, "body": paper.body, "copies": ""}
    wording = Wording(**{**values, "signer_name": "Ana (inventada)", "signer_post": "Titular", **texts})
    actor = world.actors["coordinator"]
    with unit_of_work():
        edit_paper(paper=paper, number="CMR/1/2026", wording=wording, actor=actor, now=CLOSED)
        issue_paper(paper=paper, actor=actor, now=CLOSED)


def window_of(world: World, slug: str = "open") -> Window:
    """Return a window."""
    return get_window(world.slugs[slug])


def test_papers_wait_for_the_closing(world: World) -> None:
    with pytest.raises(Refused, match="cuando la consulta cierra"):
        papers_of(world, now=START)


def test_one_step_prepares_record_letter_per_agency_and_feedback(world: World) -> None:
    a_referral(world, START)
    other = a_submission(world.topics["open-unrouted"], START)
    from consulta.agencies.queries import find_unit

    with unit_of_work():
        unit = find_unit(world.government_id, world.units["redes"])
        assert unit is not None
        refer(submission=other, unit=unit, now=START, actor=world.actors["coordinator"])

    with unit_of_work():
        found = prepare_papers(window=window_of(world), actor=world.actors["coordinator"], now=CLOSED)

    assert [(paper.kind, paper.agency.name if paper.agency else "") for paper in found] == [
        ("minutes", ""),
        ("letter", "Comisión del Agua"),
        ("letter", "Secretaría de Movilidad"),
        ("feedback", ""),
    ]
    written = write_paper(found[1])
    annex = next(table for table in written.tables if table.caption.startswith("Anexo"))
    assert [row[0] for row in annex.rows] == [other.folio]
    assert "1 turno corresponden" in " ".join(written.paragraphs)


def test_record_counts_by_channel_late_apart_and_shows_the_derivation(world: World) -> None:
    capture = Capture(world.actors["operator"].post_id, "Llamada")
    first = a_submission(world.topics["open"], START, channel=Channel.PHONE, capture=capture)
    a_submission(world.topics["open"], START)
    late = a_submission(world.topics["open"], CLOSED)
    with unit_of_work():
        withdraw(submission=first, reason="", now=START)

    written = write_paper(papers_of(world)["minutes"])

    tables = {table.caption: table.rows for table in written.tables}
    assert tables["Recibidos en plazo, por canal"] == (("Teléfono", "1"), ("Internet", "1"), ("Todos", "2"))
    assert ("Fuera de plazo, por internet", "1") in tables["Se cuentan aparte"]
    assert ("Retirado por su autora o autor", "1") in tables["Se cuentan aparte"]
    assert any("día por día" in caption for caption in tables)
    assert "se recibieron 2 comentarios" in " ".join(written.paragraphs)
    assert late.folio not in str(written)


def test_root_of_the_record_is_that_of_the_acts_of_the_window(world: World) -> None:
    submission = a_submission(world.topics["open"], START)
    window = window_of(world)
    before = count_window(window, START)["record"]
    acts = session().scalar(
        select(func.count()).select_from(Leaf).where(Leaf.public_id.in_([window.slug, submission.folio]))
    )

    a_submission(world.topics["open"], START + timedelta(hours=1))
    after = count_window(window, START + timedelta(hours=1))["record"]

    assert before["acts"] == acts
    assert count_window(window, START)["record"] == before, "what came later does not change what was counted before"
    assert after["acts"] > before["acts"]
    assert after["root"] != before["root"]


def test_window_without_comments_gets_its_certificate(world: World) -> None:
    papers = papers_of(world)

    assert set(papers) == {"minutes", "no_comments", "feedback"}
    assert "no se recibieron comentarios" in " ".join(write_paper(papers["no_comments"]).paragraphs)


def test_worker_prepares_what_closed_once(world: World) -> None:
    a_submission(world.topics["open"], START)

    with unit_of_work():
        prepare_closed(CLOSED)
    with unit_of_work():
        prepare_closed(CLOSED)

    kinds = session().execute(
        select(ClosingPaper.kind, func.count())
        .where(ClosingPaper.window_id == window_of(world).id)
        .group_by(ClosingPaper.kind)
    )
    assert {kind: count for kind, count in kinds} == {"minutes": 1, "feedback": 1}


def test_counting_again_keeps_what_was_written(world: World) -> None:
    paper = papers_of(world)["minutes"]
    wording = Wording("Acta", "Artículo 9", "Quedó {recibidos}.", "Ana (inventada)", "Titular", "Archivo")
    with unit_of_work():
        edit_paper(paper=paper, number="7", wording=wording, actor=world.actors["coordinator"], now=CLOSED)
    a_submission(world.topics["open"], START)

    again = papers_of(world)["minutes"]

    assert (again.id, again.number, again.edition) == (paper.id, "7", 1)
    assert write_paper(again).paragraphs == ("Quedó 1 comentario.",)
    assert "c.c.p. Archivo" in write_paper(again).notes


def test_issued_paper_never_changes_and_the_next_is_another_edition(world: World) -> None:
    paper = papers_of(world)["minutes"]
    issue(world, paper)
    text, digest = paper.body, paper.digest

    a_submission(world.topics["open"], START)
    again = papers_of(world)["minutes"]

    assert "{" not in text
    assert (paper.body, paper.digest, paper.content["received"]) == (text, digest, 0)
    assert (again.edition, again.content["received"], again.signer_name) == (2, 1, "Ana (inventada)")
    leaf = session().scalars(select(Leaf).where(Leaf.kind == "paper.issued")).one()
    assert leaf.public_id == world.slugs["open"]
    with pytest.raises(Refused, match="ya se emitió"):
        issue(world, paper)


@pytest.mark.parametrize("missing", ["signer_name", "signer_post", "subject", "body"])
def test_paper_without_what_it_needs_is_refused_at_its_field(world: World, missing: str) -> None:
    paper = papers_of(world)["minutes"]

    with pytest.raises(Refused) as refused:
        issue(world, paper, **{missing: " "})

    assert refused.value.field == missing
    assert paper.issued_at is None


def test_only_the_coordination_of_the_government_prepares_edits_and_issues(world: World) -> None:
    paper = papers_of(world)["minutes"]

    with pytest.raises(Forbidden), unit_of_work():
        prepare_papers(window=window_of(world), actor=world.actors["respondent"], now=CLOSED)
    with pytest.raises(Forbidden), unit_of_work():
        issue_paper(paper=paper, actor=world.actors["auditor"], now=CLOSED)


def test_government_words_its_papers_its_own_way(world: World) -> None:
    government, kind = window_of(world).government, PaperKind.LETTER
    own = Wording("Oficio a {dependencia}", "Artículo 8", "Vea {turnados}.", "Luz (inventada)", "Comisionada", "")
    actor = world.actors["coordinator"]
    with unit_of_work():
        word_paper(government=government, kind=kind, wording=own, actor=actor, now=START)
    a_referral(world, START)

    paper = papers_of(world)["letter"]

    assert wording_of(government.id, kind) == own
    assert write_paper(paper).title == "Oficio a Secretaría de Movilidad"
    assert paper.signer_name == "Luz (inventada)"
    unknown = Wording("Oficio", "", "Vea {curp}.")
    with pytest.raises(Refused, match="curp"), unit_of_work():
        word_paper(government=government, kind=kind, wording=unknown, actor=actor, now=START)


def test_papers_are_written_as_pdf_and_docx(world: World) -> None:
    a_referral(world, START)

    for paper in papers_of(world).values():
        written = write_paper(paper)
        assert as_pdf(written).startswith(b"%PDF")
        text = "\n".join(item.text for item in Document(BytesIO(as_docx(written, CLOSED))).paragraphs)
        assert written.title in text


def test_matrix_has_a_row_per_comment_with_its_answer_and_no_contact_data(world: World, tmp_path: Path) -> None:
    answered = an_answered(world, START).submission
    waiting = a_submission(
        world.topics["open"], START, draft={"text": "=1+1 es una fórmula", "email": "ana@ejemplo.mx"}
    )

    write_matrix(window_of(world), tmp_path / "matriz.xlsx")

    rows = list(load_workbook(tmp_path / "matriz.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    by_folio = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert by_folio[answered.folio]["sentido"] == "Procedente"
    assert by_folio[answered.folio]["respuesta"].startswith("Procedente: se cambia")
    assert by_folio[waiting.folio]["respuesta"] == "Sin respuesta publicada"
    assert by_folio[waiting.folio]["comentario"] == "=1+1 es una fórmula"
    assert "ana@ejemplo.mx" not in str(rows)


def test_what_is_reserved_is_counted_and_not_in_the_matrix(world: World) -> None:
    submission = a_submission(world.topics["open"], START)
    submission.reserved = True
    session().commit()

    assert count_window(window_of(world), CLOSED)["reserved"] == 1
    assert list(iterate_matrix(window_of(world))) == []


def test_feedback_tells_by_topic_what_was_decided_and_what_changed(world: World) -> None:
    referral = an_answered(world, START)

    paper = papers_of(world)["feedback"]

    first = read_results(paper)[0]
    assert (first.received, first.answered, first.dispositions) == (1, 1, (("adopted", 1),))
    assert [(given.times, given.folio) for given in first.answers] == [(1, referral.submission.folio)]
    assert [given.folio for given in first.changes] == [referral.submission.folio]
    assert referral.submission.text not in str(paper.content)
