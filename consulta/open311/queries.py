"""Reads for Open311: which topics are services, and which requests everybody may know of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.agencies.models import Government, Unit
from consulta.agencies.queries import list_governments
from consulta.db import session
from consulta.open311.rules import KIND, RequestsWanted
from consulta.open311.states import RequestStatus
from consulta.referrals.models import Referral
from consulta.submissions.models import Submission
from consulta.submissions.queries import visible
from consulta.submissions.states import LateDecision, Standing
from consulta.windows.models import Instrument, Topic, Window
from consulta.windows.states import WindowState

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class RequestRow:
    """A request with its way through the offices, oldest first."""

    submission: Submission
    referrals: tuple[Referral, ...]


def find_jurisdictions() -> dict[str, Government]:
    """Return the governments of the instance by key: what Open311 calls jurisdictions."""
    return {item.key: item for item in list_governments()}


def list_services(government_id: int, now: datetime) -> Sequence[Topic]:
    """Return the topics of the open mailboxes of a government that take service requests."""
    found = _services(government_id).where(Window.state == WindowState.SCHEDULED, Window.opens_at <= now)
    return _taking(session().scalars(found.order_by(Window.title, Window.id, Topic.number)).all())


def find_last_change() -> datetime:
    """Return when a mailbox was changed last; long ago where there is none."""
    found = (
        select(func.max(Window.updated_at))
        .join(Window.instrument)
        .where(Instrument.permanent.is_(True), Window.state != WindowState.DRAFT)
    )
    return session().scalar(found) or LONG_AGO


def find_service(government_id: int, code: tuple[str, int] | None) -> Topic | None:
    """Return a service by its code, of a mailbox that is no longer open too: what comes late is received and kept."""
    if code is None:
        return None
    found = _services(government_id).where(Window.slug == code[0], Topic.number == code[1])
    return next(iter(_taking(session().scalars(found).all())), None)


def list_requests(government_id: int, wanted: RequestsWanted) -> list[RequestRow]:
    """Return the requests of a government that are asked for, newest first. Three statements, however many."""
    found = _requests(government_id)
    found = found.where(*([Submission.folio.in_(wanted.folios)] if wanted.folios else _conditions(wanted)))
    order = (Submission.received_at.desc(), Submission.id.desc())
    page = found.order_by(*order).limit(wanted.limit).offset(wanted.offset)
    return _with_referrals(session().scalars(page).all())


def find_request(government_id: int, folio: str) -> RequestRow | None:
    """Return a request of a government by its folio, where everybody may know of it."""
    if not folio.isascii() or not folio.isprintable():
        return None
    found = session().scalars(_requests(government_id).where(Submission.folio == folio)).all()
    return next(iter(_with_referrals(found)), None)


def is_over() -> ColumnElement[bool]:
    """Return the condition that nobody owes anything on a request: answered, left, or not admitted."""
    return or_(
        Submission.is_answered.is_(True),
        Submission.standing != Standing.STANDS,
        and_(Submission.late_decision.is_not(None), Submission.late_decision == LateDecision.DECLINED),
    )


def _conditions(wanted: RequestsWanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Submission.received_at.between(wanted.span.start, wanted.span.end)]
    if wanted.codes is not None:
        conditions.append(
            or_(false(), *(and_(Window.slug == slug, Topic.number == number) for slug, number in wanted.codes))
        )
    if wanted.statuses == {RequestStatus.CLOSED}:
        conditions.append(is_over())
    elif wanted.statuses == {RequestStatus.OPEN}:
        conditions.append(~is_over())
    return conditions


def _services(government_id: int) -> Select[Topic]:
    return (
        select(Topic)
        .join(Topic.window)
        .join(Window.instrument)
        .options(
            contains_eager(Topic.window).contains_eager(Window.instrument),
            contains_eager(Topic.window).joinedload(Window.government),
        )
        .where(
            Window.government_id == government_id,
            Instrument.permanent.is_(True),
            Window.state != WindowState.DRAFT,
        )
    )


def _taking(topics: Sequence[Topic]) -> list[Topic]:
    return [topic for topic in topics if KIND in topic.window.instrument.kinds]


def _requests(government_id: int) -> Select[Submission]:
    """Return the selection of what may be told: visible service requests of mailboxes, none destroyed."""
    found = (
        select(Submission)
        .join(Submission.topic)
        .join(Topic.window)
        .join(Window.instrument)
        .options(
            contains_eager(Submission.topic).contains_eager(Topic.window),
            joinedload(Submission.place),
        )
        .where(
            Submission.kind == KIND,
            Submission.purged_at.is_(None),
            Window.government_id == government_id,
            Instrument.permanent.is_(True),
        )
    )
    return visible(found)


def _with_referrals(submissions: Sequence[Submission]) -> list[RequestRow]:
    ways: dict[int, list[Referral]] = {item.id: [] for item in submissions}
    if ways:
        found = (
            select(Referral)
            .options(joinedload(Referral.unit).joinedload(Unit.agency))
            .where(Referral.submission_id.in_(list(ways)))
            .order_by(Referral.id)
        )
        for referral in session().scalars(found):
            ways[referral.submission_id].append(referral)
    return [RequestRow(item, tuple(ways[item.id])) for item in submissions]
