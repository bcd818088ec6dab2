"""Reads of notices."""

from collections.abc import Sequence

from sqlalchemy import select

from consulta.db import session
from consulta.notices.models import Notice
from consulta.notices.states import Means


def list_posted(*, before_id: int | None = None, limit: int = 20) -> Sequence[Notice]:
    """Return entries of the electronic notice board, newest first, from `before_id` down."""
    found = select(Notice).where(Notice.means == Means.NOTICE_BOARD).order_by(Notice.id.desc()).limit(limit)
    if before_id is not None:
        found = found.where(Notice.id < before_id)
    return session().scalars(found).all()


def list_about(public_id: str) -> Sequence[Notice]:
    """Return every notice about a folio, oldest first."""
    return session().scalars(select(Notice).where(Notice.about == public_id).order_by(Notice.id)).all()


def list_told(kind: str, prefix: str) -> set[str]:
    """Return what the notices of a kind whose key begins so are about."""
    found = select(Notice.about).where(Notice.kind == kind, Notice.unique_key.startswith(prefix, autoescape=True))
    return set(session().scalars(found))
