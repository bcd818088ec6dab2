"""Releases of figures of people."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.db import Base, pk
from consulta.windows.models import Window


class PeopleRelease(Base):
    """What was published about who took part in a window: once when it is over; a mailbox once a year. Never live."""

    __tablename__ = "people_releases"
    __table_args__ = (
        CheckConstraint("number > 0", name="is_numbered"),
        UniqueConstraint("window_id", "number"),
        UniqueConstraint("window_id", "year", name="uq_people_releases_year"),
    )

    id: Mapped[pk]
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"))
    number: Mapped[int]
    # The year, of the government's own calendar, in which it was released.
    year: Mapped[int]
    at: Mapped[datetime]
    # A `disclosure.PublishableTable`, and the kinds of organisations: nothing else ever stands here.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    # SHA-256 of the content, which the leaf of the release commits to.
    digest: Mapped[str] = mapped_column(String(64))

    window: Mapped[Window] = relationship()
