"""Taking in what witnesses sign: only of those that the government named, and only of checkpoints that exist."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from consulta.db import lock_exclusive, session
from consulta.errors import NotFound, Refused
from consulta.record.models import Checkpoint, Cosignature
from consulta.record.notes import COSIGNATURE, find_cosignature, read_verifier_key

LONGEST_LINE = 1_000


def read_witnesses(keys: Sequence[str]) -> list[tuple[str, bytes]]:
    """Return name and public key of the witnesses of the settings. Raises Refused for what is no witness's key."""
    found = []
    for text in keys:
        name, kind, public = read_verifier_key(text)
        if kind != COSIGNATURE:
            raise Refused(f"La clave de «{name}» no es de testigo: use la que escribe «consulta bitacora witness».")
        found.append((name, public))
    return found


def add_cosignature(*, size: int, line: str, witnesses: Sequence[tuple[str, bytes]]) -> Cosignature:
    """Keep what a witness signed of the checkpoint of a size; a second time changes nothing.

    Args:
        size: of the checkpoint.
        line: the signature line of C2SP tlog-cosignature.
        witnesses: name and key of each one that the government named.
    Raises:
        NotFound: when there is no checkpoint of that size.
        Refused: when the line is not a good signature of any of them.
    """
    checkpoint = session().scalar(select(Checkpoint).where(Checkpoint.size == size))
    if checkpoint is None:
        raise NotFound("No hay punto de control de ese tamaño.")
    kept = line.strip()[:LONGEST_LINE] + "\n"
    for name, public in witnesses:
        signed = find_cosignature(checkpoint.note + kept, name, public)
        if signed is None:
            continue
        lock_exclusive(f"checkpoint:{checkpoint.id}")
        found = session().scalar(
            select(Cosignature).where(Cosignature.checkpoint_id == checkpoint.id, Cosignature.name == name)
        )
        if found is None:
            at = datetime.fromtimestamp(signed.time, UTC)
            found = Cosignature(checkpoint_id=checkpoint.id, name=name, at=at, line=kept)
            session().add(found)
            session().flush()
        return found
    raise Refused("La firma no es de ningún testigo de esta bitácora, o no es de este punto de control.")
