"""The record as the database keeps it: places, tiles, checkpoints; and every mutation is found."""

import random
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select, update

from consulta.db import session, unit_of_work
from consulta.errors import Refused
from consulta.record.models import Checkpoint, Leaf, Opening, SealKey, Tile
from consulta.record.notes import Cosignature, find_cosignature, is_signed, read_note, verifier_key
from consulta.record.operations import append_leaf
from consulta.record.queries import find_last_checkpoint, prove_acts, tree_size
from consulta.record.rules import act_bytes
from consulta.record.sequencing import make_checkpoint, sequence_leaves
from consulta.record.tiles import TileReader
from consulta.record.tree import consistency_proof, leaf_hash, verify_consistency, verify_inclusion
from consulta.record.verifying import verify_record
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ORIGIN = "consultas.ejemplo.gob.mx/bitacora"


def acts(count: int) -> None:
    """Do acts, and let the sequencer take them in batches of any size."""
    with unit_of_work():
        for number in range(count):
            append_leaf(
                kind="thing.done",
                public_id=f"GTO-{number % 7}",
                at=START + timedelta(seconds=number),
                content={"number": number, "text": f"acto {number}"},
            )
    with unit_of_work():
        sequence_leaves(START)


def seal() -> Checkpoint:
    """Sign the tree as it is."""
    with unit_of_work():
        made = make_checkpoint(origin=ORIGIN, key=KEY, now=START)
    assert made is not None
    return made


