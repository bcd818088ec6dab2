"""Figures of review by quarter: how many texts, on which grounds they were not shown, and what became of appeals."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from consulta.agencies.models import Government
from consulta.db import session
from consulta.moderation.models import Appeal, Moderation
from consulta.moderation.states import AppealState, ModerationAct
from consulta.submissions.models import Submission
from consulta.submissions.queries import is_held_by
from consulta.windows.models import Topic, Window

MONTHS_IN_QUARTER = 3


@dataclass
class Quarter:
    """What was done in a quarter of a year."""

    year: int
    number: int
    acts: Counter[str] = field(default_factory=Counter)
    grounds: Counter[str] = field(default_factory=Counter)
    late: int = 0
    appeals: Counter[str] = field(default_factory=Counter)

    @property
    def reviewed(self) -> int:
        """Return how many acts of review there were."""
        return sum(self.acts.values())


def read_quarters(government: Government, year: int) -> Sequence[Quarter]:
    """Return the quarters of a year, first to last; those in which nothing was done are zeros."""
    return [_read(government, year, number) for number in range(1, 5)]


def _read(government: Government, year: int, number: int) -> Quarter:
    zone = ZoneInfo(government.timezone)
    first, last = _instant(year, number, zone), _instant(year + number // 4, number % 4 + 1, zone)
    found = Quarter(year, number)
    acts = (
        select(Moderation.act, Moderation.ground, Moderation.is_on_time, func.count())
        .join(Moderation.submission)
        .join(Submission.topic)
        .join(Topic.window)
        .where(is_held_by(government.id), Moderation.at >= first, Moderation.at < last)
        .group_by(Moderation.act, Moderation.ground, Moderation.is_on_time)
    )
    for act, ground, is_on_time, count in session().execute(acts):
        found.acts[act] += count
        if act != ModerationAct.PUBLISHED:
            found.grounds[ground] += count
        found.late += 0 if is_on_time else count
    appeals = (
        select(Appeal.state, func.count())
        .join(Appeal.submission)
        .join(Submission.topic)
        .join(Topic.window)
        .where(Window.government_id == government.id, Appeal.filed_at >= first, Appeal.filed_at < last)
        .group_by(Appeal.state)
    )
    for state, count in session().execute(appeals):
        found.appeals[AppealState(state)] += count
    return found


def _instant(year: int, number: int, zone: ZoneInfo) -> datetime:
    first = date(year, MONTHS_IN_QUARTER * (number - 1) + 1, 1)
    return datetime.combine(first, time(0), tzinfo=zone).astimezone(UTC)
