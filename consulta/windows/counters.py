"""Counts per topic: deltas written by acts, folded by the worker, read as their sum."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, Subquery, delete, func, select, union_all

from consulta.db import lock_exclusive, session
from consulta.windows.models import CounterDelta, Instrument, Topic, TopicCounter, Window
from consulta.windows.states import CounterName

FOLD_AT_ONCE = 5000


def add_delta(*, topic_id: int, name: CounterName, amount: int) -> None:
    """Count one step in the transaction of the act."""
    session().add(CounterDelta(topic_id=topic_id, name=name, amount=amount))


def fold_counters(_now: datetime) -> None:
    """Move waiting deltas into the counters. Runs in a unit of work; readers see the same sums throughout."""
    current = session()
    lock_exclusive("fold-counters")
    last = current.scalar(
        select(func.max(CounterDelta.id)).where(
            CounterDelta.id.in_(select(CounterDelta.id).order_by(CounterDelta.id).limit(FOLD_AT_ONCE))
        )
    )
    if last is None:
        return
    # Ids of the rows seen, not a range: a delta with a lower id may still be committing elsewhere.
    rows = current.execute(
        select(CounterDelta.id, CounterDelta.topic_id, CounterDelta.name, CounterDelta.amount).where(
            CounterDelta.id <= last
        )
    ).all()
    sums: dict[tuple[int, str], int] = {}
    for row in rows:
        sums[row.topic_id, row.name] = sums.get((row.topic_id, row.name), 0) + row.amount
    for (topic_id, name), amount in sorted(sums.items()):
        counter = current.get(TopicCounter, (topic_id, name))
        if counter is None:
            current.add(TopicCounter(topic_id=topic_id, name=name, value=amount))
        else:
            counter.value += amount
    ids = [row.id for row in rows]
    for start in range(0, len(ids), 500):
        current.execute(delete(CounterDelta).where(CounterDelta.id.in_(ids[start : start + 500])))


def read_counts(topic_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return `{topic_id: {name: count}}` in one query."""
    if not topic_ids:
        return {}
    both = _amounts(topic_ids)
    return _by_topic(select(both.c.topic_id, both.c.name, func.sum(both.c.amount)).group_by(*both.c[:2]))


def read_window_counts(window_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return `{window_id: {name: count}}` in one query."""
    if not window_ids:
        return {}
    both = _amounts()
    return _by_topic(
        select(Topic.window_id, both.c.name, func.sum(both.c.amount))
        .join(both, both.c.topic_id == Topic.id)
        .where(Topic.window_id.in_(window_ids))
        .group_by(Topic.window_id, both.c.name)
    )


def read_unit_counts(government_id: int | None = None) -> dict[int, dict[str, int]]:
    """Return `{unit_id: {name: count}}` of the units that answer topics, in one query."""
    both = _amounts()
    found = (
        select(Topic.unit_id, both.c.name, func.sum(both.c.amount))
        .join(both, both.c.topic_id == Topic.id)
        .join(Window, Window.id == Topic.window_id)
        .where(Topic.unit_id.is_not(None))
        .group_by(Topic.unit_id, both.c.name)
    )
    if government_id is not None:
        found = found.where(Window.government_id == government_id)
    return _by_topic(found)


def _amounts(topic_ids: Sequence[int] | None = None) -> Subquery:
    """Return what is folded and what still waits, side by side: their sum is the count."""
    folded = select(TopicCounter.topic_id, TopicCounter.name, TopicCounter.value.label("amount"))
    waiting = select(CounterDelta.topic_id, CounterDelta.name, CounterDelta.amount)
    if topic_ids is not None:
        folded = folded.where(TopicCounter.topic_id.in_(topic_ids))
        waiting = waiting.where(CounterDelta.topic_id.in_(topic_ids))
    return union_all(folded, waiting).subquery()


def _by_topic(found: Select[int, str, int]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    for owner_id, name, amount in session().execute(found):
        counts.setdefault(owner_id, {})[name] = int(amount)
    return counts


def read_totals(government_id: int | None = None) -> dict[str, int]:
    """Return `{name: count}` over the whole instance, or one government, in one query."""
    both = _amounts()
    found = select(both.c.name, func.sum(both.c.amount)).group_by(both.c.name)
    if government_id is not None:
        found = (
            found.join(Topic, Topic.id == both.c.topic_id)
            .join(Window, Window.id == Topic.window_id)
            .where(Window.government_id == government_id)
        )
    return {name: int(amount) for name, amount in session().execute(found)}


def read_consultation_totals(government_id: int | None = None) -> dict[str, int]:
    """Return `{name: count}` over the consultations, mailboxes left out, of the instance or one government."""
    both = _amounts()
    found = (
        select(both.c.name, func.sum(both.c.amount))
        .join(Topic, Topic.id == both.c.topic_id)
        .join(Window, Window.id == Topic.window_id)
        .join(Instrument, Instrument.key == Window.instrument_key)
        .where(Instrument.permanent.is_(False))
        .group_by(both.c.name)
    )
    if government_id is not None:
        found = found.where(Window.government_id == government_id)
    return {name: int(amount) for name, amount in session().execute(found)}
