"""Notices."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consulta.db import Base, pk


class Notice(Base):
    """One message to one person, or one entry of the electronic notice board."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_date"),
        CheckConstraint("(means = 'mail') = (address IS NOT NULL)", name="mail_has_address"),
        CheckConstraint("(state = 'failed') = (failed_at IS NOT NULL)", name="failed_has_date"),
    )

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(String(60), index=True)
    unique_key: Mapped[str] = mapped_column(String(200), unique=True)
    # Folio, slug or other public identifier of what it tells about.
    about: Mapped[str] = mapped_column(String(120), index=True)
    means: Mapped[str] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    # Language of subject and body.
    language: Mapped[str] = mapped_column(String(12), default="es")
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # Where one click ends the subscription to which it belongs; empty where there is none.
    leave_url: Mapped[str] = mapped_column(Text, default="")
    # When it was refused or came back, and what the mail server said.
    failed_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(String(300), default="")
