"""What became public, written down for each address that wants to know: once each, from the rows as they are now.

It follows the happenings that `following` noted from the public record, in their order, and reads each again: what
was withdrawn, hidden or redacted meanwhile is not told, and of what is told only where to read it is written.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import exists, select

from consulta.db import lock_exclusive, session
from consulta.following.models import Happening
from consulta.following.news import News
from consulta.following.reading import OF_FOLIOS, read_again
from consulta.following.states import HappeningKind
from consulta.hooks.models import Webhook, WebhookDelivery
from consulta.hooks.rules import Told, body_of, event_id_of
from consulta.hooks.states import WebhookDeliveryState, WebhookEvent, WebhookState

LOCK = "webhooks"
PORTION = 500
EVENTS = {
    HappeningKind.OPENED: WebhookEvent.OPENED,
    HappeningKind.MOVED: WebhookEvent.EXTENDED,
    HappeningKind.CLOSED: WebhookEvent.CLOSED,
    HappeningKind.ANNULLED: WebhookEvent.ANNULLED,
    HappeningKind.CONCLUDED: WebhookEvent.CONCLUDED,
    HappeningKind.DOCUMENT: WebhookEvent.DOCUMENT,
    HappeningKind.COMMENT: WebhookEvent.COMMENT,
    HappeningKind.ANSWER: WebhookEvent.ANSWER,
}
# Whose it is, by what identifier, and what is said.
Event = tuple[Happening, int, str, Told]


def note_events_with(public_url: str) -> Callable[[datetime], None]:
    """Return the periodic function that writes down what is to be told: some happenings each time."""

    def note_events(now: datetime) -> None:
        waits = exists().where(Happening.id > Webhook.told_id)
        if session().scalar(select(Webhook.id).where(Webhook.state == WebhookState.ACTIVE, waits).limit(1)) is None:
            return
        lock_exclusive(LOCK)
        active = select(Webhook).where(Webhook.state == WebhookState.ACTIVE).order_by(Webhook.id)
        webhooks = session().scalars(active.with_for_update().execution_options(populate_existing=True)).all()
        since = min((webhook.told_id for webhook in webhooks), default=0)
        found = select(Happening).where(Happening.id > since).order_by(Happening.id).limit(PORTION)
        happenings = session().scalars(found).all()
        if happenings:
            _write(webhooks, happenings, public_url, now)

    return note_events


def _write(webhooks: Sequence[Webhook], happenings: Sequence[Happening], public_url: str, now: datetime) -> None:
    events = list(_events(happenings))
    for webhook in webhooks:
        for happening, government_id, event_id, told in events:
            is_new = happening.id > webhook.told_id and government_id == webhook.government_id
            if is_new and told.event.value in webhook.events:
                session().add(_delivery(webhook, event_id, told, public_url, now))
        webhook.told_id = max(webhook.told_id, happenings[-1].id)
    session().flush()


def _events(happenings: Sequence[Happening]) -> Iterator[Event]:
    """Yield what can be told of happenings: one event for each page that they concern."""
    for one in read_again([one for one in happenings if one.kind in EVENTS]):
        pages: dict[str, News] = defaultdict()
        for news in one.news:
            pages.setdefault(news.address, news)
        for page, news in pages.items():
            event_id = event_id_of(one.happening.key, page)
            yield one.happening, news.window.government_id, event_id, _told(one.happening, page, news)


def _told(happening: Happening, page: str, news: News) -> Told:
    event = EVENTS[HappeningKind(happening.kind)]
    if happening.kind in OF_FOLIOS:
        folio = happening.about
        return Told(event, happening.at, "submission", folio, page, f"/api/v1/submissions/{folio}")
    api = f"/api/v1/windows/{news.window.slug}"
    if happening.kind == HappeningKind.DOCUMENT:
        return Told(event, happening.at, "document", f"{happening.about}/{page.rpartition('/')[2]}", page, api)
    return Told(event, happening.at, "window", news.window.slug, page, api)


def _delivery(webhook: Webhook, event_id: str, told: Told, public_url: str, now: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        webhook_id=webhook.id,
        event_id=event_id,
        event=told.event,
        about=told.about_id,
        body=body_of(told, event_id, public_url),
        state=WebhookDeliveryState.WAITING,
        created_at=now,
        next_at=now,
    )
