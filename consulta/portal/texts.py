"""Pages of text: accessibility, help, commitments, and the electronic notice board."""

from flask import Blueprint, render_template, request

from consulta.notices.queries import list_posted
from consulta.web.access import EVERYBODY, access
from consulta.web.pagination import decode_cursor, encode_cursor

blueprint = Blueprint("texts", __name__)


@blueprint.get("/accesibilidad")
@access(EVERYBODY)
def accessibility() -> str:
    """Say what the pages offer and where to write when they fail."""
    return render_template("texts/accessibility.html")


@blueprint.get("/ayuda")
@access(EVERYBODY)
def help_page() -> str:
    """Explain how to take part and how to follow a folio."""
    return render_template("texts/help.html")


@blueprint.get("/ayuda/responder")
@access(EVERYBODY)
def help_answering() -> str:
    """Explain the tray, answers and entries to who answers."""
    return render_template("texts/help_answering.html")


@blueprint.get("/ayuda/coordinar")
@access(EVERYBODY)
def help_coordinating() -> str:
    """Explain preparing, opening and closing to who coordinates."""
    return render_template("texts/help_coordinating.html")


@blueprint.get("/carta-compromiso")
@access(EVERYBODY)
def commitments() -> str:
    """Say what is promised and how each promise can be checked."""
    return render_template("texts/commitments.html")


@blueprint.get("/estrados")
@access(EVERYBODY)
def notice_board() -> str:
    """List the answers notified on the electronic notice board, newest first."""
    cursor = decode_cursor(request.args.get("desde"), int)
    found = list_posted(before_id=cursor[0] if cursor else None, limit=21)
    older = encode_cursor(found[19].id) if len(found) > 20 else None
    return render_template("texts/notice_board.html", notices=found[:20], older=older)
