"""Files: kept waiting while the form is filled in, attached with the submission, removed when nobody came."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.inspection.files import inspect
from consulta.storage import Storage
from consulta.submissions.models import Attachment, Submission, WaitingFile

WAIT = timedelta(hours=24)


def keep_waiting(*, storage: Storage, filename: str, content: bytes, now: datetime) -> tuple[str, WaitingFile]:
    """Inspect a file and keep it for 24 hours; return the token that claims it. Raises Refused naming the file."""
    found = inspect(filename, content)
    token = secrets.token_urlsafe(24)
    waiting = WaitingFile(
        token_hash=_hash(token),
        filename=found.filename,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        original_key=storage.put(content),
        public_key=storage.put(found.public_content),
        created_at=now,
    )
    session().add(waiting)
    session().flush()
    return token, waiting


def list_waiting(tokens: Sequence[str]) -> list[tuple[str, WaitingFile]]:
    """Return the files still waiting, in the order of their tokens."""
    if not tokens:
        return []
    rows = session().scalars(select(WaitingFile).where(WaitingFile.token_hash.in_([_hash(t) for t in tokens])))
    by_hash = {row.token_hash: row for row in rows}
    return [(token, by_hash[_hash(token)]) for token in tokens if _hash(token) in by_hash]


def attach_waiting_files(*, submission: Submission, tokens: Sequence[str], now: datetime) -> None:
    """Turn waiting files into attachments of a submission. Raises Refused when one is gone."""
    waiting = [row for _, row in list_waiting(tokens) if now - row.created_at < WAIT]
    if len(waiting) != len(set(tokens)):
        raise Refused(_("Uno de sus archivos ya no está: vuelva a elegirlo y envíe otra vez."), field="files")
    for number, row in enumerate(waiting, start=1):
        session().add(
            Attachment(
                submission=submission,
                number=number,
                filename=row.filename,
                media_type=row.media_type,
                size=row.size,
                sha256=row.sha256,
                original_key=row.original_key,
                public_key=row.public_key,
            )
        )
        session().delete(row)
    submission.files = [{"filename": row.filename, "sha256": row.sha256, "size": row.size} for row in waiting]


def remove_stale(storage: Storage) -> Callable[[datetime], None]:
    """Return the periodic function that removes files nobody came back for."""

    def remove(now: datetime) -> None:
        stale = select(WaitingFile).where(WaitingFile.created_at <= now - WAIT).limit(200)
        for row in session().scalars(stale).all():
            storage.delete(row.original_key)
            storage.delete(row.public_key)
            session().delete(row)

    return remove


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
