"""What was done with each text in review, by whom and on which ground; and the appeals against it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Post
from consulta.clocks.models import Clock
from consulta.db import Base, pk
from consulta.submissions.models import Submission


class Moderation(Base):
    """An act of review. Never changed; the next one stands beside it."""

    __tablename__ = "moderations"
    __table_args__ = (
        CheckConstraint("(act = 'published') = (ground = '')", name="unshown_has_ground"),
        Index("ix_moderations_at", "at"),
    )

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    # Key of the closed list (`data/moderation.toml`).
    ground: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text)
    passages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]
    # Whether it came within the business day that a review may take.
    is_on_time: Mapped[bool]

    submission: Mapped[Submission] = relationship()
    post: Mapped[Post] = relationship()


class Appeal(Base):
    """An author objects that her text, or part of it, is not shown. Another post decides, by a date."""

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_date"),
        CheckConstraint("(state = 'open') = (reason = '')", name="decided_has_reason"),
        Index(
            "uq_appeals_open",
            "submission_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    moderation_id: Mapped[int] = mapped_column(ForeignKey("moderations.id"))
    state: Mapped[str] = mapped_column(String(20), index=True)
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime]
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clocks.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    submission: Mapped[Submission] = relationship()
    moderation: Mapped[Moderation] = relationship()
    clock: Mapped[Clock | None] = relationship()
