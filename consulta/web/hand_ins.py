"""The nonce of what a program hands in: from its Idempotency-Key, so that sending it again is the same hand-in."""

import hmac
import secrets

from flask import request

from consulta.web.context import services

SHORTEST_KEY = 16
LONGEST_KEY = 200


def nonce_of_request(place: str) -> bytes | None:
    """Return the nonce of the current request, a new one where it carries no key; None for a key of a wrong length.

    Args:
        place: what is handed in where; the same key in two places is two hand-ins.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return secrets.token_bytes(16)
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        return None
    message = f"{place}:{key}".encode("utf-8", "replace")
    return hmac.new(services().secret, message, "sha256").digest()
