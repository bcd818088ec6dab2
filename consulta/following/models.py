"""What happened, who follows what, and how far the record was followed."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Agency
from consulta.db import Base, pk
from consulta.windows.models import Window


class Happening(Base):
    """Something that became public: only where to read it. Numbered in the order in which it was noted."""

    __tablename__ = "happenings"
    __table_args__ = (Index("ix_happenings_place", "window_id", "id"),)

    id: Mapped[pk]
    # The leaf that says so, or the window and the instant: noting it twice is impossible.
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"))
    # Folio, slug, or slug and number of a topic.
    about: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    noted_at: Mapped[datetime] = mapped_column(index=True)


class FollowingProgress(Base):
    """How far the record was followed: one row."""

    __tablename__ = "following_progress"

    id: Mapped[pk]
    sequence: Mapped[int]
    # Leaves without a place that were followed already.
    waiting: Mapped[list[int]] = mapped_column(JSON)
    # Openings until then were noted.
    until_at: Mapped[datetime]


class Subscription(Base):
    """An address that asked to be told of something. Leaving destroys the row."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("state = 'pending' OR confirmed_at IS NOT NULL", name="confirmed_has_date"),
        CheckConstraint("(state = 'bounced') = (bounced_at IS NOT NULL)", name="bounced_has_date"),
        CheckConstraint("(state = 'confirmed') = (due_at IS NOT NULL)", name="confirmed_is_due"),
        CheckConstraint("(kind = 'window') = (window_id IS NOT NULL)", name="window_is_named"),
        CheckConstraint("(kind = 'agency') = (agency_id IS NOT NULL)", name="agency_is_named"),
        CheckConstraint("(kind = 'search') = (search IS NOT NULL)", name="search_is_written"),
        UniqueConstraint("email", "target_key"),
        Index("ix_subscriptions_due", "state", "due_at", "id"),
        # A number is never given again, or what came back to one who left would stop another.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[pk]
    email: Mapped[str] = mapped_column(String(320))
    state: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    # What is followed, in one word: see `rules.Target`.
    target_key: Mapped[str] = mapped_column(String(80))
    window_id: Mapped[int | None] = mapped_column(ForeignKey("windows.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    # The fields of the search page, as they were filled in.
    search: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    pace: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(12))
    # With the secret of the instance it makes the codes of the links, which are kept nowhere.
    nonce: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    # When it is looked at next: not before, so that mails come together.
    due_at: Mapped[datetime | None]
    # The last happening that was told, or that was of no concern.
    told_id: Mapped[int]

    window: Mapped[Window | None] = relationship()
    agency: Mapped[Agency | None] = relationship()


class SubscriptionAsk(Base):
    """That a mail was sent to an address that asked: a keyed hash, kept for a day, so that nobody is flooded."""

    __tablename__ = "subscription_asks"

    id: Mapped[pk]
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


class Departure(Base):
    """How many subscriptions ended on a day, and why: nothing else is kept of them."""

    __tablename__ = "departures"

    on: Mapped[date] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]
