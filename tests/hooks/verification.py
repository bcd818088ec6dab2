"""Verification of a request as a receiver writes it from the specification, Standard Webhooks 1.0: nothing of ours."""

import base64
import hashlib
import hmac
from collections.abc import Mapping


def verified_by(secret: str, headers: Mapping[str, str], body: bytes, *, now: float, tolerance: int = 300) -> bool:
    """Say whether a request was signed with a secret, in the last five minutes."""
    if abs(now - int(headers["webhook-timestamp"])) > tolerance:
        return False
    key = base64.b64decode(secret.split("_", 1)[1], validate=True)
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    offered = [one.split(",", 1) for one in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(value, expected) for version, value in offered)
