"""A few generated windows against the oracle of `make measure ONLY=windows_oracle`, which runs ten thousand."""

import ast
from pathlib import Path

import pytest

from measure import oracle
from measure.windows_oracle import ZONES, Checked, check_windows, differences_with_holidays, zone

WINDOWS, SEED = 200, 7


@pytest.fixture(scope="module")
def checked() -> list[Checked]:
    return list(check_windows(WINDOWS, SEED))


def test_no_window_ends_on_another_day_or_instant_than_the_oracle_says(checked: list[Checked]) -> None:
    assert [found.case for found in checked if found.wrong_day] == []
    assert [found.case for found in checked if found.wrong_instant] == []


def test_no_rolled_term_ends_on_a_non_working_day(checked: list[Checked]) -> None:
    assert [found.case for found in checked if found.rests_on_non_working] == []


def test_the_windows_are_of_all_kinds_in_all_twelve_zones(checked: list[Checked]) -> None:
    happened = {event[0] for found in checked for event in found.case.events}

    assert len({found.zone for found in checked}) == len(ZONES) == 12
    assert happened == {"suspend", "resume", "restart", "extend"}
    assert {(found.case.in_business_days, found.case.rolls) for found in checked} == {
        (business, rolls) for business in (True, False) for rolls in (True, False)
    }
    assert {zone(name).key for name in ZONES} == {found.zone for found in checked}


def test_the_oracle_imports_nothing_from_the_product() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text("utf-8"))

    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported == {"dataclasses", "datetime", "zoneinfo"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]


def test_the_labour_law_has_the_independent_days_and_those_of_federal_elections() -> None:
    differences = differences_with_holidays()

    assert differences["only_in_holidays"] == []
    assert {line.split(" ", 1)[1] for line in differences["only_in_lft"]} == {"jornada electoral federal ordinaria"}
