"""Writing to the outbox, and taking work from it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from consulta.db import session
from consulta.jobs.models import Job

LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)


def enqueue(*, kind: str, payload: Mapping[str, Any], run_at: datetime) -> None:
    """Add work to the outbox in the transaction of the act that asks for it."""
    session().add(Job(kind=kind, payload=dict(payload), run_at=run_at))


def claim_jobs(*, now: datetime, limit: int = 50) -> list[Job]:
    """Lease up to `limit` due rows until `now + LEASE` and return them, oldest first."""
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    due = select(Job.id).where(Job.run_at <= now, free).order_by(Job.run_at, Job.id).limit(limit)
    ids = list(session().scalars(due.with_for_update(skip_locked=True)))
    if not ids:
        return []
    session().execute(update(Job).where(Job.id.in_(ids)).values(leased_until=now + LEASE, attempts=Job.attempts + 1))
    return list(session().scalars(select(Job).where(Job.id.in_(ids)).order_by(Job.run_at, Job.id)))


def release_failed(*, job: Job, now: datetime, error: str) -> None:
    """Give a failed row back, to be tried again after a wait that doubles up to six hours."""
    wait = min(timedelta(seconds=5 * 2 ** min(job.attempts, 12)), LONGEST_WAIT)
    job.leased_until = None
    job.run_at = now + wait
    job.last_error = error[:2000]