def test_places_are_given_once_without_gaps_and_tiles_are_those_of_the_leaves() -> None:
    for count in (1, 2, 250, 10, 300, 600):
        acts(count)

    places = session().scalars(select(Leaf.sequence).order_by(Leaf.id)).all()
    assert list(places) == list(range(1163))
    tiles = {(tile.level, tile.position): len(tile.hashes) // 32 for tile in session().scalars(select(Tile))}
    assert tiles == {(0, 0): 256, (0, 1): 256, (0, 2): 256, (0, 3): 256, (0, 4): 139, (1, 0): 4}
    with unit_of_work():
        assert sequence_leaves(START) == 0
    seal()
    verdict = verify_record(public=PUBLIC)
    # The act that wrote the first key down came last and has no place yet.
    assert (verdict.problems, verdict.leaves, verdict.openings) == ([], 1163, 1164)


def test_each_act_of_a_folio_is_proved_in_the_last_checkpoint() -> None:
    acts(300)
    checkpoint = seal()
    acts(7)

    places = prove_acts("GTO-3", checkpoint)

    assert len(places) == 44
    assert places[-1].proof == ()
    for place in places[:-1]:
        leaf = place.leaf
        assert leaf.sequence is not None
        hashed = leaf_hash(act_bytes(leaf.kind, leaf.public_id, leaf.at, leaf.commitment))
        assert verify_inclusion(hashed, leaf.sequence, checkpoint.size, place.proof, checkpoint.root)


def test_later_checkpoint_is_proved_to_begin_with_the_earlier() -> None:
    acts(100)
    first = seal()
    acts(413)
    second = seal()

    proof = consistency_proof(first.size, second.size, TileReader().node)

    assert verify_consistency(first.size, second.size, proof, first.root, second.root)


def test_note_is_what_the_specification_says_and_nothing_new_makes_no_checkpoint() -> None:
    acts(3)
    checkpoint = seal()

    head, [(name, signature), (signer, _dated)] = read_note(checkpoint.note)

    assert (head.origin, head.size, head.root, name) == (ORIGIN, 3, checkpoint.root, ORIGIN)
    assert checkpoint.note.split("\n")[:2] == [ORIGIN, "3"]
    assert is_signed(checkpoint.note, PUBLIC)
    assert signer == ORIGIN
    assert find_cosignature(checkpoint.note, ORIGIN, PUBLIC) == Cosignature(ORIGIN, int(START.timestamp()))
    written, identifier, key = verifier_key(ORIGIN, PUBLIC).split("+", 2)
    assert (written, bytes.fromhex(identifier), b64decode(key)) == (ORIGIN, signature[:4], b"\x01" + PUBLIC)
    with unit_of_work():
        assert make_checkpoint(origin=ORIGIN, key=KEY, now=START) is None
    assert find_last_checkpoint() is not None
    assert tree_size() == 3


@pytest.mark.parametrize("note", ["", "a\nb\nc\n\n", "o\n5\nAAAA\n\n", "o\n-1\n\n\n", "o\n5\n!!\n\n\u2014 o x\n"])
def test_what_is_no_note_is_refused_with_a_reason(note: str) -> None:
    with pytest.raises(Refused):
        read_note(note)


def swap(rng: random.Random) -> str:
    """Let two acts change places."""
    one, other = rng.sample(range(400), 2)
    first, second = (session().scalars(select(Leaf.id).where(Leaf.sequence == place)).one() for place in (one, other))
    session().execute(update(Leaf).where(Leaf.id == first).values(sequence=10**6))
    session().execute(update(Leaf).where(Leaf.id == second).values(sequence=one))
    session().execute(update(Leaf).where(Leaf.id == first).values(sequence=other))
    return f"lugar {min(one, other)}"


def change(**values: object) -> Callable[[random.Random], str]:
    """Change a column of a leaf."""

    def mutate(rng: random.Random) -> str:
        place = rng.randrange(400)
        session().execute(update(Leaf).where(Leaf.sequence == place).values(**values))
        return f"lugar {place}:"

    return mutate


def remove(rng: random.Random) -> str:
    """Delete a leaf."""
    place = rng.randrange(399)
    found = session().scalars(select(Leaf.id).where(Leaf.sequence == place)).one()
    session().execute(delete(Opening).where(Opening.leaf_id == found))
    session().execute(delete(Leaf).where(Leaf.id == found))
    return f"falta el acto del lugar {place}"


def reword(rng: random.Random) -> str:
    """Change what an opening keeps."""
    found = session().scalars(select(Leaf.id).where(Leaf.sequence == rng.randrange(400))).one()
    session().execute(update(Opening).where(Opening.leaf_id == found).values(content={"number": -1}))
    return f"fila {found}"


def salt(rng: random.Random) -> str:
    """Change a salt."""
    found = session().scalars(select(Leaf.id).where(Leaf.sequence == rng.randrange(400))).one()
    session().execute(update(Opening).where(Opening.leaf_id == found).values(salt=b"\0" * 32))
    return f"fila {found}"


MUTATIONS = {
    "kind": change(kind="thing.undone"),
    "public_id": change(public_id="GTO-otro"),
    "at": change(at=START - timedelta(days=1)),
    "commitment": change(commitment=b"\0" * 32),
    "swap": swap,
    "delete": remove,
    "content": reword,
    "salt": salt,
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_is_found_and_the_first_row_named(name: str) -> None:
    acts(400)
    seal()
    with unit_of_work():
        named = MUTATIONS[name](random.Random(name))

    verdict = verify_record(public=PUBLIC)

    assert verdict.problems
    assert named in verdict.problems[0].text
    assert verdict.problems[0].cause == "tampering"


def test_end_that_was_cut_off_shows_only_against_a_note_kept_elsewhere() -> None:
    acts(300)
    kept = seal().note
    with unit_of_work():
        gone = select(Leaf.id).where(Leaf.sequence >= 290)
        session().execute(delete(Opening).where(Opening.leaf_id.in_(gone)))
        session().execute(delete(Leaf).where(Leaf.sequence >= 290))
        session().execute(delete(Checkpoint))
        session().execute(update(SealKey).values(signed=0))
        session().execute(update(Tile).where(Tile.level == 0, Tile.position == 1).values(hashes=_first_tile(34)))

    assert verify_record(public=PUBLIC).is_good
    verdict = verify_record(public=PUBLIC, outside=[kept])
    assert "faltan los últimos" in verdict.problems[0].text


def test_history_rewritten_and_signed_again_shows_against_a_note_kept_elsewhere() -> None:
    acts(100)
    kept = seal().note
    with unit_of_work():
        session().execute(update(Leaf).where(Leaf.sequence == 50).values(public_id="GTO-otro"))
        session().execute(delete(Checkpoint))
        session().execute(update(SealKey).values(signed=0))
        session().execute(delete(Tile))
        session().execute(update(Leaf).values(sequence=None))
    with unit_of_work():
        sequence_leaves(START)
    seal()

    assert verify_record(public=PUBLIC).is_good
    assert "su raíz no es la de" in verify_record(public=PUBLIC, outside=[kept]).problems[0].text


def test_note_of_another_key_is_no_note_of_this_instance() -> None:
    acts(10)
    seal()
    other = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32).public_key().public_bytes_raw()

    assert "no es ninguna de las de la bitácora" in verify_record(public=other).problems[0].text


def _first_tile(width: int) -> bytes:
    tile = session().get(Tile, (0, 1))
    assert tile is not None
    return tile.hashes[: width * 32]
