"""Mutants of figures of people and open data, and what a mutant is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One deliberate fault: what it breaks, where, and which tests must notice."""

    name: str
    file: str
    old: str
    new: str
    tests: str


PEOPLE = (
    Mutant(
        "a figure of nine people is shown",
        "consulta/disclosure/protection.py",
        "if count < threshold}",
        "if count < threshold - 1}",
        "tests/disclosure",
    ),
    Mutant(
        "what is hidden can be subtracted",
        "consulta/disclosure/protection.py",
        "if not hidden or (len(hidden) > 1 and sum(counts[item] for item in hidden) >= threshold):",
        "if True:",
        "tests/disclosure",
    ),
    Mutant(
        "a cross gives its cells away",
        "consulta/disclosure/protection.py",
        "    while (exposed := find_exposed(grid, threshold)) is not None:",
        "    while (exposed := None) is not None:",
        "tests/disclosure",
    ),
    Mutant(
        "figures are released while something may come",
        "consulta/participation/operations.py",
        "    elif not is_over(window, now):",
        "    elif False:",
        "tests/participation",
    ),
    Mutant(
        "a release follows its predecessor by one person",
        "consulta/disclosure/following.py",
        "    if grown < FEWEST_NEW * policy.threshold:",
        "    if grown < 0:",
        "tests/disclosure",
    ),
    Mutant(
        "the key of the buffer outlives it",
        "consulta/submissions/demographics.py",
        "            buffer_keys.destroy_key(folder, batch)",
        "            pass",
        "tests/submissions/test_demographics_flush.py",
    ),
    Mutant(
        "a redaction touches no file of open data",
        "consulta/opendata/building.py",
        "    return {*_folio_parts(named), *",
        "    return {*",
        "tests/opendata/test_shelf.py",
    ),
)
