"""The edge of a tree as it grows, leaf by leaf: of each level of tiles what its last one holds, and nothing else."""

from collections.abc import Iterator

from consulta.record.tiles import HASH, HEIGHT, WIDTH, subtree
from consulta.record.tree import root


class Edge:
    """Takes leaf hashes in order; gives the tiles that become full, and the root at any moment."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[list[bytes]] = [[]]
        self._full: list[int] = [0]

    def add(self, found: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add a leaf; yield level, position and hashes of every tile that it completes."""
        self.size += 1
        level = 0
        while True:
            row = self._rows[level]
            row.append(found)
            if len(row) < WIDTH:
                return
            hashes = b"".join(row)
            yield level, self._full[level], hashes
            found = subtree(hashes)
            row.clear()
            self._full[level] += 1
            level += 1
            if level == len(self._rows):
                self._rows.append([])
                self._full.append(0)

    def rest(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield the tiles that are not full."""
        for level, row in enumerate(self._rows):
            if row:
                yield level, self._full[level], b"".join(row)

    def tile_count(self) -> int:
        """Return how many tiles the tree has."""
        return sum(self._full) + sum(1 for row in self._rows if row)

    def root(self) -> bytes:
        """Return the root over everything added."""
        return root(self.size, self._node)

    def _node(self, level: int, index: int) -> bytes:
        tile_level, inside = divmod(level, HEIGHT)
        start = (index << inside) - self._full[tile_level] * WIDTH
        return subtree(b"".join(self._rows[tile_level][start : start + (1 << inside)]))


def split(hashes: bytes) -> list[bytes]:
    """Return the hashes of a tile one by one; a last one that was cut stays cut."""
    return [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]
