"""Documentary series and what is filed in them, disposals with what is in them, and holds that keep something."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Post
from consulta.db import Base, pk
from consulta.submissions.models import Submission
from consulta.windows.models import Instrument, Window


class DocumentarySeries(Base):
    """A series of a government's catalogue: how long what is filed in it is kept, and what becomes of it then.

    Never changed: a disposal names it. One with a mistake is retired, and another takes its place.
    """

    __tablename__ = "documentary_series"
    __table_args__ = (
        UniqueConstraint("government_id", "code"),
        CheckConstraint(
            "active_years >= 0 AND concentration_years >= 0 AND active_years + concentration_years > 0",
            name="keeps_some_time",
        ),
    )

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    # Whole years in the archive of the office, and after them in that of concentration.
    active_years: Mapped[int]
    concentration_years: Mapped[int]
    destination: Mapped[str] = mapped_column(String(20))
    legal_basis: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    added_by_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    retired_at: Mapped[datetime | None]


class SeriesAssignment(Base):
    """What is filed in a series: all that comes through an instrument, or through one window or mailbox of it."""

    __tablename__ = "series_assignments"
    __table_args__ = (
        UniqueConstraint("government_id", "instrument_key"),
        UniqueConstraint("government_id", "window_id"),
        CheckConstraint("(window_id IS NULL) <> (instrument_key IS NULL)", name="files_one_thing"),
    )

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    series_id: Mapped[int] = mapped_column(ForeignKey("documentary_series.id"), index=True)
    window_id: Mapped[int | None] = mapped_column(ForeignKey("windows.id"), index=True)
    instrument_key: Mapped[str | None] = mapped_column(ForeignKey("instruments.key"))
    at: Mapped[datetime]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))

    series: Mapped[DocumentarySeries] = relationship()
    window: Mapped[Window | None] = relationship()
    instrument: Mapped[Instrument | None] = relationship()


class Disposal(Base):
    """A *baja documental*: which submissions, on whose authorisation, and what became of it."""

    __tablename__ = "disposals"
    __table_args__ = (CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_has_date"),)

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    # Number of the authorisation of the archive, as on paper.
    reference: Mapped[str] = mapped_column(String(200))
    legal_basis: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    proposed_by_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    proposed_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None]
    decided_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]
    # The series whose term has run; None: proposed before series were kept here.
    series_id: Mapped[int | None] = mapped_column(ForeignKey("documentary_series.id"), index=True)

    series: Mapped[DocumentarySeries | None] = relationship()
    proposed_by_post: Mapped[Post] = relationship(foreign_keys=[proposed_by_post_id])
    decided_by_post: Mapped[Post | None] = relationship(foreign_keys=[decided_by_post_id])


class DisposedSubmission(Base):
    """A submission of a disposal: destroyed at an instant, or kept and why."""

    __tablename__ = "disposed_submissions"

    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposals.id"), primary_key=True, autoincrement=False)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, autoincrement=False)
    purged_at: Mapped[datetime | None]
    skipped: Mapped[str] = mapped_column(String(20), default="")

    submission: Mapped[Submission] = relationship()


class LegalHold(Base):
    """An order that a submission, or all of a window, is kept: for a trial, an audit or a request."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("(submission_id IS NULL) <> (window_id IS NULL)", name="holds_one_thing"),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name="lifted_has_reason"),
    )

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    window_id: Mapped[int | None] = mapped_column(ForeignKey("windows.id"), index=True)
    reference: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    from_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    lift_reason: Mapped[str] = mapped_column(Text, default="")

    submission: Mapped[Submission | None] = relationship()
    window: Mapped[Window | None] = relationship()
