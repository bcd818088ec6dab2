"""Reads of requests about personal data."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.actors import Actor, Role
from consulta.data_rights.models import DataRightsRequest
from consulta.data_rights.states import DataRightsKind
from consulta.db import session
from consulta.submissions.models import Submission
from consulta.submissions.queries import is_held_by
from consulta.windows.models import Topic, Window

MOST = 100


def list_requests_of(submission_id: int) -> Sequence[DataRightsRequest]:
    """Return the requests about a submission, newest first."""
    found = _with_clocks().where(DataRightsRequest.submission_id == submission_id)
    return session().scalars(found.order_by(DataRightsRequest.id.desc())).all()


def list_waiting(actor: Actor) -> Sequence[DataRightsRequest]:
    """Return what waits for an office: to be answered, or to be carried out; oldest first."""
    found = _of(actor).where(DataRightsRequest.state.in_(("filed", "extended", "accepted")))
    return session().scalars(found.order_by(DataRightsRequest.id).limit(MOST)).all()


def list_settled(actor: Actor) -> Sequence[DataRightsRequest]:
    """Return what an office denied or carried out, newest first."""
    found = _of(actor).where(DataRightsRequest.state.in_(("denied", "carried_out")))
    return session().scalars(found.order_by(DataRightsRequest.id.desc()).limit(MOST)).all()


def find_request(actor: Actor, request_id: int) -> DataRightsRequest | None:
    """Return a request that the office of the actor answers; None where there is none."""
    return session().scalar(_of(actor).where(DataRightsRequest.id == request_id))


def has_open(submission_id: int, kind: DataRightsKind | None = None) -> bool:
    """Say whether a request about a submission is not settled yet: of a kind, one that has no answer."""
    found = select(DataRightsRequest.id).where(DataRightsRequest.submission_id == submission_id)
    if kind is not None:
        found = found.where(DataRightsRequest.kind == kind, DataRightsRequest.decided_at.is_(None))
    else:
        found = found.where(DataRightsRequest.state.in_(("filed", "extended", "accepted")))
    return session().scalar(found.limit(1)) is not None


def _of(actor: Actor) -> Select[DataRightsRequest]:
    """Select what the office of an actor answers: of what is reserved, the control body alone knows."""
    topic = contains_eager(DataRightsRequest.submission).contains_eager(Submission.topic)
    return (
        _with_clocks()
        .join(DataRightsRequest.submission)
        .join(Submission.topic)
        .join(Topic.window)
        .options(topic.contains_eager(Topic.window).joinedload(Window.government))
        .where(is_held_by(actor.government_id), Submission.reserved.is_(actor.role == Role.CONTROL))
    )


def _with_clocks() -> Select[DataRightsRequest]:
    return select(DataRightsRequest).options(
        joinedload(DataRightsRequest.clock),
        joinedload(DataRightsRequest.effect_clock),
        joinedload(DataRightsRequest.decided_by_post),
    )
