"""What anybody sees of the record: its checkpoints, its tiles, her folio; and the command that verifies it all."""

import base64
import json
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from consulta.db import Database, session_scope, unit_of_work
from consulta.folio import new_folio
from consulta.record.notes import is_signed, read_note
from consulta.record.rules import act_bytes
from consulta.record.tree import leaf_hash, verify_inclusion
from consulta.windows.sealing import place_acts, seal_record
from tests.builders import World, a_published, a_submission
from tests.clock import START
from tests.pages import Page


def sealed(app: Flask, database: Database, at: timedelta = timedelta(0)) -> None:
    """Let the worker place what waits and sign."""
    settings = app.extensions["consulta"].settings
    with session_scope(database), unit_of_work():
        place_acts(START + at)
        seal_record(settings.record_origin, settings.instance / "keys")(START + at)


def test_folio_is_still_there_unchanged_and_says_where(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        folio = a_published(world, START).folio
    waiting = Page(app).get(f"/verificar?folio={folio.lower()}")
    assert "En el próximo punto de control" in waiting.body
    sealed(app, database)

    shown = Page(app).get(f"/verificar?folio={folio}")

    assert shown.body.count("Sigue ahí, sin cambios") == 2
    assert "Se recibió" in shown.body
    assert "No coincide" not in shown.body


def test_unknown_folio_is_told_with_what_to_do(app: Flask) -> None:
    assert Page(app).get("/verificar").errors == []
    assert Page(app).get("/verificar?folio=xx", status=404).errors
    unknown = new_folio("GTO", 2026, bytes(5))
    assert "revise cada letra" in Page(app).get(f"/verificar?folio={unknown}", status=404).body


def test_what_may_not_be_named_does_not_exist_here(
    app: Flask, client: FlaskClient, world: World, database: Database
) -> None:
    from consulta.db import session

    with session_scope(database):
        submission = a_published(world, START)
        submission.reserved = True
        session().commit()
        folio = submission.folio
    sealed(app, database)

    Page(app).get(f"/verificar?folio={folio}", status=404)
    assert client.get(f"/api/v1/record/proof/{folio}").status_code == 404


def test_proof_of_the_interface_is_verified_by_whoever_has_the_note(
    app: Flask, client: FlaskClient, world: World, database: Database
) -> None:
    with session_scope(database):
        folio = a_submission(world.topics["open"], START).folio
    assert client.get("/api/v1/record/checkpoint").status_code == 404
    sealed(app, database)

    found = client.get(f"/api/v1/record/proof/{folio}").get_json()
    note = client.get("/bitacora/checkpoint").get_data(as_text=True)

    head, _signatures = read_note(note)
    key = Page(app).get("/bitacora").soup.select_one("code.key").get_text().split("+", 2)[2]
    assert is_signed(note, base64.b64decode(key)[1:])
    assert found["checkpoint"]["note"] == note
    from datetime import datetime

    for act in found["acts"]:
        at = datetime.fromisoformat(act["at"])
        hashed = leaf_hash(act_bytes(act["kind"], act["id"], at, bytes.fromhex(act["commitment"])))
        proof = [base64.b64decode(step) for step in act["proof"]]
        assert verify_inclusion(hashed, act["index"], head.size, proof, head.root)


def test_tiles_are_those_of_the_tree(app: Flask, client: FlaskClient, world: World, database: Database) -> None:
    sealed(app, database)
    size = read_note(client.get("/bitacora/checkpoint").get_data(as_text=True))[0].size

    tile = client.get(f"/bitacora/tile/0/000.p/{size}")

    assert (tile.status_code, len(tile.data)) == (200, size * 32)
    for wrong in (f"0/000.p/{size + 1}", "0/000", "0/000.p/0", "x/000", "0/1", "0/x001/000"):
        assert client.get(f"/bitacora/tile/{wrong}").status_code == 404


def test_seal_comes_every_hour_and_when_a_consultation_has_closed(
    app: Flask, client: FlaskClient, world: World, database: Database
) -> None:
    def size() -> int:
        return read_note(client.get("/bitacora/checkpoint").get_data(as_text=True))[0].size

    sealed(app, database)
    first = size()
    with session_scope(database):
        a_submission(world.topics["open"], START)
    sealed(app, database, timedelta(minutes=30))
    assert size() == first
    sealed(app, database, timedelta(minutes=61))
    assert size() > first


def test_command_signs_proves_and_verifies(app: Flask, world: World, database: Database, tmp_path: Path) -> None:
    from consulta.cli import main

    with session_scope(database):
        folio = a_submission(world.topics["open"], START).folio
    settings = app.extensions["consulta"].settings
    environ = {"CONSULTA_INSTANCE": str(settings.instance), "CONSULTA_DATABASE_URL": settings.database_url}
    runner = CliRunner(env=environ)

    note = runner.invoke(main, ["bitacora", "checkpoint"])
    assert note.exit_code == 0, note.output
    kept = tmp_path / "punto.txt"
    kept.write_text(note.stdout, "utf-8")
    proved = runner.invoke(main, ["bitacora", "prove", folio])
    assert json.loads(proved.stdout)["acts"][0]["kind"] == "submission.received"
    good = runner.invoke(main, ["bitacora", "verify", "--against", str(kept)])
    assert good.exit_code == 0, good.output

    kept.write_text(note.stdout.replace("\n", "\n9", 1), "utf-8")
    bad = runner.invoke(main, ["bitacora", "verify", "--against", str(kept)])
    assert bad.exit_code == 1
    assert "no está firmado" in bad.output
