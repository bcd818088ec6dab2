"""Asking for mails, confirming, changing and leaving; and what is forgotten by itself."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.following.models import Departure, Subscription, SubscriptionAsk
from consulta.following.notices import about_subscription, already_notice, confirm_notice
from consulta.following.queries import (
    count_asks,
    count_followed,
    find_subscription,
    last_happening,
    list_of_address,
)
from consulta.following.rules import (
    ASKS_FOR,
    CONFIRM_WITHIN,
    KEEP_BOUNCED,
    MOST_ASKS,
    MOST_FOLLOWED,
    Target,
    hash_address,
    next_due,
)
from consulta.following.states import TRANSITIONS, DepartureCause, Pace, SubscriptionState
from consulta.i18n.text import _
from consulta.notices import notify
from consulta.notices.operations import forget_addresses
from consulta.submissions.checks import is_address

LONGEST_ADDRESS = 320


@dataclass(frozen=True)
class Sender:
    """What the links of a mail are made of: the secret of the instance, its address, and the time where it is."""

    secret: bytes
    public_url: str
    zone: ZoneInfo


def ask_to_follow(*, email: str, target: Target, pace: Pace, language: str, sender: Sender, now: datetime) -> None:
    """Send a mail that asks whether its reader wants to be told of something. Nothing is told before she confirms.

    Effects in order: the row of an address that did not follow it, one more mail asked for, the mail. An address that
    was asked `MOST_ASKS` times in a day, or follows `MOST_FOLLOWED` things, gets none, and nobody is told: whether an
    address follows something is known to its owner alone. Raises Refused for what is no address.
    """
    email = email.strip().lower()
    if len(email) > LONGEST_ADDRESS or not is_address(email):
        raise Refused(_("Escriba su correo completo, por ejemplo nombre@ejemplo.mx."), field="email")
    address_hash = hash_address(sender.secret, email)
    lock_exclusive(f"following:{address_hash}")
    asked = count_asks(address_hash, now - ASKS_FOR)
    if asked >= MOST_ASKS:
        return
    found = find_subscription(email, target.key)
    if found is None:
        if count_followed(email) >= MOST_FOLLOWED:
            return
        found = _add(email, target, pace, language, now)
    elif found.state != SubscriptionState.CONFIRMED:
        found.pace, found.language, found.asked_at = pace, language, now
    session().add(SubscriptionAsk(address_hash=address_hash, at=now))
    session().flush()
    notice = already_notice if found.state == SubscriptionState.CONFIRMED else confirm_notice
    number = f"{now.isoformat()}:{asked}"
    notify(notice(found, number=number, secret=sender.secret, public_url=sender.public_url), now=now)


def confirm(*, subscription: Subscription, zone: ZoneInfo, now: datetime) -> None:
    """Begin to tell a subscription what happens from now on. One that is confirmed already stays as it is.

    Raises Refused where the link is older than two days.
    """
    if subscription.state == SubscriptionState.CONFIRMED:
        return
    if now - subscription.asked_at >= CONFIRM_WITHIN:
        raise Refused(_("El enlace venció: pida los avisos otra vez."))
    assert SubscriptionState.CONFIRMED in TRANSITIONS[SubscriptionState(subscription.state)]
    told_id, due_at = last_happening(), next_due(Pace(subscription.pace), now, zone_of(subscription, zone))
    subscription.state, subscription.confirmed_at, subscription.bounced_at = SubscriptionState.CONFIRMED, now, None
    subscription.told_id, subscription.due_at = told_id, due_at
    session().flush()


def change_pace(*, subscription: Subscription, pace: Pace, zone: ZoneInfo, now: datetime) -> None:
    """Tell a confirmed subscription as it happens, or once a day."""
    if subscription.state != SubscriptionState.CONFIRMED or subscription.pace == pace:
        return
    subscription.pace = pace
    subscription.due_at = next_due(pace, now, zone_of(subscription, zone))
    session().flush()


def leave(*, subscription: Subscription, cause: DepartureCause, now: datetime) -> None:
    """End a subscription: its row and what waits to be sent to it are destroyed, and one more is counted."""
    _count(cause, now)
    forget_addresses(about_subscription(subscription))
    session().delete(subscription)
    session().flush()


def leave_all(*, subscription: Subscription, now: datetime) -> None:
    """End everything that the address of a subscription follows."""
    rows = session().scalars(select(Subscription).where(Subscription.email == subscription.email)).all()
    for row in rows:
        leave(subscription=row, cause=DepartureCause.LEFT, now=now)


def change_followed(
    *, subscription: Subscription, paces: Mapping[int, Pace], left: set[int], zone: ZoneInfo, now: datetime
) -> None:
    """Change what the owner of an address chose on her page: how soon each is told, and what she leaves."""
    for row in list_of_address(subscription.email):
        if row.id in left:
            leave(subscription=row, cause=DepartureCause.LEFT, now=now)
        elif row.id in paces:
            change_pace(subscription=row, pace=paces[row.id], zone=zone, now=now)


def stop(*, subscription: Subscription, now: datetime) -> None:
    """Stop telling a subscription whose mails come back. Its owner may confirm it again, for a month."""
    if SubscriptionState.BOUNCED not in TRANSITIONS[SubscriptionState(subscription.state)]:
        return
    subscription.state, subscription.bounced_at, subscription.due_at = SubscriptionState.BOUNCED, now, None
    session().flush()


def forget_old(now: datetime) -> None:
    """Forget who never confirmed, who could not be reached for a month, and the asks of yesterday."""
    unconfirmed = (Subscription.state == SubscriptionState.PENDING) & (Subscription.asked_at <= now - CONFIRM_WITHIN)
    unreachable = (Subscription.state == SubscriptionState.BOUNCED) & (Subscription.bounced_at <= now - KEEP_BOUNCED)
    for condition, cause in ((unconfirmed, DepartureCause.EXPIRED), (unreachable, DepartureCause.UNREACHABLE)):
        for row in session().scalars(select(Subscription).where(condition).limit(500)).all():
            leave(subscription=row, cause=cause, now=now)
    session().execute(delete(SubscriptionAsk).where(SubscriptionAsk.at <= now - ASKS_FOR))


def zone_of(subscription: Subscription, zone: ZoneInfo) -> ZoneInfo:
    """Return the time zone of the government of what is followed; of the instance where it is of no one."""
    if subscription.window is not None:
        return ZoneInfo(subscription.window.government.timezone)
    return ZoneInfo(subscription.agency.government.timezone) if subscription.agency is not None else zone


def target_of(subscription: Subscription) -> Target:
    """Return what a subscription follows."""
    return Target(subscription.kind, subscription.window_id, subscription.agency_id, subscription.search)  # type: ignore[arg-type]


def _add(email: str, target: Target, pace: Pace, language: str, now: datetime) -> Subscription:
    row = Subscription(
        email=email,
        state=SubscriptionState.PENDING,
        kind=target.kind,
        target_key=target.key,
        window_id=target.window_id,
        agency_id=target.agency_id,
        search=dict(target.search) if target.search is not None else None,
        pace=pace,
        language=language,
        nonce=secrets.token_hex(16),
        asked_at=now,
        told_id=0,
    )
    session().add(row)
    session().flush()
    return row


def _count(cause: DepartureCause, now: datetime) -> None:
    lock_exclusive("following:departures")
    day = now.date()
    row = session().get(Departure, (day, cause))
    if row is None:
        session().add(Departure(on=day, cause=cause, count=1))
        session().flush()
    else:
        row.count += 1
