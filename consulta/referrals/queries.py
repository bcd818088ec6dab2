"""Reads of referrals and answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consulta.agencies.models import Agency, Unit
from consulta.clocks.models import Clock, ClockEvent
from consulta.db import session
from consulta.deadlines import EventKind
from consulta.referrals.models import Answer, AnswerWording, Part, Referral
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.policy import PUBLIC_ANSWER_KINDS
from consulta.submissions.queries import is_held_by
from consulta.submissions.states import Standing
from consulta.windows.models import Topic, Window

# What a unit has, or had until it answered.
LIVE = (ReferralState.REFERRED, ReferralState.ANSWERED)
# How the date of the person came to be, and the clock of the unit.
CLOCKS = (
    contains_eager(Referral.submission).joinedload(Submission.clock).joinedload(Clock.stored),
    joinedload(Referral.clock),
)


def find_referral(referral_id: int) -> Referral | None:
    """Return a referral with what its page needs."""
    return session().scalar(referrals().options(*CLOCKS).where(Referral.id == referral_id))


def list_referrals_by_ids(ids: Sequence[int]) -> Sequence[Referral]:
    """Return referrals by id, in order."""
    return session().scalars(referrals().where(Referral.id.in_(ids)).order_by(Referral.id)).all()


def list_referrals_of(submission_id: int) -> Sequence[Referral]:
    """Return the referrals of a submission, oldest first: its way through the offices."""
    found = (
        select(Referral)
        .options(
            joinedload(Referral.unit).joinedload(Unit.agency),
            joinedload(Referral.answer).joinedload(Answer.unit),
            joinedload(Referral.answer).selectinload(Answer.versions),
            joinedload(Referral.part),
        )
        .where(Referral.submission_id == submission_id)
        .order_by(Referral.id)
    )
    return session().scalars(found).all()


@dataclass(frozen=True)
class PartAnswer:
    """A published answer, and the part of the submission that it answers (None: all of it)."""

    answer: Answer
    part: Part | None


def map_answers(submission_ids: Sequence[int]) -> dict[int, list[PartAnswer]]:
    """Return `{submission_id: published answers}` in one query, in the order of the parts."""
    if not submission_ids:
        return {}
    rows = session().execute(
        select(Referral.submission_id, Answer, Part)
        .join(Referral.answer)
        .outerjoin(Referral.part)
        .options(joinedload(Answer.unit))
        .where(Referral.submission_id.in_(submission_ids), Answer.state == AnswerState.PUBLISHED)
        .order_by(Referral.submission_id, Part.number, Referral.id)
    )
    answers: dict[int, list[PartAnswer]] = {}
    for submission_id, answer, part in rows:
        answers.setdefault(submission_id, []).append(PartAnswer(answer, part))
    return answers


def list_live_referrals(submission_id: int) -> Sequence[Referral]:
    """Return the referrals of a submission that wait or are answered: neither returned nor ended."""
    found = (
        select(Referral)
        .options(joinedload(Referral.unit).joinedload(Unit.agency), joinedload(Referral.answer))
        .where(Referral.submission_id == submission_id, Referral.state.in_(LIVE))
    )
    fresh = found.order_by(Referral.id).execution_options(populate_existing=True)
    return session().scalars(fresh).all()


def list_parts(submission_id: int) -> Sequence[Part]:
    """Return the parts into which a submission is divided now; none where it is whole."""
    found = select(Part).where(Part.submission_id == submission_id, Part.joined_at.is_(None))
    return session().scalars(found.order_by(Part.number)).all()


def find_answer(answer_id: int) -> Answer | None:
    """Return an answer with its unit and what it answers."""
    found = (
        select(Answer)
        .options(
            joinedload(Answer.unit).joinedload(Unit.agency).joinedload(Agency.government),
            joinedload(Answer.signed_by_post),
            selectinload(Answer.referrals)
            .joinedload(Referral.submission)
            .options(joinedload(Submission.topic).joinedload(Topic.window), joinedload(Submission.place)),
            selectinload(Answer.versions),
        )
        .where(Answer.id == answer_id)
    )
    return session().scalar(found)


def list_wordings(answer_id: int) -> Sequence[AnswerWording]:
    """Return the wordings of a draft, oldest first, each with the post that saved it."""
    found = select(AnswerWording).options(joinedload(AnswerWording.post)).where(AnswerWording.answer_id == answer_id)
    return session().scalars(found.order_by(AnswerWording.number)).all()


def list_answers(
    *, state: AnswerState, agency_ids: Collection[int] | None = None, government_id: int | None = None, limit: int = 100
) -> Sequence[Answer]:
    """Return answers in a state, oldest first: what waits for signature, or for publication."""
    found = (
        select(Answer)
        .join(Answer.unit)
        .join(Unit.agency)
        .options(
            contains_eager(Answer.unit).contains_eager(Unit.agency),
            selectinload(Answer.referrals).joinedload(Referral.submission).joinedload(Submission.topic),
        )
        .where(Answer.state == state)
    )
    if agency_ids is not None:
        found = found.where(Agency.id.in_(agency_ids))
    if government_id is not None:
        found = found.where(Agency.government_id == government_id)
    return session().scalars(found.order_by(Answer.id).limit(limit)).unique().all()


def list_unrouted(government_id: int, limit: int = 100) -> Sequence[Submission]:
    """Return submissions in time that are at no unit: never referred, or returned by every one.

    What is reserved is not among them: the coordination does not read it. One in parts is among `list_unrouted_parts`.
    """
    at_a_unit = select(Referral.submission_id).where(Referral.state.in_(LIVE))
    divided = select(Part.submission_id).where(Part.joined_at.is_(None))
    found = _routable(government_id).where(Submission.id.not_in(at_a_unit), Submission.id.not_in(divided))
    return session().scalars(found.order_by(Submission.id).limit(limit)).all()


def list_unrouted_parts(government_id: int, limit: int = 100) -> Sequence[Part]:
    """Return parts that are at no unit, with their submissions."""
    at_a_unit = select(Referral.part_id).where(Referral.state.in_(LIVE), Referral.part_id.is_not(None))
    found = (
        select(Part)
        .join(Part.submission)
        .join(Submission.topic)
        .join(Topic.window)
        .options(contains_eager(Part.submission).contains_eager(Submission.topic).contains_eager(Topic.window))
        .where(
            *_is_routable(government_id),
            Part.joined_at.is_(None),
            Part.id.not_in(at_a_unit),
        )
    )
    return session().scalars(found.order_by(Part.id).limit(limit)).all()


def list_all_parts(submission_id: int) -> Sequence[Part]:
    """Return every part that a submission ever had."""
    return session().scalars(select(Part).where(Part.submission_id == submission_id).order_by(Part.number)).all()


def find_part(part_id: int) -> Part | None:
    """Return a part with its submission."""
    return session().scalar(select(Part).options(joinedload(Part.submission)).where(Part.id == part_id))


def _routable(government_id: int) -> Select[Submission]:
    return (
        select(Submission)
        .join(Submission.topic)
        .join(Topic.window)
        .options(contains_eager(Submission.topic).contains_eager(Topic.window))
        .where(*_is_routable(government_id))
    )


def _is_routable(government_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of what the coordination of a government routes."""
    return (
        is_held_by(government_id),
        Submission.reserved.is_(False),
        Submission.is_admitted.is_(True),
        Submission.standing == Standing.STANDS,
    )


