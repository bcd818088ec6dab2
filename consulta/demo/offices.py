"""The governments of the demonstration: agencies, units, posts and the invented people who hold them."""

from datetime import date, datetime, timedelta
from typing import Any

from consulta.accounts.operations import invite_person, set_password
from consulta.actors import Actor, Role
from consulta.agencies.models import Government, Unit
from consulta.agencies.operations import (
    appoint,
    create_agency,
    create_government,
    create_post,
    create_unit,
    edit_government,
    publish_privacy_notice,
)
from consulta.demo.accounts import DEMO_PASSWORD
from consulta.demo.days import Days
from consulta.demo.stage import NOTICE_VERSION, Office, Place, Stage, read_data

TIMEZONE = "America/Mexico_City"


def open_offices(stage: Stage, start: datetime) -> None:
    """Create the three governments, each with its calendar, notice, colours and posts."""
    data = read_data("governments")
    for order, item in enumerate(data["government"]):
        now = start + timedelta(hours=order)
        government = _create(item, data, now)
        units: dict[str, Unit] = {}
        for agency in item["agency"]:
            created = create_agency(government=government, key=agency["key"], name=agency["name"], now=now)
            for key, name in agency["units"]:
                units[key] = create_unit(agency=created, key=key, name=name, now=now)
        stage.offices[item["key"]] = Office(
            id=government.id,
            days=Days.of(stage.now, TIMEZONE, item["calendar"]),
            coordinator=item["coordinator"],
            moderator=item["moderator"],
            control=item["control"],
        )
        for agency in item["agency"]:
            for role, unit, key, title, name in agency["posts"]:
                stage.actors[key] = _appoint(government, units[unit], Role(role), key, title, name, now)
        stage.places |= _places(stage, item["key"], units)


def _create(item: dict[str, Any], data: dict[str, Any], now: datetime) -> Government:
    government = create_government(
        key=item["key"],
        name=item["name"],
        folio_prefix=item["prefix"],
        timezone=TIMEZONE,
        calendar_key=item["calendar"],
        contact=item["contact"],
        now=now,
        territory=item.get("territory", "11"),
    )
    publish_privacy_notice(
        government=government,
        version=NOTICE_VERSION,
        summary=data["privacy_summary"].replace("{government}", item["name"]),
        text=data["privacy_text"].replace("{government}", item["name"]),
        now=now,
    )
    edit_government(government=government, name=item["name"], contact=item["contact"], colours=item["colours"], now=now)
    return government


def _appoint(government: Government, unit: Unit, role: Role, key: str, title: str, name: str, now: datetime) -> Actor:
    post = create_post(unit=unit, key=key, title=title, role=role, now=now)
    person, token = invite_person(email=f"{key}@demo.example", name=name, now=now)
    set_password(token=token, password=DEMO_PASSWORD, now=now)
    appoint(person=person, post=post, from_on=date(now.year, 1, 1), now=now)
    return Actor(post.id, role, unit.id, unit.agency_id, government.id, person.id)


def _places(stage: Stage, government: str, units: dict[str, Unit]) -> dict[str, Place]:
    """Return the units that answer: the ones with somebody who writes."""
    writers = {actor.unit_id: key for key, actor in stage.actors.items() if actor.role == Role.RESPONDENT}
    signers = {actor.agency_id: key for key, actor in stage.actors.items() if actor.role == Role.APPROVER}
    return {
        key: Place(unit.id, government, writers[unit.id], signers[unit.agency_id])
        for key, unit in units.items()
        if unit.id in writers
    }
