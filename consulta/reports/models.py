"""Papers of a closing, and the wordings that a government gives them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.agencies.models import Agency
from consulta.db import Base, pk
from consulta.windows.models import Window


class PaperWording(Base):
    """How a government words a kind of paper, from a day on. What varies stands in braces. Never changed."""

    __tablename__ = "paper_wordings"

    id: Mapped[pk]
    government_id: Mapped[int] = mapped_column(ForeignKey("governments.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(300))
    legal_basis: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    signer_name: Mapped[str] = mapped_column(String(200))
    signer_post: Mapped[str] = mapped_column(String(200))
    # One recipient per line (c.c.p.).
    copies: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]


class ClosingPaper(Base):
    """A paper of a window: prepared, reviewed by a person, and issued. An issued one is never changed."""

    __tablename__ = "closing_papers"
    __table_args__ = (
        UniqueConstraint("window_id", "kind", "agency_id", "edition"),
        CheckConstraint("(issued_at IS NULL) = (digest = '')", name="issued_has_digest"),
        CheckConstraint("(issued_at IS NULL) = (issued_by_post_id IS NULL)", name="issued_has_author"),
        CheckConstraint("(kind = 'letter') = (agency_id IS NOT NULL)", name="letter_has_agency"),
    )

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    # To whom a letter goes.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    # 1, and one more each time that one was issued and another took its place.
    edition: Mapped[int]
    # As the office numbers it.
    number: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(300))
    legal_basis: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    signer_name: Mapped[str] = mapped_column(String(200))
    signer_post: Mapped[str] = mapped_column(String(200))
    copies: Mapped[str] = mapped_column(Text)
    # Figures and folios as they were counted at `counted_at`; never a text of a person.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    counted_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    issued_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    # SHA-256 of what was issued, as its leaf commits to it.
    digest: Mapped[str] = mapped_column(String(64), default="")

    window: Mapped[Window] = relationship()
    agency: Mapped[Agency | None] = relationship()
