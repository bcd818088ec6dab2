"""People, their sessions, the links sent to them, and tokens of posts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.db import Base, pk


class Person(Base):
    """Somebody who signs in. Holds posts through tenures; owns no work herself."""

    __tablename__ = "persons"
    __table_args__ = (CheckConstraint("state != 'active' OR password_hash IS NOT NULL", name="active_has_password"),)

    id: Mapped[pk]
    # Lower case; the person may type it in any case.
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class StaffSession(Base):
    """A signed-in browser. Only the hash of its token is kept; revoking the row ends it at once."""

    __tablename__ = "staff_sessions"

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class AccountLink(Base):
    """A single-use link for an invitation or a password reset. Only its hash is kept."""

    __tablename__ = "account_links"

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class ApiToken(Base):
    """A bearer token of a post, for one scope."""

    __tablename__ = "api_tokens"

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    scope: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    # Who asked for it, and in whose name it acts; None where the instance itself issued it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    # What it is for, in the words of who asked for it.
    label: Mapped[str] = mapped_column(String(120), default="")
    per_minute: Mapped[int] = mapped_column(default=300)
    # Calls made in that minute of the clock; the row is what every process shares.
    minute: Mapped[datetime | None]
    calls: Mapped[int] = mapped_column(default=0)


class ApiAct(Base):
    """What was done under an `Idempotency-Key`, so that asking again does nothing twice."""

    __tablename__ = "api_acts"
    __table_args__ = (UniqueConstraint("post_id", "key_hash", name="uq_api_acts_key"),)

    id: Mapped[pk]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    key_hash: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    # Ids and states of what came of it, never a text.
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)
