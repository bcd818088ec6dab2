"""The one sequencer: leaves get their place in the tree, in batches; checkpoints say how far it reaches."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from consulta.db import lock_exclusive, session
from consulta.record.keys import count_signed, use_key
from consulta.record.models import Checkpoint, Leaf
from consulta.record.notes import Head, sign_note
from consulta.record.queries import find_last_checkpoint, tree_size
from consulta.record.rules import act_bytes
from consulta.record.tiles import TileReader, append_hashes
from consulta.record.tree import leaf_hash, root

LOCK = "record-sequence"
AT_ONCE = 5_000


def sequence_everything(now: datetime) -> int:
    """Give every leaf that waits its place, however many. Returns how many."""
    total = taken = sequence_leaves(now)
    while taken == AT_ONCE:
        taken = sequence_leaves(now)
        total += taken
    return total


def sequence_leaves(_now: datetime) -> int:
    """Give the next places of the tree to leaves that have none. Runs in a unit of work; returns how many.

    A place once given is never changed: a leaf that commits late, with a lower number, comes later in the tree.
    """
    lock_exclusive(LOCK)
    size = tree_size()
    waiting = session().scalars(select(Leaf).where(Leaf.sequence.is_(None)).order_by(Leaf.id).limit(AT_ONCE)).all()
    if not waiting:
        return 0
    hashes = [leaf_hash(act_bytes(leaf.kind, leaf.public_id, leaf.at, leaf.commitment)) for leaf in waiting]
    places = [{"id": leaf.id, "sequence": size + order} for order, leaf in enumerate(waiting)]
    session().execute(update(Leaf), places)
    append_hashes(hashes, size)
    return len(waiting)


def make_checkpoint(*, origin: str, key: Ed25519PrivateKey, now: datetime) -> Checkpoint | None:
    """Sign the tree as it is. None when nothing came since the last one.

    Raises Refused when the key is not the current one of the record.
    """
    lock_exclusive(LOCK)
    use_key(key, now)
    size, last = tree_size(), find_last_checkpoint()
    if size == 0 or (last is not None and last.size == size):
        return None
    found = root(size, TileReader().node)
    # The signed instant is in whole seconds, and the numbers have no gaps: one that is taken away is missed.
    at = now.replace(microsecond=0)
    note = sign_note(Head(origin, size, found), key, int(at.timestamp()))
    count_signed()
    checkpoint = Checkpoint(id=last.id + 1 if last else 1, size=size, root=found, note=note, at=at)
    session().add(checkpoint)
    session().flush()
    return checkpoint
