"""Reads of papers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.db import session
from consulta.reports.models import ClosingPaper
from consulta.reports.states import PaperKind
from consulta.windows.models import Instrument, Window
from consulta.windows.states import WindowState

ORDER = tuple(PaperKind)


def list_papers(window_id: int) -> Sequence[ClosingPaper]:
    """Return the papers of a window: record first, then letters by agency, every edition."""
    found = (
        select(ClosingPaper)
        .options(joinedload(ClosingPaper.agency))
        .where(ClosingPaper.window_id == window_id)
        .order_by(ClosingPaper.id)
    )
    return sorted(session().scalars(found), key=lambda paper: (ORDER.index(PaperKind(paper.kind)), paper.id))


def find_paper(window_id: int, paper_id: int) -> ClosingPaper | None:
    """Return a paper of a window."""
    if not 0 < paper_id < 2**62:
        return None
    found = select(ClosingPaper).options(joinedload(ClosingPaper.agency))
    return session().scalar(found.where(ClosingPaper.window_id == window_id, ClosingPaper.id == paper_id))


def find_issued(window_id: int, kind: PaperKind) -> ClosingPaper | None:
    """Return the newest issued paper of a kind: what everybody may read."""
    found = select(ClosingPaper).where(
        ClosingPaper.window_id == window_id, ClosingPaper.kind == kind, ClosingPaper.issued_at.is_not(None)
    )
    return session().scalar(found.order_by(ClosingPaper.edition.desc()).limit(1))


def list_issued_kinds(window_id: int) -> set[str]:
    """Return which kinds of paper of a window were issued."""
    found = select(ClosingPaper.kind).where(ClosingPaper.window_id == window_id, ClosingPaper.issued_at.is_not(None))
    return set(session().scalars(found.distinct()))


def list_closed_without_papers(now: datetime, limit: int) -> Sequence[Window]:
    """Return windows that closed and have no papers yet, the one that closed first first."""
    found = (
        select(Window)
        .join(Window.instrument)
        .options(contains_eager(Window.instrument), joinedload(Window.government))
        .where(
            Window.state == WindowState.SCHEDULED,
            Window.closes_at <= now,
            Instrument.permanent.is_(False),
            ~exists().where(ClosingPaper.window_id == Window.id),
        )
        .order_by(Window.closes_at, Window.id)
        .limit(limit)
    )
    return session().scalars(found).all()
