"""The public record: its checkpoints and tiles for whoever watches it, and what became of one's own folio in it."""

import re

from flask import Blueprint, Response, abort, render_template, request

from consulta.errors import Refused
from consulta.folio import parse_folio
from consulta.i18n.text import _
from consulta.record.notes import verifier_key
from consulta.record.queries import find_last_checkpoint, is_proved, list_checkpoints, prove_acts, tree_size
from consulta.record.signing import load_key
from consulta.record.tiles import HASH, TileReader
from consulta.submissions.queries import find_visible
from consulta.web.access import EVERYBODY, access
from consulta.web.context import services

blueprint = Blueprint("record", __name__)
# A tile's number in groups of three digits, all but the last after an x; a tile that is not full says its width.
TILE = re.compile(r"(\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")


@blueprint.get("/bitacora")
@access(EVERYBODY)
def overview() -> str:
    """Say what the record is, how far it reaches and how anybody checks it."""
    found = list_checkpoints()
    return render_template(
        "portal/record.html", checkpoints=found, size=tree_size(), key=_verifier_key(found[0].note if found else "")
    )


@blueprint.get("/bitacora/checkpoint")
@access(EVERYBODY)
def checkpoint() -> Response:
    """Give the newest checkpoint as a signed note (C2SP tlog-checkpoint)."""
    found = find_last_checkpoint()
    return Response(found.note if found else abort(404), mimetype="text/plain")


@blueprint.get("/bitacora/tile/<path:address>")
@access(EVERYBODY)
def tile(address: str) -> Response:
    """Give a tile of hashes (C2SP tlog-tiles): a full one never changes."""
    match = TILE.fullmatch(address)
    if match is None:
        abort(404)
    position = int(match[2].replace("x", "").replace("/", ""))
    hashes = TileReader().tile(int(match[1]), position)
    wanted = int(match[3]) if match[3] else 256
    if not 0 < wanted <= 256 or len(hashes) < wanted * HASH:
        abort(404)
    return Response(hashes[: wanted * HASH], mimetype="application/octet-stream")


@blueprint.get("/verificar")
@access(EVERYBODY)
def verify() -> str | tuple[str, int]:
    """Say whether what was done with a folio is still there, unchanged, and under which checkpoint."""
    typed = request.args.get("folio", "")[:80]
    if not typed.strip():
        return render_template("portal/verify.html", folio="", problem="", acts=None, checkpoint=None)
    try:
        folio = parse_folio(typed)
    except Refused as refused:
        return _page(typed, refused.message)
    # What may not be named in public does not exist here, nor anywhere else without its key.
    if find_visible(folio) is None:
        return _page(typed, _("No hay nada en la bitácora con ese folio: revise cada letra y número."))
    newest = find_last_checkpoint()
    acts = [(place, is_proved(place, newest)) for place in prove_acts(folio, newest)]
    return render_template("portal/verify.html", folio=folio, problem="", acts=acts, checkpoint=newest)


def _page(folio: str, problem: str) -> tuple[str, int]:
    return render_template("portal/verify.html", folio=folio, problem=problem, acts=None, checkpoint=None), 404


def _verifier_key(note: str) -> str:
    """Return the key under which the checkpoints can be verified; empty while there are none."""
    if not note:
        return ""
    public = load_key(services().settings.instance / "keys").public_key().public_bytes_raw()
    return verifier_key(note.split("\n", 1)[0], public)
