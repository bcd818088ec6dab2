"""Checking the whole record against itself, its owners' rows, its checkpoints and outside ones.

One pass over the leaves in their order. What is held is the edge of the tree, never the tree.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from consulta.db import session
from consulta.record.damage import is_damaged_act, is_one_bit
from consulta.record.edge import Edge, split
from consulta.record.heads import NamedHead, check_checkpoints, read_heads
from consulta.record.models import Leaf, Tile
from consulta.record.openings import Opener, OpeningChecker
from consulta.record.queries import PlacedAct, Unreadable, iterate_acts, iterate_waiting
from consulta.record.rules import act_bytes
from consulta.record.tiles import HEIGHT, WIDTH
from consulta.record.tree import leaf_hash
from consulta.record.verdict import Verdict


def verify_record(
    *, public: bytes, outside: Sequence[str] = (), openers: Mapping[str, Opener] | None = None
) -> Verdict:
    """Build the tree again from the leaves and compare it with its tiles, its checkpoints and notes kept elsewhere.

    Args:
        public: the current key of the record, 32 bytes; the ones before it are taken from their handovers.
        outside: signed notes that somebody kept: only they show that the end was cut off, or everything rewritten.
        openers: by kind of act, where what it commits to lives in its owner's rows.
    """
    verdict = Verdict()
    # What is wrong with keys and notes is told after the first act that differs, which it may come from.
    notes = Verdict()
    heads = read_heads(notes, public, outside)
    verdict.checkpoints = notes.checkpoints
    _Walk(verdict, heads, OpeningChecker(verdict, openers or {})).run(notes)
    return verdict


class _Walk:
    """The one pass: acts, tiles and heads side by side."""

    def __init__(self, verdict: Verdict, heads: Sequence[NamedHead], openings: OpeningChecker) -> None:
        self.verdict, self.openings = verdict, openings
        self.heads = sorted(heads, key=lambda item: item.head.size)
        self.edge = Edge()
        self.acts: list[PlacedAct] = []
        # The first act, and the first tile above the acts, that differ: which of them lies, the heads say.
        self.act: tuple[PlacedAct | None, int, bytes, bytes] | None = None
        self.tile: tuple[int, int, bytes, bytes] | None = None
        self.bad_heads: list[str] = []
        self.good_to = 0
        self.is_whole = True

    def run(self, notes: Verdict) -> None:
        """Walk through everything and write down what differs, the first row first."""
        self._pass_heads()
        self._walk()
        for level, position, hashes in self.edge.rest():
            self._compare(level, position, hashes)
        self._tell_first()
        self.verdict.problems += notes.problems
        self._tell_ends()
        self.openings.finish(iterate_waiting())
        check_checkpoints(self.verdict)
        self.verdict.leaves = self.edge.size

    def _walk(self) -> None:
        try:
            for act in iterate_acts():
                if act.sequence != self.edge.size:
                    self._tell_gap()
                    return
                self.acts = [] if self.edge.size % WIDTH == 0 else self.acts
                self.acts.append(act)
                self.openings.take(act)
                for level, position, hashes in self.edge.add(leaf_hash(act.content)):
                    self._compare(level, position, hashes)
                self._pass_heads()
        except Unreadable as unreadable:
            self.is_whole = False
            self.verdict.add(f"no se puede leer el acto del lugar {unreadable.sequence}", is_damage=True)

    def _pass_heads(self) -> None:
        """Compare every head whose size the tree has just reached."""
        while self.heads and self.heads[0].head.size == self.edge.size:
            found = self.heads.pop(0)
            if self.edge.root() == found.head.root:
                self.good_to = self.edge.size
            else:
                self.bad_heads.append(
                    f"{found.name}: su raíz no es la de los primeros {self.edge.size} actos de hoy "
                    f"(hasta el lugar {self.good_to} todo coincide con lo firmado)"
                )

    def _compare(self, level: int, position: int, built: bytes) -> None:
        if (self.act if level == 0 else self.tile) is not None:
            return
        kept = session().scalar(select(Tile.hashes).where(Tile.level == level, Tile.position == position)) or b""
        if kept == built:
            return
        both = list(zip(split(kept), split(built), strict=False))
        place = next((at for at, (one, other) in enumerate(both) if one != other), len(both))
        one, other = both[place] if place < len(both) else (b"", b"")
        if level == 0:
            act = self.acts[place] if place < len(self.acts) else None
            self.act = (act, position * WIDTH + place, one, other)
        else:
            self.tile = (level, position, one, other)

    def _tell_first(self) -> None:
        """Name the first act that differs; or its tile, when the heads prove the act right."""
        if self.act is not None:
            act, place, kept, built = self.act
            is_act_right = place < self.good_to and act is not None
            if is_act_right or act is None:
                self.verdict.add(
                    f"no coincide el bloque 0/{place // WIDTH} en el lugar {place}; el acto sí",
                    is_damage=is_one_bit(kept, built),
                )
            else:
                is_damage = is_damaged_act(act.kind, act.public_id, act.at, act.commitment, kept)
                self.verdict.add(
                    f"no coincide el acto del lugar {place}: {act.kind} de {act.public_id}, fila {act.leaf_id}",
                    is_damage=is_damage or is_one_bit(kept, built),
                )
        elif self.tile is not None:
            level, position, kept, built = self.tile
            first = position * WIDTH << HEIGHT * level
            self.verdict.add(
                f"no coincide el bloque {level}/{position}, desde el lugar {first}", is_damage=is_one_bit(kept, built)
            )

    def _tell_gap(self) -> None:
        self.is_whole = False
        place = self.edge.size
        level_0 = session().scalar(select(Tile.hashes).where(Tile.level == 0, Tile.position == place // WIDTH)) or b""
        hashes = split(level_0)
        kept = hashes[place % WIDTH] if place % WIDTH < len(hashes) else b""
        near = [place ^ 1 << bit for bit in range(62)]
        found = session().execute(
            select(Leaf.kind, Leaf.public_id, Leaf.at, Leaf.commitment).where(Leaf.sequence.in_(near))
        )
        is_moved = any(leaf_hash(act_bytes(*row)) == kept for row in found)
        self.verdict.add(f"falta el acto del lugar {place}", is_damage=is_moved)

    def _tell_ends(self) -> None:
        for text in self.bad_heads:
            self.verdict.add(text)
        if not self.is_whole:
            return
        for item in self.heads:
            self.verdict.add(f"{item.name}: dice {item.head.size} actos y hay {self.edge.size}: faltan los últimos")
        placed = session().scalar(select(func.count()).where(Leaf.sequence.is_not(None)))
        if placed != self.edge.size:
            self.verdict.add(f"hay {placed} actos con lugar y el árbol llega a {self.edge.size}")
        tiles = session().scalar(select(func.count()).select_from(Tile))
        if tiles != self.edge.tile_count():
            self.verdict.add(f"hay {tiles} bloques y el árbol tiene {self.edge.tile_count()}")
