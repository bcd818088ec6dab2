"""Reads for the person who reviews."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from consulta.db import session
from consulta.submissions.models import Submission
from consulta.submissions.policy import POLICY, TEXT_KINDS, PublicText
from consulta.submissions.queries import is_held_by
from consulta.submissions.states import SubmissionState
from consulta.windows.models import Topic

PAGE = 50
CONSENT_KINDS = tuple(kind for kind, public in POLICY.items() if public == PublicText.WITH_CONSENT)


def list_to_review(government_id: int, *, after_id: int = 0, limit: int = PAGE) -> Sequence[Submission]:
    """Return what waits for review and could be public, oldest first."""
    found = (
        select(Submission)
        .join(Submission.topic)
        .join(Topic.window)
        .options(contains_eager(Submission.topic).contains_eager(Topic.window))
        .where(
            is_held_by(government_id),
            Submission.reserved.is_(False),
            Submission.state == SubmissionState.RECEIVED,
            Submission.is_admitted.is_(True),
            Submission.is_hidden.is_(False),
            Submission.kind.in_(TEXT_KINDS),
            Submission.kind.not_in(CONSENT_KINDS) | Submission.text_consent.is_(True),
            Submission.id > after_id,
        )
        .order_by(Submission.id)
        .limit(limit)
    )
    return session().scalars(found).all()
