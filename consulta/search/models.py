"""The index of the server profile: what is found, and how far it has followed. Both can be made again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from consulta.db import Base, pk


class SearchDocument(Base):
    """A text to be found, as tokens. Empty on SQLite, where the index is a folder."""

    __tablename__ = "search_documents"
    __table_args__ = (
        Index("ix_search_documents_tokens", "tokens", postgresql_using="gin"),
        Index("ix_search_documents_newest", "at", "id"),
    )

    id: Mapped[pk]
    at: Mapped[datetime]
    tokens: Mapped[Any] = mapped_column(TSVECTOR().with_variant(Text(), "sqlite"))


class SearchProgress(Base):
    """How far the index has followed the public record: one row."""

    __tablename__ = "search_progress"

    id: Mapped[pk]
    # Of the analysis with which everything in it was written.
    version: Mapped[int]
    sequence: Mapped[int]
    waiting: Mapped[list[int]] = mapped_column(JSON)


class SearchWord(Base):
    """A word that some text has or had, under each key by which a slip of it is found (`search.spelling`)."""

    __tablename__ = "search_words"

    variant: Mapped[str] = mapped_column(String(40), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
