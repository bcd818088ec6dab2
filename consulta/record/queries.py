"""Reads of the record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from consulta.db import session
from consulta.record.models import Checkpoint, Leaf, Opening
from consulta.record.rules import act_bytes
from consulta.record.tiles import TileReader
from consulta.record.tree import inclusion_proof, leaf_hash, verify_inclusion

AT_ONCE = 2_000


@dataclass(frozen=True)
class ProvedAct:
    """Where an act stands in the tree of a checkpoint, and the path that proves it."""

    leaf: Leaf
    proof: tuple[bytes, ...]


@dataclass(frozen=True)
class PlacedAct:
    """A leaf of the tree: its row, its place, what it is about, and its bytes."""

    leaf_id: int
    sequence: int
    public_id: str
    content: bytes


def list_acts(public_id: str) -> list[tuple[Leaf, Opening | None]]:
    """Return the acts done to a public identifier, oldest first, with their openings where they still exist."""
    rows = session().execute(
        select(Leaf, Opening)
        .outerjoin(Opening, Opening.leaf_id == Leaf.id)
        .where(Leaf.public_id == public_id)
        .order_by(Leaf.id)
    )
    return [(leaf, opening) for leaf, opening in rows]


def tree_size() -> int:
    """Return how many leaves have their place."""
    last = session().scalar(select(func.max(Leaf.sequence)))
    return 0 if last is None else last + 1


def find_last_checkpoint() -> Checkpoint | None:
    """Return the newest checkpoint."""
    return session().scalar(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))


def list_checkpoints(limit: int = 20) -> Sequence[Checkpoint]:
    """Return the newest checkpoints, the newest first."""
    return session().scalars(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(limit)).all()


def prove_acts(public_id: str, checkpoint: Checkpoint | None) -> list[ProvedAct]:
    """Return the acts of a public identifier with their proofs in the tree of a checkpoint; none for later ones."""
    size, reader = checkpoint.size if checkpoint else 0, TileReader()
    leaves = session().scalars(select(Leaf).where(Leaf.public_id == public_id).order_by(Leaf.id))
    return [
        ProvedAct(
            leaf,
            tuple(inclusion_proof(leaf.sequence, size, reader.node))
            if leaf.sequence is not None and leaf.sequence < size
            else (),
        )
        for leaf in leaves
    ]


def is_proved(act: ProvedAct, checkpoint: Checkpoint | None) -> bool | None:
    """Say whether an act is proved in a checkpoint; None while it waits for the next one."""
    leaf = act.leaf
    if checkpoint is None or leaf.sequence is None or leaf.sequence >= checkpoint.size:
        return None
    hashed = leaf_hash(act_bytes(leaf.kind, leaf.public_id, leaf.at, leaf.commitment))
    return verify_inclusion(hashed, leaf.sequence, checkpoint.size, act.proof, checkpoint.root)


def iterate_entries(first: int = 0, last: int | None = None) -> Iterator[PlacedAct]:
    """Yield what stands in the tree from a place on, to before another; in portions, nothing held."""
    at = first
    columns = (Leaf.id, Leaf.sequence, Leaf.kind, Leaf.public_id, Leaf.at, Leaf.commitment)
    while last is None or at < last:
        end = at + AT_ONCE if last is None else min(at + AT_ONCE, last)
        found = (
            session()
            .execute(select(*columns).where(Leaf.sequence >= at, Leaf.sequence < end).order_by(Leaf.sequence))
            .all()
        )
        for row in found:
            yield PlacedAct(
                row.id, row.sequence, row.public_id, act_bytes(row.kind, row.public_id, row.at, row.commitment)
            )
        if not found:
            return
        at = end
