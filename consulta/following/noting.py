"""The public record, followed leaf by leaf: what happened is noted once, as a number to be told in order.

What time does and no act says (a window opens, or is about to close) is noted when its instant came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from consulta.db import lock_exclusive, session
from consulta.following.models import FollowingProgress, Happening
from consulta.following.states import HappeningKind
from consulta.record.models import Leaf
from consulta.submissions.models import Submission
from consulta.windows.models import Instrument, Topic, Window
from consulta.windows.states import WindowState

LOCK = "following"
# A window that closes within so long is told of once.
CLOSING_SOON = timedelta(hours=24)
AT_ONCE = 500
OF_FOLIOS = {
    "submission.published": HappeningKind.COMMENT,
    "submission.redacted": HappeningKind.COMMENT,
    "answer.published": HappeningKind.ANSWER,
    "answer.corrected": HappeningKind.ANSWER,
}
OF_WINDOWS = {
    "window.scheduled": HappeningKind.OPENED,
    "window.extended": HappeningKind.MOVED,
    "window.recalendared": HappeningKind.MOVED,
    "window.change_approved": HappeningKind.MOVED,
    "window.concluded": HappeningKind.CONCLUDED,
    "document.published": HappeningKind.DOCUMENT,
    "paper.issued": HappeningKind.PAPER,
}


@dataclass(frozen=True)
class Act:
    """A leaf that tells of something that may be public."""

    leaf_id: int
    kind: str
    public_id: str
    at: datetime


def note_happenings(now: datetime) -> None:
    """Note what happened since the last time: at most once each, in one order. The caller commits.

    The first time nothing is noted: what was done before anybody could follow it is old news.
    """
    lock_exclusive(LOCK)
    progress = session().get(FollowingProgress, 1)
    if progress is None:
        session().add(_begin(now))
        return
    acts = _follow(progress)
    fresh = [*_of_acts(acts, now), *_of_time(progress.until_at, now)]
    progress.until_at = now
    known = _known([one.key for one in fresh])
    session().add_all([one for one in {one.key: one for one in fresh}.values() if one.key not in known])
    session().flush()


def _begin(now: datetime) -> FollowingProgress:
    last = session().scalar(select(func.max(Leaf.sequence)))
    waiting = session().scalars(select(Leaf.id).where(Leaf.sequence.is_(None)))
    return FollowingProgress(id=1, sequence=-1 if last is None else last, waiting=list(waiting), until_at=now)


def _follow(progress: FollowingProgress) -> list[Act]:
    """Return the acts that were not followed yet, oldest first, and remember that they are now."""
    fresh = select(Leaf.id, Leaf.sequence, Leaf.kind, Leaf.public_id, Leaf.at).where(
        or_(Leaf.sequence > progress.sequence, Leaf.sequence.is_(None))
    )
    rows = session().execute(fresh.order_by(Leaf.id)).all()
    known = set(progress.waiting)
    progress.sequence = max((row.sequence for row in rows if row.sequence is not None), default=progress.sequence)
    progress.waiting = [row.id for row in rows if row.sequence is None]
    return [Act(row.id, row.kind, row.public_id, row.at) for row in rows if row.id not in known]


def _of_acts(acts: Sequence[Act], now: datetime) -> list[Happening]:
    of_folios = [act for act in acts if act.kind in OF_FOLIOS]
    of_windows = [act for act in acts if act.kind in OF_WINDOWS]
    places = _places(act.public_id for act in of_folios)
    windows = _windows({act.public_id.split("/", 1)[0] for act in of_windows})
    found = [
        Happening(
            key=f"leaf:{act.leaf_id}",
            kind=OF_FOLIOS[act.kind],
            window_id=places[act.public_id],
            about=act.public_id,
            at=act.at,
            noted_at=now,
        )
        for act in of_folios
        if act.public_id in places
    ]
    for act in of_windows:
        window = windows.get(act.public_id.split("/", 1)[0])
        if window is not None:
            found += _of_window(act, window, now)
    return found


def _of_window(act: Act, window: Window, now: datetime) -> list[Happening]:
    kind = OF_WINDOWS[act.kind]
    if kind == HappeningKind.OPENED:
        # Scheduled for a day that has begun: its opening went by before anybody wrote it down.
        is_open = window.state == WindowState.SCHEDULED and window.opens_at is not None and window.opens_at <= now
        return [_opened(window, now)] if is_open else []
    if kind == HappeningKind.MOVED and window.state == WindowState.ANNULLED:
        kind = HappeningKind.ANNULLED
    return [
        Happening(
            key=f"leaf:{act.leaf_id}", kind=kind, window_id=window.id, about=act.public_id, at=act.at, noted_at=now
        )
    ]


def _of_time(since: datetime, now: datetime) -> list[Happening]:
    running = select(Window).join(Window.instrument)
    running = running.where(Instrument.permanent.is_(False), Window.state == WindowState.SCHEDULED)
    opened = session().scalars(running.where(Window.opens_at > since, Window.opens_at <= now).order_by(Window.id))
    closed = session().scalars(running.where(Window.closes_at > since, Window.closes_at <= now).order_by(Window.id))
    closing = running.where(Window.opens_at <= now, Window.closes_at > now, Window.closes_at <= now + CLOSING_SOON)
    return [
        *(_opened(window, now) for window in opened),
        *(
            _at_closing(HappeningKind.CLOSING, window, now, now)
            for window in session().scalars(closing.order_by(Window.id))
        ),
        *(_at_closing(HappeningKind.CLOSED, window, window.closes_at or now, now) for window in closed),
    ]


def _at_closing(kind: HappeningKind, window: Window, at: datetime, now: datetime) -> Happening:
    """Note what an instant of closing brings: another instant is another happening."""
    return Happening(
        key=f"{kind}:{window.id}:{window.closes_at:%Y-%m-%dT%H:%M}",
        kind=kind,
        window_id=window.id,
        about=window.slug,
        at=at,
        noted_at=now,
    )


def _opened(window: Window, now: datetime) -> Happening:
    assert window.opens_at is not None
    return Happening(
        key=f"opened:{window.id}",
        kind=HappeningKind.OPENED,
        window_id=window.id,
        about=window.slug,
        at=window.opens_at,
        noted_at=now,
    )


def _places(folios: Iterable[str]) -> dict[str, int]:
    """Return the window of each folio."""
    found: dict[str, int] = {}
    for some in _batches(sorted(set(folios))):
        rows = select(Submission.folio, Topic.window_id).join(Submission.topic).where(Submission.folio.in_(some))
        found |= {folio: window_id for folio, window_id in session().execute(rows)}
    return found


def _windows(slugs: set[str]) -> dict[str, Window]:
    """Return the windows with these slugs; mailboxes are no news."""
    found: dict[str, Window] = {}
    for some in _batches(sorted(slugs)):
        rows = select(Window).join(Window.instrument).where(Window.slug.in_(some), Instrument.permanent.is_(False))
        found |= {window.slug: window for window in session().scalars(rows)}
    return found


def _known(keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for some in _batches(keys):
        known |= set(session().scalars(select(Happening.key).where(Happening.key.in_(some))))
    return known


def _batches(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
