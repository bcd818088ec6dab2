"""The public record for machines."""

from typing import Any

from apiflask import APIBlueprint

from consulta.api.answers import CheckpointOut, CosignedOut, ProofOut
from consulta.api.describing import ABSENT, gives
from consulta.api.reading import public_submission
from consulta.api.schemas import CosignatureIn
from consulta.api.serializers import utc
from consulta.db import unit_of_work
from consulta.errors import NotFound
from consulta.record.exports import checkpoint_json, proof_json
from consulta.record.queries import find_last_checkpoint, note_of, prove_acts
from consulta.record.witnessing import add_cosignature, read_witnesses
from consulta.web.access import EVERYBODY, access
from consulta.web.context import services

blueprint = APIBlueprint("api_record", __name__, url_prefix="/api/v1/record")


@blueprint.get("/checkpoint")
@access(EVERYBODY)
@blueprint.doc(
    summary="El último punto de control de la bitácora",
    responses=gives(CheckpointOut, "Firmado") | ABSENT,
    tags=["Bitácora"],
)
def checkpoint() -> Any:
    """Return the newest checkpoint of the public record."""
    found = find_last_checkpoint()
    if found is None:
        raise NotFound("Todavía no se firma el primer punto de control.")
    return checkpoint_json(found, note_of(found))


@blueprint.post("/cosignatures")
@access(EVERYBODY)
@blueprint.doc(
    summary="Entregar la firma de un testigo",
    responses=gives(CosignedOut, "Firma guardada", 201) | ABSENT,
    tags=["Bitácora"],
)
@blueprint.input(CosignatureIn, arg_name="body")
def cosignatures(body: dict[str, Any]) -> Any:
    """Take in what a witness signed: 201; its signature is what proves who it is."""
    witnesses = read_witnesses(services().settings.record_witnesses)
    with unit_of_work():
        found = add_cosignature(size=body["size"], line=body["line"], witnesses=witnesses)
        kept = {"name": found.name, "size": body["size"], "at": utc(found.at)}
    return kept, 201


@blueprint.get("/proof/<folio>")
@access(EVERYBODY)
@blueprint.doc(
    summary="Los actos de un folio con sus pruebas",
    responses=gives(ProofOut, "Pruebas de inclusión"),
    tags=["Bitácora"],
)
def proof(folio: str) -> Any:
    """Return the acts of a folio with their proofs; what may not be named in public does not exist here."""
    newest = find_last_checkpoint()
    return proof_json(prove_acts(public_submission(folio).folio, newest), newest)
