"""Improvement projects, their administrative actions, and the comments from which they come."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Government, Unit
from consulta.db import Base, pk
from consulta.submissions.models import Submission


class ImprovementProject(Base):
    """What a unit sets out to improve: a regulation, a procedure or a service."""

    __tablename__ = "improvement_projects"
    __table_args__ = (
        UniqueConstraint("government_id", "key"),
        CheckConstraint("state != 'dropped' OR state_reason != ''", name="dropped_has_reason"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_it_begins"),
    )

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    # As the office numbers it.
    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # How many comments it comes from.
    sources: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))

    government: Mapped[Government] = relationship()
    unit: Mapped[Unit | None] = relationship()
    actions: Mapped[list["AdministrativeAction"]] = relationship(
        order_by="AdministrativeAction.id", back_populates="project"
    )


class AdministrativeAction(Base):
    """A step by which a project becomes real: an agreement, a form that goes, a system that answers."""

    __tablename__ = "administrative_actions"
    __table_args__ = (
        UniqueConstraint("project_id", "key"),
        CheckConstraint("state != 'not_done' OR state_reason != ''", name="undone_has_reason"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_has_day"),
    )

    id: Mapped[pk]
    project_id: Mapped[int] = mapped_column(ForeignKey("improvement_projects.id"))
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(20))
    state_reason: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    created_at: Mapped[datetime]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))

    project: Mapped[ImprovementProject] = relationship(back_populates="actions")


class ProjectSubmission(Base):
    """A comment from which a project comes. The row stays when the tie is undone."""

    __tablename__ = "project_submissions"

    project_id: Mapped[int] = mapped_column(ForeignKey("improvement_projects.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    project: Mapped[ImprovementProject] = relationship()
    submission: Mapped[Submission] = relationship()
