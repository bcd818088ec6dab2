"""Reads of submissions."""

from collections.abc import Collection, Sequence
from hmac import compare_digest

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import joinedload

from consulta.db import session
from consulta.folio import hash_key
from consulta.submissions.models import Carrying, Submission
from consulta.submissions.policy import POLICY, TEXT_KINDS, VISIBLE_KINDS, PublicText
from consulta.submissions.states import Behalf, Standing, SubmissionState
from consulta.windows.models import Topic, Window
from consulta.windows.states import Admission


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
    return session().scalar(visible(_with_topic()).where(Submission.folio == folio))


def visible(found: Select[Submission]) -> Select[Submission]:
    """Narrow a selection to what the public may know of: the one place that decides it in SQL."""
    return found.where(Submission.kind.in_(VISIBLE_KINDS), Submission.reserved.is_(False))


def holder_of(submission: Submission) -> int:
    """Return the government that has a submission now: its window's, or the one to which it was handed over."""
    return submission.holder_id or submission.topic.window.government_id


def is_held_by(government_id: int) -> ColumnElement[bool]:
    """Return the condition of a selection joined to `Window`: that government has the submission now."""
    return func.coalesce(Submission.holder_id, Window.government_id) == government_id


def find_own(*, folio: str, key: str, secret: bytes) -> Submission | None:
    """Return the submission of who knows folio and key. Takes the same time when the folio is unknown."""
    found = find_by_folio(folio)
    given = hash_key(secret, key)
    known = found.key_hash if found is not None else "0" * 64
    return found if compare_digest(given, known) else None


def published() -> Select[Submission]:
    """Return the selection of submissions whose text is public."""
    return select(Submission).where(is_published())


def is_published() -> ColumnElement[bool]:
    """Return the condition that the text of a submission is public: the one place that decides it in SQL."""
    consent_kinds = [kind for kind, public in POLICY.items() if public == PublicText.WITH_CONSENT]
    return and_(
        Submission.state == SubmissionState.PUBLISHED,
        Submission.reserved.is_(False),
        Submission.is_admitted.is_(True),
        Submission.is_hidden.is_(False),
        Submission.kind.in_(TEXT_KINDS),
        Submission.kind.not_in(consent_kinds) | Submission.text_consent.is_(True),
    )


def published_author() -> ColumnElement[str]:
    """Return the name under which a submission is published, empty where there is none: `public_author` in SQL."""
    return case(
        (Submission.standing == Standing.DISOWNED, ""),
        (Submission.behalf == Behalf.ORGANIZATION, Submission.organization),
        (Submission.name_is_public.is_(True), func.coalesce(Submission.published_name, Submission.author_name)),
        else_="",
    )


def list_published(
    topic_id: int,
    *,
    before: tuple[bool, int] | None = None,
    is_answered: bool | None = None,
    only: ColumnElement[bool] | None = None,
    answered_first: bool = True,
    limit: int = 20,
) -> Sequence[Submission]:
    """Return the published submissions of a topic with their files, newest first.

    Args:
        topic_id: whose.
        before: whether the last one shown was answered, and its id.
        is_answered: only those with an answer, or only those without.
        only: another condition, of a filter.
        answered_first: list those with an answer before the others.
        limit: at most so many.
    """
    found = published().where(Submission.topic_id == topic_id)
    if before is not None:
        was_answered, last_id = before
        older = Submission.id < last_id
        if answered_first:
            older &= Submission.is_answered.is_(was_answered)
            older = older | Submission.is_answered.is_(False) if was_answered else older
        found = found.where(older)
    if is_answered is not None:
        found = found.where(Submission.is_answered.is_(is_answered))
    if only is not None:
        found = found.where(only)
    order = (*((Submission.is_answered.desc(),) if answered_first else ()), Submission.id.desc())
    # The limit is taken before the files are joined, so a page never grows with them.
    ids = select(found.order_by(*order).limit(limit).subquery().c.id)
    page = select(Submission).options(joinedload(Submission.attachments)).where(Submission.id.in_(ids)).order_by(*order)
    return session().scalars(page).unique().all()


def list_carryings(submission: Submission) -> list[tuple[Carrying, Topic]]:
    """Return each time a submission was carried to another docket, with the topic to which it went."""
    if submission.received_topic_id is None:
        return []
    found = (
        select(Carrying, Topic)
        .join(Topic, Topic.id == Carrying.to_topic_id)
        .where(Carrying.submission_id == submission.id)
        .order_by(Carrying.id)
    )
    return [(carrying, topic) for carrying, topic in session().execute(found)]


def list_late(government_id: int, *, undecided: bool = False, limit: int = 100) -> Sequence[Submission]:
    """Return what came after closing in a government's windows, newest first: all, or what waits for a decision."""
    found = (
        _with_topic()
        .join(Submission.topic)
        .join(Topic.window)
        .where(
            Window.government_id == government_id,
            Submission.admission.in_((Admission.LATE, Admission.LATE_CAPTURE)),
            Submission.reserved.is_(False),
        )
        .order_by(Submission.id.desc())
        .limit(limit)
    )
    if undecided:
        found = found.where(Submission.late_decision.is_(None))
    return session().scalars(found).all()


def _with_topic() -> Select[Submission]:
    topic = joinedload(Submission.topic)
    return select(Submission).options(
        topic.joinedload(Topic.unit),
        topic.joinedload(Topic.window).joinedload(Window.government),
        topic.joinedload(Topic.window).joinedload(Window.instrument),
    )
