"""From the page of a paper to PDF/UA. Needs Pango of the system; says so where it is missing."""

import html
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

import segno
from PIL import ImageFile

from consulta.errors import ConsultaError
from consulta.papers.models import Paper, PaperTable

STYLE = """
@page { size: letter; margin: 2.2cm 2cm; @bottom-right { content: counter(page) " / " counter(pages); } }
body { font-family: "DejaVu Sans", sans-serif; font-size: 10pt; line-height: 1.45; color: #16211f; }
h1 { font-size: 16pt; margin: 0 0 12pt; } h2 { font-size: 12pt; margin: 16pt 0 4pt; }
.issuer { font-weight: bold; border-bottom: 2pt solid #0b5d4e; padding-bottom: 6pt; margin: 0 0 14pt; }
dt { font-weight: bold; } dd { margin: 0 0 5pt; }
table { width: 100%; border-collapse: collapse; font-size: 9pt; margin: 0 0 12pt; }
caption { text-align: left; font-weight: bold; }
th, td { text-align: left; vertical-align: top; border-bottom: .5pt solid #b8c4c0; padding: 3pt 6pt 3pt 0; }
td { overflow-wrap: anywhere; }
thead { display: table-header-group; } tr { break-inside: avoid; }
.signature { margin: 42pt 0 12pt; width: 60%; border-top: .75pt solid #16211f; padding-top: 4pt; break-inside: avoid; }
.code { float: right; width: 3.4cm; margin: 0 0 8pt 12pt; }
.proof { break-before: page; } .proof dd { overflow-wrap: anywhere; font-size: 8.5pt; }
.note { font-size: 8.5pt; color: #44524e; } .seal { font-size: 7.5pt; overflow-wrap: anywhere; }
"""


BEFORE = datetime(2000, 1, 1, tzinfo=UTC)


class PaperUnavailable(ConsultaError):
    """The system lacks what draws PDF."""


def as_page(paper: Paper) -> str:
    """Return the paper as an HTML document of its own."""
    facts = _facts(paper.facts)
    parts = [
        f'<p class="issuer">{_text(paper.issuer)}</p>{_code(paper)}<h1>{_text(paper.title)}</h1>',
        f"<dl>{facts}</dl>" if facts else "",
        *(f"<p>{_text(text)}</p>" for text in paper.paragraphs),
        *(_table(table) for table in paper.tables),
        *(f'<p class="signature">{_text(name)}<br>{_text(post)}</p>' for name, post in paper.signatures),
        *(f'<p class="note">{_text(note)}</p>' for note in paper.notes),
        _proof(paper),
    ]
    return (
        f'<!DOCTYPE html><html lang="{_text(paper.language)}"><head><meta charset="utf-8">'
        f"<title>{_text(paper.title)}</title><style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


@lru_cache(maxsize=64)
def as_pdf(paper: Paper) -> bytes:
    """Return the paper as PDF/UA-1. The same paper is drawn once. Raises PaperUnavailable without Pango."""
    strict = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        # Loads libraries of the system when it is imported: an instance without them must start all the same.
        from weasyprint import HTML, Attachment
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise PaperUnavailable(
            "Falta Pango para dibujar PDF: instale libpango-1.0-0 y libpangoft2-1.0-0. Mientras, imprima la página."
        ) from error
    finally:
        # WeasyPrint lets Pillow take pictures that are cut short, for the whole process; files of people must not be.
        ImageFile.LOAD_TRUNCATED_IMAGES = strict
    fetcher = URLFetcher(allowed_protocols=("data",))
    page = HTML(string=as_page(paper), url_fetcher=fetcher)
    # Its own moment is no part of a paper: the same one is the same bytes.
    carried = [
        Attachment(string=content, name=name, created=BEFORE, modified=BEFORE) for name, content in paper.attached
    ]
    drawn: bytes = page.write_pdf(pdf_variant="pdf/ua-1", attachments=carried)
    return drawn


def _facts(pairs: Sequence[tuple[str, str]]) -> str:
    return "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in pairs)


def _code(paper: Paper) -> str:
    """Draw the QR code of a paper (ISO/IEC 18004): as a drawing within the page, with what it is for in words."""
    if not paper.code:
        return ""
    drawing = segno.make(paper.code, error="m", micro=False).svg_data_uri(scale=4, border=2)
    return f'<img class="code" src="{drawing}" alt="{_text(paper.code_label)}">'


def _table(table: PaperTable) -> str:
    header = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in table.header)
    rows = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return (
        f"<table><caption>{_text(table.caption)}</caption><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _proof(paper: Paper) -> str:
    """Return the page of proofs with the seal; the seal alone where there is no such page."""
    if not paper.proof:
        return _seal(paper)
    head = f"<h2>{_text(paper.proof_title)}</h2><dl>{_facts(paper.proof)}</dl>"
    return f'<section class="proof">{head}{_seal(paper)}</section>'


def _seal(paper: Paper) -> str:
    if paper.seal is None:
        return ""
    values = (paper.seal.canonical, paper.seal.signature, paper.seal.fingerprint)
    lines = "".join(
        f"<dt>{_text(label)}</dt><dd>{_text(value)}</dd>"
        for label, value in zip(paper.seal_labels, values, strict=True)
    )
    return f'<h2>{_text(paper.seal_title)}</h2><dl class="seal">{lines}</dl>'


def _text(value: str) -> str:
    return html.escape(value)
