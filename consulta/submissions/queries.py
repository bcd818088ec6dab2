"""Reads of submissions."""

from collections.abc import Collection, Sequence
from hmac import compare_digest

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from consulta.db import session
from consulta.folio import hash_key
from consulta.submissions.models import Submission
from consulta.submissions.policy import POLICY, TEXT_KINDS, VISIBLE_KINDS, PublicText
from consulta.submissions.states import SubmissionState, Timeliness
from consulta.windows.models import Topic, Window


def load_topics(ids: Collection[int]) -> dict[int, Topic]:
    """Return topics by id with window, government and instrument."""
    found = (
        select(Topic)
        .options(
            joinedload(Topic.window).joinedload(Window.government),
            joinedload(Topic.window).joinedload(Window.instrument),
            joinedload(Topic.unit),
        )
        .where(Topic.id.in_(ids))
    )
    return {topic.id: topic for topic in session().scalars(found)}


def reread_windows(ids: Collection[int]) -> None:
    """Read windows again, because their dates may have moved before the lock was taken."""
    fresh = select(Window).where(Window.id.in_(ids)).execution_options(populate_existing=True)
    session().scalars(fresh).all()


def find_by_folio(folio: str) -> Submission | None:
    """Return a submission by its folio, whatever its kind."""
    if not folio.isascii() or not folio.isprintable():
        return None
    return session().scalar(_with_topic().where(Submission.folio == folio))


def find_visible(folio: str) -> Submission | None:
    """Return a submission whose existence the public may see."""
    return session().scalar(_with_topic().where(Submission.folio == folio, Submission.kind.in_(VISIBLE_KINDS)))


def find_own(*, folio: str, key: str, secret: bytes) -> Submission | None:
    """Return the submission of who knows folio and key. Takes the same time when the folio is unknown."""
    found = find_by_folio(folio)
    given = hash_key(secret, key)
    known = found.key_hash if found is not None else "0" * 64
    return found if compare_digest(given, known) else None


def published() -> Select[Submission]:
    """Return the selection of submissions whose text is public: the one place that decides it in SQL."""
    consent_kinds = [kind for kind, public in POLICY.items() if public == PublicText.WITH_CONSENT]
    return select(Submission).where(
        Submission.state == SubmissionState.PUBLISHED,
        Submission.timeliness == Timeliness.ON_TIME,
        Submission.kind.in_(TEXT_KINDS),
        Submission.kind.not_in(consent_kinds) | Submission.text_consent.is_(True),
    )


def list_published(topic_id: int, *, before_id: int | None = None, limit: int = 20) -> Sequence[Submission]:
    """Return the published submissions of a topic, newest first, with their files."""
    found = published().options(joinedload(Submission.attachments)).where(Submission.topic_id == topic_id)
    if before_id is not None:
        found = found.where(Submission.id < before_id)
    # The limit is taken before the files are joined, so a page never grows with them.
    ids = select(found.order_by(Submission.id.desc()).limit(limit).subquery().c.id)
    page = (
        select(Submission)
        .options(joinedload(Submission.attachments))
        .where(Submission.id.in_(ids))
        .order_by(Submission.id.desc())
    )
    return session().scalars(page).unique().all()


def list_late(government_id: int, limit: int = 100) -> Sequence[Submission]:
    """Return what came after closing in a government's windows, newest first."""
    found = (
        _with_topic()
        .join(Submission.topic)
        .join(Topic.window)
        .where(Window.government_id == government_id, Submission.timeliness == Timeliness.LATE)
        .order_by(Submission.id.desc())
        .limit(limit)
    )
    return session().scalars(found).all()


def _with_topic() -> Select[Submission]:
    topic = joinedload(Submission.topic)
    return select(Submission).options(
        topic.joinedload(Topic.unit),
        topic.joinedload(Topic.window).joinedload(Window.government),
        topic.joinedload(Topic.window).joinedload(Window.instrument),
    )
