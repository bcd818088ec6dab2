"""Periods of the year: what is due is told in time, and one click prepares it."""

from datetime import date

import pytest
from flask import Flask

from consulta.errors import Refused
from consulta.windows.periods import Period, find_due, read_periods
from tests.builders import World
from tests.clock import Clock
from tests.pages import Page

ROW = {"name": "mayo", "month": 5, "day": 1, "warn_days": 45, "citation": "Práctica"}
MAY = Period("mayo", 5, 1, 45, "Práctica")
JANUARY = Period("enero", 1, 2, 60, "LNETB 27")


def test_a_row_becomes_a_period() -> None:
    assert read_periods([ROW]) == (MAY,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"month": 13}, "«month» es un mes"),
        ({"month": 2, "day": 30}, "«day» es un día que exista"),
        ({"warn_days": 0}, "«warn_days»"),
        ({"extra": 1}, "cada periodo lleva"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(Refused, match=message):
        read_periods([{**ROW, **change}], "instrumentos.toml, [agenda]")


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 3, 16), []),
        (date(2026, 3, 17), [date(2026, 5, 1)]),
        (date(2026, 6, 15), [date(2026, 5, 1)]),
        (date(2026, 6, 16), []),
        (date(2026, 12, 1), [date(2027, 1, 2)]),
    ],
)
def test_it_is_told_from_so_many_days_before(today: date, due: list[date]) -> None:
    assert [item.on for item in find_due([MAY, JANUARY], today)] == due


def test_a_window_of_that_time_takes_care_of_it() -> None:
    [may] = find_due([MAY], date(2026, 4, 20))

    assert may.is_taken_by(date(2026, 5, 4), date(2026, 4, 1))
    assert may.is_taken_by(None, date(2026, 4, 1))
    assert not may.is_taken_by(date(2025, 12, 1), date(2025, 11, 1))


def test_one_click_prepares_what_is_due_and_then_it_is_not_any_more(app: Flask, world: World, clock: Clock) -> None:
    clock.now = clock.now.replace(month=6, day=20)
    coordinator = Page(app).sign_in(world.email("coordinator"))
    told = coordinator.get("/coordinacion")
    due = [form for form in told.soup.select("form[action='/coordinacion/plan']") if "julio" in form.get_text()]
    assert len(due) == 1
    sent = {field["name"]: field["value"] for field in due[0].select("input[type=hidden]")}

    done = coordinator.follow("/coordinacion/plan", {str(name): str(value) for name, value in sent.items()})

    assert "Consulta creada" in done.body
    assert done.value("opens_on") == "2026-07-01"
    again = coordinator.get("/coordinacion")
    assert not [form for form in again.soup.select("form[action='/coordinacion/plan']") if "julio" in form.get_text()]


def test_an_instrument_that_is_not_used_is_not_told_of(app: Flask, world: World, clock: Clock) -> None:
    clock.now = clock.now.replace(month=6, day=20)
    coordinator = Page(app).sign_in(world.email("coordinator"))

    done = coordinator.follow("/coordinacion/plan", {"instrument": "agenda_simplificacion", "accion": "no-aplica"})

    assert "Ya no se avisará" in done.body
    assert not [form for form in done.soup.select("form[action='/coordinacion/plan']") if "julio" in form.get_text()]
