"""Figures of agencies and units on what they were turned over, each with what it counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from consulta.agencies.models import Agency, Government, Unit
from consulta.db import session
from consulta.referrals.models import Referral
from consulta.referrals.states import ReferralState

OPEN = (ReferralState.REFERRED,)
# What each indicator counts, in one sentence each: the numerator over the denominator.
DEFINITIONS = {
    "respondidos": (
        "Turnos respondidos entre turnos recibidos",
        "Turnos con respuesta publicada o entregada",
        "Turnos",
    ),
    "oportunidad": (
        "Turnos respondidos en plazo entre los respondidos y los vencidos sin responder",
        "Turnos respondidos a más tardar en la fecha que tenían al responderse",
        "Turnos respondidos, más los abiertos cuya fecha ya pasó",
    ),
}


@dataclass(frozen=True)
class Indicator:
    """One figure with its definition; `value` is None where there is nothing to divide by."""

    key: str
    definition: str
    numerator: str
    denominator: str
    above: int
    below: int

    @property
    def value(self) -> float | None:
        """Return the quotient, to four decimals."""
        return round(self.above / self.below, 4) if self.below else None


def indicators_of(counts: Any) -> Iterator[Indicator]:
    """Yield the indicators of a row of `counts_by`."""
    late = counts.answered + counts.overdue
    for key, above, below in (("respondidos", counts.answered, counts.received), ("oportunidad", counts.on_time, late)):
        yield Indicator(key, *DEFINITIONS[key], above=above, below=below)


def read_indicators(agency_id: int, now: datetime) -> Sequence[Indicator]:
    """Return the indicators of an agency; of one that was turned over nothing, zeros."""
    row = session().execute(counts_by(now, Agency.id).where(Agency.id == agency_id)).one_or_none()
    return list(indicators_of(row)) if row else [Indicator(key, *said, 0, 0) for key, said in DEFINITIONS.items()]


def counts_by(now: datetime, *columns: Any) -> Select[Any]:
    """Return the query of how many turnos there were, by what became of them, grouped by `columns`."""

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    answered = Referral.state == ReferralState.ANSWERED
    waiting = Referral.state.in_(OPEN)
    return (
        select(
            *columns,
            func.count(Referral.id).label("received"),
            counted(answered).label("answered"),
            counted(answered & (Referral.answered_at <= Referral.due_at)).label("on_time"),
            counted(waiting).label("open"),
            counted(waiting & (Referral.due_at < now)).label("overdue"),
        )
        .select_from(Referral)
        .join(Unit, Unit.id == Referral.unit_id)
        .join(Agency, Agency.id == Unit.agency_id)
        .join(Government, Government.id == Agency.government_id)
        .where(Referral.state != ReferralState.RETURNED)
        .group_by(*columns)
        .order_by(columns[0])
    )
