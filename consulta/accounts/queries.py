"""Reads of accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.accounts.models import AccountLink, ApiToken, Person, StaffSession
from consulta.accounts.rules import hash_token, is_alive
from consulta.accounts.states import AccountState
from consulta.db import session


def find_session(token: str, now: datetime) -> StaffSession | None:
    """Return the live session of a token, with its person."""
    found = session().scalar(
        select(StaffSession)
        .options(joinedload(StaffSession.person))
        .where(StaffSession.token_hash == hash_token(token))
    )
    if found is None or found.person.state != AccountState.ACTIVE:
        return None
    alive = is_alive(expires_at=found.expires_at, seen_at=found.seen_at, revoked_at=found.revoked_at, now=now)
    return found if alive else None


def find_link(*, token: str, now: datetime) -> AccountLink | None:
    """Return the link if it can still be used."""
    link = session().scalar(select(AccountLink).where(AccountLink.token_hash == hash_token(token)))
    if link is None or link.used_at is not None or now >= link.expires_at:
        return None
    return None if link.person.state == AccountState.SUSPENDED else link


def find_api_token(token: str, now: datetime) -> ApiToken | None:
    """Return the live row of a bearer token."""
    found = session().scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(token)))
    if found is None or found.revoked_at is not None:
        return None
    return None if found.expires_at is not None and now >= found.expires_at else found


def find_person_by_email(email: str) -> Person | None:
    """Return the person of an address, in any case."""
    return session().scalar(select(Person).where(Person.email == email.strip().lower()))


def list_sessions(person_id: int, now: datetime) -> Sequence[StaffSession]:
    """Return the live sessions of a person, newest first."""
    rows = session().scalars(
        select(StaffSession)
        .where(
            StaffSession.person_id == person_id,
            StaffSession.revoked_at.is_(None),
            StaffSession.expires_at > now,
        )
        .order_by(StaffSession.seen_at.desc())
    )
    return rows.all()
