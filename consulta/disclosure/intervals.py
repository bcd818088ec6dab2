"""What the margins of a two-way table leave open of a hidden cell, exactly: a flow in a residual graph. Pure.

A two-way table with fixed margins is a flow from rows to columns. A hidden cell may grow by as much as can return
from its column to its row over the other hidden cells, and shrink by as much as can go the other way (Gusfield,
SIAM J. Comput. 17, 1988). What is shown is held at its true count and not at what rounding leaves open, so the
intervals found are never wider than those that anybody can compute from what is published.
"""

import itertools
from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

Cell = tuple[str | None, str | None]
Node = Hashable
POOL: Node = "pool"
ENDLESS = 1 << 60


@dataclass
class Grid:
    """A table of counts with its hidden cells; columns whose own sum is hidden share one pool."""

    counts: dict[Cell, int]
    hidden_columns: set[str | None]
    _hidden: set[Cell] = field(default_factory=set)

    def hide(self, cell: Cell) -> None:
        """Hide a cell."""
        self._hidden.add(cell)

    def is_hidden(self, cell: Cell) -> bool:
        """Say whether a cell is hidden."""
        return cell in self._hidden

    def shown(self) -> list[Cell]:
        """Return the cells that are shown."""
        return [cell for cell in self.counts if cell not in self._hidden]

    def hidden(self) -> list[Cell]:
        """Return the cells that are hidden, those of who did not answer left out: they are never published."""
        return [cell for cell in self.counts if cell in self._hidden and None not in cell]

    def residual(self) -> dict[Node, dict[Node, int]]:
        """Return how much may flow between rows, columns and the pool: a cell grows without end, and shrinks to 0."""
        arcs: dict[Node, dict[Node, int]] = {}
        for row, column in self._hidden:
            _arc(arcs, ("row", row), ("column", column), self.counts[row, column])
        for column in self.hidden_columns:
            in_all = sum(count for cell, count in self.counts.items() if cell[1] == column)
            _arc(arcs, ("column", column), POOL, in_all)
        return arcs


def find_exposed(grid: Grid, threshold: int) -> Cell | None:
    """Return what is open by less than a threshold: a cell, or the hidden sum of a column as `(None, column)`."""
    arcs = grid.residual()
    for row, column in grid.hidden():
        if width(arcs, ("row", row), ("column", column), threshold) < threshold:
            return row, column
    for column in sorted(grid.hidden_columns, key=str):
        if width(arcs, ("column", column), POOL, threshold) < threshold:
            return None, column
    return None


def width(arcs: dict[Node, dict[Node, int]], start: Node, end: Node, enough: int) -> int:
    """Return how far the arc from `start` to `end` is open, up and down together; `enough` stops the search."""
    kept = arcs[start].pop(end), arcs[end].pop(start)
    try:
        down = min(_most(arcs, start, end, enough), kept[1])
        return down + (_most(arcs, end, start, enough - down) if down < enough else 0)
    finally:
        arcs[start][end], arcs[end][start] = kept


def _arc(arcs: dict[Node, dict[Node, int]], start: Node, end: Node, count: int) -> None:
    arcs.setdefault(start, {})[end] = ENDLESS
    arcs.setdefault(end, {})[start] = count


def _most(arcs: dict[Node, dict[Node, int]], start: Node, end: Node, enough: int) -> int:
    """Return the largest flow between two nodes, up to `enough`; the graph is left as it was."""
    changes: dict[tuple[Node, Node], int] = {}
    sent = 0
    while sent < enough:
        path = _path(arcs, changes, start, end)
        if path is None:
            break
        steps = list(itertools.pairwise(path))
        amount = min(enough - sent, *(arcs[one][two] + changes.get((one, two), 0) for one, two in steps))
        for one, two in steps:
            changes[one, two] = changes.get((one, two), 0) - amount
            changes[two, one] = changes.get((two, one), 0) + amount
        sent += amount
    return sent


def _path(
    arcs: dict[Node, dict[Node, int]], changes: dict[tuple[Node, Node], int], start: Node, end: Node
) -> list[Node] | None:
    """Return a shortest path that still carries something."""
    came: dict[Node, Node] = {start: start}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for following, capacity in arcs.get(node, {}).items():
            if following not in came and capacity + changes.get((node, following), 0) > 0:
                came[following] = node
                if following == end:
                    return list(_back(came, end))[::-1]
                waiting.append(following)
    return None


def _back(came: dict[Node, Node], node: Node) -> Iterator[Node]:
    yield node
    while came[node] != node:
        node = came[node]
        yield node
