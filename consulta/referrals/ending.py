"""Ending a referral without an answer of its own, and telling when a submission is wholly answered."""

from datetime import datetime

from consulta.actors import Actor
from consulta.clocks.recalendar import end_clocks
from consulta.db import lock_exclusive, session
from consulta.record.operations import append_leaf
from consulta.referrals.models import Referral
from consulta.referrals.queries import list_live_referrals, list_parts
from consulta.referrals.rules import check_referral_transition
from consulta.referrals.states import EndCause, ReferralState
from consulta.submissions.models import Submission
from consulta.windows.counters import add_delta
from consulta.windows.states import CounterName


def end_referral(referral: Referral, cause: EndCause, now: datetime, actor: Actor | None) -> None:
    """End a referral that waits: it leaves the answer that was being written, its unit's clock ends, leaf.

    The submission is locked by the caller. `actor` None: the person herself. Raises Refused in any other state.
    """
    lock_exclusive(f"referral:{referral.id}")
    if referral.answer_id is not None:
        lock_exclusive(f"answer:{referral.answer_id}")
    session().refresh(referral)
    check_referral_transition(ReferralState(referral.state), ReferralState.ENDED)
    referral.state, referral.ended_at, referral.end_cause = ReferralState.ENDED, now, cause
    referral.answer = None
    end_clocks([referral.clock_id], now, actor.post_id if actor else None)
    content = {"unit": referral.unit.key, "cause": cause, "post_id": actor.post_id if actor else None}
    append_leaf(kind="referral.ended", public_id=referral.submission.folio, at=now, content=content)
    session().flush()


def end_open_referrals(submission: Submission, cause: EndCause, now: datetime, actor: Actor | None) -> None:
    """End every referral of a submission that still waits."""
    for referral in list_live_referrals(submission.id):
        if referral.state == ReferralState.REFERRED:
            end_referral(referral, cause, now, actor)


def settle_submission(submission: Submission, now: datetime, post_id: int | None) -> bool:
    """Mark a submission as answered once nothing of it waits; its clock ends and it is counted. Return whether it is.

    A submission in parts is answered when each of them is.
    """
    if submission.is_answered or not is_wholly_answered(submission):
        return submission.is_answered
    submission.is_answered = True
    add_delta(topic_id=submission.topic_id, name=CounterName.ANSWERED, amount=1)
    end_clocks([submission.clock_id], now, post_id)
    return True


def is_wholly_answered(submission: Submission) -> bool:
    """Say whether every part of a submission, or the whole of it, has a published answer."""
    live = list_live_referrals(submission.id)
    answered = {item.part_id for item in live if item.state == ReferralState.ANSWERED}
    wanted: set[int | None] = {part.id for part in list_parts(submission.id)}
    return (wanted or {None}) <= answered
