"""Canonical bytes and commitments. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of an act: JSON, keys sorted, UTF-8, instants in UTC to the microsecond."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False
    ).encode("utf-8")


def commit(salt: bytes, content: Mapping[str, Any]) -> bytes:
    """Return SHA-256 over salt and canonical bytes: hiding as long as the 32-byte salt is secret."""
    return hashlib.sha256(salt + canonical(content)).digest()


def plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content as JSON types, exactly as `canonical` writes them."""
    loaded: dict[str, Any] = json.loads(canonical(content))
    return loaded


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def act_bytes(kind: str, public_id: str, at: datetime, commitment: bytes) -> bytes:
    """Return the bytes of an act as a leaf of a tree: canonical, with its commitment in hexadecimal."""
    return canonical({"kind": kind, "id": public_id, "at": at, "commitment": commitment.hex()})
