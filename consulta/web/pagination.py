"""Keyset cursors: opaque to the reader, never an offset."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from flask import abort

from consulta.i18n.text import N_, _

FOREIGN = N_("El cursor no es de esta lista: empiece desde la primera página.")


def encode_cursor(*values: Any) -> str:
    """Return an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(values).encode("utf-8")).decode("ascii").rstrip("=")


def decode_cursor(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """Return the values of a cursor; None without one. A cursor that was not made here is a 400."""
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        abort(400, description=_(FOREIGN))
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        abort(400, description=_(FOREIGN))
    if any(isinstance(value, int) and abs(value) >= 2**63 for value in values):
        abort(400, description=_(FOREIGN))
    return tuple(values)


def decode_moment_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    """Return the instant and the id of a cursor made of both. A cursor that was not made here is a 400."""
    values = decode_cursor(cursor, str, int)
    if values is None:
        return None
    try:
        moment = datetime.fromisoformat(values[0])
        if moment.tzinfo is None:
            abort(400, description=_(FOREIGN))
        return moment.astimezone(UTC), values[1]
    except (ValueError, OverflowError):
        abort(400, description=_(FOREIGN))
