"""From a raw table to a publishable one: threshold, complementary suppression over all margins, rounding. Pure.

What is shown of one question at a time is safe when what it hides adds up to the threshold and lies in two values at
least: then every hidden count may be anything from nothing to that sum. The first question is crossed with each of
the others, never more than two at once: such tables say nothing of each other beyond their common margin (they are
decomposable; Dobra and Fienberg, PNAS 97, 2000), so each is protected by itself, and `intervals` computes what its
margins leave open. Cells are hidden, the smallest first, until every hidden one is open by the threshold; where
that is impossible the cross is left out.
"""

from collections.abc import Mapping

from consulta.disclosure.intervals import Grid, find_exposed
from consulta.disclosure.tables import (
    UNANSWERED,
    Cross,
    Policy,
    PublishableTable,
    Question,
    RawTable,
    make_table,
)


def protect(raw: RawTable, policy: Policy) -> PublishableTable:
    """Return what may be published of a table; below the fewest opinions in all, only how many there are."""
    total = raw.total()
    if total < max(policy.fewest_in_all, policy.threshold):
        return make_table(total=total, questions=(), crosses=(), policy=policy)
    questions = tuple(_question(raw, name, policy) for name in raw.questions)
    return make_table(total=total, questions=questions, crosses=_crosses(raw, questions, policy), policy=policy)


def hidden_values(counts: Mapping[str, int], threshold: int) -> set[str]:
    """Return the values to hide: too few people, and the next smallest until the sum of what is hidden is open."""
    hidden = {value for value, count in counts.items() if count < threshold}
    ordered = sorted((value for value in counts if value not in hidden), key=lambda value: (counts[value], value))
    for value in ordered:
        if not hidden or (len(hidden) > 1 and sum(counts[item] for item in hidden) >= threshold):
            break
        hidden.add(value)
    return hidden


def _question(raw: RawTable, name: str, policy: Policy) -> Question:
    counts = raw.margin(name)
    known = {value: counts.get((value,), 0) for value in raw.values[name]}
    hidden = hidden_values(known, policy.threshold)
    figures = {value: None if value in hidden else policy.rounded(count) for value, count in known.items()}
    return Question(name, figures, policy.rounded(counts.get((UNANSWERED,), 0)))


def _crosses(raw: RawTable, questions: tuple[Question, ...], policy: Policy) -> tuple[Cross, ...]:
    first, *others = questions
    # With a hidden value of the common question its margin would be open too: then nothing is crossed.
    if any(count is None for count in first.figures.values()):
        return ()
    found = (_cross(raw, first, other, policy) for other in others if not other.is_empty and other.name in raw.crossed)
    return tuple(cross for cross in found if cross is not None)


def _cross(raw: RawTable, first: Question, other: Question, policy: Policy) -> Cross | None:
    """Return what may be shown of two questions at once; None where everything would have to be hidden."""
    counts = raw.margin(first.name, other.name)
    rows: tuple[str | None, ...] = (*first.figures, UNANSWERED)
    columns: tuple[str | None, ...] = (*other.figures, UNANSWERED)
    closed: set[str | None] = {
        column for column in columns if column is not UNANSWERED and other.figures[column] is None
    }
    grid = Grid(
        counts={(row, column): counts.get((row, column), 0) for row in rows for column in columns},
        hidden_columns=closed,
    )
    for cell, count in grid.counts.items():
        # Who did not answer is never a cell; what is in a hidden column is hidden with it.
        if UNANSWERED in cell or cell[1] in closed or count < policy.threshold:
            grid.hide(cell)
    if not _close(grid, policy.threshold):
        return None
    figures = {
        (row, column): None if grid.is_hidden((row, column)) else policy.rounded(grid.counts[row, column])
        for row in first.figures
        for column in other.figures
    }
    return Cross((first.name, other.name), figures)


def _close(grid: Grid, threshold: int) -> bool:
    """Hide more until nothing hidden can be narrowed below the threshold. False when nothing is left to be shown."""
    while (exposed := find_exposed(grid, threshold)) is not None:
        row, column = exposed
        shown = grid.shown()
        near = [cell for cell in shown if cell[0] == row or cell[1] == column] or shown
        if not near:
            return False
        grid.hide(min(near, key=lambda cell: (grid.counts[cell], str(cell))))
    return bool(grid.shown())
