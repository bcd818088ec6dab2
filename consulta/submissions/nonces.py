"""Single-use nonces of forms: signed, so that only this instance makes them; spent by the row they become."""

import secrets
from datetime import datetime

from itsdangerous import BadData, URLSafeTimedSerializer

from consulta.web.context import services

# A retry within 24 hours shows the same receipt.
LIFE_SECONDS = 24 * 3600


def new_nonce() -> str:
    """Return a signed nonce for a new form."""
    return _serializer().dumps(secrets.token_urlsafe(16))


def read_nonce(signed: str | None) -> bytes | None:
    """Return the nonce; None when it was not made here or is older than 24 hours."""
    try:
        return str(_serializer().loads(signed or "", max_age=LIFE_SECONDS)).encode("ascii")
    except (BadData, UnicodeEncodeError):
        return None


def read_issue(signed: str | None) -> tuple[bytes, datetime] | None:
    """Return the nonce and when its form was opened, to the second; None as `read_nonce` does."""
    try:
        value, issued_at = _serializer().loads(signed or "", max_age=LIFE_SECONDS, return_timestamp=True)
        return str(value).encode("ascii"), issued_at
    except (BadData, UnicodeEncodeError):
        return None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services().secret, salt="consulta-nonce")
