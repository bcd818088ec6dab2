"""The jobs that look for groups: read, compare without holding anything, and write what was found."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from consulta.analysis.clustering import AnalysisUnavailable, find_clusters
from consulta.analysis.operations import FEWEST, FIND, propose_campaigns
from consulta.db import session, unit_of_work
from consulta.jobs import enqueue
from consulta.submissions.models import Submission
from consulta.submissions.policy import TEXT_KINDS
from consulta.submissions.states import Standing
from consulta.windows.counters import read_window_counts
from consulta.windows.models import Topic, Window
from consulta.windows.states import WindowState


def find_campaigns(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `campaigns.find`: nothing is found among fewer than fifty comments, or without the extra.

    Comparing may take half a minute, so it holds no transaction.
    """
    texts = [(number, text) for number, text in session().execute(_texts(payload["window_id"]))]
    session().rollback()
    if len(texts) < FEWEST:
        return
    try:
        clusters = find_clusters(texts)
    except AnalysisUnavailable:
        return
    with unit_of_work():
        propose_campaigns(window_id=payload["window_id"], clusters=clusters, now=now)


def look_everywhere(now: datetime) -> None:
    """Periodic: look again in every window that has not concluded and has enough comments."""
    found = select(Window.id).where(Window.state == WindowState.SCHEDULED, Window.opens_at <= now)
    ids = session().scalars(found).all()
    for window_id, counts in read_window_counts(ids).items():
        if counts.get("received", 0) >= FEWEST:
            enqueue(kind=FIND, payload={"window_id": window_id}, run_at=now)


def _texts(window_id: int) -> Select[int, str]:
    """Return what is compared: the comments that count, of kinds whose text may be public."""
    return (
        select(Submission.id, Submission.text)
        .join(Submission.topic)
        .where(
            Topic.window_id == window_id,
            Submission.is_admitted.is_(True),
            Submission.reserved.is_(False),
            Submission.standing == Standing.STANDS,
            Submission.kind.in_(TEXT_KINDS),
        )
    )
