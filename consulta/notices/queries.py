"""Reads of notices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from consulta.db import session
from consulta.notices.models import Notice
from consulta.notices.states import Means, NoticeState

MOST_IN_A_ROW = 100


def list_posted(*, before_id: int | None = None, limit: int = 20) -> Sequence[Notice]:
    """Return entries of the electronic notice board, newest first, from `before_id` down."""
    found = select(Notice).where(Notice.means == Means.NOTICE_BOARD).order_by(Notice.id.desc()).limit(limit)
    if before_id is not None:
        found = found.where(Notice.id < before_id)
    return session().scalars(found).all()


def list_about(public_id: str) -> Sequence[Notice]:
    """Return every notice about a folio, oldest first."""
    return session().scalars(select(Notice).where(Notice.about == public_id).order_by(Notice.id)).all()


def list_failed(*, since: datetime, limit: int) -> Sequence[Notice]:
    """Return notices that did not reach their person since then, the newest first."""
    found = select(Notice).where(Notice.state == NoticeState.FAILED, Notice.failed_at >= since)
    found = found.order_by(Notice.failed_at.desc(), Notice.id.desc())
    return session().scalars(found.limit(limit)).all()


def count_failed_in_a_row(about: str, before_id: int) -> tuple[int, datetime | None]:
    """Return how many notices about something failed one after another up to one, and when the first was written."""
    mails = select(Notice.state, Notice.created_at).where(Notice.about == about, Notice.id <= before_id)
    count, first = 0, None
    for state, created_at in session().execute(mails.order_by(Notice.id.desc()).limit(MOST_IN_A_ROW)):
        if state != NoticeState.FAILED:
            break
        count, first = count + 1, created_at
    return count, first


def list_told(kind: str, prefix: str) -> set[str]:
    """Return what the notices of a kind whose key begins so are about."""
    found = select(Notice.about).where(Notice.kind == kind, Notice.unique_key.startswith(prefix, autoescape=True))
    return set(session().scalars(found))
