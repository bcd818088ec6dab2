"""Demographics: sealed into the buffer with the act, out of it shuffled, never with a key to a submission.

What waits is sealed under a key that is not in the database (`buffer_keys`). Emptying a buffer takes two steps: its
rows move, shuffled and under new keys, in one transaction; once that is durable, a later run destroys the key.
"""

import json
import random
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import delete, func, select

from consulta.db import lock_exclusive, session
from consulta.submissions import buffer_keys
from consulta.submissions.drafts import DemographicsDraft
from consulta.submissions.models import BufferedDemographics, Demographics
from consulta.submissions.states import Behalf
from consulta.windows.margins import limits_of
from consulta.windows.models import Window
from consulta.windows.operations import window_lock
from consulta.windows.questions import KEYS, ORGANIZATION_KIND

# A buffer is emptied when it holds this many rows, or when nothing more can come into its window.
ENOUGH = 30
AT_ONCE = 500


def buffer_demographics(*, window: Window, behalf: str, draft: DemographicsDraft) -> None:
    """Keep what a person answered about herself, sealed, under a random key.

    Whoever answered nothing is kept too, so that silence can be counted. Of an organisation its kind is kept and
    nothing about who represents it; of a person what its window asks.
    """
    asked = {ORGANIZATION_KIND} if behalf == Behalf.ORGANIZATION else set(window.questions)
    answers = {name: value for name, value in asdict(draft).items() if value is not None and name in asked}
    said = json.dumps({**answers, "behalf": behalf}, separators=(",", ":")).encode("ascii")
    folder = _folder()
    batch = buffer_keys.current_batch(folder, window.id)
    session().add(
        BufferedDemographics(
            key=secrets.token_bytes(16),
            window_id=window.id,
            batch=batch,
            sealed=buffer_keys.seal(folder, batch, said),
        )
    )


def flush_demographics(now: datetime) -> None:
    """Move whole buffers that are full enough or whose window takes nothing more; destroy the keys of those moved."""
    lock_exclusive("flush-demographics")
    _destroy_used()
    buffers = session().execute(
        select(BufferedDemographics.window_id, func.count()).group_by(BufferedDemographics.window_id)
    )
    for window_id, count in buffers.all():
        window = session().get_one(Window, window_id)
        if count >= ENOUGH or is_over(window, now):
            flush_window(window)


def flush_window(window: Window) -> None:
    """Move the whole buffer of a window, shuffled, under new keys."""
    # Intake holds this lock shared: nobody seals under the batch that ends here.
    lock_exclusive(window_lock(window.id))
    current, folder = session(), _folder()
    rows = list(current.scalars(select(BufferedDemographics).where(BufferedDemographics.window_id == window.id)))
    opened = [json.loads(buffer_keys.unseal(folder, row.batch, row.sealed)) for row in rows]
    random.SystemRandom().shuffle(opened)
    current.add_all(_detached(window.id, answers) for answers in opened)
    current.flush()
    keys = [row.key for row in rows]
    for start in range(0, len(keys), AT_ONCE):
        chunk = keys[start : start + AT_ONCE]
        current.execute(delete(BufferedDemographics).where(BufferedDemographics.key.in_(chunk)))
    buffer_keys.turn_batch(folder, window.id)


def _detached(window_id: int, answers: Mapping[str, str]) -> Demographics:
    return Demographics(
        key=secrets.token_bytes(16),
        window_id=window_id,
        behalf=answers["behalf"],
        **{name: answers.get(name) for name in KEYS},
    )


def is_over(window: Window, now: datetime) -> bool:
    """Say whether nothing that counts can come into a window any more, sealed in time or not."""
    limits = limits_of(window)
    over = limits.captures_until or limits.closes_at
    return over is not None and now >= over + limits.grace


def _destroy_used() -> None:
    """Destroy the keys under which nothing waits, once the transaction that moved it is durable."""
    folder = _folder()
    waiting = set(session().scalars(select(BufferedDemographics.batch).distinct()))
    for batch in buffer_keys.list_batches(folder):
        if batch not in waiting and not buffer_keys.is_current(folder, batch):
            buffer_keys.destroy_key(folder, batch)


def list_lost_batches() -> list[str]:
    """Return the batches that wait and whose keys are gone."""
    waiting = session().scalars(select(BufferedDemographics.batch).distinct())
    return sorted(set(waiting) - set(buffer_keys.list_batches(_folder())))


def _folder() -> Path:
    return cast(Path, session().info["demographics_keys"])
