"""`/verificar`: is it still there, unchanged? By folio, by the code of a receipt, or with the receipt itself."""

from typing import Any

from flask import Blueprint, render_template, request

from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.folio import parse_folio
from consulta.i18n.text import _
from consulta.inspection.attached import read_attached
from consulta.receipts.operations import note_check
from consulta.receipts.queries import Checked, Finding, check_receipt, find_by_mark
from consulta.receipts.rules import LONGEST, read_receipt
from consulta.record.models import Leaf
from consulta.record.queries import find_last_checkpoint, is_proved, list_cosignatures, prove_acts
from consulta.record.signing import load_key
from consulta.submissions.queries import find_visible
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.responses import no_store

blueprint = Blueprint("verifying", __name__)
ATTACHED = "acuse.json"


@blueprint.get("/verificar")
@access(EVERYBODY)
def verify() -> Any:
    """Say whether what was done with a folio is still there, unchanged, and under which checkpoint."""
    typed = request.args.get("folio", "")[:80]
    if not typed.strip():
        return _page(typed)
    try:
        folio = parse_folio(typed)
    except Refused as refused:
        return _page(typed, problem=refused.message), 404
    mark = request.args.get("huella", "")[:64]
    leaf = find_by_mark(folio, mark) if mark else None
    if mark and leaf is None:
        return _page(folio, is_missing=True)
    # What may not be named in public does not exist here, unless one holds its receipt.
    if leaf is None and find_visible(folio) is None:
        return _page(typed, problem=_("No hay nada en la bitácora con ese folio: revise cada letra y número.")), 404
    return _page(folio, leaf=leaf, is_named=find_visible(folio) is not None)


@blueprint.post("/verificar")
@access(EVERYBODY)
def verify_file() -> Any:
    """Check the file of a receipt. Nothing of it is kept."""
    no_store()
    sent = request.files.get("acuse")
    raw = sent.stream.read(LONGEST + 1) if sent is not None else b""
    if not raw:
        return _page("", file_problem=_("Elija el archivo del acuse que bajó: PDF, JSON o TXT.")), 422
    try:
        if raw.startswith(b"%PDF"):
            raw = read_attached(raw, ATTACHED)
        settings = services().settings
        public = load_key(settings.instance / "keys").public_key().public_bytes_raw()
        checked = check_receipt(read_receipt(raw), origin=settings.record_origin, public=public)
    except Refused as refused:
        return _page("", file_problem=refused.message), 422
    return _page(checked.promise.folio, checked=checked, leaf=checked.leaf)


def _page(
    folio: str,
    *,
    problem: str = "",
    file_problem: str = "",
    checked: Checked | None = None,
    leaf: Leaf | None = None,
    is_missing: bool = False,
    is_named: bool = False,
) -> str:
    newest = find_last_checkpoint()
    shown = prove_acts(folio, newest) if leaf is not None or is_named else []
    # Of what is not public, its receipt shows the reception and nothing that was done with it.
    acts = [(act, is_proved(act, newest)) for act in shown if is_named or (leaf is not None and act.leaf.id == leaf.id)]
    if leaf is not None and (checked is None or checked.finding in (Finding.GOOD, Finding.WAITING)):
        with unit_of_work():
            note_check(leaf, arrived_at())
    return render_template(
        "portal/verify.html",
        folio=folio,
        problem=problem,
        file_problem=file_problem,
        checked=checked,
        is_missing=is_missing or (checked is not None and checked.finding == Finding.MISSING),
        is_from_code=leaf is not None and checked is None,
        acts=acts,
        checkpoint=newest,
        witnesses=list_cosignatures([newest.id]).get(newest.id, []) if newest else [],
    )
