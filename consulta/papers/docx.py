"""From a paper to DOCX, for offices that file and sign on their own letterhead."""

from datetime import datetime
from functools import lru_cache
from io import BytesIO

from docx import Document
from docx.document import Document as Written
from docx.shared import Pt

from consulta.papers.models import Paper, PaperTable

SMALL = Pt(7.5)


@lru_cache(maxsize=64)
def as_docx(paper: Paper, written_at: datetime) -> bytes:
    """Return the paper as DOCX with headings, tables with header rows and its language; dated `written_at`."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = paper.title, paper.issuer, paper.language
    properties.created = properties.modified = written_at.replace(tzinfo=None)
    document.add_paragraph(paper.issuer).runs[0].bold = True
    document.add_heading(paper.title, level=1)
    for name, value in paper.facts:
        line = document.add_paragraph()
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    for text in paper.paragraphs:
        document.add_paragraph(text)
    for table in paper.tables:
        _table(document, table)
    for name, post in paper.signatures:
        document.add_paragraph(f"\n\n____________________________\n{name}\n{post}")
    for note in paper.notes:
        document.add_paragraph(note)
    _seal(document, paper)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _table(document: Written, table: PaperTable) -> None:
    document.add_paragraph(table.caption).runs[0].bold = True
    grid = document.add_table(rows=1, cols=len(table.header), style="Light Grid Accent 1")
    for cell, text in zip(grid.rows[0].cells, table.header, strict=True):
        cell.text = text
    for row in table.rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text


def _seal(document: Written, paper: Paper) -> None:
    if paper.seal is None:
        return
    document.add_heading(paper.seal_title, level=2)
    values = (paper.seal.canonical, paper.seal.signature, paper.seal.fingerprint)
    for label, value in zip(paper.seal_labels, values, strict=True):
        line = document.add_paragraph()
        line.add_run(f"{label}: ").bold = True
        line.add_run(value).font.size = SMALL
