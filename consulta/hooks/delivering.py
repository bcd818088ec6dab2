"""What waits is sent, each address on its own thread, and what came back is written down.

At least once: when the worker dies after a system took an event and before that was written down, it is sent again
under the same `webhook-id`. Requests hold no transaction; their answers are written in one.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import delete, select

from consulta.db import session, unit_of_work
from consulta.hooks.models import Webhook, WebhookDelivery
from consulta.hooks.operations import Keeper, activate, suspend
from consulta.hooks.queries import has_due, list_due, list_due_webhooks
from consulta.hooks.rules import (
    GONE,
    KEEP_DELIVERIES,
    MOST_PINGS,
    MOST_TRIES,
    clean_said,
    next_wait,
    patience,
    rest_after,
)
from consulta.hooks.sending import WHOLE_SECONDS, Courier, Reply, Stage
from consulta.hooks.signing import signed_headers, unseal
from consulta.hooks.states import (
    DELIVERY_TRANSITIONS,
    SuspensionCause,
    WebhookDeliveryState,
    WebhookEvent,
    WebhookState,
)
from consulta.i18n.text import N_
from consulta.jobs import enqueue
from consulta.jobs.models import Job

DELIVER = "webhooks.deliver"
# A round asks so many addresses at once, and each so many times one after another while there is time: with the last
# request it ends well within the lease of its job.
ADDRESSES, EACH = 16, 20
LOST_SECRET = N_("Cambió la clave de la instancia y su secreto ya no se puede abrir: cámbielo.")
NOT_FOLLOWED = N_("Respondió con otra dirección: no se siguen.")


@dataclass(frozen=True)
class Parcel:
    """One request, as plain values: threads touch no session. Without a key there is nothing to sign with."""

    webhook_id: int
    delivery_id: int
    tries: int
    event_id: str
    url: str
    body: bytes
    keys: tuple[str, ...]


Came = tuple[Parcel, Reply]


def ask_deliver(now: datetime) -> None:
    """Ask that what is due is sent, unless that was asked already."""
    waits = session().scalar(select(Job.id).where(Job.kind == DELIVER).limit(1))
    if waits is None and has_due(now):
        enqueue(kind=DELIVER, payload={}, run_at=now)


def deliver_with(courier: Courier, keeper: Keeper) -> Callable[[dict[str, Any], datetime], None]:
    """Return the handler of `webhooks.deliver`: one round, and another one where more is due."""

    def deliver(_payload: dict[str, Any], now: datetime) -> None:
        # In the order of their numbers, in which everybody locks them.
        batches = [_parcels(number, keeper, now) for number in sorted(list_due_webhooks(now, ADDRESSES))]
        session().rollback()
        if not batches:
            return
        with ThreadPoolExecutor(len(batches)) as pool:
            came = [one for batch in pool.map(lambda batch: _send(courier, batch, now), batches) for one in batch]
        with unit_of_work():
            for parcel, reply in came:
                take_reply(parcel=parcel, reply=reply, public_url=keeper.public_url, now=now)
            if has_due(now):
                enqueue(kind=DELIVER, payload={}, run_at=now)

    return deliver


def take_reply(*, parcel: Parcel, reply: Reply, public_url: str, now: datetime) -> None:
    """Write down what came of a request; an answer that was written down already, or to what is gone, changes nothing.

    Effects in order: the delivery's try; where it was taken, its end, and an address that waited for a ping is told
    from now on; where not, its next try, or its end with the suspension of its address.
    """
    webhook = session().get(Webhook, parcel.webhook_id, with_for_update=True, populate_existing=True)
    delivery = session().get(WebhookDelivery, parcel.delivery_id, populate_existing=True)
    if webhook is None or delivery is None:
        return
    if delivery.state != WebhookDeliveryState.WAITING or delivery.tries != parcel.tries:
        return
    delivery.tries, delivery.tried_at, delivery.status = delivery.tries + 1, now, reply.status
    delivery.said = _said(reply)
    if reply.status is not None and 200 <= reply.status < 300:
        _take(delivery, webhook, now)
    else:
        _miss(delivery, webhook, reply, public_url, now)
    session().flush()


def forget_deliveries(now: datetime) -> None:
    """Forget what was sent, or waited, more than thirty days ago, and old secrets whose day is over."""
    session().execute(delete(WebhookDelivery).where(WebhookDelivery.created_at <= now - KEEP_DELIVERIES))
    for webhook in session().scalars(select(Webhook).where(Webhook.old_secret_until <= now)):
        webhook.old_secret = webhook.old_secret_until = None


def _parcels(webhook_id: int, keeper: Keeper, now: datetime) -> list[Parcel]:
    rows = list_due(webhook_id, now, EACH)
    keys = _keys(rows[0].webhook, keeper, now) if rows else ()
    return [
        Parcel(webhook_id, row.id, row.tries, row.event_id, row.webhook.url, row.body.encode("utf-8"), keys)
        for row in rows
    ]


def _keys(webhook: Webhook, keeper: Keeper, now: datetime) -> tuple[str, ...]:
    """Return the secrets that sign now: the current one, and for a day after a rotation the one before."""
    sealed = [webhook.secret]
    if webhook.old_secret is not None and webhook.old_secret_until is not None and webhook.old_secret_until > now:
        sealed.append(webhook.old_secret)
    opened = (unseal(one, instance_secret=keeper.secret, owner=webhook.key) for one in sealed)
    return tuple(one for one in opened if one is not None)


def _send(courier: Courier, parcels: Sequence[Parcel], now: datetime) -> list[Came]:
    """Send to one address, one after another, until the first that is not taken or the time is over."""
    until, began = monotonic() + WHOLE_SECONDS, monotonic()
    came: list[Came] = []
    for parcel in parcels:
        if monotonic() >= until:
            break
        at = now + timedelta(seconds=monotonic() - began)
        came.append((parcel, _post(courier, parcel, at)))
        status = came[-1][1].status
        if status is None or not 200 <= status < 300:
            break
    return came


def _post(courier: Courier, parcel: Parcel, at: datetime) -> Reply:
    if not parcel.keys:
        return Reply(Stage.PARSED, text=LOST_SECRET)
    headers = signed_headers(parcel.keys, message_id=parcel.event_id, now=at, body=parcel.body)
    return courier.post(parcel.url, headers=headers, body=parcel.body, turn=parcel.tries)


def _take(delivery: WebhookDelivery, webhook: Webhook, now: datetime) -> None:
    _end(delivery, WebhookDeliveryState.DELIVERED)
    webhook.failures, webhook.rests_until = 0, None
    if delivery.event == WebhookEvent.PING and webhook.state == WebhookState.PENDING:
        session().flush()
        activate(webhook=webhook, now=now)


def _miss(delivery: WebhookDelivery, webhook: Webhook, reply: Reply, public_url: str, now: datetime) -> None:
    is_ping = delivery.event == WebhookEvent.PING
    asked = patience(reply.status, reply.retry_after, now)
    is_gone = reply.status == GONE
    if is_gone or delivery.tries >= (MOST_PINGS if is_ping else MOST_TRIES):
        _end(delivery, WebhookDeliveryState.FAILED)
    else:
        delivery.next_at = now + max(next_wait(delivery.event_id, delivery.tries), asked)
    if not is_ping:
        webhook.failures += 1
        webhook.rests_until = now + max(rest_after(webhook.failures), asked)
    if is_gone:
        suspend(webhook=webhook, cause=SuspensionCause.GONE, public_url=public_url, now=now)
    elif delivery.state == WebhookDeliveryState.FAILED and not is_ping:
        suspend(webhook=webhook, cause=SuspensionCause.FAILING, public_url=public_url, now=now)


def _end(delivery: WebhookDelivery, state: WebhookDeliveryState) -> None:
    assert state in DELIVERY_TRANSITIONS[WebhookDeliveryState(delivery.state)]
    delivery.state, delivery.next_at = state, None


def _said(reply: Reply) -> str:
    if reply.status is not None and 300 <= reply.status < 400:
        return NOT_FOLLOWED
    return clean_said(reply.text)
