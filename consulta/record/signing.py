"""The instance's own key: an electronic seal of the system, which is not an e.firma of anybody (RFC 8032)."""

import base64
import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

FILE, NEXT, LAST = "sello.key", "sello-siguiente.key", "sello-anterior.key"


def load_key(folder: Path) -> Ed25519PrivateKey:
    """Return the key of an instance, made the first time and readable by its owner alone.

    Two processes that make it at once keep one: whoever comes second reads what is there.
    """
    return _kept(folder, FILE)


def _kept(folder: Path, name: str) -> Ed25519PrivateKey:
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        waiting = folder / f".{name}.{os.getpid()}"
        waiting.touch(mode=0o600)
        waiting.write_bytes(made)
        try:
            # Fails where another process was first, and never leaves half a key.
            os.link(waiting, path)
        except FileExistsError:
            pass
        finally:
            waiting.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def next_key(folder: Path) -> Ed25519PrivateKey:
    """Return the key that will follow, made once and kept beside the current one until it takes its place."""
    return _kept(folder, NEXT)


def take_next_key(folder: Path) -> Path:
    """Put the next key in the place of the current one, which is kept apart. Returns where."""
    (folder / FILE).replace(folder / LAST)
    (folder / NEXT).replace(folder / FILE)
    return folder / LAST


def sign(key: Ed25519PrivateKey, message: bytes) -> str:
    """Return the signature in Base64."""
    return base64.b64encode(key.sign(message)).decode("ascii")


def public_key(key: Ed25519PrivateKey) -> str:
    """Return the public key in Base64: 32 bytes."""
    return base64.b64encode(_raw(key.public_key())).decode("ascii")


def fingerprint(key: Ed25519PrivateKey) -> str:
    """Return the SHA-256 of the public key, in groups of four that can be compared by eye."""
    digest = hashlib.sha256(_raw(key.public_key())).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
