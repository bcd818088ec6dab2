"""Documents under consultation as pages: each version readable, with an address per article."""

from flask import Blueprint, Response, abort, render_template, request
from markupsafe import Markup

from consulta.documents.models import DocumentVersion
from consulta.documents.queries import find_version, list_documents
from consulta.portal.pages import public_topic
from consulta.storage.current import send_download
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at
from consulta.windows.models import Topic
from consulta.windows.operations import status_of

blueprint = Blueprint("documents", __name__)


@blueprint.get("/consultas/<slug>/temas/<int:number>/documentos/<int:document>")
@blueprint.get("/buzones/<slug>/temas/<int:number>/documentos/<int:document>", endpoint="mailbox_page")
@access(EVERYBODY)
def page(slug: str, number: int, document: int) -> str:
    """Show a document as a page: its newest version, or the one asked for."""
    topic = public_topic(slug, number)
    version = _version(topic, document, request.args.get("version", type=int))
    return render_template(
        "portal/document.html",
        topic=topic,
        version=version,
        versions=next(item.versions for item in list_documents(topic.id) if item.number == document),
        # Cleaned when it was published (`inspection.reading`): known tags only, no scripts, styles or handlers.
        body=Markup(version.html),  # noqa: S704
        status=status_of(topic.window, arrived_at()),
    )


@blueprint.get("/consultas/<slug>/temas/<int:number>/documentos/<int:document>/<int:version>/archivo")
@blueprint.get(
    "/buzones/<slug>/temas/<int:number>/documentos/<int:document>/<int:version>/archivo", endpoint="mailbox_file"
)
@access(EVERYBODY)
def file(slug: str, number: int, document: int, version: int) -> Response:
    """Download the file of a version, without metadata."""
    found = _version(public_topic(slug, number), document, version)
    return send_download(key=found.public_key, media_type=found.media_type, filename=found.filename)


def _version(topic: Topic, document: int, version: int | None) -> DocumentVersion:
    if not all(0 <= item < 10**9 for item in (document, version or 0)):
        abort(404)
    found = find_version(topic.id, document, version)
    if found is None:
        abort(404)
    return found
