"""Receipts: made from the record with the key, in three forms; checked at /verificar, with a clear answer each."""

import io
import json
import re
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from consulta.receipts.queries import Finding, check_receipt, make_receipt
from consulta.receipts.rules import Inclusion, read_receipt, receipt_json
from consulta.record.models import Leaf, Opening, Tile
from consulta.record.notes import Head, sign_note, verifier_key
from consulta.record.sequencing import make_checkpoint, sequence_everything
from consulta.record.tree import root_of
from consulta.submissions.models import Submission
from tests.builders import World, a_receipt, get_submission
from tests.clock import START
from tests.pages import Page

ORIGIN = "consultas.ejemplo.gob.mx/bitacora"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def seal() -> None:
    """Let the worker place and sign everything."""
    with unit_of_work():
        sequence_everything(START)
        make_checkpoint(origin=ORIGIN, key=KEY, now=START)


def received(world: World) -> Submission:
    """Receive one and seal it."""
    found = get_submission(a_receipt(world.topics["open"], START).folio)
    seal()
    return found


@pytest.mark.usefixtures("scope")
class TestChecking:
    def test_receipt_is_good_before_and_after_the_next_checkpoint(self, world: World) -> None:
        seal()
        submission = get_submission(a_receipt(world.topics["open"], START).folio)
        early = make_receipt(submission, origin=ORIGIN, key=KEY)
        assert early.inclusion is None
        assert check_receipt(early, origin=ORIGIN, public=PUBLIC).finding == Finding.WAITING
        seal()

        late = make_receipt(submission, origin=ORIGIN, key=KEY)

        assert late.inclusion is not None
        for read in (early, late):
            written = json.dumps(receipt_json(read, about={})).encode()
            assert read_receipt(written) == read
            assert check_receipt(read_receipt(written), origin=ORIGIN, public=PUBLIC).finding == Finding.GOOD

    def test_every_character_changed_in_what_is_sealed_is_noticed(self, world: World) -> None:
        read = make_receipt(received(world), origin=ORIGIN, key=KEY)
        whole = receipt_json(read, about={})
        original = str(whole["original_string"])
        for at in range(2, len(original) - 2):
            changed = original[:at] + ("0" if original[at] != "0" else "1") + original[at + 1 :]
            raw = json.dumps({**whole, "original_string": changed}).encode()
            try:
                finding = check_receipt(read_receipt(raw), origin=ORIGIN, public=PUBLIC).finding
            except Refused:
                continue
            assert finding in (Finding.CHANGED, Finding.OTHER_RECORD), changed

    def test_content_and_salt_are_what_was_committed_to(self, world: World) -> None:
        read = make_receipt(received(world), origin=ORIGIN, key=KEY)
        assert read.content is not None

        for other in (replace(read, salt=bytes(32)), replace(read, content={**read.content, "text": "Otro"})):
            assert check_receipt(other, origin=ORIGIN, public=PUBLIC).finding == Finding.CONTENT_CHANGED

    def test_system_seals_nothing_that_it_did_not_receive(self, world: World) -> None:
        submission = received(world)
        submission.text = "Otra cosa."
        session().commit()

        with pytest.raises(Refused, match="no es lo que se asentó"):
            make_receipt(submission, origin=ORIGIN, key=KEY)

    def test_receipt_of_another_government_and_of_an_unknown_key_are_told_apart(self, world: World) -> None:
        submission = received(world)
        elsewhere = make_receipt(submission, origin="otro.gob.mx/bitacora", key=KEY)
        future = make_receipt(submission, origin=ORIGIN, key=OTHER)

        assert check_receipt(elsewhere, origin=ORIGIN, public=PUBLIC).finding == Finding.OTHER_RECORD
        assert check_receipt(future, origin=ORIGIN, public=PUBLIC).finding == Finding.UNKNOWN_KEY
        assert future.key == verifier_key(ORIGIN, OTHER.public_key().public_bytes_raw())

    def test_what_the_record_dropped_is_proved_by_the_receipt(self, world: World) -> None:
        submission = received(world)
        read = make_receipt(submission, origin=ORIGIN, key=KEY)
        with unit_of_work():
            gone = session().query(Leaf.id).filter(Leaf.public_id == submission.folio).scalar_subquery()
            session().execute(delete(Opening).where(Opening.leaf_id.in_(gone)))
            session().execute(delete(Leaf).where(Leaf.public_id == submission.folio))

        assert check_receipt(read, origin=ORIGIN, public=PUBLIC).finding == Finding.MISSING

    def test_rewritten_history_is_proved_by_an_old_receipt(self, world: World) -> None:
        submission = received(world)
        read = make_receipt(submission, origin=ORIGIN, key=KEY)
        with unit_of_work():
            session().execute(update(Leaf).where(Leaf.sequence == 0).values(public_id="otro"))
            session().execute(update(Leaf).values(sequence=None))
            session().execute(delete(Tile))
        with unit_of_work():
            sequence_everything(START)

        assert check_receipt(read, origin=ORIGIN, public=PUBLIC).finding == Finding.REWRITTEN

    def test_split_view_shows_when_a_receipt_of_the_other_tree_comes(self, world: World) -> None:
        read = make_receipt(received(world), origin=ORIGIN, key=KEY)
        assert read.inclusion is not None
        other = sign_note(Head(ORIGIN, 1, root_of([b"otro"])), KEY, int(START.timestamp()))
        shown = replace(read, inclusion=Inclusion(0, other, ()))

        assert check_receipt(shown, origin=ORIGIN, public=PUBLIC).finding == Finding.REWRITTEN

    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            (b"\xff\xd8\xff\xe0 foto", "imagen"),
            (b"\x89PNG\r\n", "imagen"),
            (b"hola", "No se reconoce"),
            (b"{}", "No se reconoce"),
            (b'{"original_string": 5, "seal": ""}', "No se reconoce"),
            (b"[" * 5000, "No se reconoce"),
            (b'{"a":' * 5000, "No se reconoce"),
            (b"\xff\xfe\x00", "No se reconoce"),
            (b"x" * 2_000_001, "No se reconoce"),
        ],
    )
    def test_what_is_no_receipt_is_told_with_what_to_do(self, raw: bytes, says: str) -> None:
        with pytest.raises(Refused, match=says):
            read_receipt(raw)


