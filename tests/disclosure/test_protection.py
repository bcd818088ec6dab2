"""What is published of a table identifies nobody: small and empty look the same, and margins give no cell away."""

import json
import pickle
import random
from itertools import product

import pytest
from jinja2 import Environment

from consulta.config import LOWEST_THRESHOLD, USUAL_THRESHOLD
from consulta.disclosure import FEWEST, FEWEST_IN_ALL, Policy, PublishableTable, Question, RawTable, protect, read_table
from consulta.disclosure.intervals import Grid, find_exposed
from consulta.disclosure.protection import hidden_values
from consulta.errors import Refused
from tests.disclosure.tables_of_people import a_table


def by_sex(**counts: int) -> RawTable:
    """A table of one question."""
    told = {(None if name == "silent" else name,): count for name, count in counts.items()}
    return RawTable(("sex",), {"sex": ("woman", "man")}, told)


@pytest.mark.parametrize("threshold", [2, 1, 0, -5])
def test_threshold_below_three_is_refused(threshold: int) -> None:
    with pytest.raises(Refused, match="3 o más"):
        Policy(threshold=threshold)


def test_settings_and_disclosure_agree() -> None:
    assert (USUAL_THRESHOLD, LOWEST_THRESHOLD) == (FEWEST, 3)


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        "{}".format,
        list,
        len,
        json.dumps,
        pickle.dumps,
        Environment(autoescape=True).from_string("{{ it }}").render,
    ],
)
def test_raw_counts_cannot_be_shown(show: object) -> None:
    raw = by_sex(woman=441, man=441)

    with pytest.raises(TypeError):
        show(it=raw) if getattr(show, "__name__", "") == "render" else show(raw)  # type: ignore[operator]


def test_publishable_table_is_made_by_protecting_and_not_by_hand() -> None:
    with pytest.raises(TypeError, match="never by hand"):
        PublishableTable(total=1, questions=(Question("sex", {"woman": 1}, 0),), crosses=(), threshold=10, base=5)


def test_few_opinions_are_only_a_number() -> None:
    few = protect(by_sex(woman=15, man=14), Policy())
    enough = protect(by_sex(woman=15, man=15), Policy())

    assert (few.total, few.questions, few.crosses) == (29, (), ())
    assert enough.total == FEWEST_IN_ALL
    assert enough.questions != ()


def test_eight_hundred_and_eighty_two_opinions_are_told_rounded() -> None:
    table = protect(by_sex(woman=439, man=443), Policy())

    [question] = table.questions
    assert dict(question.figures) == {"woman": 440, "man": 445}
    assert question.unanswered == 0


def test_silence_is_always_told() -> None:
    [question] = protect(by_sex(woman=50, man=40, silent=3), Policy()).questions

    assert question.unanswered == 5


def test_hidden_and_empty_look_the_same() -> None:
    [some] = protect(by_sex(woman=100, man=9), Policy()).questions
    [none] = protect(by_sex(woman=109, man=0), Policy()).questions

    assert dict(some.figures) == dict(none.figures) == {"woman": None, "man": None}


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 50, "b": 40, "c": 30}, set()),
        ({"a": 50, "b": 40, "c": 9}, {"b", "c"}),
        ({"a": 50, "b": 40, "c": 3, "d": 3}, {"b", "c", "d"}),
        ({"a": 50, "b": 40, "c": 6, "d": 4}, {"c", "d"}),
        ({"a": 50, "b": 40, "c": 0, "d": 0}, {"b", "c", "d"}),
        ({"a": 50}, set()),
    ],
)
def test_what_one_question_hides_is_open_by_the_threshold(counts: dict[str, int], hidden: set[str]) -> None:
    assert hidden_values(counts, 10) == hidden


def brute(grid: Grid, most: int) -> dict[tuple[str | None, str | None], tuple[int, int]]:
    """Return the least and the most of each hidden cell over every table with the same margins."""
    cells = list(grid.counts)
    free = [cell for cell in cells if grid.is_hidden(cell)]
    rows, columns = {cell[0] for cell in cells}, {cell[1] for cell in cells}
    found: dict[tuple[str | None, str | None], list[int]] = {cell: [] for cell in free}
    for trial in product(range(most + 1), repeat=len(free)):
        table = {**grid.counts, **dict(zip(free, trial, strict=True))}
        same = all(
            sum(table[row, column] for column in columns) == sum(grid.counts[row, column] for column in columns)
            for row in rows
        ) and all(
            sum(table[row, column] for row in rows) == sum(grid.counts[row, column] for row in rows)
            for column in columns
            if column not in grid.hidden_columns
        )
        if same:
            for cell in free:
                found[cell].append(table[cell])
    return {cell: (min(values), max(values)) for cell, values in found.items()}


@pytest.mark.parametrize("seed", range(12))
def test_intervals_are_those_of_trying_every_table(seed: int) -> None:
    rng = random.Random(seed)
    counts = {(row, column): rng.randrange(4) for row in ("w", "m") for column in ("a", "b", "c")}
    grid = Grid(counts={**counts}, hidden_columns={"a", "b"} if seed % 3 == 0 else set())
    for cell in counts:
        if seed % 2 or cell[1] != "c":
            grid.hide(cell)

    tried = brute(grid, 12 if seed % 2 == 0 else 7)
    for threshold in (1, 2, 3):
        narrow = {cell for cell, (least, most) in tried.items() if most - least < threshold}
        exposed = find_exposed(grid, threshold)
        assert (exposed is not None and exposed[0] is not None) == bool(narrow)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_hidden_is_open_by_less_than_the_threshold(seed: int) -> None:
    raw, _counts = a_table(random.Random(seed), ages=5, places=12)

    table = protect(raw, Policy())

    for cross in table.crosses:
        other = table.find(cross.names[1])
        assert other is not None
        counts = raw.margin(*cross.names)
        grid = Grid(
            counts={
                (row, column): counts.get((row, column), 0)
                for row in ("woman", "man", None)
                for column in (*other.figures, None)
            },
            hidden_columns={value for value, count in other.figures.items() if count is None},
        )
        for cell in grid.counts:
            if None in cell or cross.figures[cell] is None:  # type: ignore[index]
                grid.hide(cell)
        assert find_exposed(grid, 10) is None


@pytest.mark.parametrize("seed", range(6))
def test_what_is_shown_is_true_rounded_and_never_small(seed: int) -> None:
    raw, _counts = a_table(random.Random(100 + seed))
    policy = Policy()

    table = protect(raw, policy)

    shown = 0
    for question in table.questions:
        counts = raw.margin(question.name)
        for value, count in question.shown():
            shown += 1
            assert abs(count - counts[value,]) * 2 <= policy.base
            assert counts[value,] >= policy.threshold
    for cross in table.crosses:
        counts = raw.margin(*cross.names)
        for first, second, count in cross.shown():
            assert abs(count - counts[first, second]) * 2 <= policy.base
            assert counts[first, second] >= policy.threshold
    assert shown or table.total < 60


def test_table_comes_back_from_its_json() -> None:
    raw, _counts = a_table(random.Random(7))
    table = protect(raw, Policy())

    assert read_table(json.loads(json.dumps(table.plain()))) == table
