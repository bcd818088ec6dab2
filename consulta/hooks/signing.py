"""Signatures of requests as Standard Webhooks 1.0 has them, and secrets as they are kept. Pure.

A secret must be read again to sign, so it cannot be a hash: it is kept sealed under a key made from the secret of the
instance, which is not in the database.
"""

import base64
import hmac
import os
import secrets
from collections.abc import Iterable
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = "whsec_"
# The specification asks for 24 to 64 bytes.
SECRET_BYTES = 32
NONCE_BYTES = 12


def make_secret() -> str:
    """Return a new secret, as it is shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature, `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    said = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, said, "sha256").digest()).decode("ascii")


def signed_headers(keys: Iterable[str], *, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of a request; several secrets sign while one takes the place of another."""
    timestamp = int(now.timestamp())
    signatures = [sign(key, message_id=message_id, timestamp=timestamp, body=body) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def seal(secret: str, *, instance_secret: bytes, owner: str) -> bytes:
    """Return a secret as it is kept: only this instance opens it, and only for the row it was sealed for."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(instance_secret).encrypt(nonce, secret.encode("ascii"), owner.encode("utf-8"))


def unseal(sealed: bytes, *, instance_secret: bytes, owner: str) -> str | None:
    """Return a secret that was kept; None where the secret of the instance is another one now."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return _cipher(instance_secret).decrypt(nonce, rest, owner.encode("utf-8")).decode("ascii")
    except InvalidTag:
        return None


def _cipher(instance_secret: bytes) -> AESGCM:
    kept = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"consulta webhook secrets v1")
    return AESGCM(kept.derive(instance_secret))
