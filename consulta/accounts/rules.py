"""Rules of signing in. Pure."""

import hashlib
from datetime import datetime, timedelta

from consulta.errors import Refused
from consulta.i18n.text import _

# NIST SP 800-63B §3.1.1.2 and §3.2.2: length instead of composition, and a limit on failures.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
LONGEST_NAME = 200
FAILURES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=15)
SESSION = timedelta(hours=12)
IDLE = timedelta(hours=2)
RESET_LINK = timedelta(hours=2)
INVITATION_LINK = timedelta(days=7)

COMMON = frozenset({"contraseña123", "contrasena123", "password1234", "123456789012", "qwertyuiop12"})


def check_password(password: str, *, email: str) -> None:
    """Refuse a password that is too short, too long, the address itself or commonplace. Raises Refused."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(
            _("Escriba una contraseña de al menos %(shortest)s caracteres.", shortest=SHORTEST_PASSWORD),
            field="password",
        )
    if len(password) > LONGEST_PASSWORD:
        raise Refused(
            _("Escriba una contraseña de %(longest)s caracteres o menos.", longest=LONGEST_PASSWORD), field="password"
        )
    if password.casefold() in COMMON | {email.casefold()} or len(set(password)) < 4:
        raise Refused(
            _("Esa contraseña se adivina fácilmente: elija otra, por ejemplo cuatro palabras."), field="password"
        )


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    """Say whether failures still keep the account closed at `now`."""
    return locked_until is not None and now < locked_until


def is_alive(*, expires_at: datetime, seen_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Say whether a session may still be used at `now`."""
    return revoked_at is None and now < expires_at and now - seen_at < IDLE


def hash_token(token: str) -> str:
    """Return what is stored of a token. Tokens have 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
