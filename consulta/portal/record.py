"""The public record: its checkpoints, tiles and keys, for whoever watches it."""

import re

from flask import Blueprint, Response, abort, jsonify, render_template

from consulta.receipts.operations import count_checked
from consulta.record.exports import key_json
from consulta.record.keys import list_keys
from consulta.record.notes import verifier_key
from consulta.record.publishing import VERIFIER
from consulta.record.queries import find_last_checkpoint, list_checkpoints, list_cosignatures, note_of, tree_size
from consulta.record.signing import load_key
from consulta.record.tiles import HASH, TileReader
from consulta.web.access import EVERYBODY, access
from consulta.web.context import services
from consulta.windows.counters import read_totals
from consulta.windows.states import CounterName

blueprint = Blueprint("record", __name__)
# A tile's number in groups of three digits, all but the last after an x; a tile that is not full says its width.
TILE = re.compile(r"(\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")


@blueprint.get("/bitacora")
@access(EVERYBODY)
def overview() -> str:
    """Say what the record is, how far it reaches and how anybody checks it."""
    found = list_checkpoints()
    totals = read_totals()
    return render_template(
        "portal/record.html",
        checkpoints=found,
        witnesses=list_cosignatures([item.id for item in found]),
        size=tree_size(),
        key=_verifier_key(found[0].note if found else ""),
        receipts=totals.get(CounterName.RECEIVED, 0) + totals.get(CounterName.LATE, 0),
        checked=count_checked(),
    )


@blueprint.get("/bitacora/checkpoint")
@access(EVERYBODY)
def checkpoint() -> Response:
    """Give the newest checkpoint as a signed note (C2SP tlog-checkpoint)."""
    found = find_last_checkpoint()
    return Response(note_of(found) if found else abort(404), mimetype="text/plain")


@blueprint.get("/bitacora/claves")
@access(EVERYBODY)
def keys() -> Response:
    """Give every key of the record, from when to when, and the text by which each one handed over to the next."""
    origin = services().settings.record_origin
    return jsonify(origin=origin, keys=[key_json(item, origin) for item in list_keys()])


@blueprint.get("/bitacora/verificador.py")
@access(EVERYBODY)
def verifier() -> Response:
    """Give the verifier: one file that needs nothing of this site."""
    return Response(VERIFIER.read_bytes(), mimetype="text/x-python; charset=utf-8")


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


def _verifier_key(note: str) -> str:
    """Return the key under which the checkpoints can be verified; empty while there are none."""
    if not note:
        return ""
    public = load_key(services().settings.instance / "keys").public_key().public_bytes_raw()
    return verifier_key(note.split("\n", 1)[0], public)
