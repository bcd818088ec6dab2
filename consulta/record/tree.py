"""The Merkle tree of the record (RFC 6962, 2.1; RFC 9162): roots, proofs, and their verification. Pure.

Whoever calls gives `node(level, index)`: the hash of the complete subtree of 2**level leaves that begins at leaf
index * 2**level. Nothing else is needed for any root or proof of a tree of any size.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

Node = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + entry).digest()


def parent(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(size: int, node: Node) -> bytes:
    """Return the root of the first `size` leaves; of none, the hash of nothing."""
    if size == 0:
        return hashlib.sha256().digest()
    return _range(0, size, node)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the path from a leaf to the root of `size` leaves, nearest first. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(_range(middle, last, node))
            last = middle
        else:
            path.append(_range(first, middle, node))
            first = middle
    return path[::-1]


def consistency_proof(old: int, size: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of `size` leaves begins with that of `old` (RFC 6962, 2.1.2).

    Raises ValueError when the old tree is not within the new one.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} is not within one of {size}")
    if old in (0, size):
        return []
    path: list[bytes] = []
    first, last, is_whole = 0, size, True
    while old != last:
        middle = first + _split(last - first)
        if old <= middle:
            path.append(_range(middle, last, node))
            last = middle
        else:
            path.append(_range(first, middle, node))
            first, is_whole = middle, False
    if not is_whole:
        path.append(_range(first, last, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Say whether a leaf hash stands at an index of the tree whose root is `expected` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = parent(step, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = parent(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == expected


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Say whether the tree of `size` leaves begins with that of `old` (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == hashlib.sha256().digest()
    if not 0 < old < size or not proof:
        return False
    is_complete = old & (old - 1) == 0
    return _climb(old, size, [old_root, *proof] if is_complete else proof) == (old_root, new_root)


def root_of(entries: Iterable[bytes]) -> bytes:
    """Return the root of the tree over entries as they come; it is never held whole."""
    # A peak per set bit of how many came before: they join as they come.
    peaks: list[tuple[int, bytes]] = []
    for entry in entries:
        size, found = 1, leaf_hash(entry)
        while peaks and peaks[-1][0] == size:
            found = parent(peaks.pop()[1], found)
            size *= 2
        peaks.append((size, found))
    if not peaks:
        return hashlib.sha256().digest()
    found = peaks.pop()[1]
    while peaks:
        found = parent(peaks.pop()[1], found)
    return found


def _climb(old: int, size: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the roots of both trees that a proof leads to; None when it is too long or too short."""
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            first, second = parent(step, first), parent(step, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = parent(second, step)
        at, last = at >> 1, last >> 1
    return (first, second) if last == 0 else None


def _split(count: int) -> int:
    """Return the largest power of two smaller than a count."""
    return 1 << ((count - 1).bit_length() - 1)


def _range(first: int, last: int, node: Node) -> bytes:
    """Return the hash of the leaves from `first` to before `last`; `first` is a multiple of the subtree's size."""
    parts = [node(level, start >> level) for start, level in _complete(first, last)]
    found = parts.pop()
    while parts:
        found = parent(parts.pop(), found)
    return found


def _complete(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield start and level of the complete subtrees that make up a range, left to right."""
    while first < last:
        level = (last - first).bit_length() - 1
        yield first, level
        first += 1 << level
