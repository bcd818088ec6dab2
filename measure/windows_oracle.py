"""Thousands of generated windows, suspended, restarted and extended, against an oracle that shares no code.

Also the days of the labour law against an independent list of them, with every difference.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import metadata, resources
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from consulta.clocks import load_calendar
from consulta.deadlines import (
    Calendar,
    DayUnit,
    Event,
    EventKind,
    NonWorkingDay,
    Term,
    compute_due,
    due_on,
    extend_calendar,
    fold,
)
from consulta.windows.rules import end_of_day
from measure.oracle import FIRST_YEAR, LAST_YEAR, Case, end_of, labour_holidays, last_day, working_days

WINDOWS = 10_000
SEED = 20_260_907
LAST_START = date(2033, 12, 31)
ZONES = (
    "Mexico_City",
    "Cancun",
    "Merida",
    "Monterrey",
    "Matamoros",
    "Chihuahua",
    "Ciudad_Juarez",
    "Ojinaga",
    "Hermosillo",
    "Mazatlan",
    "Bahia_Banderas",
    "Tijuana",
)
KINDS = {
    "suspend": EventKind.SUSPEND,
    "resume": EventKind.RESUME,
    "restart": EventKind.RESTART,
    "extend": EventKind.EXTEND,
}


@dataclass(frozen=True)
class Checked:
    """What one window showed against the oracle."""

    zone: str
    case: Case
    wrong_day: bool
    wrong_instant: bool
    rests_on_non_working: bool


def run() -> dict[str, Any]:
    """Compare every window; reached when no day, no instant and no rolled end is wrong."""
    checked = list(check_windows(WINDOWS, SEED))
    wrong = [found.case for found in checked if found.wrong_day or found.wrong_instant]
    rolled = sum(found.case.rolls for found in checked)
    non_working = sum(found.rests_on_non_working for found in checked)
    differences = differences_with_holidays()
    return {
        "n": len(checked),
        "seed": SEED,
        "zones": dict(sorted(Counter(found.zone for found in checked).items())),
        "tzdata": metadata.version("tzdata"),
        "with_events": sum(bool(found.case.events) for found in checked),
        "with_decrees": sum(bool(found.case.closed or found.case.enabled) for found in checked),
        "wrong_days": sum(found.wrong_day for found in checked),
        "wrong_instants": sum(found.wrong_instant for found in checked),
        "first_wrong": repr(wrong[0]) if wrong else None,
        "rolled_terms": rolled,
        "rolled_on_non_working": non_working,
        "lft_against_holidays": differences,
        "reached": not wrong and not non_working and not differences["only_in_holidays"],
    }


def check_windows(count: int, seed: int) -> Iterator[Checked]:
    """Generate `count` windows from a seed and compare each with the oracle."""
    chance = random.Random(seed)
    days_off = labour_holidays()
    for at in range(count):
        name = ZONES[at % len(ZONES)]
        case = _case(chance)
        works = working_days(days_off, case)
        expected = last_day(case, works)
        found = _due_days(case)
        # Business days end on a working day whether they roll or not.
        rolls = case.rolls or (case.in_business_days and not case.events)
        yield Checked(
            zone=f"America/{name}",
            case=case,
            wrong_day=found != {expected},
            wrong_instant=any(end_of_day(day, zone(name)) != end_of(expected, zone(name)) for day in found),
            rests_on_non_working=rolls and not all(works[day] for day in found),
        )


def differences_with_holidays() -> dict[str, list[str]]:
    """Compare the days of the labour law with the `holidays` package over all years."""
    theirs = set(holidays.country_holidays("MX", years=range(FIRST_YEAR, LAST_YEAR + 1)))
    ours = load_calendar("lft").days
    return {
        "only_in_lft": [f"{on.isoformat()} {ours[on].reason}" for on in sorted(set(ours) - theirs)],
        "only_in_holidays": [on.isoformat() for on in sorted(theirs - set(ours))],
    }


@cache
def zone(name: str) -> ZoneInfo:
    """Read a Mexican zone from the pinned package, whatever the machine has."""
    with resources.files("tzdata.zoneinfo.America").joinpath(name).open("rb") as file:
        return ZoneInfo.from_file(file, key=f"America/{name}")


def _case(chance: random.Random) -> Case:
    span = (LAST_START - date(FIRST_YEAR, 1, 1)).days
    starts_on = date(FIRST_YEAR, 1, 1) + timedelta(days=chance.randint(0, span))
    near = [starts_on + timedelta(days=chance.randint(-10, 90)) for _ in range(8)]
    closed = [(on, on + timedelta(days=chance.randint(0, 14))) for on in near[: chance.randint(0, 5)]]
    return Case(
        starts_on=starts_on,
        n=chance.randint(1, 60),
        in_business_days=chance.random() < 0.5,
        rolls=chance.random() < 0.8,
        closed=tuple((max(first, date(FIRST_YEAR, 1, 1)), last) for first, last in closed if last.year >= FIRST_YEAR),
        enabled=tuple(on for on in near[5 : 5 + chance.randint(0, 3)] if on.year >= FIRST_YEAR),
        events=tuple(_events(chance, starts_on)) if chance.random() < 0.5 else (),
    )


def _events(chance: random.Random, on: date) -> Iterator[tuple[object, ...]]:
    """Give one to four happenings, one after the other; a suspension always ends."""
    for _ in range(chance.randint(1, 4)):
        on += timedelta(days=chance.randint(0, 20))
        if chance.random() < 0.4:
            yield ("extend", on, chance.randint(1, 20), chance.random() < 0.5)
            continue
        yield ("suspend", on)
        on += timedelta(days=chance.randint(0, 20))
        yield ("restart" if chance.random() < 0.4 else "resume", on)


def _due_days(case: Case) -> set[date]:
    """Give the due day by every way that the product has to it: they must agree."""
    calendar = _calendar(case)
    unit = DayUnit.BUSINESS_DAY if case.in_business_days else DayUnit.CALENDAR_DAY
    events = [Event(EventKind.START, case.starts_on), *(_event(event) for event in case.events)]
    shown = fold(Term(case.n, unit, case.rolls), events, calendar).due_on
    assert shown is not None
    if case.events:
        return {shown}
    whole = {"n": case.n, "unit": unit, "starts_on": case.starts_on, "roll_last_day": case.rolls}
    return {shown, compute_due(**whole, calendar=calendar).due_on, due_on(**whole, calendar=calendar)}


def _event(event: tuple[Any, ...]) -> Event:
    kind, on, *length = event
    if not length:
        return Event(KINDS[kind], on)
    return Event(KINDS[kind], on, length[0], DayUnit.BUSINESS_DAY if length[1] else DayUnit.CALENDAR_DAY)


def _calendar(case: Case) -> Calendar:
    enabled = dict.fromkeys(case.enabled, "Decreto de trabajo")
    closed = {
        on: NonWorkingDay(on, "vacaciones", "Decreto de descanso")
        for first, last in case.closed
        for on in (first + timedelta(days=at) for at in range((last - first).days + 1))
        if on not in enabled
    }
    return extend_calendar(load_calendar("lft"), key="x", name="X", closed=closed, enabled=enabled)
