"""The tree in tiles of 256 hashes (C2SP tlog-tiles): what the sequencer writes, and what every proof is read from."""

from collections.abc import Sequence

from consulta.db import session
from consulta.record.models import Tile
from consulta.record.tree import parent

HASH = 32
HEIGHT = 8
WIDTH = 1 << HEIGHT


class TileReader:
    """Gives the hash of any complete subtree of the record; each tile is read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the subtree of 2**level leaves at an index. Raises LookupError beyond the tree."""
        tile_level, inside = divmod(level, HEIGHT)
        first = index << inside
        hashes = self.tile(tile_level, first >> HEIGHT)
        start, count = first & (WIDTH - 1), 1 << inside
        wanted = hashes[start * HASH : (start + count) * HASH]
        if len(wanted) != count * HASH:
            raise LookupError(f"no subtree of level {level} at {index}")
        return subtree(wanted)

    def tile(self, level: int, position: int) -> bytes:
        """Return the hashes of a tile; empty where there is none."""
        if (level, position) not in self._read:
            found = session().get(Tile, (level, position))
            self._read[level, position] = found.hashes if found is not None else b""
        return self._read[level, position]


def append_hashes(hashes: Sequence[bytes], size: int) -> None:
    """Add leaf hashes to the tiles of a tree of `size` leaves: the last of each level grows, or a new one begins."""
    level, start = 0, size
    waiting = list(hashes)
    while waiting:
        completed: list[bytes] = []
        while waiting:
            position, used = divmod(start, WIDTH)
            taken, waiting = waiting[: WIDTH - used], waiting[WIDTH - used :]
            tile = session().get(Tile, (level, position))
            if tile is None:
                tile = Tile(level=level, position=position, hashes=b"")
                session().add(tile)
            # What is beyond the size was left by nobody: a tile is written with its leaves or not at all.
            tile.hashes = tile.hashes[: used * HASH] + b"".join(taken)
            start += len(taken)
            if start % WIDTH == 0:
                completed.append(subtree(tile.hashes))
        level, start, waiting = level + 1, (size >> HEIGHT * (level + 1)), completed
    session().flush()


def subtree(hashes: bytes) -> bytes:
    """Return the hash of a complete subtree from its leaves, side by side."""
    row = [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]
    while len(row) > 1:
        row = [parent(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def tile_address(level: int, position: int, width: int = WIDTH) -> str:
    """Return the address of a tile below `/tile/` (C2SP tlog-tiles): groups of three digits; how wide, unless full."""
    groups = [f"{position % 1000:03d}"]
    while position := position // 1000:
        groups.insert(0, f"x{position % 1000:03d}")
    return f"{level}/{'/'.join(groups)}" + ("" if width == WIDTH else f".p/{width}")
