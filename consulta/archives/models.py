"""Disposals with what is in them, and holds that keep something from them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Post
from consulta.db import Base, pk
from consulta.submissions.models import Submission
from consulta.windows.models import Window


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
