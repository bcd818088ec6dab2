"""The entries of feeds: read from the rows as they are now, newest first; as many queries whatever there is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consulta.agencies.models import Unit
from consulta.db import session
from consulta.documents.models import Document, DocumentVersion
from consulta.finding.findables import is_findable
from consulta.following.news import (
    PUBLIC_PAPERS,
    News,
    about_answer,
    about_comment,
    about_document,
    about_extension,
    about_paper,
    about_window,
    newest,
)
from consulta.following.states import HappeningKind
from consulta.record.models import Leaf
from consulta.referrals.models import Answer, Referral
from consulta.referrals.queries import map_answers
from consulta.referrals.states import AnswerState
from consulta.reports.models import ClosingPaper
from consulta.submissions.models import Submission
from consulta.windows.models import Instrument, Topic, Window
from consulta.windows.states import WindowState

MOST = 50


def list_window_news(window: Window, now: datetime) -> list[News]:
    """Return what happened in a window: its dates, documents, papers, published comments and their answers."""
    here = Topic.window_id == window.id
    folios = _newest_comments(here)
    answered = _newest_answered(here)
    return newest(
        [
            *_of_windows(Window.id == window.id, now),
            *(about_document(version) for version in _documents(here)),
            *(about_paper(paper) for paper in _papers(window.id)),
            *_of_comments(folios, answered),
        ],
        MOST,
    )


def list_agency_news(agency_id: int, now: datetime) -> list[News]:
    """Return what happened where an agency answers: windows that opened, moved or ended, and its answers."""
    answers_here = exists().where(Topic.window_id == Window.id, Topic.unit_id == Unit.id, Unit.agency_id == agency_id)
    answered = _newest_answered(Unit.agency_id == agency_id)
    return newest(
        [
            *_of_windows(answers_here, now),
            *(news for news in _of_comments([], answered, of_agency=agency_id)),
        ],
        MOST,
    )


def list_all_news(now: datetime) -> list[News]:
    """Return the windows of the instance that opened, moved or ended."""
    return newest(_of_windows(Window.id.is_not(None), now), MOST)


def last_act_at() -> datetime | None:
    """Return when anything was last done: what is withdrawn changes a feed as what is added does."""
    return session().scalar(select(Leaf.at).where(Leaf.id == select(func.max(Leaf.id)).scalar_subquery()))


def _of_windows(chosen: ColumnElement[bool], now: datetime) -> list[News]:
    """Return what happened to the newest windows among some; annulled ones say only that."""
    found = (
        select(Window)
        .join(Window.instrument)
        .options(contains_eager(Window.instrument), joinedload(Window.government), selectinload(Window.extensions))
        .where(chosen, Instrument.permanent.is_(False), Window.state != WindowState.DRAFT, Window.opens_at <= now)
        .order_by(func.coalesce(Window.concluded_at, Window.annulled_at, Window.updated_at).desc(), Window.id.desc())
        .limit(MOST)
    )
    news: list[News] = []
    for window in session().scalars(found):
        if window.annulled_at is not None:
            news.append(about_window(HappeningKind.ANNULLED, window, window.annulled_at))
            continue
        assert window.opens_at is not None
        news.append(about_window(HappeningKind.OPENED, window, window.opens_at))
        news += [about_extension(extension, window) for extension in window.extensions]
        if window.concluded_at is not None:
            news.append(about_window(HappeningKind.CONCLUDED, window, window.concluded_at))
    return news


def _documents(here: ColumnElement[bool]) -> Sequence[DocumentVersion]:
    topic = contains_eager(DocumentVersion.document).contains_eager(Document.topic)
    window = topic.joinedload(Topic.window)
    found = (
        select(DocumentVersion)
        .join(DocumentVersion.document)
        .join(Document.topic)
        .options(window.joinedload(Window.government), window.joinedload(Window.instrument))
        .where(here)
        .order_by(DocumentVersion.id.desc())
        .limit(MOST)
    )
    return session().scalars(found).all()


def _papers(window_id: int) -> Sequence[ClosingPaper]:
    found = (
        select(ClosingPaper)
        .options(joinedload(ClosingPaper.window).joinedload(Window.government))
        .where(
            ClosingPaper.window_id == window_id,
            ClosingPaper.kind.in_(PUBLIC_PAPERS),
            ClosingPaper.issued_at.is_not(None),
        )
        .order_by(ClosingPaper.id.desc())
        .limit(MOST)
    )
    return session().scalars(found).all()


def _newest_comments(here: ColumnElement[bool]) -> Sequence[int]:
    found = select(Submission.id).join(Submission.topic).where(here, is_findable())
    return session().scalars(found.order_by(Submission.reviewed_at.desc(), Submission.id.desc()).limit(MOST)).all()


def _newest_answered(here: ColumnElement[bool]) -> Sequence[int]:
    """Return the comments whose answers are the newest."""
    found: Any = (
        select(Referral.submission_id)
        .join(Referral.answer)
        .join(Answer.unit)
        .join(Referral.submission)
        .join(Submission.topic)
        .where(here, is_findable(), Answer.state == AnswerState.PUBLISHED)
        .order_by(func.coalesce(Answer.corrected_at, Answer.published_at).desc(), Answer.id.desc(), Referral.id.desc())
        .limit(MOST)
    )
    return session().scalars(found).all()


def _of_comments(comments: Collection[int], answered: Collection[int], *, of_agency: int | None = None) -> list[News]:
    """Return the entries of comments, and those of answers: of one agency, or of all."""
    ids = {*comments, *answered}
    if not ids:
        return []
    found = (
        select(Submission)
        .join(Submission.topic)
        .join(Topic.window)
        .options(
            contains_eager(Submission.topic).contains_eager(Topic.window).joinedload(Window.government),
            contains_eager(Submission.topic).contains_eager(Topic.window).joinedload(Window.instrument),
        )
        .where(Submission.id.in_(ids), is_findable(), Window.state != WindowState.DRAFT)
    )
    rows = session().scalars(found).all()
    answers = map_answers([row.id for row in rows])
    return [
        *(about_comment(row) for row in rows if row.id in comments),
        *(
            about_answer(given.answer, row)
            for row in rows
            for given in answers.get(row.id, ())
            if of_agency is None or given.answer.unit.agency_id == of_agency
        ),
    ]
