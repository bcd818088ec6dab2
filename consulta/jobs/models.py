"""Rows of the outbox. A row that is done is removed; what must be remembered has its own row elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consulta.db import Base, pk


class Job(Base):
    """One piece of work. `leased_until` in the past means that its worker died: anybody may take it again."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "run_at", "id"),)

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
