"""Reads of subscriptions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from consulta.agencies.models import Agency, Government
from consulta.db import session
from consulta.following.models import Happening, Subscription, SubscriptionAsk
from consulta.following.rules import is_code_of, read_number
from consulta.following.states import SubscriptionState
from consulta.windows.models import Window


def find_by_code(code: str, *, secret: bytes, purpose: str) -> Subscription | None:
    """Return the subscription whose link carries a code; None for a code that this instance did not make."""
    number = read_number(code)
    found = session().scalar(_subscriptions().where(Subscription.id == number)) if number is not None else None
    return found if found is not None and is_code_of(secret, purpose, found, code) else None


def find_subscription(email: str, target_key: str) -> Subscription | None:
    """Return what an address follows under a key."""
    return session().scalar(_subscriptions().where(Subscription.email == email, Subscription.target_key == target_key))


def list_of_address(email: str) -> Sequence[Subscription]:
    """Return what an address follows: what is confirmed, oldest first."""
    found = _subscriptions().where(Subscription.email == email, Subscription.state == SubscriptionState.CONFIRMED)
    return session().scalars(found.order_by(Subscription.id)).all()


def count_asks(address_hash: str, since: datetime) -> int:
    """Return how many mails an address was sent since then because somebody typed it in."""
    found = select(func.count()).where(SubscriptionAsk.address_hash == address_hash, SubscriptionAsk.at > since)
    return session().scalar(found) or 0


def count_followed(email: str) -> int:
    """Return how many things an address follows or asked to follow."""
    return session().scalar(select(func.count()).where(Subscription.email == email)) or 0


def last_happening() -> int:
    """Return the number of the newest happening; 0 while there is none."""
    return session().scalar(select(func.max(Happening.id))) or 0


def find_agency(government_key: str, key: str) -> Agency | None:
    """Return an agency by its public keys."""
    found = select(Agency).join(Agency.government).options(joinedload(Agency.government))
    return session().scalar(found.where(Government.key == government_key, Agency.key == key))


def list_followable_agencies() -> Sequence[Agency]:
    """Return every agency with its government, by name."""
    found = select(Agency).options(joinedload(Agency.government)).order_by(Agency.government_id, Agency.name)
    return session().scalars(found).all()


def _subscriptions() -> Select[Subscription]:
    return select(Subscription).options(
        joinedload(Subscription.window).joinedload(Window.government),
        joinedload(Subscription.window).joinedload(Window.instrument),
        joinedload(Subscription.agency).joinedload(Agency.government),
    )
