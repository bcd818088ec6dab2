"""What is said of something that became public: in a feed and in a mail alike, always from the rows as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from consulta.documents.models import DocumentVersion
from consulta.following.states import HappeningKind
from consulta.i18n.labels import label
from consulta.i18n.text import _, locale
from consulta.referrals.models import Answer
from consulta.reports.models import ClosingPaper
from consulta.reports.states import PaperKind
from consulta.submissions.models import Submission
from consulta.submissions.policy import public_author
from consulta.submissions.redaction import public_text
from consulta.windows.addresses import topic_address, window_address
from consulta.windows.models import Extension, Window

# The papers that everybody may read, by the name of their file.
PUBLIC_PAPERS = {PaperKind.MINUTES: "acta", PaperKind.NO_COMMENTS: "constancia", PaperKind.FEEDBACK: "resultados"}


@dataclass(frozen=True)
class News:
    """One entry. `key` never changes, whatever becomes of what it tells; `address` is that of its public page."""

    kind: HappeningKind
    key: str
    window: Window
    title: str
    text: str
    address: str
    author: str
    published_at: datetime
    updated_at: datetime


def about_window(kind: HappeningKind, window: Window, at: datetime) -> News:
    """Return what is said of a window that opened, moved, is about to close, was annulled or concluded."""
    titles = {
        HappeningKind.OPENED: _("Se abrió la consulta «%(title)s»", title=window.title),
        HappeningKind.MOVED: _("Se movió el cierre de «%(title)s»", title=window.title),
        HappeningKind.CLOSING: _("Está por cerrar «%(title)s»", title=window.title),
        HappeningKind.CLOSED: _("Cerró la consulta «%(title)s»", title=window.title),
        HappeningKind.ANNULLED: _("Se anuló la consulta «%(title)s»", title=window.title),
        HappeningKind.CONCLUDED: _("Concluyó la consulta «%(title)s»", title=window.title),
    }
    texts = {
        HappeningKind.OPENED: window.summary,
        HappeningKind.MOVED: "",
        HappeningKind.CLOSING: _("Todavía puede opinar."),
        HappeningKind.CLOSED: "",
        HappeningKind.ANNULLED: _("Lo recibido sigue a la vista y con su folio."),
        HappeningKind.CONCLUDED: _("Ya puede leer qué se dijo, qué se decidió y qué cambió."),
    }
    says_closing = kind in (HappeningKind.OPENED, HappeningKind.MOVED, HappeningKind.CLOSING)
    said = [texts[kind], *([closing_sentence(window.closes_at, window)] if says_closing and window.closes_at else [])]
    ends = kind in (HappeningKind.CONCLUDED,)
    return News(
        kind,
        f"{kind}:{window.slug}",
        window,
        titles[kind],
        "\n".join(part for part in said if part),
        window_address(window) + ("/resultados" if ends else ""),
        window.government.name,
        at,
        at,
    )


def about_extension(extension: Extension, window: Window) -> News:
    """Return what is said of an extension: both dates, and why."""
    text = [
        _("Cerraba a las 24:00 h del %(date)s.", date=_last_day(extension.from_closes_at, window)),
        closing_sentence(extension.to_closes_at, window),
        _("Acuerdo %(agreement)s. %(reason)s", agreement=extension.agreement, reason=extension.reason),
    ]
    return News(
        HappeningKind.MOVED,
        f"extended:{window.slug}:{extension.id}",
        window,
        _("Se movió el cierre de «%(title)s»", title=window.title),
        "\n".join(text),
        window_address(window),
        window.government.name,
        extension.at,
        extension.at,
    )


def about_document(version: DocumentVersion) -> News:
    """Return what is said of a version of a document."""
    document = version.document
    topic = document.topic
    return News(
        HappeningKind.DOCUMENT,
        f"document:{topic.reference}:{document.number}:{version.number}",
        topic.window,
        _("Documento «%(title)s», versión %(version)s", title=document.title, version=version.number),
        version.note,
        f"{topic_address(topic)}/documentos/{document.number}",
        topic.window.government.name,
        version.published_at,
        version.published_at,
    )


def about_paper(paper: ClosingPaper) -> News:
    """Return what is said of an issued paper of a closing."""
    assert paper.issued_at is not None
    name = PUBLIC_PAPERS[PaperKind(paper.kind)]
    return News(
        HappeningKind.PAPER,
        f"paper:{paper.window.slug}:{paper.kind}:{paper.edition}",
        paper.window,
        _(
            "%(paper)s de «%(title)s»",
            paper=label("paper_kind", paper.kind),
            title=paper.window.title,
        ),
        "",
        f"/consultas/{paper.window.slug}/{name}.pdf",
        paper.window.government.name,
        paper.issued_at,
        paper.issued_at,
    )


def about_comment(submission: Submission) -> News:
    """Return what is said of a comment, as everybody may read it."""
    written = [public_text(submission, field) for field in ("article", "text", "should_say")]
    at = submission.reviewed_at or submission.received_at
    return News(
        HappeningKind.COMMENT,
        f"comment:{submission.folio}",
        submission.topic.window,
        _("Comentario %(folio)s sobre «%(topic)s»", folio=submission.folio, topic=submission.topic.title),
        "\n".join(part for part in written if part),
        f"/folio/{submission.folio}",
        public_author(submission) or _("Una persona que no publicó su nombre"),
        at,
        at,
    )


def about_answer(answer: Answer, submission: Submission) -> News:
    """Return what is said of a published answer to a comment."""
    assert answer.published_at is not None
    return News(
        HappeningKind.ANSWER,
        f"answer:{submission.folio}:{answer.id}",
        submission.topic.window,
        _(
            "Respuesta al comentario %(folio)s: %(disposition)s",
            folio=submission.folio,
            disposition=label("disposition", answer.disposition),
        ),
        answer.text,
        f"/folio/{submission.folio}",
        answer.unit.name,
        answer.published_at,
        answer.corrected_at or answer.published_at,
    )


def newest(news: Sequence[News], most: int) -> list[News]:
    """Return the newest, at most so many, in an order that is the same every time."""
    return sorted(news, key=lambda one: (one.updated_at, one.key), reverse=True)[:most]


def closing_sentence(closes_at: datetime, window: Window) -> str:
    """Return until when one may comment: midnight belongs to the day that ends."""
    return _("Cierra a las 24:00 h del %(date)s.", date=_last_day(closes_at, window))


def _last_day(closes_at: datetime, window: Window) -> str:
    day = (closes_at.astimezone(ZoneInfo(window.government.timezone)) - timedelta(microseconds=1)).date()
    return format_date(day, "long", locale=locale())
