"""The organisation chart, and tenures."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.accounts.models import Person
from consulta.db import Base, pk


class Government(Base):
    """A state or municipality: its own calendar, time zone, folio prefix and theme."""

    __tablename__ = "governments"

    id: Mapped[pk]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    folio_prefix: Mapped[str] = mapped_column(String(6))
    timezone: Mapped[str] = mapped_column(String(60))
    # The calendar that its decrees change, and the digest of those that are published; empty while there are none.
    calendar_key: Mapped[str] = mapped_column(String(60))
    calendar_version: Mapped[str] = mapped_column(String(64), default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    # INEGI's key of its territory, as text: two figures for a state, five for a municipality.
    territory: Mapped[str] = mapped_column(String(5), default="11")
    # Colours and shield; empty keeps the default look.
    theme: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Keys of instruments that it does not use: their periods are not told of.
    unused_instruments: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Whether who drafts an answer may sign it; the answer then says so.
    allows_self_signing: Mapped[bool] = mapped_column(default=False)


class PrivacyNotice(Base):
    """A version of the privacy notice. Every submission keeps the version that was shown (LGPDPPSO 21-22)."""

    __tablename__ = "privacy_notices"
    __table_args__ = (UniqueConstraint("government_id", "version"),)

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    version: Mapped[str] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]


class Agency(Base):
    """Dependencia o entidad."""

    __tablename__ = "agencies"
    __table_args__ = (UniqueConstraint("government_id", "key"),)

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))

    government: Mapped[Government] = relationship()


class Unit(Base):
    """Unidad administrativa."""

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("agency_id", "key"),)

    id: Mapped[pk]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))

    agency: Mapped[Agency] = relationship()


class Post(Base):
    """A seat in a unit with one role. Work stays with it when its holder leaves."""

    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[pk]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    # `agency/unit/key`-like public key, unique in the instance: `consulta token --post KEY`.
    key: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))

    unit: Mapped[Unit] = relationship()


class Tenure(Base):
    """A person holds a post from a day (inclusive) to a day (exclusive), or until further notice."""

    __tablename__ = "tenures"
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),)

    id: Mapped[pk]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    post: Mapped[Post] = relationship()
    person: Mapped[Person] = relationship()
