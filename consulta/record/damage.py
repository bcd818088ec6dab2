"""Telling damage from tampering: one bit that flips on a disk explains itself; what somebody wrote does not. Pure."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from consulta.errors import ConsultaError
from consulta.record.rules import act_bytes, commit, plain
from consulta.record.tree import leaf_hash

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Longer texts are not searched bit by bit: it would take minutes.
LONGEST = 40_000


def flips(raw: bytes) -> Iterator[bytes]:
    """Yield what bytes were before any one of their bits flipped."""
    for at, value in enumerate(raw):
        for bit in range(8):
            yield raw[:at] + bytes([value ^ 1 << bit]) + raw[at + 1 :]


def texts(value: str) -> Iterator[str]:
    """Yield what a text was before any one of its bits flipped, where that is a text."""
    for raw in flips(value.encode("utf-8", "surrogatepass")):
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            continue


def instants(value: datetime) -> Iterator[datetime]:
    """Yield what an instant was: as a count of microseconds, or as the text that the embedded database keeps."""
    microseconds = (value - EPOCH) // timedelta(microseconds=1)
    for bit in range(63):
        try:
            yield EPOCH + timedelta(microseconds=microseconds ^ 1 << bit)
        except OverflowError:
            continue
    for text in texts(value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")):
        try:
            yield datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError:
            continue


def is_damaged_act(kind: str, public_id: str, at: datetime, commitment: bytes, expected: bytes) -> bool:
    """Say whether one bit turns an act back into the leaf of which `expected` is the hash."""
    found: Iterator[tuple[str, str, datetime, bytes]]
    for found in (
        ((item, public_id, at, commitment) for item in texts(kind)),
        ((kind, item, at, commitment) for item in texts(public_id)),
        ((kind, public_id, item, commitment) for item in instants(at)),
        ((kind, public_id, at, item) for item in flips(commitment)),
    ):
        if any(leaf_hash(act_bytes(*fields)) == expected for fields in found):
            return True
    return False


def is_damaged_opening(salt: bytes, content: dict[str, Any], commitment: bytes) -> bool:
    """Say whether one bit of a salt, or of the text of a content, turns it back into what was committed to."""
    if any(commit(item, content) == commitment for item in flips(salt)):
        return True
    kept = plain(content)
    ways = (json.dumps(kept, ensure_ascii=False), json.dumps(kept))
    return any(is_damaged_text(way, lambda text: commit(salt, json.loads(text)) == commitment) for way in ways)


def is_damaged_text(text: str, was: Callable[[str], bool]) -> bool:
    """Say whether one bit turns a text back into what it was."""
    return len(text) <= LONGEST and any(_try(was, item) for item in texts(text))


def is_one_bit(one: bytes, other: bytes) -> bool:
    """Say whether two strings of bytes differ in one bit."""
    return len(one) == len(other) and (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count() == 1


def is_damaged_row(values: Sequence[Any], is_good: Callable[[Sequence[Any]], bool]) -> bool:
    """Say whether one bit in one text or number of a row turns it back into what was committed to."""
    for at, value in enumerate(values):
        for item in _before(value):
            if is_good([*values[:at], item, *values[at + 1 :]]):
                return True
    return False


def _before(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value ^ 1 << bit for bit in range(63))
    elif isinstance(value, str) and len(value) <= LONGEST:
        yield from texts(value)
    elif isinstance(value, datetime):
        yield from instants(value)
    elif isinstance(value, list | dict):
        for text in texts(json.dumps(value)):
            try:
                yield json.loads(text)
            except ValueError:
                continue


def _try(was: Callable[[str], bool], text: str) -> bool:
    # What does not parse, or is no content, was not it.
    try:
        return was(text)
    except (ValueError, AttributeError, TypeError, RecursionError, ConsultaError):
        return False
