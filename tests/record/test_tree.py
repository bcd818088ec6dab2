"""The tree is that of RFC 6962: every size, every leaf, every pair of sizes, against the definition itself."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consulta.record.tree import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    parent,
    root,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(1000)]


def by_definition(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962, 2.1 defines it."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return parent(by_definition(leaves[:split]), by_definition(leaves[split:]))


CACHE: dict[tuple[int, int], bytes] = {}


def node(level: int, index: int) -> bytes:
    """A complete subtree of the thousand leaves."""
    if level == 0:
        return LEAVES[index]
    if (level, index) not in CACHE:
        CACHE[level, index] = parent(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))
    return CACHE[level, index]


def test_root_is_the_definition_for_every_size_to_a_thousand() -> None:
    for size in range(1001):
        assert root(size, node) == by_definition(LEAVES[:size]), size
        assert root_of(number.to_bytes(4, "big") for number in range(size)) == root(size, node)


def test_roots_that_the_community_publishes() -> None:
    # Test vectors of Certificate Transparency (RFC 6962, as in its reference implementation).
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in entries]

    def own(level: int, index: int) -> bytes:
        return leaves[index] if level == 0 else parent(own(level - 1, 2 * index), own(level - 1, 2 * index + 1))

    assert [root(size, own).hex() for size in range(1, 9)] == roots


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 255, 256, 257, 1000])
def test_every_leaf_of_a_tree_is_proved_and_no_other(size: int) -> None:
    expected = root(size, node)
    for index in range(size):
        proof = inclusion_proof(index, size, node)
        assert verify_inclusion(LEAVES[index], index, size, proof, expected)
        assert not verify_inclusion(LEAVES[index - 1] if size > 1 else b"\0" * 32, index, size, proof, expected)
        assert not verify_inclusion(LEAVES[index], index, size + 1, [*proof, proof[0] if proof else b""], expected)


@given(sizes=st.lists(st.integers(0, 1000), min_size=2, max_size=4).map(sorted), flip=st.integers(0, 10_000))
@settings(max_examples=300, deadline=None)
def test_every_tree_is_proved_to_begin_with_the_one_before(sizes: list[int], flip: int) -> None:
    for old, size in pairwise(sizes):
        proof = consistency_proof(old, size, node)
        before, after = root(old, node), root(size, node)
        assert verify_consistency(old, size, proof, before, after)
        if old and old != size:
            wrong = bytes([before[0] ^ 1]) + before[1:]
            assert not verify_consistency(old, size, proof, wrong, after)
        if proof:
            step = flip % len(proof)
            broken = [*proof[:step], bytes([proof[step][0] ^ 1]) + proof[step][1:], *proof[step + 1 :]]
            assert not verify_consistency(old, size, broken, before, after)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 5)])
def test_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="is not in a tree"):
        inclusion_proof(index, size, node)
    assert not verify_inclusion(LEAVES[0], index, size, [], root(max(size, 0), node))


def test_longer_tree_is_not_within_a_shorter_one() -> None:
    with pytest.raises(ValueError, match="is not within"):
        consistency_proof(5, 3, node)
    assert not verify_consistency(5, 3, [], root(5, node), root(3, node))
