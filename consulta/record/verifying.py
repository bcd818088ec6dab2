"""Checking the whole record against itself, its checkpoints and an outside one: the first difference is named."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.db import session
from consulta.record.models import Checkpoint, Leaf, Opening, Tile
from consulta.record.notes import Head, is_signed, read_note
from consulta.record.queries import iterate_entries
from consulta.record.rules import commit
from consulta.record.tiles import HASH, HEIGHT, WIDTH, subtree
from consulta.record.tree import leaf_hash, root

AT_ONCE = 1_000


@dataclass
class Verdict:
    """What was checked, and every difference found, the first one first."""

    leaves: int = 0
    checkpoints: int = 0
    openings: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Return whether nothing differs."""
        return not self.problems


def verify_record(*, public: bytes, outside: Sequence[str] = ()) -> Verdict:
    """Build the tree again from the leaves and compare it with its tiles, its checkpoints and notes kept elsewhere.

    Args:
        public: the key of the instance, 32 bytes.
        outside: signed notes that somebody kept: only they show that the end was cut off, or everything rewritten.
    """
    verdict = Verdict()
    levels = _build(verdict)
    _compare_tiles(verdict, levels)
    heads = [(f"punto de control {item.size}", item.note) for item in _checkpoints()]
    heads += [(f"punto de control de fuera {number}", note) for number, note in enumerate(outside, start=1)]
    for name, note in heads:
        _compare_head(verdict, levels, name, note, public)
    _open(verdict)
    return verdict


def _build(verdict: Verdict) -> list[list[bytes]]:
    """Return the hashes of every level, of complete subtrees, from the leaves; a gap is named and ends the tree."""
    levels: list[list[bytes]] = [[]]
    for item in iterate_entries():
        if item.sequence != verdict.leaves:
            verdict.problems.append(f"falta el acto del lugar {verdict.leaves}")
            return levels
        _add(levels, leaf_hash(item.content))
        verdict.leaves += 1
    return levels


def _add(levels: list[list[bytes]], found: bytes) -> None:
    """Add a leaf; a row of 256 hashes makes one of the next level of tiles."""
    for level in range(len(levels) + 1):
        if level == len(levels):
            levels.append([])
        levels[level].append(found)
        if len(levels[level]) % WIDTH:
            return
        found = subtree(b"".join(levels[level][-WIDTH:]))


def _compare_tiles(verdict: Verdict, levels: list[list[bytes]]) -> None:
    for tile in session().scalars(select(Tile).order_by(Tile.level, Tile.position)):
        row = levels[tile.level] if tile.level < len(levels) else []
        kept = [tile.hashes[start : start + HASH] for start in range(0, len(tile.hashes), HASH)]
        built = row[tile.position * WIDTH : tile.position * WIDTH + WIDTH]
        if kept == built:
            continue
        place = next((at for at in range(len(kept)) if at >= len(built) or kept[at] != built[at]), len(kept))
        first = (tile.position * WIDTH + place) << HEIGHT * tile.level
        what = "el acto" if tile.level == 0 else "un acto desde"
        verdict.problems.append(f"no coincide {what} del lugar {first}{_named(first)}")
        return


def _named(sequence: int) -> str:
    found = session().scalar(select(Leaf).where(Leaf.sequence == sequence))
    return f": {found.kind} de {found.public_id}, fila {found.id}" if found is not None else " (ya no está)"


def _compare_head(verdict: Verdict, levels: list[list[bytes]], name: str, note: str, public: bytes) -> None:
    head, _signatures = read_note(note)
    verdict.checkpoints += 1
    if not is_signed(note, public):
        verdict.problems.append(f"{name}: no está firmado con la clave de esta instancia")
    elif head.size > verdict.leaves:
        verdict.problems.append(f"{name}: dice {head.size} actos y hay {verdict.leaves}: faltan los últimos")
    elif _root(levels, head) != head.root:
        verdict.problems.append(f"{name}: su raíz no es la de los primeros {head.size} actos de hoy")


def _root(levels: list[list[bytes]], head: Head) -> bytes:
    def node(level: int, index: int) -> bytes:
        tile_level, inside = divmod(level, HEIGHT)
        first = index << inside
        return subtree(b"".join(levels[tile_level][first : first + (1 << inside)]))

    return root(head.size, node)


def _checkpoints() -> Sequence[Checkpoint]:
    return session().scalars(select(Checkpoint).order_by(Checkpoint.size)).all()


def _open(verdict: Verdict) -> None:
    """Compare what openings keep with what their leaves commit to; destroyed content is passed over."""
    last = 0
    while True:
        found = (
            session()
            .scalars(
                select(Opening)
                .options(joinedload(Opening.leaf))
                .where(Opening.leaf_id > last, Opening.content.is_not(None))
                .order_by(Opening.leaf_id)
                .limit(AT_ONCE)
            )
            .all()
        )
        if not found:
            return
        last = found[-1].leaf_id
        for opening in found:
            verdict.openings += 1
            if commit(opening.salt, opening.content or {}) != opening.leaf.commitment:
                leaf = opening.leaf
                verdict.problems.append(f"no coincide el contenido de {leaf.kind} de {leaf.public_id}, fila {leaf.id}")
                return
