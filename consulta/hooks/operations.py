"""Registering, proving, pausing and removing addresses, and changing their secrets."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, update

from consulta.actors import Actor, Role
from consulta.agencies.models import Government
from consulta.agencies.queries import list_coordinators
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, NotFound, Refused
from consulta.following.queries import last_happening
from consulta.hooks.models import Webhook, WebhookDelivery
from consulta.hooks.notices import suspended_notice
from consulta.hooks.queries import count_webhooks, last_ping_at, list_webhooks
from consulta.hooks.rules import BETWEEN_PINGS, MOST_WEBHOOKS, OLD_SECRET_LIVES, event_id_of, ping_body
from consulta.hooks.signing import make_secret, seal
from consulta.hooks.states import (
    CHOSEN,
    TRANSITIONS,
    SuspensionCause,
    WebhookDeliveryState,
    WebhookEvent,
    WebhookState,
)
from consulta.i18n.text import _
from consulta.notices import notify
from consulta.record.operations import append_leaf

LONGEST_LABEL = 120
OWNERS = frozenset({Role.COORDINATOR})
REMOVERS = OWNERS | {Role.ADMINISTRATOR}


@dataclass(frozen=True)
class WebhookDraft:
    """What is written to register an address: what it is for, where it is, and what it is told."""

    label: str
    url: str
    events: Sequence[str]


@dataclass(frozen=True)
class Keeper:
    """What signs and addresses what is sent: the secret of the instance, and its public address."""

    secret: bytes
    public_url: str


def register_webhook(
    *, government: Government, draft: WebhookDraft, actor: Actor, keeper: Keeper, now: datetime
) -> tuple[Webhook, str]:
    """Register an address and ask it to prove that it answers; nothing is told before. Returns it and its secret.

    Effects in order: the row with its sealed secret, its leaf (with the name of the server, never the address, which
    may hold a password), and a ping. Whoever calls has checked the address (`Courier.check`): that asks the network.
    Raises Refused at the field that is missing, at the 21st address or one that is registered; Forbidden for others.
    """
    _check(actor, government.id, OWNERS)
    label, events = _read(draft)
    lock_exclusive(f"webhooks:{government.id}")
    if count_webhooks(government.id) >= MOST_WEBHOOKS:
        raise Refused(_("Ya hay %(most)s programas: quite uno antes de agregar otro.", most=MOST_WEBHOOKS))
    if any(known.url == draft.url for known in list_webhooks(government.id)):
        raise Refused(_("Esa dirección ya está registrada."), field="url")
    key, secret = secrets.token_hex(8), make_secret()
    webhook = Webhook(
        key=key,
        government=government,
        label=label,
        url=draft.url,
        events=events,
        state=WebhookState.PENDING,
        secret=seal(secret, instance_secret=keeper.secret, owner=key),
        created_at=now,
        created_by_post_id=actor.post_id,
        told_id=0,
    )
    session().add(webhook)
    session().flush()
    _record(webhook, "created", actor, now)
    _add_ping(webhook, keeper, now)
    return webhook, secret


def ask_ping(*, webhook: Webhook, actor: Actor, keeper: Keeper, now: datetime) -> None:
    """Send a ping: the proof of an address that waits for it, else a test.

    Raises Refused within a minute of the one before, or while it is paused or suspended; Forbidden for others.
    """
    _check(actor, webhook.government_id, OWNERS)
    _lock(webhook)
    if webhook.state not in (WebhookState.PENDING, WebhookState.ACTIVE):
        raise Refused(_("Reanúdelo antes de enviarle una prueba."))
    _check_pace(webhook, now)
    _add_ping(webhook, keeper, now)


def pause_webhook(*, webhook: Webhook, actor: Actor, now: datetime) -> None:  # noqa: ARG001 - as every operation
    """Stop telling an address. What waits, waits; what happens meanwhile is not told later.

    Raises Refused where it is not told anyway; Forbidden for others.
    """
    _check(actor, webhook.government_id, OWNERS)
    _lock(webhook)
    _move(webhook, WebhookState.PAUSED)
    session().flush()


def resume_webhook(*, webhook: Webhook, actor: Actor, keeper: Keeper, now: datetime) -> None:
    """Tell an address again: at once where it was paused, and after it proved itself where it was suspended.

    Raises Refused where it is neither, or was asked less than a minute ago; Forbidden for others.
    """
    _check(actor, webhook.government_id, OWNERS)
    _lock(webhook)
    if webhook.state == WebhookState.PAUSED:
        activate(webhook=webhook, now=now)
        return
    _check_pace(webhook, now)
    _move(webhook, WebhookState.PENDING)
    webhook.suspended_at = webhook.suspension_cause = webhook.rests_until = None
    webhook.failures = 0
    _add_ping(webhook, keeper, now)


def rotate_secret(*, webhook: Webhook, actor: Actor, keeper: Keeper, now: datetime) -> str:
    """Give an address a new secret and return it; for a day the old one signs too. Raises Forbidden for others."""
    _check(actor, webhook.government_id, OWNERS)
    _lock(webhook)
    secret = make_secret()
    webhook.old_secret, webhook.old_secret_until = webhook.secret, now + OLD_SECRET_LIVES
    webhook.secret = seal(secret, instance_secret=keeper.secret, owner=webhook.key)
    session().flush()
    return secret


def remove_webhook(*, webhook: Webhook, actor: Actor, now: datetime) -> None:
    """Destroy an address, its secrets and all that was sent to it or waits, with its leaf. Raises Forbidden for others.

    Its government's administrator may too: she answers for what leaves the instance.
    """
    _check(actor, webhook.government_id, REMOVERS)
    _lock(webhook)
    _record(webhook, "removed", actor, now)
    session().execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id))
    session().delete(webhook)
    session().flush()


def activate(*, webhook: Webhook, now: datetime) -> None:
    """Tell an address what happens from now on, and what waited when it stopped, as if it was never tried."""
    _move(webhook, WebhookState.ACTIVE)
    webhook.proved_at = webhook.proved_at or now
    webhook.told_id = last_happening()
    webhook.failures, webhook.rests_until = 0, None
    waits = (WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == WebhookDeliveryState.WAITING)
    session().execute(update(WebhookDelivery).where(*waits).values(next_at=now, tries=0, tried_at=None))
    session().flush()


def suspend(*, webhook: Webhook, cause: SuspensionCause, public_url: str, now: datetime) -> None:
    """Stop telling an address that does not answer, and tell who coordinates its government, once."""
    if WebhookState.SUSPENDED not in TRANSITIONS[WebhookState(webhook.state)]:
        return
    webhook.state, webhook.suspended_at, webhook.suspension_cause = WebhookState.SUSPENDED, now, cause
    session().flush()
    for number, address in enumerate(list_coordinators(webhook.government, now)):
        notify(suspended_notice(webhook, address=address, number=number, public_url=public_url), now=now)


def _read(draft: WebhookDraft) -> tuple[str, list[str]]:
    label = draft.label.strip()
    if not label or len(label) > LONGEST_LABEL:
        raise Refused(_("Escriba qué programa recibe los avisos, en una línea."), field="label")
    events = [event.value for event in CHOSEN if event.value in draft.events]
    if not events or len(events) != len(set(draft.events)):
        raise Refused(_("Elija al menos un aviso de la lista."), field="events")
    return label, events


def _add_ping(webhook: Webhook, keeper: Keeper, now: datetime) -> None:
    event_id = event_id_of(f"ping:{webhook.key}:{secrets.token_hex(8)}", "")
    session().add(
        WebhookDelivery(
            webhook_id=webhook.id,
            event_id=event_id,
            event=WebhookEvent.PING,
            about=webhook.key,
            body=ping_body(event_id, now, keeper.public_url),
            state=WebhookDeliveryState.WAITING,
            created_at=now,
            next_at=now,
        )
    )
    session().flush()


def _check(actor: Actor, government_id: int, roles: frozenset[Role]) -> None:
    if actor.government_id != government_id or actor.role not in roles:
        raise Forbidden(_("Los avisos a programas los administra quien coordina las consultas de ese gobierno."))


def _check_pace(webhook: Webhook, now: datetime) -> None:
    last = last_ping_at(webhook.id)
    if last is not None and now - last < BETWEEN_PINGS:
        raise Refused(_("Hace menos de un minuto se le envió una prueba: espere un poco."))


def _move(webhook: Webhook, to: WebhookState) -> None:
    if to not in TRANSITIONS[WebhookState(webhook.state)]:
        raise Refused(_("Su estado cambió mientras tanto: recargue la página."))
    webhook.state = to


def _lock(webhook: Webhook) -> None:
    if session().get(Webhook, webhook.id, with_for_update=True, populate_existing=True) is None:
        raise NotFound(_("No existe ese programa."))


def _record(webhook: Webhook, verb: str, actor: Actor, now: datetime) -> None:
    append_leaf(
        kind=f"webhook.{verb}",
        public_id=f"{webhook.government.key}/{webhook.key}",
        at=now,
        content={"server": urlsplit(webhook.url).hostname, "events": webhook.events, "post_id": actor.post_id},
    )
