"""The one way to write a leaf."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import null, select, update

from consulta.db import session
from consulta.record.models import Leaf, Opening
from consulta.record.rules import commit, plain


def append_leaf(
    *, kind: str, public_id: str, at: datetime, content: Mapping[str, Any], keep_content: bool = True
) -> Leaf:
    """Write the leaf of an act in the transaction of the act; the caller flushes and the unit of work commits.

    Args:
        kind: what was done, `thing.verb` in the past tense (`submission.received`).
        public_id: what it was done to: a folio or a slug, never a person.
        at: server instant of the act.
        content: what the leaf commits to.
        keep_content: False where the owner's row already holds the committed columns.
    """
    salt = secrets.token_bytes(32)
    leaf = Leaf(kind=kind, public_id=public_id, at=at, commitment=commit(salt, content))
    session().add(Opening(leaf=leaf, salt=salt, content=plain(content) if keep_content else None))
    return leaf


def forget_contents(public_id: str) -> None:
    """Empty what the openings of a folio's answers keep, because it became reserved; the leaves stay as they are."""
    leaves = select(Leaf.id).where(Leaf.public_id == public_id, Leaf.kind.startswith("answer."))
    session().execute(update(Opening).where(Opening.leaf_id.in_(leaves)).values(content=null()))
