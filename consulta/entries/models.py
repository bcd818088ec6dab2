"""Entries of agencies, the declaration that there are none, and reminders."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Agency, Unit
from consulta.db import Base, pk
from consulta.windows.models import Topic, Window


class Entry(Base):
    """What an agency proposes for a window; accepted, it becomes one of its topics."""

    __tablename__ = "entries"
    __table_args__ = (
        CheckConstraint("(state = 'accepted') = (topic_id IS NOT NULL)", name="accepted_has_topic"),
        CheckConstraint("state != 'observed' OR observation IS NOT NULL", name="observed_has_observation"),
        CheckConstraint("state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name="submitted_has_date"),
        UniqueConstraint("window_id", "agency_id", "source_key"),
        Index("ix_entries_listing", "window_id", "state", "id"),
    )

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    # The unit that will answer.
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    state: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    # Values of the instrument's entry fields, by key.
    details: Mapped[dict[str, str]] = mapped_column(JSON)
    # Its key in the file from which it was imported.
    source_key: Mapped[str | None] = mapped_column(String(120))
    # What the coordinator asks to correct; kept when it is handed in again.
    observation: Mapped[str | None] = mapped_column(Text)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    created_by_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))

    window: Mapped[Window] = relationship()
    agency: Mapped[Agency] = relationship()
    unit: Mapped[Unit] = relationship()
    topic: Mapped[Topic | None] = relationship()


class NothingToPropose(Base):
    """An agency's declaration that it has no entries for a window: it has delivered."""

    __tablename__ = "nothing_to_propose"
    __table_args__ = (UniqueConstraint("window_id", "agency_id"),)

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]


class Reminder(Base):
    """A reminder that the coordinator signed and sent to an agency that has not delivered."""

    __tablename__ = "reminders"

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    text: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]
