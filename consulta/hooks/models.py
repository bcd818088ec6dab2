"""Addresses of systems, and what was sent to them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Government
from consulta.db import Base, pk


class Webhook(Base):
    """An address of a system that a government wants told. Removing destroys the row and its secret."""

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'suspended') OR proved_at IS NOT NULL", name="told_is_proved"),
        CheckConstraint("(state = 'suspended') = (suspended_at IS NOT NULL)", name="suspended_has_date"),
        CheckConstraint("(suspended_at IS NULL) = (suspension_cause IS NULL)", name="suspended_has_cause"),
        CheckConstraint("(old_secret IS NULL) = (old_secret_until IS NULL)", name="old_secret_ends"),
        Index("ix_webhooks_government", "government_id", "id"),
        # A number is never given again, or what was on its way would be told of another.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[pk]
    # Names it in public, and binds its secrets to it.
    key: Mapped[str] = mapped_column(String(32), unique=True)
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"))
    label: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    # Sealed under a key of the instance: see `signing`.
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    old_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    proved_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspension_cause: Mapped[str | None] = mapped_column(String(20))
    # Failures in a row, and until when it is left alone because of them.
    failures: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None]
    # The last happening that was looked at for it.
    told_id: Mapped[int]

    government: Mapped[Government] = relationship()


class WebhookDelivery(Base):
    """One event for one address: what is sent, how often it was, and what came back."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="waiting_has_next"),
        CheckConstraint("state <> 'delivered' OR status IS NOT NULL", name="delivered_has_status"),
        CheckConstraint("(tries = 0) = (tried_at IS NULL)", name="tried_has_date"),
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_deliveries_due", "webhook_id", "state", "next_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[pk]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    event_id: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(30))
    # Folio, slug or reference: what a page shows of it.
    about: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(index=True)
    next_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    # The first words of the answer, or why there was none.
    said: Mapped[str] = mapped_column(String(200), default="")

    webhook: Mapped[Webhook] = relationship()
