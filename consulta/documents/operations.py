"""Publishing documents and their versions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from consulta.actors import Actor, Role
from consulta.db import lock_exclusive, session
from consulta.documents.models import Document, DocumentVersion
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.inspection import inspect
from consulta.inspection.reading import ReadDocument, read_document
from consulta.record.operations import append_leaf
from consulta.storage import Storage
from consulta.windows.models import Topic
from consulta.windows.operations import status_of, window_lock
from consulta.windows.rules import check_title
from consulta.windows.states import WindowStatus

LONGEST_NOTE = 2_000
MOST_DOCUMENTS = 20


@dataclass(frozen=True)
class PreparedFile:
    """A file that was inspected, read and kept, ready to become a version."""

    filename: str
    media_type: str
    size: int
    sha256: str
    original_key: str
    public_key: str
    page: ReadDocument


def prepare_file(*, filename: str, content: bytes, storage: Storage) -> PreparedFile:
    """Inspect, read and keep a file. Before any transaction: a long document must keep nobody waiting.

    Raises Refused at `file` when it is not accepted or has no text.
    """
    try:
        file = inspect(filename, content)
    except Refused as refused:
        raise Refused(refused.message, field="file") from refused
    page = read_document(file.filename, file.media_type, content)
    return PreparedFile(
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        original_key=storage.put(content),
        public_key=storage.put(file.public_content),
        page=page,
    )


def publish_document(*, topic: Topic, title: str, file: PreparedFile, actor: Actor, now: datetime) -> DocumentVersion:
    """Publish a new document of a topic, in its first version, with its leaf.

    Raises Refused on a bad title, or once the window closed.
    """
    _check(topic, actor, now)
    check_title(title)
    last = session().scalar(select(func.max(Document.number)).where(Document.topic_id == topic.id)) or 0
    if last >= MOST_DOCUMENTS:
        raise Refused(_("Ya hay %(count)s documentos: agregue una versión a uno de ellos.", count=last), field="title")
    document = Document(topic=topic, number=last + 1, title=title.strip())
    session().add(document)
    session().flush()
    return _add(document, file, "", actor, now)


def publish_version(
    *, document: Document, file: PreparedFile, note: str, actor: Actor, now: datetime
) -> DocumentVersion:
    """Publish the next version of a document; the earlier ones stay readable. Raises Refused as above."""
    _check(document.topic, actor, now)
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise Refused(
            _(
                "Escriba qué cambió desde la versión anterior, en no más de %(longest)s caracteres.",
                longest=LONGEST_NOTE,
            ),
            field="note",
        )
    return _add(document, file, note.strip(), actor, now)


def _check(topic: Topic, actor: Actor, now: datetime) -> None:
    if actor.role != Role.COORDINATOR or actor.government_id != topic.window.government_id:
        raise Forbidden(_("Solo la coordinación de este gobierno puede hacerlo."))
    lock_exclusive(window_lock(topic.window_id))
    if status_of(topic.window, now) in (WindowStatus.CLOSED, WindowStatus.CONCLUDED):
        raise Refused(_("La consulta ya cerró: sus documentos no cambian."))


def _add(document: Document, file: PreparedFile, note: str, actor: Actor, now: datetime) -> DocumentVersion:
    session().refresh(document, ["versions"])
    latest = document.versions[-1] if document.versions else None
    if latest is not None and latest.sha256 == file.sha256:
        raise Refused(_("Es el mismo archivo que la versión vigente: no hay nada que publicar."), field="file")
    version = DocumentVersion(
        document=document,
        number=latest.number + 1 if latest else 1,
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        original_key=file.original_key,
        public_key=file.public_key,
        html=file.page.html,
        anchors=file.page.anchors,
        note=note,
        post_id=actor.post_id,
        published_at=now,
    )
    session().add(version)
    document.topic.window.updated_at = now
    _record(version, actor, now)
    return version


def _record(version: DocumentVersion, actor: Actor, now: datetime) -> None:
    document = version.document
    append_leaf(
        kind="document.published",
        public_id=document.topic.reference,
        at=now,
        content={
            "document": document.number,
            "title": document.title,
            "version": version.number,
            "sha256": version.sha256,
            "note": version.note,
            "post_id": actor.post_id,
        },
    )
    session().flush()
