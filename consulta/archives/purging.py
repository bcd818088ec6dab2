"""Destroying what a submission said and who said it, with its salt: what stays is that it was, and its acts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, select, update

from consulta.archives.models import Disposal
from consulta.data_rights.models import DataRightsRequest
from consulta.db import session
from consulta.jobs import enqueue
from consulta.moderation.models import Appeal, Moderation
from consulta.notices.models import Notice
from consulta.record.models import Leaf, Opening
from consulta.record.operations import append_leaf
from consulta.referrals.models import Answer, AnswerVersion, AnswerWording, DisowningClaim, HandOver, Part, Referral
from consulta.storage.folder import FolderStorage
from consulta.submissions.models import Attachment, Submission, SubmissionPlace
from consulta.submissions.states import Behalf, SubmissionState
from consulta.windows.counters import add_delta
from consulta.windows.states import CounterName

DESTROYED = "files.destroyed"
GONE = "Se dio de baja."


def purge_submission(submission: Submission, disposal: Disposal, now: datetime) -> None:
    """Destroy a submission, locked by the caller. Nobody, with the whole database in hand, can say what it said.

    Effects in order: its columns emptied, its place, what others wrote about it, answers to it alone, files (by a job
    after the commit), messages, contents and salts of its acts, counter of what is shown; then the leaf of the act.
    """
    if submission.state == SubmissionState.PUBLISHED and not submission.is_hidden:
        add_delta(topic_id=submission.topic_id, name=CounterName.PUBLISHED, amount=-1)
    _empty(submission, now)
    session().execute(delete(SubmissionPlace).where(SubmissionPlace.submission_id == submission.id))
    session().expire(submission, ["place"])
    _empty_around(submission)
    _empty_answers(submission)
    keys = _drop_files(submission)
    if keys:
        enqueue(kind=DESTROYED, payload={"keys": keys}, run_at=now)
    session().execute(delete(Notice).where(Notice.about == submission.folio))
    leaves = select(Leaf.id).where(Leaf.public_id == submission.folio)
    session().execute(delete(Opening).where(Opening.leaf_id.in_(leaves)))
    content = {"disposal": disposal.id, "reference": disposal.reference}
    append_leaf(kind="submission.purged", public_id=submission.folio, at=now, content=content)
    session().flush()


def destroy_files(storage: FolderStorage) -> Callable[[dict[str, Any], datetime], None]:
    """Return the handler that destroys the files of what was purged, after its commit."""

    def destroy(payload: dict[str, Any], _now: datetime) -> None:
        for key in payload["keys"]:
            storage.destroy(key)

    return destroy


def _empty(submission: Submission, now: datetime) -> None:
    for name in (
        *("text", "author_name", "organization", "representative", "representative_post", "email", "phone"),
        *("evidence", "article", "says", "should_say", "standing_reason", "key_hash"),
    ):
        setattr(submission, name, "")
    submission.behalf, submission.name_is_public, submission.text_consent = Behalf.SELF, False, False
    submission.files, submission.seen_documents, submission.redactions = [], [], []
    submission.published_name = None
    submission.is_hidden, submission.purged_at = True, now
    if submission.withheld_reason is not None:
        submission.withheld_reason = GONE
    if submission.late_reason is not None:
        submission.late_reason = GONE


def _empty_around(submission: Submission) -> None:
    """Empty what others wrote about it; where something must be said by its state, it says that it is gone."""
    emptied: tuple[tuple[type[Any], dict[str, Any]], ...] = (
        (Part, {"quote": "", "article": ""}),
        (Moderation, {"note": _gone(Moderation.note), "passages": []}),
        (Appeal, {"text": GONE, "reason": _gone(Appeal.reason)}),
        (DisowningClaim, {"name": GONE, "email": "", "text": GONE, "reason": _gone(DisowningClaim.reason)}),
        (HandOver, {"reason": GONE}),
        (DataRightsRequest, _emptied_request()),
        (Referral, {"return_reason": _gone(Referral.return_reason)}),
    )
    for model, values in emptied:
        session().execute(update(model).where(model.submission_id == submission.id).values(**values))


def _emptied_request() -> dict[str, Any]:
    said = {name: _gone(getattr(DataRightsRequest, name)) for name in ("text", "reason", "extension_reason")}
    return {
        **said,
        "effect_note": _gone(DataRightsRequest.effect_note),
        "new_email": "",
        "new_phone": "",
        "new_name": "",
    }


def _gone(column: Any) -> Any:
    return case((column.is_(None), None), (column == "", ""), else_=GONE)


def _empty_answers(submission: Submission) -> None:
    """Empty the answers that were to it alone, or to others that are gone too; others may have been given the same."""
    ids = set(session().scalars(select(Referral.answer_id).where(Referral.submission_id == submission.id))) - {None}
    for answer_id in ids:
        others = (
            select(Submission.id)
            .join(Referral, Referral.submission_id == Submission.id)
            .where(Referral.answer_id == answer_id, Submission.purged_at.is_(None), Submission.id != submission.id)
        )
        if session().scalar(others.limit(1)) is None:
            session().execute(
                update(Answer).where(Answer.id == answer_id).values(text=GONE, sent_back_reason=None, dataset_url=None)
            )
            for model in (AnswerVersion, AnswerWording):
                session().execute(update(model).where(model.answer_id == answer_id).values(text=GONE))


def _drop_files(submission: Submission) -> list[str]:
    found = session().scalars(select(Attachment).where(Attachment.submission_id == submission.id)).all()
    keys = sorted({key for item in found for key in (item.original_key, item.public_key)})
    session().execute(delete(Attachment).where(Attachment.submission_id == submission.id))
    session().expire(submission, ["attachments"])
    return keys
