"""Proofs as JSON, for machines and for whoever keeps them."""

import base64
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from consulta.record.models import Checkpoint, SealKey
from consulta.record.notes import verifier_key
from consulta.record.queries import ProvedAct


def checkpoint_json(found: Checkpoint, note: str | None = None) -> dict[str, Any]:
    """Return a checkpoint: the signed note is what counts, with its witnesses where given; the rest is what it says."""
    return {
        "size": found.size,
        "root": base64.b64encode(found.root).decode("ascii"),
        "at": found.at.astimezone(UTC).isoformat(),
        "note": note or found.note,
    }


def key_json(found: SealKey, origin: str) -> dict[str, Any]:
    """Return a key of the record: as C2SP writes it, its time, and what brought it in."""
    return {
        "key": verifier_key(origin, found.public),
        "from": found.from_at.astimezone(UTC).isoformat(),
        "until": found.until_at.astimezone(UTC).isoformat() if found.until_at else None,
        "end_reason": found.end_reason,
        "handover": found.handover,
    }


def proof_json(places: Sequence[ProvedAct], newest: Checkpoint | None) -> dict[str, Any]:
    """Return acts with their proofs. Each leaf is SHA-256 over a zero byte and its canonical JSON."""
    return {
        "checkpoint": checkpoint_json(newest) if newest is not None else None,
        "acts": [act_json(place) for place in places],
    }


def act_json(act: ProvedAct) -> dict[str, Any]:
    """Return an act with its proof."""
    return {
        "kind": act.leaf.kind,
        "id": act.leaf.public_id,
        "at": act.leaf.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "commitment": act.leaf.commitment.hex(),
        "index": act.leaf.sequence,
        "proof": [base64.b64encode(step).decode("ascii") for step in act.proof],
    }