def map_last_returns(submission_ids: Sequence[int]) -> dict[int, Referral]:
    """Return the latest returned referral per submission, with its unit."""
    found = (
        select(Referral)
        .options(joinedload(Referral.unit))
        .where(Referral.submission_id.in_(submission_ids), Referral.state == ReferralState.RETURNED)
        .order_by(Referral.id)
    )
    return {referral.submission_id: referral for referral in session().scalars(found)}


def referrals() -> Select[Referral]:
    """Return the selection of referrals with everything that a list of them shows."""
    return (
        select(Referral)
        .join(Referral.submission)
        .join(Submission.topic)
        .options(
            contains_eager(Referral.submission)
            .contains_eager(Submission.topic)
            .joinedload(Topic.window)
            .options(joinedload(Window.government), joinedload(Window.instrument)),
            contains_eager(Referral.submission).joinedload(Submission.place),
            joinedload(Referral.unit).joinedload(Unit.agency),
            joinedload(Referral.answer),
            joinedload(Referral.part),
        )
    )


def list_latest_answers(*, government_id: int | None = None, limit: int = 5) -> Sequence[Referral]:
    """Return the latest published answers that everybody may read, each with what it answers."""
    found = (
        referrals()
        .join(Referral.answer)
        .where(
            Answer.state == AnswerState.PUBLISHED,
            Submission.reserved.is_(False),
            Submission.kind.in_(PUBLIC_ANSWER_KINDS),
        )
        .order_by(Answer.published_at.desc(), Referral.id.desc())
        .limit(limit)
    )
    if government_id is not None:
        found = found.join(Topic.window).where(Window.government_id == government_id)
    return session().scalars(found).all()


def list_moves(clock_id: int | None) -> Sequence[ClockEvent]:
    """Return the events that moved a date: restarts and changes of calendar."""
    if clock_id is None:
        return []
    found = select(ClockEvent).where(
        ClockEvent.clock_id == clock_id, ClockEvent.kind.in_((EventKind.RESTART, EventKind.RECALENDAR))
    )
    return session().scalars(found.order_by(ClockEvent.id)).all()
