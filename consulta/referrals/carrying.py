"""Comments travel with their docket: filed anew, they go along with folio, date and story, and authors are told."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from consulta.db import lock_exclusive, lock_shared, session
from consulta.i18n.text import SOURCE, speaking
from consulta.jobs import enqueue
from consulta.notices import notify
from consulta.record.operations import append_leaf
from consulta.referrals.ending import end_referral
from consulta.referrals.models import Part
from consulta.referrals.notices import carried_notice
from consulta.referrals.queries import list_live_referrals, list_parts
from consulta.referrals.routing import refer
from consulta.referrals.states import AnswerState, EndCause, ReferralState
from consulta.submissions.models import Carrying, Submission
from consulta.submissions.states import Standing, SubmissionState
from consulta.windows.counters import add_delta
from consulta.windows.dockets import CLOSED_FOR_GOOD, SUCCEEDED, find_latest_topic
from consulta.windows.models import Succession, Topic
from consulta.windows.operations import window_lock
from consulta.windows.states import CounterName

AT_ONCE = 100


def carry_over(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `docket.succeeded`: carry a portion of the comments of the predecessor; the rest follows.

    Effects per comment, in order: referrals that wait end, topic, counters of both topics, leaf, referral to the unit
    of the new topic with the same due date, notice. What waits for a signature stays with its unit until it is
    published or sent back. Nothing happens while the successor has no topic, or they are split and went elsewhere.
    """
    succession = session().get_one(Succession, payload["succession_id"])
    source, target = find_latest_topic(succession.predecessor_id), find_latest_topic(succession.successor_id)
    if source is None or target is None or source.id == target.id:
        return
    # Whoever concludes the window takes its lock alone, and waits; what it concludes meanwhile takes nothing in.
    lock_shared(window_lock(target.window_id))
    session().refresh(target.window)
    if target.window.state in CLOSED_FOR_GOOD:
        return
    found = (
        select(Submission)
        .where(
            Submission.topic_id == source.id,
            Submission.id > payload.get("after_id", 0),
            Submission.reserved.is_(False),
            Submission.is_admitted.is_(True),
            Submission.holder_id.is_(None),
        )
        .order_by(Submission.id)
        .limit(AT_ONCE)
    )
    submissions = session().scalars(found).all()
    for submission in submissions:
        _carry(submission, target, succession, now)
    if len(submissions) == AT_ONCE:
        enqueue(kind=SUCCEEDED, payload={**payload, "after_id": submissions[-1].id}, run_at=now)
    session().flush()


def _carry(submission: Submission, target: Topic, succession: Succession, now: datetime) -> None:
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    live = list_live_referrals(submission.id)
    if any(item.answer is not None and item.answer.state in SIGNING for item in live):
        return
    source_id = submission.topic_id
    for referral in live:
        if referral.state == ReferralState.REFERRED:
            end_referral(referral, EndCause.CARRIED, now, None)
    if submission.received_topic_id is None:
        submission.received_topic_id = source_id
    submission.topic_id = target.id
    _move_counts(submission, source_id, target.id)
    session().add(
        Carrying(
            submission_id=submission.id,
            from_topic_id=source_id,
            to_topic_id=target.id,
            post_id=succession.post_id,
            at=now,
        )
    )
    content = {"to": target.reference, "successor": succession.successor.key}
    append_leaf(kind="submission.carried", public_id=submission.folio, at=now, content=content)
    session().flush()
    session().refresh(submission, ["topic"])
    _refer_anew(submission, target, now)
    if submission.email and submission.standing == Standing.STANDS:
        with speaking(submission.language or SOURCE):
            notify(carried_notice(submission, target, succession), now=now)


# An answer that somebody may be signing or publishing at this moment.
SIGNING = (AnswerState.SUBMITTED, AnswerState.SIGNED_OFF)


def _refer_anew(submission: Submission, target: Topic, now: datetime) -> None:
    """Refer what still waits to the unit of the new topic; without one the coordination routes it."""
    if submission.is_answered or submission.standing != Standing.STANDS or target.unit is None:
        return
    answered = {item.part_id for item in list_live_referrals(submission.id)}
    parts: list[Part | None] = [*list_parts(submission.id)]
    for part in parts or [None]:
        if (part.id if part else None) not in answered:
            refer(submission=submission, unit=target.unit, now=now, part=part)


def _move_counts(submission: Submission, source_id: int, target_id: int) -> None:
    names = [CounterName.RECEIVED]
    if submission.is_answered:
        names.append(CounterName.ANSWERED)
    elif submission.standing != Standing.STANDS:
        names.append(CounterName.LEFT)
    if submission.state == SubmissionState.PUBLISHED and not submission.is_hidden:
        names.append(CounterName.PUBLISHED)
    if submission.is_traced:
        names.append(CounterName.TRACED)
    for name in names:
        add_delta(topic_id=source_id, name=name, amount=-1)
        add_delta(topic_id=target_id, name=name, amount=1)
    add_delta(topic_id=source_id, name=CounterName.CARRIED_AWAY, amount=1)
    add_delta(topic_id=target_id, name=CounterName.CARRIED, amount=1)
