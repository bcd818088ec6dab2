"""Telling what happened to who follows it: one mail with everything since the last, and none where nothing was.

The mail and how far its subscription was told are written in one transaction, and a happening has one number, so that
each is told once, whenever the worker dies. What can come twice is the mail itself: when the worker dies after the
mail server took it and before that was written down.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, or_, select

from consulta.db import session
from consulta.finding.asking import Asked, read_day
from consulta.following.models import Happening, Subscription
from consulta.following.news import News
from consulta.following.notices import news_notice
from consulta.following.operations import Sender, stop, target_of, zone_of
from consulta.following.queries import last_happening
from consulta.following.reading import concerns, read_again
from consulta.following.rules import SETTLE, next_due
from consulta.following.states import FollowedKind, HappeningKind, Pace, SubscriptionState
from consulta.i18n.text import LANGUAGES, SOURCE, speaking
from consulta.jobs import enqueue
from consulta.jobs.models import Job
from consulta.notices import notify
from consulta.notices.models import Notice
from consulta.notices.operations import FOLLOWING_KINDS
from consulta.notices.queries import count_failed_in_a_row
from consulta.search import Request

TELL = "following.tell"
AT_ONCE = 100
PORTION = 500
# A full mailbox or a server that is down mends itself: only mails that come back for a week, five in a row, say that
# nobody reads there any more. Fewer could be one bad day of many mails; a shorter time, one long week-end.
MOST_SOFT = 5
SOFT_DAYS = 7

# What a happening gives to a mail: its kind, what it is about, its news.
Said = tuple[str, str, list[News]]


def ask_tell(now: datetime) -> None:
    """Ask for the mails that are due, unless that was asked already."""
    waits = session().scalar(select(Job.id).where(Job.kind == TELL).limit(1))
    if waits is None and session().scalar(select(Subscription.id).where(is_due(now)).limit(1)) is not None:
        enqueue(kind=TELL, payload={}, run_at=now)


def tell_with(sender: Sender) -> Callable[[dict[str, Any], datetime], None]:
    """Return the handler of `following.tell`: some subscriptions in one transaction, and then the next ones."""

    def tell(_payload: dict[str, Any], now: datetime) -> None:
        due = select(Subscription).where(is_due(now)).order_by(Subscription.due_at, Subscription.id).limit(AT_ONCE)
        rows = session().scalars(due.with_for_update(skip_locked=True)).all()
        _tell_all(rows, sender, now)
        if len(rows) == AT_ONCE:
            enqueue(kind=TELL, payload={}, run_at=now)

    return tell


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a subscription is looked at: its time came and, as it happens, something was noted."""
    settled = and_(Happening.id > Subscription.told_id, Happening.noted_at <= now - SETTLE)
    near = or_(Subscription.kind != FollowedKind.WINDOW, Happening.window_id == Subscription.window_id)
    new = or_(Subscription.kind != FollowedKind.EVERYTHING, Happening.kind == HappeningKind.OPENED)
    return and_(
        Subscription.state == SubscriptionState.CONFIRMED,
        Subscription.due_at <= now,
        or_(Subscription.pace == Pace.DAILY, exists().where(settled, near, new)),
    )


def hear_failure(payload: dict[str, Any], now: datetime) -> None:
    """Stop a subscription whose mail came back for good, or `MOST_SOFT` times in a row over `SOFT_DAYS` days.

    The handler of `notices.failed` for what is told to who follows something.
    """
    notice = session().get(Notice, payload["notice_id"])
    if notice is None or notice.kind not in FOLLOWING_KINDS:
        return
    subscription = session().get(Subscription, int(notice.about.partition(":")[2]))
    if subscription is None:
        return
    count, first = count_failed_in_a_row(notice.about, notice.id)
    for_days = (notice.created_at - first).days if first is not None else 0
    if payload["is_hard"] or (count >= MOST_SOFT and for_days >= SOFT_DAYS):
        stop(subscription=subscription, now=now)


def _tell_all(rows: Sequence[Subscription], sender: Sender, now: datetime) -> None:
    last = last_happening()
    groups: dict[int | None, list[Subscription]] = defaultdict(list)
    for row in rows:
        groups[row.window_id].append(row)
    for window_id, group in groups.items():
        fresh: dict[int, list[Said]] = defaultdict(list)
        for happenings in _happenings(window_id, min(row.told_id for row in group), last):
            _collect(fresh, group, happenings, sender.zone)
        for row in group:
            _tell(row, fresh[row.id], last, sender, now)


def _happenings(window_id: int | None, since: int, last: int) -> Iterator[Sequence[Happening]]:
    """Yield what was noted after one number, up to another, in one window or in all; in portions."""
    while True:
        found = select(Happening).where(Happening.id > since, Happening.id <= last).order_by(Happening.id)
        if window_id is not None:
            found = found.where(Happening.window_id == window_id)
        portion = session().scalars(found.limit(PORTION)).all()
        if portion:
            yield portion
        if len(portion) < PORTION:
            return
        since = portion[-1].id


def _collect(
    fresh: dict[int, list[Said]], group: Sequence[Subscription], happenings: Sequence[Happening], zone: ZoneInfo
) -> None:
    """Read a portion again, once in each language, and give each subscription what concerns it."""
    for spoken in sorted({_language(row) for row in group}):
        with speaking(spoken):
            told = read_again(happenings)
        for row in group:
            if _language(row) == spoken:
                target, request = target_of(row), _request(row, zone)
                fresh[row.id] += [
                    (one.happening.kind, one.happening.about, one.news)
                    for one in told
                    if one.happening.id > row.told_id and concerns(one, target, request)
                ]


def _tell(row: Subscription, fresh: Sequence[Said], last: int, sender: Sender, now: datetime) -> None:
    """Write one mail with what concerns a subscription, and how far it was told."""
    news = _distinct(fresh)
    if news:
        with speaking(_language(row)):
            notify(
                news_notice(row, news, number=last, secret=sender.secret, public_url=sender.public_url),
                now=now,
            )
    row.told_id = last
    row.due_at = next_due(Pace(row.pace), now, zone_of(row, sender.zone), is_told=bool(news))


def _distinct(fresh: Sequence[Said]) -> list[News]:
    """Return the news, each once, with what was said last of it: an answer tells more than its comment."""
    answered = {about for kind, about, _news in fresh if kind == HappeningKind.ANSWER}
    kept: dict[str, News] = {}
    for kind, about, news in fresh:
        if kind != HappeningKind.COMMENT or about not in answered:
            kept |= {one.key: one for one in news}
    return list(kept.values())


def _language(row: Subscription) -> str:
    return row.language if row.language in LANGUAGES else SOURCE


def _request(row: Subscription, zone: ZoneInfo) -> Request | None:
    """Return the search that a subscription follows; dates that cannot be read any more leave open."""
    if row.search is None:
        return None
    return asked_of(row.search).request(zone)


def asked_of(fields: dict[str, str]) -> Asked:
    """Return what the fields of the search page ask for, newest first."""
    return Asked(
        text=fields.get("q", ""),
        instrument=fields.get("instrumento", ""),
        government=fields.get("gobierno", ""),
        disposition=fields.get("sentido", ""),
        since=read_day(fields.get("desde", "")),
        until=read_day(fields.get("hasta", "")),
        newest_first=True,
    )
