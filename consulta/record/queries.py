"""Reads of the record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from consulta.db import session
from consulta.record.models import Checkpoint, Cosignature, Leaf, Opening
from consulta.record.rules import act_bytes
from consulta.record.tiles import TileReader
from consulta.record.tree import inclusion_proof, leaf_hash, verify_inclusion

AT_ONCE = 500
ACT = (
    Leaf.id,
    Leaf.sequence,
    Leaf.kind,
    Leaf.public_id,
    Leaf.at,
    Leaf.commitment,
    Opening.salt,
    Opening.content,
)


@dataclass(frozen=True)
class ProvedAct:
    """Where an act stands in the tree of a checkpoint, and the path that proves it."""

    leaf: Leaf
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PlacedAct:
    """An act as it stands in the record: its row, its place, and what its opening keeps."""

    leaf_id: int
    sequence: int | None
    kind: str
    public_id: str
    at: datetime
    commitment: bytes
    # None: there is no opening.
    salt: bytes | None = None
    # None: what it commits to lives in its owner's rows, or was destroyed.
    opened: dict[str, Any] | None = None

    @property
    def content(self) -> bytes:
        """Return its bytes as a leaf of the tree."""
        return act_bytes(self.kind, self.public_id, self.at, self.commitment)


class Unreadable(Exception):
    """A row that the database cannot give any more."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"act {sequence} cannot be read")
        self.sequence = sequence


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


def list_cosignatures(checkpoint_ids: Sequence[int]) -> dict[int, list[Cosignature]]:
    """Return what witnesses signed of checkpoints, `{checkpoint id: cosignatures}`, in one query."""
    found: dict[int, list[Cosignature]] = {}
    listed = select(Cosignature).where(Cosignature.checkpoint_id.in_(checkpoint_ids)).order_by(Cosignature.id)
    for item in session().scalars(listed) if checkpoint_ids else ():
        found.setdefault(item.checkpoint_id, []).append(item)
    return found


def note_of(checkpoint: Checkpoint) -> str:
    """Return the signed note of a checkpoint with what its witnesses signed below it."""
    return checkpoint.note + "".join(item.line for item in list_cosignatures([checkpoint.id]).get(checkpoint.id, []))


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


def iterate_acts(first: int = 0, last: int | None = None) -> Iterator[PlacedAct]:
    """Yield what stands in the tree from a place on, to before another, with openings; in portions, nothing held.

    Raises Unreadable at a row that the database cannot give.
    """
    at = first
    while last is None or at < last:
        end = at + AT_ONCE if last is None else min(at + AT_ONCE, last)
        found = _read(at, end)
        yield from found
        if not found:
            return
        at = end


def read_checkpoints() -> Iterator[tuple[int, Checkpoint | None]]:
    """Yield every checkpoint with its number, in their order; None for one that the database cannot give any more."""
    for number in session().scalars(select(Checkpoint.id).order_by(Checkpoint.id)).all():
        try:
            yield number, session().get(Checkpoint, number)
        except (ValueError, TypeError, DBAPIError):
            session().rollback()
            yield number, None


def iterate_waiting() -> Iterator[PlacedAct]:
    """Yield the acts that have no place yet."""
    found = session().execute(select(*ACT).outerjoin(Opening).where(Leaf.sequence.is_(None)).order_by(Leaf.id))
    for row in found.yield_per(AT_ONCE):
        yield PlacedAct(*row)


def _read(first: int, last: int) -> list[PlacedAct]:
    found = select(*ACT).outerjoin(Opening).where(Leaf.sequence >= first, Leaf.sequence < last)
    try:
        return [PlacedAct(*row) for row in session().execute(found.order_by(Leaf.sequence))]
    except (ValueError, TypeError, DBAPIError) as error:
        session().rollback()
        if last - first == 1:
            raise Unreadable(first) from error
    return [act for sequence in range(first, last) for act in _read(sequence, sequence + 1)]
