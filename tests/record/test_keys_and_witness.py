"""Keys that follow one another, a key that is lost, and a witness that sees what the log would rather not show."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from consulta.db import session, unit_of_work
from consulta.errors import NotFound, Refused
from consulta.record.exports import key_json
from consulta.record.keys import change_key, find_current, list_keys
from consulta.record.models import Checkpoint, Cosignature, Leaf, Opening, SealKey, Tile
from consulta.record.notes import verifier_key
from consulta.record.publishing import VERIFIER, write_record
from consulta.record.queries import note_of
from consulta.record.sequencing import make_checkpoint, sequence_everything
from consulta.record.tiles import TileReader
from consulta.record.verifying import verify_record
from consulta.record.witness import Alarm, Witness
from consulta.record.witnessing import add_cosignature, read_witnesses
from tests.clock import START
from tests.record.test_record import KEY, ORIGIN, PUBLIC, acts, seal

NEW = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32)
NEW_PUBLIC = NEW.public_key().public_bytes_raw()
NAME = "testigo.universidad.mx"


def serve(address: str) -> bytes:
    """Answer as the log's pages do."""
    if address == "/bitacora/checkpoint":
        return note_of(session().scalars(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)).one()).encode()
    if address == "/bitacora/claves":
        return json.dumps({"keys": [key_json(item, ORIGIN) for item in list_keys()]}).encode()
    level, position = address.removeprefix("/bitacora/tile/").split(".p/")[0].split("/", 1)
    hashes = TileReader().tile(int(level), int(position.replace("x", "").replace("/", "")))
    width = int(address.split(".p/")[1]) if ".p/" in address else 256
    return hashes[: width * 32]


def seal_with(key: Ed25519PrivateKey) -> Checkpoint | None:
    """Place what waits and sign."""
    with unit_of_work():
        sequence_everything(START)
        return make_checkpoint(origin=ORIGIN, key=key, now=START)


def rotate(*, old: Ed25519PrivateKey | None = KEY) -> None:
    """Let the new key follow."""
    with unit_of_work():
        change_key(old=old, new=NEW, reason="Toca cada año.", origin=ORIGIN, now=START)


@pytest.fixture
def witness(scope: None, tmp_path: Path) -> Witness:
    acts(300)
    seal()
    return Witness(folder=tmp_path / "testigo", name=NAME, fetch=serve, log_key=verifier_key(ORIGIN, PUBLIC))


@pytest.mark.usefixtures("scope")
class TestKeys:
    def test_key_follows_another_under_both_signatures_and_all_verifies(self) -> None:
        acts(10)
        seal()
        rotate()
        acts(5)
        seal_with(NEW)

        assert verify_record(public=NEW_PUBLIC).problems == []
        assert [key.end_reason for key in list_keys()] == ["rotated", ""]
        kinds = session().scalars(select(Leaf.kind).where(Leaf.public_id == "bitacora")).all()
        assert kinds == ["record.began", "record.key_rotated"]

    def test_record_is_never_signed_with_a_key_that_nobody_announced(self) -> None:
        acts(10)
        seal()
        acts(1)
        with pytest.raises(Refused, match="no es la vigente"):
            seal_with(NEW)

        rotate(old=None)
        assert seal_with(NEW) is not None
        assert [key.end_reason for key in list_keys()] == ["lost", ""]
        assert verify_record(public=NEW_PUBLIC).problems == []

    def test_forged_handover_is_found(self) -> None:
        acts(10)
        seal()
        rotate(old=None)
        with unit_of_work():
            session().execute(update(SealKey).where(SealKey.id == 1).values(end_reason="rotated"))

        assert any("no fue entregada" in item.text for item in verify_record(public=NEW_PUBLIC).problems)

    def test_change_without_reason_or_before_the_first_checkpoint_is_refused(self) -> None:
        with pytest.raises(Refused, match="Todavía no hay clave"), unit_of_work():
            change_key(old=KEY, new=NEW, reason="x", origin=ORIGIN, now=START)
        acts(1)
        seal()
        with pytest.raises(Refused, match="por qué"), unit_of_work():
            change_key(old=KEY, new=NEW, reason=" ", origin=ORIGIN, now=START)
        with pytest.raises(Refused, match="no es la vigente"), unit_of_work():
            change_key(old=NEW, new=KEY, reason="x", origin=ORIGIN, now=START)
        current = find_current()
        assert current is not None
        assert current.public == PUBLIC


