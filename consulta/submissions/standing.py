"""Whether a person stands by what was sent in her name. Nothing is deleted: it is marked, and counted apart."""

from datetime import datetime

from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.submissions.models import Submission
from consulta.submissions.states import STANDING_TRANSITIONS, Standing, SubmissionState
from consulta.windows.counters import add_delta
from consulta.windows.states import CounterName

LONGEST_REASON = 1_000


def change_standing(
    *, submission: Submission, standing: Standing, is_hidden: bool, reason: str, by_post_id: int | None, now: datetime
) -> None:
    """Mark a submission as withdrawn or disowned, with its leaf. The caller holds its lock.

    Effects in order: standing, whether its text is shown to anybody, counters, leaf. Raises Refused when the person
    did the same before, or with too long a reason.

    Args:
        submission: locked and read again.
        standing: what it becomes.
        is_hidden: whether its text is not shown any more.
        reason: what the person says; empty where she says nothing. It is not public.
        by_post_id: the post that decided it for a person who only had the folio; None: the person herself.
        now: instant of the act.
    """
    if standing not in STANDING_TRANSITIONS[Standing(submission.standing)]:
        raise Refused(_("Eso ya está hecho: %(folio)s ya no cuenta como suyo.", folio=submission.folio))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("Escriba hasta %(n)s caracteres.", n=f"{LONGEST_REASON:,}"), field="reason")
    stood = submission.standing == Standing.STANDS
    was_shown = submission.state == SubmissionState.PUBLISHED and not submission.is_hidden
    submission.standing, submission.standing_at = standing, now
    submission.standing_reason = reason.strip()
    submission.is_hidden = submission.is_hidden or is_hidden
    if stood and submission.is_admitted and not submission.is_answered:
        add_delta(topic_id=submission.topic_id, name=CounterName.LEFT, amount=1)
    if was_shown and submission.is_hidden:
        add_delta(topic_id=submission.topic_id, name=CounterName.PUBLISHED, amount=-1)
    content = {"is_hidden": submission.is_hidden, "reason": reason.strip(), "post_id": by_post_id}
    append_leaf(kind=f"submission.{standing}", public_id=submission.folio, at=now, content=content)
    session().flush()


def mark_traced(*, submission: Submission, is_traced: bool) -> None:
    """Mark that something came of a submission, and count it at its topic; once, whatever came of it."""
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    if submission.is_traced != is_traced:
        submission.is_traced = is_traced
        add_delta(topic_id=submission.topic_id, name=CounterName.TRACED, amount=1 if is_traced else -1)
        session().flush()
