"""Requests about personal data."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Post
from consulta.clocks.models import Clock
from consulta.db import Base, pk
from consulta.submissions.models import Submission


class DataRightsRequest(Base):
    """Somebody who has folio and key exercises a right over what is kept of her; an office answers by a date."""

    __tablename__ = "data_rights_requests"
    __table_args__ = (
        CheckConstraint("(extended_at IS NULL) = (extension_reason = '')", name="extended_has_reason"),
        CheckConstraint("state != 'extended' OR extended_at IS NOT NULL", name="extended_has_date"),
        CheckConstraint("(state IN ('filed', 'extended')) = (decided_at IS NULL)", name="decided_has_date"),
        CheckConstraint("(state IN ('filed', 'extended')) = (reason = '')", name="decided_has_reason"),
        CheckConstraint("(state = 'carried_out') = (carried_out_at IS NOT NULL)", name="carried_out_has_date"),
        CheckConstraint(
            "(state IN ('filed', 'extended', 'accepted') AND kind = 'rectification')"
            " OR (new_email = '' AND new_phone = '' AND new_name = '')",
            name="settled_keeps_no_contact",
        ),
        Index(
            "uq_data_rights_requests_open",
            "submission_id",
            "kind",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), index=True)
    # What the person says; not public.
    text: Mapped[str] = mapped_column(Text)
    # What should be kept instead; emptied once it was carried out or denied.
    new_email: Mapped[str] = mapped_column(String(320), default="")
    new_phone: Mapped[str] = mapped_column(String(40), default="")
    new_name: Mapped[str] = mapped_column(String(200), default="")
    filed_at: Mapped[datetime]
    # The term of the answer.
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clocks.id"), index=True)
    extended_at: Mapped[datetime | None]
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    # The term to make effective what was accepted.
    effect_clock_id: Mapped[int | None] = mapped_column(ForeignKey("clocks.id"), index=True)
    carried_out_at: Mapped[datetime | None]
    # What was done, where somebody had to do it by hand.
    effect_note: Mapped[str] = mapped_column(Text, default="")

    submission: Mapped[Submission] = relationship()
    clock: Mapped[Clock | None] = relationship(foreign_keys=[clock_id])
    effect_clock: Mapped[Clock | None] = relationship(foreign_keys=[effect_clock_id])
    decided_by_post: Mapped[Post | None] = relationship()