class TestWitness:
    def test_sees_that_each_checkpoint_follows_and_its_signature_stands_below(self, witness: Witness) -> None:
        witness.look(START)
        acts(513)
        seal_with(KEY)

        seen = witness.look(START + timedelta(hours=1))

        keys = read_witnesses([witness.verifier_key])
        for _again in range(2):
            with unit_of_work():
                add_cosignature(size=seen.head.size, line=seen.line, witnesses=keys)
        kept = session().scalars(select(Cosignature)).one()
        assert (kept.name, kept.at) == (NAME, START + timedelta(hours=1))
        assert seen.line in serve("/bitacora/checkpoint").decode()
        assert witness.look(START).is_new is False

    def test_follows_a_key_that_was_handed_over_and_no_other(self, witness: Witness) -> None:
        witness.look(START)
        rotate()
        seal_with(NEW)
        assert witness.look(START).is_new
        assert witness.public == NEW_PUBLIC

    def test_lost_key_is_an_alarm_until_it_is_pinned_anew(self, witness: Witness, tmp_path: Path) -> None:
        witness.look(START)
        rotate(old=None)
        seal_with(NEW)
        with pytest.raises(Alarm, match="no está firmado con la clave conocida"):
            witness.look(START)

        (tmp_path / "testigo" / "bitacora.clave").write_text(verifier_key(ORIGIN, NEW_PUBLIC))
        again = Witness(folder=tmp_path / "testigo", name=NAME, fetch=serve)
        assert again.look(START).is_new

    def test_rewritten_history_signed_with_the_stolen_key_is_an_alarm(self, witness: Witness, tmp_path: Path) -> None:
        witness.look(START)
        rewrite(100)
        acts(20)
        seal_with(KEY)

        with pytest.raises(Alarm, match="ya no es el principio"):
            witness.look(START)

        [kept] = (tmp_path / "testigo").glob("alarma-*.txt")
        assert "ya no es el principio" in kept.read_text("utf-8")
        assert verify_record(public=PUBLIC).is_good

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda: rewrite(100), "dice otra raíz: hay dos bitácoras"),
            (lambda: rewrite(100, keep=250), "encogió"),
        ],
    )
    def test_two_trees_of_one_size_and_a_tree_that_shrank_are_alarms(
        self, witness: Witness, change: Callable[[], None], says: str
    ) -> None:
        witness.look(START)
        change()
        seal_with(KEY)

        with pytest.raises(Alarm, match=says):
            witness.look(START)

    def test_signature_of_nobody_known_is_refused(self, witness: Witness) -> None:
        seen = witness.look(START)
        other = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32).public_key().public_bytes_raw()
        for line in (seen.line, "x", seen.line.replace(NAME, "otro.mx")):
            with pytest.raises(Refused, match=r"no es de ningún testigo|no se entiende"), unit_of_work():
                add_cosignature(size=seen.head.size, line=line, witnesses=[(NAME, other)])
        with pytest.raises(NotFound), unit_of_work():
            add_cosignature(size=7, line=seen.line, witnesses=read_witnesses([witness.verifier_key]))
        with pytest.raises(Refused, match="no es de testigo"):
            read_witnesses([verifier_key(ORIGIN, PUBLIC)])
        with pytest.raises(Refused, match="no se entiende"):
            read_witnesses(["testigo+00+AAAA"])

    def test_first_time_needs_the_key_of_the_log(self, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="--key"):
            Witness(folder=tmp_path / "nuevo", name=NAME, fetch=serve)


def rewrite(place: int, *, keep: int = 300) -> None:
    """Change an act as the superuser, forget everything signed, and let all be built and signed again."""
    with unit_of_work():
        session().execute(update(Leaf).where(Leaf.sequence == place).values(public_id="GTO-otro"))
        session().execute(delete(Checkpoint))
        session().execute(delete(Tile))
        session().execute(delete(SealKey))
        gone = select(Leaf.id).where(Leaf.sequence.is_(None) | (Leaf.sequence >= keep))
        session().execute(delete(Opening).where(Opening.leaf_id.in_(gone)))
        session().execute(delete(Leaf).where(Leaf.sequence.is_(None) | (Leaf.sequence >= keep)))
        session().execute(update(Leaf).values(sequence=None))


