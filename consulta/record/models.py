"""Leaves, and the openings that let the holder of the content prove what a leaf commits to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.db import Base, pk


class Leaf(Base):
    """One act. Holds no personal data: only what was done, to which public identifier, when, and a commitment."""

    __tablename__ = "leaves"
    __table_args__ = (
        # What the sequencer has still to take: a few rows of millions.
        Index(
            "ix_leaves_waiting",
            "id",
            sqlite_where=text("sequence IS NULL"),
            postgresql_where=text("sequence IS NULL"),
        ),
    )

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


class Tile(Base):
    """Up to 256 hashes of one level of the tree, side by side (C2SP tlog-tiles). Built from the leaves alone."""

    __tablename__ = "record_tiles"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class Checkpoint(Base):
    """The size and root of the tree at an instant, as a signed note (C2SP tlog-checkpoint). Never changed."""

    __tablename__ = "checkpoints"

    id: Mapped[pk]
    size: Mapped[int] = mapped_column(unique=True)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Cosignature(Base):
    """That a witness saw a checkpoint and that it follows from what she had seen (C2SP tlog-cosignature)."""

    __tablename__ = "cosignatures"
    __table_args__ = (UniqueConstraint("checkpoint_id", "name"),)

    id: Mapped[pk]
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    # As it stands below the note, with its line feed.
    line: Mapped[str] = mapped_column(Text)


class SealKey(Base):
    """A key under which the record was signed, from when to when, and what handed it over to the next."""

    __tablename__ = "seal_keys"
    __table_args__ = (CheckConstraint("(until_at IS NULL) = (end_reason = '')", name="ended_has_reason"),)

    id: Mapped[pk]
    public: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    # `rotated`, which both keys sign, or `lost`, which only the next one can.
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    # How many checkpoints it signed: with their numbers, none can be taken away unseen.
    signed: Mapped[int] = mapped_column(default=0)
    # The signed text that brought this key in; empty for the first one.
    handover: Mapped[str] = mapped_column(Text, default="")


class ReceiptCheck(Base):
    """That the receipt of a reception was checked at least once: the leaf, the first time, and how many came before."""

    __tablename__ = "receipt_checks"

    leaf_id: Mapped[int] = mapped_column(ForeignKey("leaves.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
