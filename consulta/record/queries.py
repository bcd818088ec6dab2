"""Reads of the record."""

from sqlalchemy import select

from consulta.db import session
from consulta.record.models import Leaf, Opening


def list_acts(public_id: str) -> list[tuple[Leaf, Opening | None]]:
    """Return the acts done to a public identifier, oldest first, with their openings where they still exist."""
    rows = session().execute(
        select(Leaf, Opening)
        .outerjoin(Opening, Opening.leaf_id == Leaf.id)
        .where(Leaf.public_id == public_id)
        .order_by(Leaf.id)
    )
    return [(leaf, opening) for leaf, opening in rows]
