"""Demographics: into the buffer with the act, out of it shuffled, never with a key to a submission."""

import random
import secrets
from collections import Counter
from datetime import datetime

from sqlalchemy import delete, func, or_, select

from consulta.db import lock_exclusive, session
from consulta.submissions.drafts import DemographicsDraft
from consulta.submissions.models import BufferedDemographics, Demographics, MunicipalityCounter
from consulta.windows.models import Window

# A buffer is emptied when it holds this many rows, or when its window has closed.
ENOUGH = 30


def buffer_demographics(*, window_id: int, draft: DemographicsDraft) -> None:
    """Keep what a person answered about herself under a random key; nothing when she answered nothing."""
    if draft.is_empty():
        return
    session().add(
        BufferedDemographics(
            key=secrets.token_bytes(16),
            window_id=window_id,
            sex=draft.sex,
            age_group=draft.age_group,
            municipality=draft.municipality,
        )
    )


def flush_demographics(now: datetime) -> None:
    """Move whole buffers that are full enough or whose window closed, shuffled and under new keys."""
    lock_exclusive("flush-demographics")
    buffers = session().execute(
        select(BufferedDemographics.window_id)
        .join(Window, Window.id == BufferedDemographics.window_id)
        .group_by(BufferedDemographics.window_id, Window.closes_at)
        .having(or_(func.count() >= ENOUGH, Window.closes_at <= now))
    )
    for (window_id,) in buffers.all():
        _flush_window(window_id)


def _flush_window(window_id: int) -> None:
    current = session()
    rows = list(current.scalars(select(BufferedDemographics).where(BufferedDemographics.window_id == window_id)))
    random.SystemRandom().shuffle(rows)
    current.add_all(
        Demographics(
            key=secrets.token_bytes(16),
            window_id=window_id,
            sex=row.sex,
            age_group=row.age_group,
            municipality=row.municipality,
        )
        for row in rows
    )
    for municipality, amount in Counter(row.municipality for row in rows if row.municipality).items():
        counter = current.get(MunicipalityCounter, municipality)
        if counter is None:
            current.add(MunicipalityCounter(municipality=municipality, value=amount))
        else:
            counter.value += amount
    keys = [row.key for row in rows]
    current.flush()
    for start in range(0, len(keys), 500):
        chunk = keys[start : start + 500]
        current.execute(delete(BufferedDemographics).where(BufferedDemographics.key.in_(chunk)))


def read_municipality_counts() -> dict[str, int]:
    """Return how many opinions came from each municipality: at most as many rows as there are municipalities."""
    return {row.municipality: row.value for row in session().scalars(select(MunicipalityCounter))}
