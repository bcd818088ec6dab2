"""Invented tables of people, drawn with chance: skewed as real ones are, some sparse, some with one group alone."""

import random

from consulta.disclosure import RawTable

Counts = dict[tuple[str | None, ...], int]


def a_table(
    rng: random.Random, *, ages: int = 8, places: int = 46, total: int | None = None
) -> tuple[RawTable, Counts]:
    """Draw a table of sex × ages × places, and its counts for who checks it."""
    names = ("sex", "age_group", "municipality")
    values = {
        "sex": ("woman", "man"),
        "age_group": tuple(f"a{number}" for number in range(ages)),
        "municipality": tuple(f"{11001 + number}" for number in range(places)),
    }
    skew = rng.choice([0.0, 0.7, 1.0, 2.0])
    weights = {
        "sex": [rng.choice([1.0, 0.2, 3.0]), 1.0, rng.choice([0.0, 0.02, 0.15])],
        "age_group": [*(1 / (1 + number) ** skew for number in range(ages)), 0.1],
        "municipality": [*(1 / (1 + number) ** skew for number in range(places)), rng.choice([0.0, 0.05])],
    }
    counts: Counts = {}
    for _ in range(total if total is not None else rng.choice([30, 60, 150, 882, 3_000, 12_000])):
        key = tuple(rng.choices([*values[name], None], weights[name])[0] for name in names)
        counts[key] = counts.get(key, 0) + 1
    return RawTable(names, values, counts), counts
