"""When the record is sealed: every hour, and when a consultation has closed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import exists, select

from consulta.db import session
from consulta.record.queries import find_last_checkpoint
from consulta.record.sequencing import make_checkpoint, sequence_everything, sequence_leaves
from consulta.record.signing import load_key
from consulta.windows.models import Window

EVERY = timedelta(hours=1)


def place_acts(now: datetime) -> None:
    """Give the acts that wait their places. Runs in a unit of work of the worker."""
    sequence_leaves(now)


def seal_record(origin: str, keys: Path) -> Callable[[datetime], None]:
    """Return the periodic act that signs the tree when it is due; it runs in a unit of work of the worker."""

    def seal(now: datetime) -> None:
        last = find_last_checkpoint()
        if last is not None and now - last.at < EVERY and not _has_closed(last.at, now):
            return
        # What was done before the closing must be in its checkpoint.
        sequence_everything(now)
        make_checkpoint(origin=origin, key=load_key(keys), now=now)

    return seal


def _has_closed(after: datetime, until: datetime) -> bool:
    return bool(session().scalar(select(exists().where(Window.closes_at > after, Window.closes_at <= until))))
