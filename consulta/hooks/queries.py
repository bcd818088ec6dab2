"""Reads of addresses and of what was sent to them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager

from consulta.db import session
from consulta.hooks.models import Webhook, WebhookDelivery
from consulta.hooks.states import WebhookDeliveryState, WebhookEvent, WebhookState

SHOWN = 10


def list_webhooks(government_id: int) -> Sequence[Webhook]:
    """Return the addresses that a government registered, oldest first."""
    found = select(Webhook).where(Webhook.government_id == government_id)
    return session().scalars(found.order_by(Webhook.id)).all()


def find_webhook(government_id: int, webhook_id: int) -> Webhook | None:
    """Return an address of that government."""
    return session().scalar(select(Webhook).where(Webhook.government_id == government_id, Webhook.id == webhook_id))


def count_webhooks(government_id: int) -> int:
    """Return how many addresses a government registered."""
    return session().scalar(select(func.count()).where(Webhook.government_id == government_id)) or 0


def map_last_deliveries(government_id: int) -> dict[int, list[WebhookDelivery]]:
    """Return the newest deliveries of each address of a government, in one query."""
    place = func.row_number().over(partition_by=WebhookDelivery.webhook_id, order_by=WebhookDelivery.id.desc())
    placed = (
        select(WebhookDelivery.id, place.label("place"))
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(Webhook.government_id == government_id)
        .subquery()
    )
    found = (
        select(WebhookDelivery)
        .join(placed, placed.c.id == WebhookDelivery.id)
        .where(placed.c.place <= SHOWN)
        .order_by(WebhookDelivery.id.desc())
    )
    grouped: dict[int, list[WebhookDelivery]] = defaultdict(list)
    for row in session().scalars(found):
        grouped[row.webhook_id].append(row)
    return grouped


def last_ping_at(webhook_id: int) -> datetime | None:
    """Return when an address was last asked to prove itself."""
    return session().scalar(
        select(func.max(WebhookDelivery.created_at)).where(
            WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.event == WebhookEvent.PING
        )
    )


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a delivery, joined with its address, may be sent now.

    A ping goes to an address that is being proved, and does not wait for one that rests: somebody waits for it.
    """
    is_ping = WebhookDelivery.event == WebhookEvent.PING
    is_told = and_(Webhook.state == WebhookState.ACTIVE, or_(Webhook.rests_until.is_(None), Webhook.rests_until <= now))
    proves = and_(is_ping, Webhook.state.in_((WebhookState.PENDING, WebhookState.ACTIVE)))
    return and_(
        WebhookDelivery.state == WebhookDeliveryState.WAITING,
        WebhookDelivery.next_at <= now,
        or_(is_told, proves),
    )


def has_due(now: datetime) -> bool:
    """Say whether anything may be sent now."""
    found = select(WebhookDelivery.id).join(WebhookDelivery.webhook).where(is_due(now))
    return session().scalar(found.limit(1)) is not None


def list_due_webhooks(now: datetime, most: int) -> Sequence[int]:
    """Return which addresses have something to be sent now: the one that waits longest first."""
    found = select(WebhookDelivery.webhook_id).join(WebhookDelivery.webhook).where(is_due(now))
    found = found.group_by(WebhookDelivery.webhook_id).order_by(func.min(WebhookDelivery.next_at))
    return session().scalars(found.limit(most)).all()


def list_due(webhook_id: int, now: datetime, most: int) -> Sequence[WebhookDelivery]:
    """Return what is to be sent to an address now: pings, then the oldest; one at a time while it fails."""
    ping_first = case((WebhookDelivery.event == WebhookEvent.PING, 0), else_=1)
    found = (
        select(WebhookDelivery)
        .join(WebhookDelivery.webhook)
        .options(contains_eager(WebhookDelivery.webhook))
        .where(WebhookDelivery.webhook_id == webhook_id, is_due(now))
        .order_by(ping_first, WebhookDelivery.id)
        .limit(most)
    )
    rows = session().scalars(found).all()
    return rows[:1] if rows and rows[0].webhook.failures else rows
