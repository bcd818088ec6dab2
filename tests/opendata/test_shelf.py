"""Files of open data: only what acts touched is written; downloads go on where they broke; nothing stale stays."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.db import session, unit_of_work
from consulta.jobs.models import Job
from consulta.moderation.operations import redact_text, withhold_text
from consulta.opendata.building import PARQUET_EVERY, REFRESH, ask_refresh, refresh
from consulta.opendata.datasets import DATASETS
from consulta.opendata.shelf import Shelf
from consulta.record.sequencing import sequence_everything
from consulta.windows.preparing import ask_about_people
from tests.builders import World, a_published, a_submission, get_submission, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
SUBMISSIONS = DATASETS["submissions"]


@pytest.fixture
def shelf(app: Flask) -> Shelf:
    """The shelf of the application."""
    return Shelf(app.extensions["consulta"].settings.open_data)


def work(shelf: Shelf, now: datetime = START) -> dict[str, list[str]]:
    """Let the acts enter the tree and refresh."""
    with unit_of_work():
        sequence_everything(now)
    return refresh(shelf, now)


def test_first_build_holds_what_the_live_download_says(client: FlaskClient, world: World, shelf: Shelf) -> None:
    a_published(world, START)
    live = {name: client.get(f"/datos/{item.filename}.csv").data for name, item in DATASETS.items()}

    work(shelf)

    for name, item in DATASETS.items():
        built = client.get(f"/datos/{item.filename}.csv")
        if name not in ("indicators", "record"):
            assert built.data == live[name], name
        assert built.headers["Accept-Ranges"] == "bytes"
        assert built.content_length == len(built.data)


def test_only_the_part_of_what_changed_is_written_again(world: World, shelf: Shelf) -> None:
    first = a_published(world, START)
    a_submission(world.topics["closed"], START - timedelta(days=45))
    work(shelf)

    with unit_of_work():
        withhold_text(
            submission=get_submission(first.folio), ground="personal_data", reason="Trae datos.",
            actor=world.actors["moderator"], now=START,
        )  # fmt: skip
    touched = work(shelf)

    assert touched["submissions"] == [f"{world.slugs['open']}.{START:%Y-%m}"]
    assert touched["record"] == [f"{START:%Y-%m}"]


def test_nothing_done_writes_nothing(world: World, shelf: Shelf) -> None:
    a_published(world, START)
    work(shelf)
    before = {path: path.stat().st_mtime_ns for path in shelf.root.rglob("*.csv")}

    assert not any(work(shelf).values())
    assert {path: path.stat().st_mtime_ns for path in shelf.root.rglob("*.csv")} == before


def test_act_on_a_window_writes_its_parts(world: World, shelf: Shelf) -> None:
    a_submission(world.topics["mailbox"], START)
    a_submission(world.topics["open"], START)
    work(shelf)

    with unit_of_work():
        ask_about_people(
            window=get_window(world.slugs["mailbox"]), questions=["sex"], actor=world.actors["coordinator"], now=START
        )

    assert work(shelf)["submissions"] == [f"{world.slugs['mailbox']}.{START:%Y-%m}"]


def files_with(shelf: Shelf, mark: bytes) -> Iterator[Path]:
    """Yield the files in which something stands."""
    return (path for path in shelf.root.rglob("*") if path.is_file() and mark in path.read_bytes())


def test_redacted_and_purged_are_in_no_file_within_the_quarter_of_an_hour(world: World, shelf: Shelf) -> None:
    named = a_published(world, START, draft={"text": "Mi vecina Xochiltepecatl opina lo mismo."})
    other = a_published(world, START, draft={"text": "Vivo junto a Zacatlamanalco."})
    work(shelf)
    assert list(files_with(shelf, b"Xochiltepecatl"))

    with unit_of_work():
        redact_text(
            submission=get_submission(named.folio), ground="personal_data", note="",
            passages=["Xochiltepecatl"], actor=world.actors["moderator"], now=START,
        )  # fmt: skip
        withhold_text(
            submission=get_submission(other.folio), ground="personal_data", reason="Trae datos.",
            actor=world.actors["moderator"], now=START,
        )  # fmt: skip
    work(shelf, START + timedelta(minutes=1))
    work(shelf, START + PARQUET_EVERY + timedelta(minutes=1))

    assert timedelta(minutes=15) > PARQUET_EVERY
    assert not list(files_with(shelf, b"Xochiltepecatl"))
    assert not list(files_with(shelf, b"Zacatlamanalco"))


def test_versions_are_numbered_and_say_what_was_written(world: World, shelf: Shelf) -> None:
    work(shelf)
    a_published(world, START)
    work(shelf)

    manifest = shelf.manifest(SUBMISSIONS)
    assert manifest is not None
    assert [version["number"] for version in manifest.versions] == [1, 2]
    assert [version["rows"] for version in manifest.versions] == [0, 1]


def test_other_columns_write_everything_again(world: World, shelf: Shelf) -> None:
    work(shelf)
    manifest = shelf.root / SUBMISSIONS.filename / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"columns": "', '"columns": "0'), "utf-8")

    assert shelf.manifest(SUBMISSIONS) is None
    a_published(world, START)
    assert work(shelf)["submissions"] == [f"{world.slugs['open']}.{START:%Y-%m}"]


def test_download_goes_on_where_it_broke(client: FlaskClient, world: World, shelf: Shelf) -> None:
    for _ in range(3):
        a_published(world, START)
    work(shelf)
    whole = client.get("/datos/comentarios.csv")
    tag, body = whole.headers["ETag"], whole.data

    rest = client.get("/datos/comentarios.csv", headers={"Range": "bytes=100-", "If-Range": tag})
    some = client.get("/datos/comentarios.csv", headers={"Range": "bytes=2-9"})
    last = client.get("/datos/comentarios.csv", headers={"Range": "bytes=-5"})

    assert (rest.status_code, rest.data) == (206, body[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{len(body) - 1}/{len(body)}"
    assert (some.data, last.data) == (body[2:10], body[-5:])


def test_download_of_another_version_begins_anew(client: FlaskClient, world: World, shelf: Shelf) -> None:
    a_published(world, START)
    work(shelf)
    tag = client.get("/datos/comentarios.csv").headers["ETag"]
    a_published(world, START)
    work(shelf)

    again = client.get("/datos/comentarios.csv", headers={"Range": "bytes=100-", "If-Range": tag})

    assert again.status_code == 200
    assert client.get("/datos/comentarios.csv", headers={"If-None-Match": tag}).status_code == 200


def test_who_has_it_is_told_so(client: FlaskClient, world: World, shelf: Shelf) -> None:
    work(shelf)
    tag = client.get("/datos/comentarios.json").headers["ETag"]

    assert client.get("/datos/comentarios.json", headers={"If-None-Match": tag}).status_code == 304


def test_parts_can_be_taken_one_by_one(client: FlaskClient, world: World, shelf: Shelf) -> None:
    a_published(world, START)
    work(shelf)
    part = f"{world.slugs['open']}.{START:%Y-%m}"

    found = client.get(f"/datos/comentarios/{part}.csv")

    assert found.data == client.get("/datos/comentarios.csv").data
    assert client.get("/datos/comentarios/nada.2026-01.csv").status_code == 404


def test_worker_asks_once_and_only_when_something_was_done(world: World, shelf: Shelf) -> None:
    def waiting() -> int:
        return session().query(Job).where(Job.kind == REFRESH).count()

    for _ in range(2):
        with unit_of_work():
            ask_refresh(shelf)(START)
    assert waiting() == 1

    with unit_of_work():
        session().query(Job).where(Job.kind == REFRESH).delete()
        sequence_everything(START)
    refresh(shelf, START)
    with unit_of_work():
        ask_refresh(shelf)(START)
    assert waiting() == 0
    with unit_of_work():
        ask_refresh(shelf)(START + timedelta(hours=13))
    assert waiting() == 1
