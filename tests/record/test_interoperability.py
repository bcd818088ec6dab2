"""What others wrote agrees: pymerkle on roots and proofs of every size to a thousand; the lone verifier on notes."""

import importlib.util
import random
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pymerkle import ConsistencyProof, InclusionProof, InmemoryTree
from pymerkle.core import _consistency_path_layout, _inclusion_path_layout

from consulta.record.notes import Head, sign_note, verifier_key
from consulta.record.publishing import VERIFIER
from consulta.record.tree import consistency_proof, inclusion_proof, leaf_hash, parent, root

SIZES = 1_000
ENTRIES = [number.to_bytes(4, "big") for number in range(SIZES)]
SEED = 20_261_125
NODES: dict[tuple[int, int], bytes] = {}


def node(level: int, index: int) -> bytes:
    """A complete subtree of the thousand leaves."""
    if (level, index) not in NODES:
        NODES[level, index] = (
            leaf_hash(ENTRIES[index])
            if level == 0
            else parent(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))
        )
    return NODES[level, index]


@pytest.fixture(scope="module")
def theirs() -> InmemoryTree:
    return InmemoryTree.init_from_entries(ENTRIES, algorithm="sha256")


def test_pymerkle_computes_the_same_root_for_every_size(theirs: InmemoryTree) -> None:
    for size in range(SIZES + 1):
        assert theirs.get_root(size) == root(size, node), size


def test_pymerkle_verifies_inclusion_proofs_of_every_size(theirs: InmemoryTree) -> None:
    draw = random.Random(SEED)
    for size in range(1, SIZES + 1):
        places = range(size) if size <= 64 or size == SIZES else {0, size - 1, draw.randrange(size)}
        for place in places:
            rule, _ranges = _inclusion_path_layout(place + 1, size)
            base = node(0, place)
            proof = InclusionProof("sha256", True, size, place + 1, rule, [base, *inclusion_proof(place, size, node)])
            proof.verify(base, root(size, node), index=place + 1, size=size, algorithm="sha256")


def test_pymerkle_verifies_consistency_proofs_of_every_size(theirs: InmemoryTree) -> None:
    draw = random.Random(SEED)
    for size in range(2, SIZES + 1):
        # Where the old tree is not complete both write the same path; a complete one RFC 6962 leaves out.
        olds = [old for old in {draw.randrange(1, size) for _ in range(3)} if old & (old - 1) and old & 1]
        for old in olds:
            rule, subset, _ranges = _consistency_path_layout(old, size)
            ours = consistency_proof(old, size, node)
            # They begin with the rightmost of the first two hashes, whichever tree it is of.
            ours = [ours[1], ours[0], *ours[2:]] if not subset[0] else ours
            proof = ConsistencyProof("sha256", True, size, old, rule, subset, ours)
            proof.verify(root(old, node), root(size, node), prior_size=old, later_size=size, algorithm="sha256")
        for old in {draw.randrange(1, size) for _ in range(2)}:
            theirs.prove_consistency(old, size).verify(root(old, node), root(size, node))


@pytest.fixture(scope="module")
def reader() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verificador", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_signed_notes_are_read_by_a_reader_written_from_the_specification(reader: ModuleType) -> None:
    for number in range(20):
        key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        public = key.public_key().public_bytes_raw()
        note = sign_note(Head("consultas.ejemplo.gob.mx/bitacora", number, bytes([number]) * 32), key, 1_800_000_000)
        assert reader.read_key(verifier_key("consultas.ejemplo.gob.mx/bitacora", public))[1] == public
        assert reader.read_note(note, [public]) == ("consultas.ejemplo.gob.mx/bitacora", number, bytes([number]) * 32)
        changed = note.replace(f"\n{number}\n", f"\n{number + 1}\n", 1)
        assert reader.read_note(changed, [public]) is None


def test_signatures_of_the_verifier_are_those_of_rfc_8032(reader: ModuleType) -> None:
    # RFC 8032, 7.1, tests 1 to 3: key, message, signature.
    vectors = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
            "24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
            "eeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
            "8dc027beceea1ec40a",
        ),
    ]
    for public, message, signature in vectors:
        good = reader.is_signed(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))
        assert good
        assert not reader.is_signed(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message) + b"x")
