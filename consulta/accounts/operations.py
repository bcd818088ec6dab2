"""Writes of accounts: the only ones that touch passwords, sessions and links."""

import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update

from consulta.accounts.models import AccountLink, Person, StaffSession
from consulta.accounts.queries import find_link
from consulta.accounts.rules import (
    FAILURES_BEFORE_LOCK,
    INVITATION_LINK,
    LOCK,
    LONGEST_NAME,
    RESET_LINK,
    SESSION,
    check_password,
    hash_token,
    is_locked,
)
from consulta.accounts.states import AccountState, LinkPurpose, SignInOutcome
from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _

_hasher = PasswordHasher()
# Verified when the address is unknown, so that an answer takes the same time either way.
_DECOY = _hasher.hash(secrets.token_urlsafe(16))


def invite_person(*, email: str, name: str, now: datetime) -> tuple[Person, str]:
    """Create a person and the link with which she chooses her password. Returns both. Raises Refused on a repeat."""
    address = email.strip().lower()
    check_address(address)
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Refused(_("Escriba el nombre, de 1 a %(longest)s caracteres.", longest=LONGEST_NAME), field="name")
    if session().scalar(select(Person.id).where(Person.email == address)) is not None:
        raise Refused(_("Ya hay una cuenta con ese correo: búsquela en la lista."), field="email")
    person = Person(email=address, name=name.strip(), state=AccountState.INVITED, created_at=now)
    session().add(person)
    session().flush()
    return person, issue_link(person=person, purpose=LinkPurpose.INVITATION, now=now)


def check_address(address: str) -> None:
    """Refuse something that is no mail address. Raises Refused."""
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Refused(_("Revise el correo: debe ser como nombre@ejemplo.mx."), field="email") from error


def issue_link(*, person: Person, purpose: LinkPurpose, now: datetime) -> str:
    """Create a single-use link and return its token; it is not stored and cannot be shown again."""
    token = secrets.token_urlsafe(32)
    life = INVITATION_LINK if purpose == LinkPurpose.INVITATION else RESET_LINK
    session().add(
        AccountLink(token_hash=hash_token(token), person_id=person.id, purpose=purpose, expires_at=now + life)
    )
    return token


def set_password(*, token: str, password: str, now: datetime) -> Person:
    """Use a link: store the password, lift any lock, spend every other link, end every session. Raises Refused."""
    link = find_link(token=token, now=now)
    if link is None:
        raise Refused(_("Este enlace ya se usó o venció: pida otro en «Olvidé mi contraseña»."))
    person = link.person
    check_password(password, email=person.email)
    spend_links(person_id=person.id, now=now)
    person.password_hash = _hasher.hash(password)
    person.state = AccountState.ACTIVE
    person.failures = 0
    person.locked_until = None
    revoke_sessions(person_id=person.id, now=now)
    session().flush()
    return person


def spend_links(*, person_id: int, now: datetime) -> None:
    """Make every link sent to a person useless: an older one must not outlive a new password or a suspension."""
    session().execute(
        update(AccountLink).where(AccountLink.person_id == person_id, AccountLink.used_at.is_(None)).values(used_at=now)
    )


def sign_in(*, email: str, password: str, device: str, now: datetime) -> tuple[SignInOutcome, str | None]:
    """Check a password and open a session.

    Returns the outcome and, on success, the token of the session. A failure is an outcome, not an error,
    so that the count of failures is committed. Five failures close the account for fifteen minutes; a
    reset link opens it at once, so nobody can keep its owner out.
    """
    person = session().scalar(select(Person).where(Person.email == email.strip().lower()).with_for_update())
    if person is None or person.state != AccountState.ACTIVE or person.password_hash is None:
        _matches(_DECOY, password)
        return SignInOutcome.WRONG, None
    if is_locked(person.locked_until, now):
        return SignInOutcome.LOCKED, None
    if not _matches(person.password_hash, password):
        person.failures += 1
        if person.failures >= FAILURES_BEFORE_LOCK:
            person.failures = 0
            person.locked_until = now + LOCK
        return SignInOutcome.WRONG, None
    person.failures = 0
    person.locked_until = None
    if _hasher.check_needs_rehash(person.password_hash):
        person.password_hash = _hasher.hash(password)
    return SignInOutcome.SUCCESS, _open_session(person, device, now)


def touch_session(*, staff_session: StaffSession, now: datetime) -> None:
    """Remember that the session is in use."""
    staff_session.seen_at = now


def revoke_session(*, staff_session: StaffSession, now: datetime) -> None:
    """End one session."""
    staff_session.revoked_at = now


def revoke_sessions(*, person_id: int, now: datetime) -> None:
    """End every session of a person."""
    session().execute(
        update(StaffSession)
        .where(StaffSession.person_id == person_id, StaffSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def suspend_person(*, person: Person, now: datetime) -> None:
    """Close an account, spend its links and end its sessions; its tenures and acts stay.

    Raises Refused when already suspended.
    """
    if person.state == AccountState.SUSPENDED:
        raise Refused(_("La cuenta ya estaba suspendida."))
    person.state = AccountState.SUSPENDED
    spend_links(person_id=person.id, now=now)
    revoke_sessions(person_id=person.id, now=now)


def restore_person(*, person: Person, now: datetime) -> str:
    """Reopen a suspended account through a fresh invitation; returns its token. Raises Refused when not suspended."""
    if person.state != AccountState.SUSPENDED:
        raise Refused(_("La cuenta no está suspendida."))
    person.state = AccountState.INVITED
    person.password_hash = None
    return issue_link(person=person, purpose=LinkPurpose.INVITATION, now=now)


def _open_session(person: Person, device: str, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session().add(
        StaffSession(
            token_hash=hash_token(token),
            person_id=person.id,
            device=device[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + SESSION,
        )
    )
    return token


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError, UnicodeEncodeError):
        return False
