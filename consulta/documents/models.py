"""Documents of a topic and their versions. A version is never changed: a correction is the next one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.db import Base, pk
from consulta.windows.models import Topic


class Document(Base):
    """A document of a topic: the draft of a regulation, an assessment, an annex."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("topic_id", "number"),)

    id: Mapped[pk]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))

    topic: Mapped[Topic] = relationship()
    versions: Mapped[list["DocumentVersion"]] = relationship(
        order_by="DocumentVersion.number", back_populates="document"
    )

    @property
    def current(self) -> "DocumentVersion":
        """Return the newest version; a document always has one."""
        return self.versions[-1]


class DocumentVersion(Base):
    """A version as it was published: the file, and its text as a page."""

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[pk]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    original_key: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[str] = mapped_column(String(80))
    # Clean HTML made of the file; and its articles and headings: [{"id", "title", "level"}].
    # Read only where the document itself is shown: lists of documents never load them.
    html: Mapped[str] = mapped_column(Text, deferred=True)
    anchors: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    # What changed since the version before; empty for the first.
    note: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    published_at: Mapped[datetime]

    document: Mapped[Document] = relationship(back_populates="versions")
