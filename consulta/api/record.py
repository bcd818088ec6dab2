"""The public record for machines."""

from typing import Any

from apiflask import APIBlueprint

from consulta.errors import NotFound
from consulta.folio import parse_folio
from consulta.record.exports import checkpoint_json, proof_json
from consulta.record.queries import find_last_checkpoint, prove_acts
from consulta.submissions.queries import find_visible
from consulta.web.access import EVERYBODY, access

blueprint = APIBlueprint("api_record", __name__, url_prefix="/api/v1/record")


@blueprint.get("/checkpoint")
@access(EVERYBODY)
def checkpoint() -> Any:
    """Return the newest checkpoint of the public record."""
    found = find_last_checkpoint()
    if found is None:
        raise NotFound("Todavía no se firma el primer punto de control.")
    return checkpoint_json(found)


@blueprint.get("/proof/<folio>")
@access(EVERYBODY)
def proof(folio: str) -> Any:
    """Return the acts of a folio with their proofs; what may not be named in public does not exist here."""
    parsed = parse_folio(folio)
    if find_visible(parsed) is None:
        raise NotFound("No hay nada público en la bitácora con ese folio.")
    newest = find_last_checkpoint()
    return proof_json(prove_acts(parsed, newest), newest)
