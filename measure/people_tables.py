"""Attack inside one release: what linear programming can say of every hidden cell, from what is published alone.

The attacker knows the number of opinions exactly, every figure up to its rounding, the threshold, and that counts are
not negative. Each hidden figure of a release, and cells of all three questions at once, which are never published,
are bounded from below and above (HiGHS). Nothing of `disclosure.intervals` is used here.
"""

import random
from collections.abc import Iterator
from typing import Any

import numpy
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from consulta.disclosure import Policy, PublishableTable, protect
from tests.disclosure.tables_of_people import Counts, a_table

TABLES, SEED, BASE_CELLS = 50, 20261126, 40
SHAPES = ((8, 46), (8, 46), (5, 46), (8, 20), (5, 12))
NAMES = ("sex", "age_group", "municipality")


def run() -> dict[str, Any]:
    """Attack every table."""
    rng = random.Random(SEED)
    policy = Policy()
    found: dict[str, Any] = {
        "tables": TABLES,
        "seed": SEED,
        "threshold": policy.threshold,
        "hidden": 0,
        "base_cells": 0,
    }
    narrow, narrow_base, unique, shown, widths = 0, 0, 0, 0, []
    for number in range(TABLES):
        ages, places = SHAPES[number % len(SHAPES)]
        raw, counts = a_table(rng, ages=ages, places=places)
        published = protect(raw, policy)
        attack = Attack(published, policy, raw.values)
        for row in attack.hidden():
            low, high = attack.bounds(row)
            found["hidden"] += 1
            widths.append(high - low)
            narrow += round(high - low, 6) < policy.threshold
        for row in attack.some_cells(rng, BASE_CELLS):
            low, high = attack.bounds(row)
            found["base_cells"] += 1
            narrow_base += round(high - low, 6) < policy.threshold
        shown += sum(1 for _ in attack.shown_combinations())
        unique += sum(1 for names, key in attack.shown_combinations() if _count(counts, names, key) < policy.threshold)
    return {
        **found,
        "figures_of_two_questions_shown": shown,
        "narrower_than_threshold": narrow,
        "narrowest": round(min(widths), 3),
        "median_width": round(sorted(widths)[len(widths) // 2], 1),
        "unpublished_cells_narrower": narrow_base,
        "unique_combinations": unique,
        "reached": narrow == 0 and unique == 0,
    }


def _count(counts: Counts, names: tuple[str, str], key: tuple[str, str]) -> int:
    places = [NAMES.index(name) for name in names]
    return sum(count for cell, count in counts.items() if tuple(cell[place] for place in places) == key)


class Attack:
    """The linear programme of a release."""

    def __init__(self, table: PublishableTable, policy: Policy, values: dict[str, tuple[str, ...]]) -> None:
        self.table, self.policy = table, policy
        axes = [(*values[name], None) for name in NAMES]
        self.cells = [(one, two, three) for one in axes[0] for two in axes[1] for three in axes[2]]
        self.rows: list[numpy.ndarray] = []
        self.least: list[float] = []
        self.most: list[float] = []
        slack = policy.base / 2 - 0.5 if policy.base % 2 else policy.base / 2
        for row, count in self._figures():
            self.rows.append(row)
            self.least.append(max(0.0, count - slack))
            self.most.append(count + slack)
        whole = csr_matrix(
            numpy.vstack([*self.rows, -numpy.vstack(self.rows)]) if self.rows else numpy.zeros((1, len(self.cells)))
        )
        self.limits = whole
        self.right = [*self.most, *(-value for value in self.least)] if self.rows else [0.0]
        self.all = csr_matrix(numpy.ones((1, len(self.cells))))

    def _figures(self) -> Iterator[tuple[numpy.ndarray, int]]:
        for question in self.table.questions:
            for value, count in question.shown():
                yield self.row({question.name: value}), count
            yield self.row({question.name: None}), question.unanswered
        for cross in self.table.crosses:
            for first, second, count in cross.shown():
                yield self.row({cross.names[0]: first, cross.names[1]: second}), count

    def row(self, key: dict[str, str | None]) -> numpy.ndarray:
        """Return the sum that a figure is."""
        wanted = [(NAMES.index(name), value) for name, value in key.items()]
        return numpy.array([float(all(cell[place] == value for place, value in wanted)) for cell in self.cells])

    def hidden(self) -> Iterator[numpy.ndarray]:
        """Yield every figure of the release that is not shown."""
        for question in self.table.questions:
            for value, count in question.figures.items():
                if count is None:
                    yield self.row({question.name: value})
        for cross in self.table.crosses:
            for (first, second), count in cross.figures.items():
                if count is None:
                    yield self.row({cross.names[0]: first, cross.names[1]: second})

    def shown_combinations(self) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
        """Yield every combination of two answers that is published."""
        for cross in self.table.crosses:
            for first, second, _ in cross.shown():
                yield cross.names, (first, second)

    def some_cells(self, rng: random.Random, many: int) -> Iterator[numpy.ndarray]:
        """Yield cells of three answers at once, which no release publishes."""
        if not self.table.questions:
            return
        answered = [number for number, cell in enumerate(self.cells) if None not in cell]
        for number in rng.sample(answered, min(many, len(answered))):
            one = numpy.zeros(len(self.cells))
            one[number] = 1.0
            yield one

    def bounds(self, row: numpy.ndarray) -> tuple[float, float]:
        """Return the least and the most that a sum may be."""
        found = []
        for sign in (1, -1):
            solved = linprog(
                sign * row,
                A_ub=self.limits,
                b_ub=self.right,
                A_eq=self.all,
                b_eq=[self.table.total],
                bounds=(0, None),
                method="highs",
            )
            if solved.status != 0:
                raise RuntimeError(solved.message)
            found.append(sign * solved.fun)
        return found[0], found[1]
