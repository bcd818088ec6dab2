"""The one way to write a leaf."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, null, select, update

from consulta.db import session
from consulta.record.models import Leaf, Opening
from consulta.record.rules import commit, plain

SALT_BYTES = 32
ADD_LEAVES = insert(Leaf).returning(Leaf.id, sort_by_parameter_order=True)
ADD_OPENINGS = insert(Opening)


@dataclass(frozen=True)
class ActDraft:
    """An act to be written down.

    Attributes:
        kind: what was done, `thing.verb` in the past tense (`submission.received`).
        public_id: what it was done to: a folio or a slug, never a person.
        at: server instant of the act.
        content: what the leaf commits to.
        keep_content: False where the owner's row already holds the committed columns.
    """

    kind: str
    public_id: str
    at: datetime
    content: Mapping[str, Any]
    keep_content: bool = True


def append_leaf(
    *, kind: str, public_id: str, at: datetime, content: Mapping[str, Any], keep_content: bool = True
) -> None:
    """Write the leaf of an act in the transaction of the act: see `append_leaves`."""
    append_leaves([ActDraft(kind, public_id, at, content, keep_content)])


def append_leaves(acts: Sequence[ActDraft]) -> None:
    """Write the leaves of acts, in their order, with their openings, in the transaction of the acts.

    By statement and not as mapped objects: every act of the platform passes here, and half of what a leaf costs
    is saved (`make bench`, intake with the record against without).
    """
    if not acts:
        return
    salts = [secrets.token_bytes(SALT_BYTES) for _ in acts]
    connection = session().connection()
    ids = connection.scalars(
        ADD_LEAVES,
        [
            {"kind": act.kind, "public_id": act.public_id, "at": act.at, "commitment": commit(salt, act.content)}
            for act, salt in zip(acts, salts, strict=True)
        ],
    ).all()
    openings = [
        {"leaf_id": leaf_id, "salt": salt, "content": plain(act.content) if act.keep_content else None}
        for leaf_id, salt, act in zip(ids, salts, acts, strict=True)
    ]
    connection.execute(ADD_OPENINGS, openings)


def forget_contents(public_id: str) -> None:
    """Empty what the openings of a folio's answers keep, because it became reserved; the leaves stay as they are."""
    leaves = select(Leaf.id).where(Leaf.public_id == public_id, Leaf.kind.startswith("answer."))
    session().execute(update(Opening).where(Opening.leaf_id.in_(leaves)).values(content=null()))
