"""Reads of documents."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload, undefer

from consulta.db import session
from consulta.documents.models import Document, DocumentVersion


def list_documents(topic_id: int) -> Sequence[Document]:
    """Return the documents of a topic with their versions, in order."""
    found = (
        select(Document)
        .options(selectinload(Document.versions))
        .where(Document.topic_id == topic_id)
        .order_by(Document.number)
    )
    return session().scalars(found).all()


def find_version(topic_id: int, number: int, version: int | None = None) -> DocumentVersion | None:
    """Return a version of a topic's document with its text: the one named, or the newest."""
    shown = (undefer(DocumentVersion.html), undefer(DocumentVersion.anchors))
    found = _versions().options(*shown).where(Document.topic_id == topic_id, Document.number == number)
    if version is not None:
        found = found.where(DocumentVersion.number == version)
    return session().scalar(found.order_by(DocumentVersion.number.desc()).limit(1))


def list_current_versions(topic_id: int) -> list[DocumentVersion]:
    """Return the newest version of every document of a topic: what a person sees who begins to write."""
    return [document.current for document in list_documents(topic_id)]


def has_documents(topic_ids: Collection[int]) -> set[int]:
    """Return which of the topics have a document."""
    return set(session().scalars(select(Document.topic_id).where(Document.topic_id.in_(topic_ids)).distinct()))


def describe_versions(version_ids: Collection[int], topic_id: int) -> list[dict[str, Any]]:
    """Return versions of a topic as a submission keeps them; ids of other topics are left out."""
    if not version_ids:
        return []
    found = _versions().where(DocumentVersion.id.in_(version_ids), Document.topic_id == topic_id)
    return [
        {"document": item.document.number, "version": item.number, "sha256": item.sha256}
        for item in session().scalars(found.order_by(Document.number, DocumentVersion.number))
    ]


def _versions() -> Select[DocumentVersion]:
    return (
        select(DocumentVersion)
        .join(DocumentVersion.document)
        .options(contains_eager(DocumentVersion.document).joinedload(Document.topic))
    )
