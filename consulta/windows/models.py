"""Instruments, windows, extensions, topics and their counters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Government, Post, Unit
from consulta.clocks.models import Clock
from consulta.db import Base, pk
from consulta.windows.questions import USUAL


class Instrument(Base):
    """What kind of front door a window is: agenda regulatoria, cabildo abierto… A row, not code."""

    __tablename__ = "instruments"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    # First segment of its public address.
    path: Mapped[str] = mapped_column(String(60), unique=True)
    matter: Mapped[str] = mapped_column(String(60))
    topic_noun: Mapped[str] = mapped_column(String(60))
    topic_noun_plural: Mapped[str] = mapped_column(String(60))
    # Kinds of submission it takes; the first is the default.
    kinds: Mapped[list[str]] = mapped_column(JSON)
    # Rule of the shortest term, in the catalogue of clocks; None where no law sets one.
    term_rule: Mapped[str | None] = mapped_column(String(80))
    default_days: Mapped[int]
    day_unit: Mapped[str] = mapped_column(String(20))
    answer_days: Mapped[int]
    answer_unit: Mapped[str] = mapped_column(String(20))
    answer_citation: Mapped[str] = mapped_column(String(300))
    # A mailbox never closes.
    permanent: Mapped[bool]
    # What it is, in one plain sentence.
    description: Mapped[str] = mapped_column(Text, default="")
    # Rule set under which its windows run: `lnetb_2025`, `lgmr_2018`, or the government's own.
    regime: Mapped[str] = mapped_column(String(40), default="")
    # Fields of its entries, in order: see `fields.EntryField`.
    entry_fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # When in the year it is due: see `periods.Period`; None: nobody has said.
    periods: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    # Whose it is; None: every government of the instance may use it.
    government_id: Mapped[int | None] = mapped_column(ForeignKey("governments.id"))
    # Who answers: the unit of the topic, or the control body, which then is the only one that reads.
    answered_by: Mapped[str] = mapped_column(String(20), default="unit")


class Window(Base):
    """A front door: a consultation with an opening and a closing instant, or a permanent mailbox."""

    __tablename__ = "windows"
    __table_args__ = (
        CheckConstraint("(state = 'draft') = (opens_at IS NULL)", name="scheduled_has_opening"),
        CheckConstraint("(state = 'concluded') = (concluded_at IS NOT NULL)", name="concluded_has_date"),
        CheckConstraint("(state = 'annulled') = (annulled_at IS NOT NULL)", name="annulled_has_date"),
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_after_it_opens"),
        Index("ix_windows_closing", "closes_at"),
    )

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"), index=True)
    instrument_key: Mapped[str] = mapped_column(ForeignKey("instruments.key"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    # Who decides, and what happens after.
    decides: Mapped[str] = mapped_column(Text, default="")
    afterwards: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20))
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    derivation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    concluded_at: Mapped[datetime | None]
    annulled_at: Mapped[datetime | None]
    # The clock of its term; None for a mailbox. `closes_at` and `derivation` are what it says.
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clocks.id"), index=True)
    # The only post that may capture after closing what was sealed in time; None: any post that captures.
    capture_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    # What only a person could answer before it was scheduled: `opening.QUESTIONS` to "yes" or "no".
    opening_answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # What people are asked about themselves (`questions.BY_KEY`); every answer is optional.
    questions: Mapped[list[str]] = mapped_column(JSON, default=lambda: list(USUAL))
    # Last day on which agencies hand in their entries; None where nobody is asked for any.
    entries_due_on: Mapped[date | None]

    government: Mapped[Government] = relationship()
    instrument: Mapped[Instrument] = relationship()
    clock: Mapped[Clock | None] = relationship()
    extensions: Mapped[list["Extension"]] = relationship(order_by="Extension.id", back_populates="window")
    changes: Mapped[list["DateChange"]] = relationship(order_by="DateChange.id", back_populates="window")


class Extension(Base):
    """An extension of the term: what it was, what it became, who and why."""

    __tablename__ = "extensions"
    __table_args__ = (CheckConstraint("to_closes_at > from_closes_at", name="extends_forward"),)

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"), index=True)
    from_closes_at: Mapped[datetime]
    to_closes_at: Mapped[datetime]
    derivation: Mapped[dict[str, Any]] = mapped_column(JSON)
    legal_basis: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    agreement: Mapped[str] = mapped_column(String(120))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]

    window: Mapped[Window] = relationship(back_populates="extensions")


class DateChange(Base):
    """A shortening or an annulment: who proposed it and why, and who else decided."""

    __tablename__ = "date_changes"
    __table_args__ = (
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_has_date"),
        CheckConstraint("(kind = 'shorten') = (days IS NOT NULL)", name="shortened_has_days"),
        CheckConstraint("state != 'approved' OR decided_by_post_id != proposed_by_post_id", name="takes_two_posts"),
        Index(
            "uq_date_changes_open",
            "window_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    # Of the whole term, counted from the opening.
    days: Mapped[int | None]
    legal_basis: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    agreement: Mapped[str] = mapped_column(String(120))
    from_closes_at: Mapped[datetime | None]
    to_closes_at: Mapped[datetime | None]
    proposed_at: Mapped[datetime]
    proposed_by_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    proposed_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None]
    decided_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    window: Mapped[Window] = relationship(back_populates="changes")
    proposed_by_post: Mapped[Post] = relationship(foreign_keys=[proposed_by_post_id])
    decided_by_post: Mapped[Post | None] = relationship(foreign_keys=[decided_by_post_id])


class Outage(Base):
    """A time in which the instance did not work. What was open then may deserve more days."""

    __tablename__ = "outages"
    __table_args__ = (CheckConstraint("to_at > from_at", name="ends_after_it_begins"),)

    id: Mapped[pk]
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]


class Heartbeat(Base):
    """When the instance was last seen working: one row."""

    __tablename__ = "heartbeats"

    id: Mapped[pk]
    at: Mapped[datetime]


class Docket(Base):
    """An expediente: a draft from its first entry on, whatever windows it is consulted in."""

    __tablename__ = "dockets"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawal_reason = '')", name="withdrawn_has_reason"),
        UniqueConstraint("government_id", "key"),
    )

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    # Number of the file, as the office writes it.
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    opened_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")

    government: Mapped[Government] = relationship()


class Succession(Base):
    """A docket takes the place of another: refiled, one of the parts of a split, or merged out of several."""

    __tablename__ = "successions"
    __table_args__ = (
        UniqueConstraint("predecessor_id", "successor_id"),
        CheckConstraint("predecessor_id != successor_id", name="succeeds_another"),
    )

    id: Mapped[pk]
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("dockets.id"), index=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("dockets.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]

    predecessor: Mapped[Docket] = relationship(foreign_keys=[predecessor_id])
    successor: Mapped[Docket] = relationship(foreign_keys=[successor_id])


class Topic(Base):
    """What is commented on. Public reference: `<slug>/<number>`."""

    __tablename__ = "topics"
    __table_args__ = (UniqueConstraint("window_id", "number"), UniqueConstraint("window_id", "source_key"))

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    # Its key in the file from which it was imported.
    source_key: Mapped[str | None] = mapped_column(String(120))
    # One page in plain language; empty where there is none.
    sheet: Mapped[str] = mapped_column(Text, default="")
    # Values of the instrument's entry fields, by key: they are published with the topic.
    details: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # The unit that answers; None waits for the coordinator to route.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    # The expediente that it belongs to; None: a matter without one.
    docket_id: Mapped[int | None] = mapped_column(ForeignKey("dockets.id"), index=True)

    window: Mapped[Window] = relationship()
    unit: Mapped[Unit | None] = relationship()
    docket: Mapped[Docket | None] = relationship()

    @property
    def reference(self) -> str:
        """Return `<slug>/<number>`."""
        return f"{self.window.slug}/{self.number}"


class TopicCounter(Base):
    """A folded count. Read together with the deltas that wait."""

    __tablename__ = "topic_counters"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int]


class CounterDelta(Base):
    """One step of a count, written by the act that causes it, so that intake updates no shared row."""

    __tablename__ = "counter_deltas"

    id: Mapped[pk]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)
    name: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int]
