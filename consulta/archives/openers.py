"""What acts commit to where it lives in the rows of its owners: read back for whoever verifies the record."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.db import session
from consulta.moderation.models import Appeal
from consulta.record.openings import Opener
from consulta.record.queries import PlacedAct
from consulta.referrals.models import AnswerVersion, DisowningClaim, Referral
from consulta.submissions.models import Submission
from consulta.submissions.operations import RECEIVED
from consulta.submissions.rules import committed_columns, received_content

Contents = Mapping[int, dict[str, Any]]


def _received(acts: Sequence[PlacedAct]) -> Contents:
    found = {item.folio: item for item in session().scalars(_of(acts)).all()}
    return {
        act.leaf_id: received_content(committed_columns(found[act.public_id])) for act in acts if act.public_id in found
    }


def _claims(acts: Sequence[PlacedAct], *, decided: bool) -> Contents:
    rows = session().execute(
        select(Submission.folio, DisowningClaim).join(DisowningClaim.submission).where(Submission.folio.in_(_ids(acts)))
    )
    found = {(folio, row.decided_at if decided else row.filed_at): row for folio, row in rows}
    return {
        act.leaf_id: {"state": row.state, "reason": row.reason, "post_id": row.decided_by_post_id}
        if decided
        else {"name": row.name, "text": row.text, "hides": row.hides}
        for act in acts
        if (row := found.get((act.public_id, act.at))) is not None
    }


def _appeals(acts: Sequence[PlacedAct]) -> Contents:
    rows = session().execute(
        select(Submission.folio, Appeal).join(Appeal.submission).where(Submission.folio.in_(_ids(acts)))
    )
    found = {(folio, row.filed_at): row for folio, row in rows}
    return {
        act.leaf_id: {"text": row.text, "moderation_id": row.moderation_id}
        for act in acts
        if (row := found.get((act.public_id, act.at))) is not None
    }


def _standings(acts: Sequence[PlacedAct]) -> Contents:
    """Whoever withdrew and disowned later left the reason of the last act alone; the earlier one says so itself."""
    found = {item.folio: item for item in session().scalars(_of(acts)).all()}
    contents = {}
    for act in acts:
        row = found.get(act.public_id)
        if row is not None and row.standing_at == act.at:
            by = session().scalar(
                select(DisowningClaim.decided_by_post_id).where(
                    DisowningClaim.submission_id == row.id, DisowningClaim.decided_at == act.at
                )
            )
            contents[act.leaf_id] = {"is_hidden": row.is_hidden, "reason": row.standing_reason, "post_id": by}
    return contents


def _answers(acts: Sequence[PlacedAct]) -> Contents:
    """An answer to what is reserved: kept in its versions alone."""
    rows = session().execute(
        select(Submission.folio, AnswerVersion)
        .join(Referral, Referral.answer_id == AnswerVersion.answer_id)
        .join(Referral.submission)
        .where(Submission.folio.in_(_ids(acts)))
    )
    found = {(folio, row.at): row for folio, row in rows}
    return {
        act.leaf_id: {
            "answer_id": row.answer_id,
            "dataset_url": row.dataset_url,
            "disposition": row.disposition,
            "text": row.text,
            "post_id": row.post_id,
        }
        for act in acts
        if (row := found.get((act.public_id, act.at))) is not None
    }


OPENERS: Mapping[str, Opener] = {
    RECEIVED: _received,
    "claim.filed": lambda acts: _claims(acts, decided=False),
    "claim.decided": lambda acts: _claims(acts, decided=True),
    "appeal.filed": _appeals,
    "submission.withdrawn": _standings,
    "submission.disowned": _standings,
    "answer.published": _answers,
}


def _ids(acts: Iterable[PlacedAct]) -> set[str]:
    return {act.public_id for act in acts}


def _of(acts: Iterable[PlacedAct]) -> Any:
    return select(Submission).options(joinedload(Submission.place)).where(Submission.folio.in_(_ids(acts)))
