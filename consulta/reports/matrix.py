"""The matrix of comments and answers of a window, as the office files it: XLSX and DOCX."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.agencies.models import Unit
from consulta.db import session
from consulta.i18n.labels import official
from consulta.i18n.text import _
from consulta.referrals.models import Answer, Referral
from consulta.referrals.queries import LIVE
from consulta.referrals.states import AnswerState
from consulta.submissions.models import Submission
from consulta.submissions.policy import public_author
from consulta.submissions.states import Standing, SubmissionState
from consulta.windows.models import Topic, Window

AT_ONCE = 500
# Beyond so many rows a word processor does not open it well: the spreadsheet has them all.
MOST_IN_DOCX = 2_000
COLUMNS = (
    ("folio", 24),
    ("parte", 7),
    ("recibido", 17),
    ("canal", 14),
    ("tema", 28),
    ("autoria", 24),
    ("articulo", 14),
    ("comentario", 60),
    ("publicacion", 16),
    ("unidad", 30),
    ("sentido", 22),
    ("respuesta", 60),
    ("publicada", 17),
)


@dataclass(frozen=True)
class MatrixRow:
    """A comment, or a part of one, and what was answered; empty where it is not."""

    folio: str
    part: str
    received: str
    channel: str
    topic: str
    author: str
    article: str
    text: str
    publication: str
    unit: str
    disposition: str
    answer: str
    published: str

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of `COLUMNS`."""
        return (
            self.folio,
            self.part,
            self.received,
            self.channel,
            self.topic,
            self.author,
            self.article,
            self.text,
            self.publication,
            self.unit,
            self.disposition,
            self.answer,
            self.published,
        )


def iterate_matrix(window: Window, *, agency_id: int | None = None) -> Iterator[MatrixRow]:
    """Yield the rows of a window in the order of reception; of one agency, only what it has.

    What is reserved is not in it, nor contact data, nor names that the person did not make public.
    """
    zone, last = ZoneInfo(window.government.timezone), 0
    while True:
        found = session().scalars(_admitted(window.id).where(Submission.id > last).limit(AT_ONCE)).all()
        if not found:
            return
        last = found[-1].id
        answered = _referrals([item.id for item in found])
        for submission in found:
            referrals = answered.get(submission.id, [])
            if agency_id is not None:
                referrals = [item for item in referrals if item.unit.agency_id == agency_id]
            elif not referrals:
                yield _row(submission, None, zone)
            yield from (_row(submission, item, zone) for item in referrals)


def write_matrix(window: Window, path: Path) -> None:
    """Write the matrix as XLSX. Every cell is text: nothing that people wrote becomes a formula."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("matriz")
    sheet.freeze_panes(1, 1)
    for number, (name, width) in enumerate(COLUMNS):
        sheet.write_string(0, number, name, bold)
        sheet.set_column(number, number, width, text)
    last = 0
    for last, row in enumerate(iterate_matrix(window), start=1):
        for number, value in enumerate(row.cells()):
            sheet.write_string(last, number, value, text)
    sheet.autofilter(0, 0, max(last, 1), len(COLUMNS) - 1)
    book.close()


def _row(submission: Submission, referral: Referral | None, zone: ZoneInfo) -> MatrixRow:
    part = referral.part if referral else None
    answer = referral.answer if referral and _is_published(referral.answer) else None
    return MatrixRow(
        folio=submission.folio,
        part=str(part.number) if part else "",
        received=f"{submission.received_at.astimezone(zone):%Y-%m-%d %H:%M}",
        channel=official("channel", submission.channel),
        topic=submission.topic.title,
        author=public_author(submission),
        article=(part.article if part else "") or submission.article,
        text=part.quote if part else submission.text,
        publication=_publication(submission),
        unit=f"{referral.unit.name}, {referral.unit.agency.name}" if referral else "",
        disposition=official("disposition", answer.disposition) if answer else "",
        answer=answer.text if answer else _owed(submission),
        published=f"{answer.published_at.astimezone(zone):%Y-%m-%d %H:%M}" if answer and answer.published_at else "",
    )


def _is_published(answer: Answer | None) -> bool:
    return answer is not None and answer.state == AnswerState.PUBLISHED


def _publication(submission: Submission) -> str:
    if submission.standing != Standing.STANDS:
        return official("standing", submission.standing)
    if submission.state == SubmissionState.PUBLISHED and submission.redactions:
        return _("Versión pública")
    return official("submission_state", submission.state)


def _owed(submission: Submission) -> str:
    return "" if submission.standing != Standing.STANDS else _("Sin respuesta publicada")


def _admitted(window_id: int) -> Select[Submission]:
    return (
        select(Submission)
        .join(Submission.topic)
        .options(contains_eager(Submission.topic))
        .where(Topic.window_id == window_id, Submission.is_admitted.is_(True), Submission.reserved.is_(False))
        .order_by(Submission.id)
    )


def _referrals(ids: Sequence[int]) -> dict[int, list[Referral]]:
    rows = session().scalars(
        select(Referral)
        .options(
            joinedload(Referral.unit).joinedload(Unit.agency), joinedload(Referral.answer), joinedload(Referral.part)
        )
        .where(Referral.submission_id.in_(ids), Referral.state.in_(LIVE))
        .order_by(Referral.submission_id, Referral.part_id, Referral.id)
    )
    found: dict[int, list[Referral]] = {}
    for referral in rows:
        found.setdefault(referral.submission_id, []).append(referral)
    return found
