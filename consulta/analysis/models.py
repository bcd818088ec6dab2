"""Groups of alike comments, in the open: what a machine proposed, with its parameters, and what a person decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.db import Base, pk
from consulta.submissions.models import Submission
from consulta.windows.models import Window


class Campaign(Base):
    """A group of comments of a window that say nearly the same. Each counts; nothing is merged, nothing weighs more."""

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_has_date"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_post_id IS NULL)", name="decided_has_author"),
    )

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    representative_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    # What anybody needs to find the same group again from the published texts.
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    size: Mapped[int]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    window: Mapped[Window] = relationship()
    representative: Mapped[Submission] = relationship()


class CampaignMember(Base):
    """A comment in a group, and how much of the representative's text it shares."""

    __tablename__ = "campaign_members"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)
    similarity: Mapped[float] = mapped_column(Float)
    # When a person took it out of the group; the row stays.
    removed_at: Mapped[datetime | None]
    removed_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))

    submission: Mapped[Submission] = relationship()
