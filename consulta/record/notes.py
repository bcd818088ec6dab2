"""Checkpoints as signed notes: C2SP signed-note and tlog-checkpoint, with Ed25519 (RFC 8032). Pure."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consulta.errors import Refused

ED25519 = b"\x01"
DASH = "\u2014"
KEY_BYTES, SIGNATURE_BYTES = 4, 64


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: whose log, how many leaves, their root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


def key_id(name: str, public: bytes) -> bytes:
    """Return the four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + ED25519 + public).digest()[:KEY_BYTES]


def verifier_key(name: str, public: bytes) -> str:
    """Return a key as C2SP writes it, for whoever wants to verify: name+id+key."""
    encoded = base64.b64encode(ED25519 + public).decode("ascii")
    return f"{name}+{key_id(name, public).hex()}+{encoded}"


def sign_note(head: Head, key: Ed25519PrivateKey) -> str:
    """Return the signed note of a checkpoint, under the name of its origin."""
    public = key.public_key().public_bytes_raw()
    signature = key_id(head.origin, public) + key.sign(head.body().encode("utf-8"))
    return f"{head.body()}\n{DASH} {head.origin} {base64.b64encode(signature).decode('ascii')}\n"


def read_note(note: str) -> tuple[Head, list[tuple[str, bytes]]]:
    """Return what a note says and its signatures, `(name, key id + signature)`. Raises Refused for what is no note."""
    text, blank, signed = note.replace("\r\n", "\n").partition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) < 3 or not lines[1].isascii() or not lines[1].isdigit() or len(lines[1]) > 18:
        raise Refused("No es un punto de control de la bitácora: le faltan líneas.")
    root = _decode(lines[2])
    if len(root) != hashlib.sha256().digest_size:
        raise Refused("La raíz del punto de control no tiene 32 bytes.")
    return Head(lines[0], int(lines[1]), root), [_signature(line) for line in signed.split("\n") if line]


def is_signed(note: str, public: bytes) -> bool:
    """Say whether a note carries a good signature of a key. Raises Refused for what is no note."""
    head, signatures = read_note(note)
    return any(_is_good(head, name, signature, public) for name, signature in signatures)


def _is_good(head: Head, name: str, signature: bytes, public: bytes) -> bool:
    if name != head.origin or signature[:KEY_BYTES] != key_id(name, public):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[KEY_BYTES:], head.body().encode("utf-8"))
    except InvalidSignature:
        return False
    return True


def _signature(line: str) -> tuple[str, bytes]:
    parts: Sequence[str] = line.split(" ")
    if len(parts) != 3 or parts[0] != DASH:
        raise Refused("Una firma del punto de control no se entiende.")
    found = _decode(parts[2])
    if len(found) != KEY_BYTES + SIGNATURE_BYTES:
        raise Refused("Una firma del punto de control está cortada.")
    return parts[1], found


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Refused("El punto de control trae un texto que no es Base64.") from error
