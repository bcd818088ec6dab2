"""Capture at the counter: the attested instant, late ones, and errors that keep what was typed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from consulta.db import Database, session_scope
from tests.builders import World, get_submission, get_window
from tests.pages import Page, Shown


@pytest.fixture
def operator(app: Flask, world: World) -> Page:
    return Page(app).sign_in(world.email("operator"))


def capture(page: Page, world: World, window: str, status: int, **fields: Any) -> Shown:
    """Fill the form of capture in."""
    address = f"/captura/{world.slugs[window]}/1"
    nonce = page.get(address).value("nonce")
    given = {
        "nonce": nonce,
        "channel": "paper",
        "received_on": "2026-06-10",
        "received_time": "09:30",
        "evidence": "Sello 14",
        "text": "Lo que dijo la persona.",
        "notice_version": "2026-1",
    }
    return page.post(address, {**given, **fields}, status=status)


def test_capture_keeps_the_attested_instant_and_gives_folio_and_key(
    operator: Page, world: World, database: Database
) -> None:
    topics = operator.get("/captura").links()
    assert f"/captura/{world.slugs['open']}/1" in topics
    form = operator.get(f"/captura/{world.slugs['open']}/1")
    assert (form.value("received_on"), form.value("received_time")[:5]) == ("2026-06-10", "12:00")

    shown = capture(operator, world, "open", 201)

    folio = str(shown.soup.select_one(".receipt .folio").get_text(strip=True))  # type: ignore[union-attr]
    assert len(str(shown.soup.select_one(".key-box strong").get_text(strip=True)).split("-")) == 6  # type: ignore[union-attr]
    with session_scope(database):
        found = get_submission(folio)
        assert found.received_at == datetime(2026, 6, 10, 15, 30, tzinfo=UTC)
        assert found.recorded_at == datetime(2026, 6, 10, 18, 0, tzinfo=UTC)
        assert (found.channel, found.evidence, found.timeliness) == ("paper", "Sello 14", "on_time")
        assert found.captured_by_post_id == world.actors["operator"].post_id


def test_capture_after_closing_depends_on_when_it_was_received(
    operator: Page, world: World, database: Database
) -> None:
    with session_scope(database):
        closes_at = get_window(world.slugs["closed"]).closes_at
    assert closes_at is not None
    zone = ZoneInfo("America/Mexico_City")
    last_day = (closes_at - timedelta(minutes=1)).astimezone(zone).date().isoformat()
    next_day = closes_at.astimezone(zone).date().isoformat()

    late = capture(operator, world, "closed", 201)
    in_time = capture(operator, world, "closed", 201, received_on=last_day, received_time="23:59")
    at_closing = capture(operator, world, "closed", 201, received_on=next_day, received_time="00:00")

    assert late.heading == at_closing.heading == "Guardado, fuera de plazo"
    assert in_time.heading == "Comentario guardado"


@pytest.mark.parametrize(
    ("fields", "anchors"),
    [
        ({"received_on": "2026-06-11"}, {"#received_on"}),
        ({"received_time": "12:01"}, {"#received_on"}),
        ({"received_on": ""}, {"#received_on"}),
        ({"received_on": "el martes"}, {"#received_on"}),
        ({"received_time": ""}, {"#received_time"}),
        ({"received_time": "25:00"}, {"#received_time"}),
        ({"channel": "web"}, {"#channel"}),
        ({"channel": ""}, {"#channel"}),
        ({"text": ""}, {"#text"}),
        ({"evidence": "x" * 301}, {"#evidence"}),
        ({"email": "no es correo"}, {"#email"}),
        ({"received_on": "2026-06-01"}, {"#contenido"}),
        ({"received_on": "0001-01-01"}, {"#contenido"}),
        ({"received_on": "9999-12-31"}, {"#received_on"}),
        ({"nonce": "inventado"}, {"#contenido"}),
        ({"text": "", "channel": "", "received_time": ""}, {"#text", "#channel", "#received_time"}),
    ],
)
def test_capture_points_at_what_to_correct_and_keeps_the_rest(
    operator: Page, world: World, fields: dict[str, str], anchors: set[str]
) -> None:
    shown = capture(operator, world, "open", 422, **{"author_name": "Ana Ejemplo", **fields})

    assert shown.errors
    assert {str(link["href"]) for link in shown.soup.select(".error-summary a")} == anchors
    assert shown.value("author_name") == "Ana Ejemplo"
    assert shown.value("text") == fields.get("text", "Lo que dijo la persona.")


def test_capture_sent_twice_is_one_comment(operator: Page, world: World) -> None:
    nonce = operator.get(f"/captura/{world.slugs['open']}/1").value("nonce")

    first = capture(operator, world, "open", 201, nonce=nonce)
    second = capture(operator, world, "open", 200, nonce=nonce)
    other = capture(operator, world, "open", 422, nonce=nonce, text="Otra cosa.")

    assert first.soup.select_one(".receipt .folio") == second.soup.select_one(".receipt .folio")
    assert "ya se guardó con el folio" in other.errors[0]
    assert other.value("nonce") != nonce