def sent(world: World) -> tuple[str, str]:
    """Send a comment; return folio and key."""
    outcome = a_receipt(world.topics["open"], START)
    return outcome.folio, outcome.tracking_key


def upload(client: FlaskClient, raw: bytes, name: str) -> str:
    """Hand a file in at /verificar."""
    sending = {"acuse": (io.BytesIO(raw), name)}
    return client.post("/verificar", data=sending, content_type="multipart/form-data").get_data(as_text=True)


@pytest.mark.parametrize("kind", ["pdf", "txt", "json"])
def test_person_downloads_her_receipt_and_anybody_verifies_it(
    app: Flask, client: FlaskClient, world: World, database: Database, kind: str
) -> None:
    with session_scope(database):
        folio, key = sent(world)
    told = client.post("/seguimiento/acuse", data={"folio": folio, "key": key, "formato": kind})
    assert told.status_code == 200
    assert told.headers["Content-Disposition"] == f'attachment; filename="acuse-{folio}.{kind}"'
    assert "no-store" in told.headers["Cache-Control"]

    shown = upload(client, told.data, f"acuse.{kind}")

    assert "El acuse es auténtico" in shown
    assert folio in shown
    assert "se ha verificado alguna vez 1 (" in Page(app).get("/bitacora").body


def test_receipt_for_people_says_what_matters_and_the_proof_comes_apart(
    app: Flask, client: FlaskClient, world: World, database: Database
) -> None:
    with session_scope(database):
        folio, key = sent(world)

    text = client.post("/seguimiento/acuse", data={"folio": folio, "key": key, "formato": "txt"}).get_data(as_text=True)

    people, _word, proof = text.partition("\nPrueba\n")
    for wanted in (folio, "Dirección de Tránsito", "UTC", "Transporte escolar"):
        assert wanted in people
    for wanted in ("Sal: ", "||consulta.acuse/1|", "Sello electrónico del sistema (no es e.firma)", "Aún no tiene"):
        assert wanted in proof
    assert key not in text


def test_code_of_the_receipt_opens_what_has_no_public_view(
    app: Flask, client: FlaskClient, world: World, database: Database
) -> None:
    with session_scope(database):
        outcome = a_receipt(world.topics["mailbox"], START, draft={"kind": "complaint"})
        submission = get_submission(outcome.folio)
        submission.reserved = True
        session().commit()
    told = client.post(
        "/seguimiento/acuse", data={"folio": outcome.folio, "key": outcome.tracking_key, "formato": "txt"}
    ).get_data(as_text=True)
    address = re.search(r"/verificar\?folio=\S+", told)
    assert address is not None

    shown = Page(app).get(address[0])

    assert "El código coincide" in shown.body
    assert "Se turnó" not in shown.body
    wrong = address[0][:-1] + ("0" if address[0][-1] != "0" else "1")
    assert "no coinciden" in Page(app).get(wrong).body
    Page(app).get(f"/verificar?folio={outcome.folio}", status=404)


def test_wrong_key_gives_no_receipt(client: FlaskClient, app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        folio, _key = sent(world)

    for fields in ({"folio": folio, "key": "otra"}, {"folio": "x"}, {}):
        assert client.post("/seguimiento/acuse", data=fields).status_code == 303


def test_bad_files_are_told_at_the_field(client: FlaskClient) -> None:
    assert "Elija el archivo" in upload(client, b"", "x.json")
    assert "imagen" in upload(client, b"\xff\xd8\xff\xe0", "foto.jpg")
    assert "no trae la prueba adentro" in upload(client, b"%PDF-1.7\n%%EOF", "x.pdf")


def test_receipt_with_one_character_changed_is_told(
    app: Flask, client: FlaskClient, world: World, database: Database
) -> None:
    with session_scope(database):
        folio, key = sent(world)
    raw = client.post("/seguimiento/acuse", data={"folio": folio, "key": key, "formato": "txt"}).get_data(as_text=True)

    shown = upload(client, raw.replace("acuse/1|", "acuse/1|otra.").encode(), "x.txt")
    assert "otro gobierno" in shown
    at = re.search(r"\|2\d\d\d-", raw)
    assert at is not None
    changed = raw[: at.start() + 4] + ("8" if raw[at.start() + 4] != "8" else "9") + raw[at.start() + 5 :]
    assert "cambió después de sellarse" in upload(client, changed.encode(), "x.txt")