def run(*given: str | Path) -> tuple[int, str]:
    """Run the verifier as anybody does, with nothing of Consulta in reach."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(given[0]), *map(str, given[1:])], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.usefixtures("scope")
class TestVerifier:
    def exported(self, tmp_path: Path) -> Path:
        """Seal twice, with two keys, and export."""
        acts(300)
        seal()
        rotate()
        acts(200)
        seal_with(NEW)
        folder = tmp_path / "copia"
        write_record(folder, origin=ORIGIN, progress=lambda _done: None)
        return folder

    def test_needs_nothing_and_finds_everything_in_order(self, tmp_path: Path) -> None:
        folder = self.exported(tmp_path)
        kept = tmp_path / "punto.txt"
        kept.write_bytes(serve("/bitacora/checkpoint"))

        for public in (PUBLIC, NEW_PUBLIC):
            code, said = run(
                folder / "verificador.py", folder, "--clave", verifier_key(ORIGIN, public), "--contra", kept
            )
            assert (code, "Todo coincide" in said) == (0, True), said
        assert "no se sabe si toda la historia" in run(VERIFIER, folder, "--clave", verifier_key(ORIGIN, PUBLIC))[1]
        other = verifier_key(ORIGIN, b"\x01" * 32)
        assert run(VERIFIER, folder, "--clave", other)[0] == 1
        assert run(VERIFIER, folder, "--clave", "x+y+z")[0] == 2

    def test_file_is_short_and_imports_only_the_standard_library(self) -> None:
        source = VERIFIER.read_text("utf-8")
        assert source.count("\n") <= 300
        imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
        assert imported <= sys.stdlib_module_names

    def test_tells_damage_from_tampering(self, tmp_path: Path) -> None:
        import zlib

        folder = self.exported(tmp_path)
        whole = (folder / "actos.txt").read_bytes()
        lines = whole.splitlines()
        (folder / "actos.txt").write_bytes(whole.replace(lines[7], lines[7].replace(b"thing", b"thinh"), 1))
        code, said = run(VERIFIER, folder, "--clave", verifier_key(ORIGIN, PUBLIC))
        assert (code, "CORRUPCIÓN en el lugar 7" in said) == (1, True), said

        entry = lines[7].split(b"\t")[0].replace(b"thing", b"other")
        lines[7] = b"%s\t%08x" % (entry, zlib.crc32(entry))
        (folder / "actos.txt").write_bytes(b"\n".join(lines) + b"\n")
        code, said = run(VERIFIER, folder, "--clave", verifier_key(ORIGIN, PUBLIC))
        assert (code, "MANIPULACIÓN entre los lugares 0 y 299" in said) == (1, True), said

    def test_cut_end_shows_against_what_was_kept(self, tmp_path: Path) -> None:
        folder = self.exported(tmp_path)
        kept = tmp_path / "punto.txt"
        kept.write_bytes(serve("/bitacora/checkpoint"))
        lines = (folder / "actos.txt").read_bytes().splitlines(keepends=True)
        (folder / "actos.txt").write_bytes(b"".join(lines[:300]))
        (folder / "puntos.txt").write_bytes((folder / "puntos.txt").read_bytes().split(b"\n====")[0] + b"")

        assert run(VERIFIER, folder, "--clave", verifier_key(ORIGIN, PUBLIC))[0] == 0
        code, said = run(VERIFIER, folder, "--clave", verifier_key(ORIGIN, PUBLIC), "--contra", kept)
        assert (code, "faltan los últimos" in said) == (1, True), said


def test_witness_hands_its_signature_in_and_the_page_names_it(
    app: Flask, client: FlaskClient, database: object, world: object
) -> None:
    assert client.get("/bitacora/claves").get_json()["keys"] == []
    assert client.get("/bitacora/verificador.py").data == VERIFIER.read_bytes()
    refused = client.post("/api/v1/record/cosignatures", json={"size": 5, "line": "x"})
    assert refused.status_code == 404
