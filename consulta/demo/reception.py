"""Windows in preparation: one that asks the agencies for their entries, and one that is not complete yet."""

from datetime import datetime, timedelta
from typing import Any

from consulta.agencies.models import Agency
from consulta.agencies.queries import find_agency_by_key
from consulta.db import session
from consulta.demo.days import Days
from consulta.demo.stage import STATE, Stage, read_data
from consulta.demo.timeline import Story
from consulta.entries.models import Entry
from consulta.entries.operations import accept_entry, declare_nothing, observe_entry, remind, save_entry, submit_entry
from consulta.windows.models import Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.preparing import ask_entries
from consulta.windows.queries import get_instrument


def ask_agencies(stage: Stage) -> Story:
    """Ask every agency for its entries for next year; some hand in, one has nothing, several are missing."""
    data, days = read_data("reception"), stage.offices[STATE].days
    coordinator = stage.coordinator(STATE)
    at = days.at(days.business(-18), 10, 15)
    yield at
    window_id = _draft_window(stage, data["asking"], at)
    at = days.at(days.business(-17), 9, 40)
    yield at
    window = session().get_one(Window, window_id)
    ask_entries(window=window, due_on=days.business(6), actor=coordinator, now=at)
    for n, item in enumerate(data["asking"]["entry"]):
        stage.timeline.add(_entry(stage, window_id, item, days.at(days.business(-15 + n), 11, 5 * n)))
    stage.timeline.add(_nothing(stage, window_id, data["asking"]["nothing"], days.at(days.business(-9), 12, 20)))
    at = days.at(days.business(-3), 13, 0)
    yield at
    reminder = data["asking"]["reminder"]
    remind(
        window=session().get_one(Window, window_id),
        agency=_agency(stage, reminder["agency"]),
        text=reminder["text"],
        actor=coordinator,
        now=at,
    )


def leave_incomplete(stage: Stage) -> Story:
    """Begin a window and leave it: a topic without a unit, without a sheet and without most of its fields."""
    data, days = read_data("reception"), stage.offices[STATE].days
    at = days.at(days.business(-6), 16, 45)
    yield at
    window_id = _draft_window(stage, data["incomplete"], at)
    window = session().get_one(Window, window_id)
    for item in data["incomplete"]["topic"]:
        add_topic(
            window=window,
            title=item["title"],
            summary=item["summary"],
            unit=None,
            actor=stage.coordinator(STATE),
            now=at + timedelta(minutes=5),
            details=item["details"],
        )


def _draft_window(stage: Stage, data: dict[str, Any], at: datetime) -> int:
    year = stage.offices[STATE].days.today.year + 1
    window = create_window(
        government=stage.government(STATE),
        instrument=get_instrument(data["instrument"]),
        title=data["title"].replace("{next_year}", str(year)),
        summary=data["summary"],
        decides=data.get("decides", ""),
        afterwards=data.get("afterwards", ""),
        actor=stage.coordinator(STATE),
        now=at,
    )
    return window.id


def _entry(stage: Stage, window_id: int, item: dict[str, Any], at: datetime) -> Story:
    """Write an entry; hand it in, and let the coordination observe or accept it, as far as it came."""
    days, writer, coordinator = stage.offices[STATE].days, stage.writer(item["unit"]), stage.coordinator(STATE)
    yield at
    entry = save_entry(
        window=session().get_one(Window, window_id),
        unit=stage.unit(item["unit"]),
        title=item["title"],
        summary=item["summary"],
        details=_dated(days, item.get("details", {})),
        actor=writer,
        now=at,
    )
    entry_id, state = entry.id, item["state"]
    if state == "draft":
        return
    at = at + timedelta(hours=2)
    yield at
    submit_entry(entry=session().get_one(Entry, entry_id), actor=writer, now=at)
    if state == "submitted":
        return
    at = at + timedelta(hours=20)
    yield at
    entry = session().get_one(Entry, entry_id)
    if state == "observed":
        observe_entry(entry=entry, observation=item["observation"], actor=coordinator, now=at)
    else:
        accept_entry(entry=entry, actor=coordinator, now=at)


def _nothing(stage: Stage, window_id: int, agency: str, at: datetime) -> Story:
    yield at
    declare_nothing(
        window=session().get_one(Window, window_id),
        agency=_agency(stage, agency),
        actor=stage.writer(agency),
        now=at,
    )


def _dated(days: Days, details: dict[str, str]) -> dict[str, str]:
    return {
        key: (days.today + timedelta(days=int(value))).isoformat() if value.startswith("+") else value
        for key, value in details.items()
    }


def _agency(stage: Stage, key: str) -> Agency:
    found = find_agency_by_key(stage.offices[STATE].id, key)
    assert found is not None, key
    return found
