"""Concluding a window: only when everything that came in time has a published answer; else it says who owes what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from consulta.actors import Actor
from consulta.agencies.models import Unit
from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.i18n.text import _, plural
from consulta.referrals.models import Part, Referral
from consulta.referrals.states import ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.policy import VISIBLE_KINDS
from consulta.submissions.states import Standing
from consulta.windows.dating import conclude_window
from consulta.windows.models import Topic, Window
from consulta.windows.operations import window_lock

LISTED = 500


@dataclass(frozen=True)
class Owed:
    """A folio without its whole answer: of which part, and since when it is overdue (`due_at` None: at no unit)."""

    folio: str
    part: int | None
    due_at: datetime | None


@dataclass(frozen=True)
class Debt:
    """What one unit owes of a window; `unit` None: what is at no unit, which the coordination owes."""

    unit: Unit | None
    owed: tuple[Owed, ...]


def list_debts(window_id: int, limit: int = LISTED) -> list[Debt]:
    """Return who owes which folios of a window, by unit; at most `limit` in all, soonest due first.

    What only statistics may tell of (`domain.md` §6), and what is reserved, is counted with its unit and never named.
    """
    by_unit: dict[int, tuple[Unit, list[Owed]]] = {}
    for referral in session().scalars(_waiting(window_id).limit(limit)):
        owed = Owed(
            _public_folio(referral.submission),
            referral.part.number if referral.part else None,
            referral.due_at,
        )
        by_unit.setdefault(referral.unit_id, (referral.unit, []))[1].append(owed)
    debts = [Debt(unit, tuple(owed)) for unit, owed in by_unit.values()]
    rows = session().execute(_unrouted(window_id).limit(limit))
    unrouted = [Owed(_public_folio(submission), number, None) for submission, number in rows]
    return [*debts, Debt(None, tuple(unrouted))] if unrouted else debts


def is_complete(window_id: int) -> bool:
    """Say whether everything that counts in a window has a published answer."""
    return session().scalar(_pending(window_id).limit(1)) is None


def conclude_when_answered(*, window: Window, actor: Actor, now: datetime) -> None:
    """Declare a closed window concluded once everything is answered. Raises Refused naming who owes how many."""
    lock_exclusive(window_lock(window.id))
    if window.closes_at is not None and now >= window.closes_at and not is_complete(window.id):
        raise Refused(_describe(list_debts(window.id)))
    conclude_window(window=window, actor=actor, now=now)


def _describe(debts: Sequence[Debt]) -> str:
    owing = [
        plural(
            "%(unit)s debe %(count)s respuesta",
            "%(unit)s debe %(count)s respuestas",
            len(debt.owed),
            unit=debt.unit.name if debt.unit else _("La coordinación (sin turnar)"),
        )
        for debt in debts
    ]
    return _(
        "Faltan respuestas publicadas: la consulta queda cerrada con respuestas pendientes. %(owing)s.",
        owing="; ".join(owing),
    )


def _public_folio(submission: Submission) -> str:
    return "" if submission.reserved or submission.kind not in VISIBLE_KINDS else submission.folio


def _pending(window_id: int) -> Select[int]:
    return (
        select(Submission.id)
        .join(Submission.topic)
        .where(
            Topic.window_id == window_id,
            Submission.is_answered.is_(False),
            Submission.is_admitted.is_(True),
            Submission.standing == Standing.STANDS,
        )
    )


def _waiting(window_id: int) -> Select[Referral]:
    return (
        select(Referral)
        .join(Referral.submission)
        .options(joinedload(Referral.submission), joinedload(Referral.unit).joinedload(Unit.agency))
        .options(joinedload(Referral.part))
        .where(Referral.state == ReferralState.REFERRED, Referral.submission_id.in_(_pending(window_id)))
        .order_by(Referral.due_at, Referral.id)
    )


def _unrouted(window_id: int) -> Select[Submission, int | None]:
    """Return what is at no unit: a submission, or a part of one."""
    live = (ReferralState.REFERRED, ReferralState.ANSWERED)
    at_a_unit = select(Referral.submission_id).where(Referral.state.in_(live), Referral.part_id.is_(None))
    parts_at_a_unit = select(Referral.part_id).where(Referral.state.in_(live), Referral.part_id.is_not(None))
    return (
        select(Submission, Part.number)
        .outerjoin(Part, (Part.submission_id == Submission.id) & Part.joined_at.is_(None))
        .where(
            Submission.id.in_(_pending(window_id)),
            Submission.reserved.is_(False),
            (Part.id.is_(None) & Submission.id.not_in(at_a_unit))
            | (Part.id.is_not(None) & Part.id.not_in(parts_at_a_unit)),
        )
        .order_by(Submission.id, Part.number)
    )
