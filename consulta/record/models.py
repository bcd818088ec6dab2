"""Leaves, and the openings that let the holder of the content prove what a leaf commits to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.db import Base, pk


class Leaf(Base):
    """One act. Holds no personal data: only what was done, to which public identifier, when, and a commitment."""

    __tablename__ = "leaves"

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(String(60))
    public_id: Mapped[str] = mapped_column(String(120), index=True)
    at: Mapped[datetime]
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    # Filled by the sequencer when the leaf enters the tree.
    sequence: Mapped[int | None] = mapped_column(unique=True)


class Opening(Base):
    """Salt and committed content of a leaf; destroyed by a purge while the leaf stays verifiable.

    `content` is None where the committed columns live in the owner's own row and are read from there.
    """

    __tablename__ = "openings"

    leaf_id: Mapped[int] = mapped_column(ForeignKey("leaves.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    leaf: Mapped[Leaf] = relationship()
