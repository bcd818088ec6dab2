"""Referrals and answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Agency, Government, Post, Unit
from consulta.clocks.models import Clock
from consulta.db import Base, pk
from consulta.submissions.models import Submission


class Answer(Base):
    """What a unit answers; one may serve many referrals."""

    __tablename__ = "answers"
    __table_args__ = (
        CheckConstraint("(state IN ('signed_off', 'published')) = (signed_at IS NOT NULL)", name="signed_has_date"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_date"),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted_has_date"),
    )

    id: Mapped[pk]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    disposition: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    drafted_at: Mapped[datetime]
    drafted_by_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    drafted_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    submitted_at: Mapped[datetime | None]
    # Why the approver sent it back; cleared when it is submitted again.
    sent_back_reason: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime | None]
    signed_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    # Printed beside the answer where a government lets one person draft and sign.
    self_signed: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    published_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    corrected_at: Mapped[datetime | None]
    # Where the data that a person asked for are: an address, or None.
    dataset_url: Mapped[str | None] = mapped_column(String(500))

    unit: Mapped[Unit] = relationship()
    signed_by_post: Mapped[Post | None] = relationship(foreign_keys=[signed_by_post_id])
    referrals: Mapped[list["Referral"]] = relationship(order_by="Referral.id", back_populates="answer")
    versions: Mapped[list["AnswerVersion"]] = relationship(order_by="AnswerVersion.number", back_populates="answer")


class AnswerWording(Base):
    """A wording of a draft as somebody saved it: who, when and what. Read by the offices alone."""

    __tablename__ = "answer_wordings"
    __table_args__ = (UniqueConstraint("answer_id", "number"),)

    id: Mapped[pk]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"))
    number: Mapped[int]
    disposition: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]

    post: Mapped[Post] = relationship()


class Boilerplate(Base):
    """A wording that an agency keeps to begin answers with; what varies stands in braces."""

    __tablename__ = "boilerplates"

    id: Mapped[pk]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    disposition: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]
    # It is kept and no longer offered.
    retired_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship()


class AnswerVersion(Base):
    """A published wording: the first, and one per correction. Never changed."""

    __tablename__ = "answer_versions"
    __table_args__ = (UniqueConstraint("answer_id", "number"),)

    id: Mapped[pk]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"))
    number: Mapped[int]
    disposition: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    dataset_url: Mapped[str | None] = mapped_column(String(500))
    # Why it was corrected; None for the first.
    reason: Mapped[str | None] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]

    answer: Mapped[Answer] = relationship(back_populates="versions")


class Part(Base):
    """A passage of a submission that is answered on its own. The original stays whole beside it."""

    __tablename__ = "parts"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    number: Mapped[int]
    # Word for word as it was written.
    quote: Mapped[str] = mapped_column(Text)
    # The article of the draft that it speaks of; empty where it speaks of none.
    article: Mapped[str] = mapped_column(String(200))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]
    # When the parts were joined again; the rows stay.
    joined_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()


class Referral(Base):
    """A submission, or a part of it, at the unit that must answer it, by a date."""

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_has_date"),
        CheckConstraint("state != 'answered' OR answer_id IS NOT NULL", name="answered_has_answer"),
        CheckConstraint("(state = 'returned') = (returned_at IS NOT NULL)", name="returned_has_date"),
        CheckConstraint("(state = 'returned') = (return_reason IS NOT NULL)", name="returned_has_reason"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_has_date"),
        CheckConstraint("(state = 'ended') = (end_cause IS NOT NULL)", name="ended_has_cause"),
        Index("ix_referrals_tray", "unit_id", "state", "due_at", "id"),
    )

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    state: Mapped[str] = mapped_column(String(20))
    referred_at: Mapped[datetime]
    # None when the topic routed it.
    referred_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    # By when the person must be answered: what her own clock says, kept here so that the tray can sort by it.
    due_at: Mapped[datetime]
    # The clock of the unit, since the referral reached it.
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clocks.id"), index=True)
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(Text)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"), index=True)
    answered_at: Mapped[datetime | None]
    # What of the submission is answered here; None: all of it.
    part_id: Mapped[int | None] = mapped_column(ForeignKey("parts.id"), index=True)
    ended_at: Mapped[datetime | None]
    end_cause: Mapped[str | None] = mapped_column(String(20))

    submission: Mapped[Submission] = relationship()
    part: Mapped[Part | None] = relationship()
    unit: Mapped[Unit] = relationship()
    answer: Mapped[Answer | None] = relationship(back_populates="referrals")
    clock: Mapped[Clock | None] = relationship()

    @property
    def derivation(self) -> dict[str, Any] | None:
        """Return how the date came to be by which the person must be answered."""
        return self.submission.clock.derivation if self.submission.clock else None


class HandOver(Base):
    """A submission handed from one government of the instance to another: folio and due date stay."""

    __tablename__ = "hand_overs"

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    from_government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    to_government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    reason: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]

    from_government: Mapped[Government] = relationship(foreign_keys=[from_government_id])
    to_government: Mapped[Government] = relationship(foreign_keys=[to_government_id])


class DisowningClaim(Base):
    """Somebody with neither key nor mail says that she did not send a submission. The coordination decides."""

    __tablename__ = "disowning_claims"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_date"),
        CheckConstraint("(state = 'open') = (reason = '')", name="decided_has_reason"),
        Index(
            "uq_disowning_claims_open",
            "submission_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    # Who says so, and where she is told; read by the coordination alone.
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    text: Mapped[str] = mapped_column(Text)
    hides: Mapped[bool]
    filed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    submission: Mapped[Submission] = relationship()
