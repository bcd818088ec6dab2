"""The file of a case: whole, in order, and it proves itself without the system that wrote it."""

import base64
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient

from consulta.cli import main
from consulta.db import Database, session, session_scope
from consulta.record.notes import read_note
from consulta.record.rules import act_bytes, canonical, commit
from consulta.record.tree import leaf_hash, verify_inclusion
from tests.archives.worlds import with_file
from tests.builders import World, a_session, a_submission, an_answered
from tests.clock import START
from tests.record.test_record_pages import sealed


def fetched(client: FlaskClient, address: str) -> dict[str, bytes]:
    """Download a file and open it."""
    told = client.get(address)
    assert told.status_code == 200, told.status
    with zipfile.ZipFile(io.BytesIO(told.data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def signed_in(app: Flask, world: World, database: Database, post: str) -> FlaskClient:
    """Sign the holder of a post in."""
    from consulta.accounts.cookies import COOKIE

    with session_scope(database):
        token = a_session(world, post, START)
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return client


def check_manifest(files: dict[str, bytes]) -> None:
    """Every file is in the manifest with its hash, and the manifest is sealed."""
    manifest: dict[str, Any] = json.loads(files["manifiesto.json"])
    listed = {item["name"]: item["sha256"] for item in manifest["content"]["files"]}
    assert set(listed) == set(files) - {"manifiesto.json"}
    for name, digest in listed.items():
        assert hashlib.sha256(files[name]).hexdigest() == digest
    public, signature = (base64.b64decode(manifest[name]) for name in ("public_key", "signature"))
    Ed25519PublicKey.from_public_bytes(public).verify(signature, canonical(manifest["content"]))


def test_file_of_a_submission_proves_itself(app: Flask, world: World, database: Database, tmp_path: Path) -> None:
    with session_scope(database):
        folio = an_answered(world, START).submission.folio
    sealed(app, database)

    files = fetched(signed_in(app, world, database, "coordinator"), f"/coordinacion/expedientes/{folio}.zip")

    check_manifest(files)
    assert files["expediente.pdf"].startswith(b"%PDF")
    data = json.loads(files["expediente.json"])
    assert data["referrals"][0]["answer"]["disposition"] == "adopted"
    proofs = json.loads(files["pruebas.json"])
    head = read_note(proofs["checkpoint"])[0]
    for act in proofs["acts"]:
        commitment = bytes.fromhex(act["commitment"])
        hashed = leaf_hash(act_bytes(act["kind"], act["id"], datetime.fromisoformat(act["at"]), commitment))
        path = [base64.b64decode(step) for step in act["proof"]]
        assert verify_inclusion(hashed, act["index"], head.size, path, head.root)
        if act["opening"]["content"] is not None:
            assert commit(bytes.fromhex(act["opening"]["salt"]), act["opening"]["content"]) == commitment
    for name in ("verificador.py", "acuse.json"):
        (tmp_path / name).write_bytes(files[name])
    key = json.loads(files["claves.json"])["keys"][0]["key"]
    run = [str(tmp_path / "verificador.py"), "--clave", key, "--contra", str(tmp_path / "acuse.json")]
    done = subprocess.run(
        [sys.executable, "-I", *run],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Todo coincide" in done.stdout) == (0, True), done.stdout + done.stderr


def test_file_of_a_window_has_every_folio_and_hides_what_is_reserved(
    app: Flask, world: World, database: Database
) -> None:
    with session_scope(database):
        folio = a_submission(world.topics["open"], START).folio
        with_file(world)
        reserved = a_submission(world.topics["open"], START)
        reserved.reserved = True
        session().commit()
        hidden = reserved.folio
    sealed(app, database)

    address = f"/coordinacion/consultas/{world.slugs['open']}/expediente.zip"
    files = fetched(signed_in(app, world, database, "auditor"), address)

    check_manifest(files)
    assert f"folios/{folio}.json" in files
    assert f"folios/{hidden}.json" not in files
    assert files["indice.csv"].decode().count("\r\n") == 4


def test_reserved_file_is_for_the_control_body_alone(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        reserved = a_submission(world.topics["mailbox"], START, draft={"kind": "complaint"})
        reserved.reserved = True
        session().commit()
        folio = reserved.folio
    address = f"/coordinacion/expedientes/{folio}.zip"

    assert signed_in(app, world, database, "coordinator").get(address).status_code == 404
    assert signed_in(app, world, database, "control").get(address).status_code == 200


def test_page_finds_the_file_of_a_folio_or_a_window(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        folio = a_submission(world.topics["open"], START).folio
    client = signed_in(app, world, database, "auditor")

    for typed, wanted in (
        (folio.lower(), f"/coordinacion/expedientes/{folio}.zip"),
        (world.slugs["open"], f"/coordinacion/consultas/{world.slugs['open']}/expediente.zip"),
    ):
        assert client.get("/coordinacion/expedientes", query_string={"folio": typed}).location == wanted
    assert client.get("/coordinacion/expedientes").status_code == 200
    for wrong in ("nada", "GTO-2026-AAAAAAAA-A"):
        assert client.get("/coordinacion/expedientes", query_string={"folio": wrong}).status_code == 422


def test_command_writes_the_file(app: Flask, world: World, database: Database, tmp_path: Path) -> None:
    from click.testing import CliRunner

    with session_scope(database):
        folio = a_submission(world.topics["open"], START).folio
    settings = app.extensions["consulta"].settings
    environ = {"CONSULTA_INSTANCE": str(settings.instance), "CONSULTA_DATABASE_URL": settings.database_url}
    runner = CliRunner(env=environ)

    for about in (folio.lower(), world.slugs["open"]):
        done = runner.invoke(main, ["expediente", about, "-o", str(tmp_path / f"{about}.zip")])
        assert done.exit_code == 0, done.output
        with zipfile.ZipFile(tmp_path / f"{about}.zip") as opened:
            check_manifest({name: opened.read(name) for name in opened.namelist()})
    assert runner.invoke(main, ["expediente", "nada"]).exit_code == 2
    assert runner.invoke(main, ["baja", "sweep"]).exit_code == 0
