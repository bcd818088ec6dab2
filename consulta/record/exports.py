"""Proofs as JSON, for machines and for whoever keeps them."""

import base64
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from consulta.record.models import Checkpoint
from consulta.record.queries import ProvedAct


def checkpoint_json(found: Checkpoint) -> dict[str, Any]:
    """Return a checkpoint: the signed note is what counts, the rest is what it says."""
    return {
        "size": found.size,
        "root": base64.b64encode(found.root).decode("ascii"),
        "at": found.at.astimezone(UTC).isoformat(),
        "note": found.note,
    }


def proof_json(places: Sequence[ProvedAct], newest: Checkpoint | None) -> dict[str, Any]:
    """Return acts with their proofs. Each leaf is SHA-256 over a zero byte and its canonical JSON."""
    return {
        "checkpoint": checkpoint_json(newest) if newest is not None else None,
        "acts": [
            {
                "kind": place.leaf.kind,
                "id": place.leaf.public_id,
                "at": place.leaf.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "commitment": place.leaf.commitment.hex(),
                "index": place.leaf.sequence,
                "proof": [base64.b64encode(step).decode("ascii") for step in place.proof],
            }
            for place in places
        ],
    }
