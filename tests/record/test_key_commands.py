"""Changing the key, losing it, and what `consulta doctor` says of it: through the commands."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from consulta.cli import main
from consulta.db import Database, session_scope
from consulta.record.keys import list_keys
from tests.builders import World


@pytest.fixture
def run(app: Flask, world: World) -> object:
    settings = app.extensions["consulta"].settings
    runner = CliRunner(
        env={"CONSULTA_INSTANCE": str(settings.instance), "CONSULTA_DATABASE_URL": settings.database_url}
    )
    return lambda *given: runner.invoke(main, list(given))


def seal_check(result: Result) -> bool:
    """What the doctor says of the key."""
    return next(check["holds"] for check in json.loads(result.stdout) if check["name"] == "Clave del sello")


def test_key_is_rotated_and_a_lost_one_is_declared(app: Flask, database: Database, run: object) -> None:
    assert callable(run)
    keys = Path(app.extensions["consulta"].settings.instance) / "keys"
    assert run("bitacora", "rotate-key", "--reason", " ").exit_code == 2
    assert run("bitacora", "checkpoint").exit_code == 0

    rotated = run("bitacora", "rotate-key", "--reason", "Toca cada año.")

    assert rotated.exit_code == 0, rotated.output
    assert "sello-anterior.key" in rotated.stdout
    assert run("bitacora", "checkpoint").exit_code == 0
    assert run("bitacora", "verify").exit_code == 0
    assert run("bitacora", "key-lost", "--reason", "x").exit_code == 2
    assert seal_check(run("doctor", "--json"))

    (keys / "sello.key").unlink()
    assert not seal_check(run("doctor", "--json"))
    assert "no es la vigente" in run("bitacora", "checkpoint").output
    lost = run("bitacora", "key-lost", "--reason", "Se dañó el disco.")
    assert lost.exit_code == 0, lost.output
    assert run("bitacora", "checkpoint").exit_code == 0
    assert run("bitacora", "verify").exit_code == 0
    assert seal_check(run("doctor", "--json"))
    with session_scope(database):
        assert [key.end_reason for key in list_keys()] == ["rotated", "lost", ""]


def test_rotation_that_was_cut_off_only_changes_the_files(app: Flask, run: object) -> None:
    assert callable(run)
    keys = Path(app.extensions["consulta"].settings.instance) / "keys"
    run("bitacora", "checkpoint")
    old = (keys / "sello.key").read_bytes()
    assert run("bitacora", "rotate-key", "--reason", "x").exit_code == 0
    # As if the machine had stopped after the act was written and before the files changed places.
    (keys / "sello.key").rename(keys / "sello-siguiente.key")
    (keys / "sello.key").write_bytes(old)

    again = run("bitacora", "rotate-key", "--reason", "x")

    assert again.exit_code == 0, again.output
    assert run("bitacora", "checkpoint").exit_code == 0
    assert run("bitacora", "verify").exit_code == 0


def test_witness_of_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["bitacora", "witness", "nada", "--folder", str(tmp_path), "--name", "x"])

    assert done.exit_code == 2
    assert "http://" in done.output


def test_export_of_the_record_is_verified_by_the_lone_verifier(run: object, tmp_path: Path) -> None:
    import subprocess
    import sys

    assert callable(run)
    run("bitacora", "checkpoint")
    done = run("bitacora", "export", str(tmp_path / "copia"))
    assert done.exit_code == 0, done.output

    key = json.loads((tmp_path / "copia" / "claves.json").read_text("utf-8"))["keys"][0]["key"]
    verifier = [sys.executable, "-I", str(tmp_path / "copia" / "verificador.py"), str(tmp_path / "copia")]
    said = subprocess.run([*verifier, "--clave", key], capture_output=True, text=True, check=False)
    assert (said.returncode, "Todo coincide" in said.stdout) == (0, True), said.stdout + said.stderr
