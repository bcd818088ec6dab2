"""Whether the server is alive, and ready; and, in a demonstration, the mails it would have sent."""

from email import message_from_bytes, policy
from pathlib import Path

from flask import Blueprint, abort
from sqlalchemy import text

from consulta.db import session
from consulta.migrate import current_revision, head_revision
from consulta.web.access import EVERYBODY, access
from consulta.web.context import services
from consulta.web.responses import no_store, render_private

blueprint = Blueprint("health", __name__)


@blueprint.get("/salud/vivo")
@access(EVERYBODY)
def alive() -> tuple[str, int, dict[str, str]]:
    """Answer while the process runs."""
    no_store()
    return "vivo\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/salud/listo")
@access(EVERYBODY)
def ready() -> tuple[str, int, dict[str, str]]:
    """Answer 200 when the database answers and is migrated."""
    no_store()
    session().execute(text("SELECT 1"))
    is_current = current_revision(services().database) == head_revision()
    status = 200 if is_current else 503
    return ("listo\n" if is_current else "falta migrar\n"), status, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/desarrollo/correo")
@access(EVERYBODY)
def mails() -> str:
    """Show the mails of a demonstration instance; anywhere else this page does not exist."""
    settings = services().settings
    if not settings.demo or settings.smtp_url is not None:
        abort(404)
    files = sorted(settings.mail_folder.glob("*.eml"), reverse=True)[:50]
    return render_private("texts/mails.html", mails=[_read(path) for path in files])


def _read(path: Path) -> dict[str, str]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    return {
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "date": str(message["Date"]),
        "body": str(body.get_content()) if body else "",
    }
