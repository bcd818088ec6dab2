"""Decrees that change a government's calendar, and clocks with their events. Clocks never know whose they are."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Agency, Government, Unit
from consulta.db import Base, pk


class Decree(Base):
    """An act that declares non-working or enabled days: of a government, of an agency, or of a unit.

    What it declares holds for everything below it. A published one is never changed: another replaces it.
    """

    __tablename__ = "decrees"
    __table_args__ = (
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_has_date"),
        CheckConstraint("(state = 'draft') = (published_by_post_id IS NULL)", name="published_has_author"),
        CheckConstraint("unit_id IS NULL OR agency_id IS NOT NULL", name="unit_has_agency"),
    )

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    title: Mapped[str] = mapped_column(String(200))
    # Number and gazette: what every derivation quotes.
    reference: Mapped[str] = mapped_column(String(300))
    # Day on which the gazette published it.
    gazetted_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("decrees.id"))
    drafted_at: Mapped[datetime]
    drafted_by_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    published_at: Mapped[datetime | None]
    published_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))

    government: Mapped[Government] = relationship()
    agency: Mapped[Agency | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    replaces: Mapped["Decree | None"] = relationship(remote_side="Decree.id")
    ranges: Mapped[list["DecreeRange"]] = relationship(
        order_by="DecreeRange.first_on", back_populates="decree", cascade="all, delete-orphan"
    )


class DecreeRange(Base):
    """The days from the first to the last, both included, and what they are."""

    __tablename__ = "decree_ranges"
    __table_args__ = (CheckConstraint("last_on >= first_on", name="ends_after_it_begins"),)

    id: Mapped[pk]
    decree_id: Mapped[int] = mapped_column(ForeignKey("decrees.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(200))
    # Keys of instruments whose terms go on in these days.
    exempt: Mapped[list[str]] = mapped_column(JSON, default=list)

    decree: Mapped[Decree] = relationship(back_populates="ranges")


class StoredDerivation(Base):
    """A derivation, kept once for all the clocks that share it."""

    __tablename__ = "derivations"

    id: Mapped[pk]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class Clock(Base):
    """A term that runs. Its due date is a fold over its events, stored by one function."""

    __tablename__ = "clocks"
    __table_args__ = (
        CheckConstraint("state != 'suspended' OR due_at IS NULL", name="suspended_has_no_date"),
        CheckConstraint("state != 'running' OR due_at IS NOT NULL", name="running_has_date"),
        CheckConstraint("(due_at IS NULL) = (due_on IS NULL)", name="day_and_instant_together"),
        Index("ix_clocks_running", "government_id", "state", "id"),
        Index("ix_clocks_due", "state", "missed_at", "due_at"),
    )

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(String(20))
    # Whose calendar it counts in: the government's, or that of one of its agencies or units.
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    # Key of the instrument, for decrees that exempt some.
    procedure: Mapped[str] = mapped_column(String(60))
    # The term, as it was when the clock started: a case keeps the rules under which it began.
    n: Mapped[int]
    unit_of_term: Mapped[str] = mapped_column(String(20))
    roll_last_day: Mapped[bool]
    rule: Mapped[str] = mapped_column(String(120))
    citation: Mapped[str] = mapped_column(String(300))
    # Whether it is a term of people, which a change of calendar never shortens.
    protects: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20))
    # The day from which it counts now; the first one, or that of the last restart.
    starts_on: Mapped[date]
    # Whether only starts, restarts and calendars made its date, so that many can be computed together.
    is_plain: Mapped[bool] = mapped_column(default=True)
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    derivation_id: Mapped[int | None] = mapped_column(ForeignKey("derivations.id"))

    government: Mapped[Government] = relationship()
    stored: Mapped[StoredDerivation | None] = relationship()
    events: Mapped[list["ClockEvent"]] = relationship(order_by="ClockEvent.id", back_populates="clock")

    @property
    def derivation(self) -> dict[str, Any] | None:
        """Return how its date came to be; None while it is suspended."""
        return self.stored.content if self.stored else None


class ClockEvent(Base):
    """What happened to a clock. Never changed and never removed."""

    __tablename__ = "clock_events"

    id: Mapped[pk]
    clock_id: Mapped[int] = mapped_column(ForeignKey("clocks.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    # The civil day on which it takes effect, and the instant at which it was written.
    happened_on: Mapped[date]
    at: Mapped[datetime]
    n: Mapped[int] = mapped_column(default=0)
    unit_of_term: Mapped[str | None] = mapped_column(String(20))
    citation: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    not_before: Mapped[date | None]
    from_due_on: Mapped[date | None]
    to_due_on: Mapped[date | None]
    # The version of the calendar that was counted with.
    calendar_version: Mapped[str] = mapped_column(String(64), default="")
    # Who did it; None for what the system does by itself.
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))

    clock: Mapped[Clock] = relationship(back_populates="events")
