"""Checkpoints as signed notes: C2SP signed-note, tlog-checkpoint and tlog-cosignature, Ed25519 (RFC 8032). Pure."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consulta.errors import Refused

# Kinds of signature in a note (C2SP signed-note): of the log itself, and with the instant at which it was given.
ED25519, COSIGNATURE = b"\x01", b"\x04"
DASH = "\u2014"
KEY_BYTES, TIME_BYTES = 4, 8


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: whose log, how many leaves, their root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


@dataclass(frozen=True)
class Cosignature:
    """That somebody saw a checkpoint, and when: the log itself, or a witness."""

    name: str
    # Seconds since 1970.
    time: int


def key_id(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    """Return the four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + kind + public).digest()[:KEY_BYTES]


def verifier_key(name: str, public: bytes, kind: bytes = ED25519) -> str:
    """Return a key as C2SP writes it, for whoever wants to verify: name+id+key."""
    encoded = base64.b64encode(kind + public).decode("ascii")
    return f"{name}+{key_id(name, public, kind).hex()}+{encoded}"


def read_verifier_key(text: str) -> tuple[str, bytes, bytes]:
    """Return name, kind and public key of what `verifier_key` wrote. Raises Refused for anything else."""
    name, _plus, rest = text.strip().partition("+")
    identifier, _plus, encoded = rest.partition("+")
    raw = _decode(encoded)
    kind, public = raw[:1], raw[1:]
    if not name or len(public) != 32 or key_id(name, public, kind).hex() != identifier:
        raise Refused("La clave pública no se entiende: cópiela entera, como «nombre+id+clave».")
    return name, kind, public


def sign_note(head: Head, key: Ed25519PrivateKey, time: int) -> str:
    """Return the signed note of a checkpoint, under the name of its origin, and when it was signed.

    The instant is a second signature of the same key (tlog-cosignature): its message begins otherwise, so that
    neither can be taken for the other.
    """
    public = key.public_key().public_bytes_raw()
    signature = key_id(head.origin, public) + key.sign(head.body().encode("utf-8"))
    return f"{head.body()}\n{_line(head.origin, signature)}{cosign(head, head.origin, key, time)}"


def cosign(head: Head, name: str, key: Ed25519PrivateKey, time: int) -> str:
    """Return the line by which somebody says that she saw a checkpoint, at a second since 1970."""
    public = key.public_key().public_bytes_raw()
    signed = key.sign(_cosigned(head, time))
    return _line(name, key_id(name, public, COSIGNATURE) + time.to_bytes(TIME_BYTES, "big") + signed)


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
    """Say whether a note carries a good signature of the log with a key. Raises Refused for what is no note."""
    head, signatures = read_note(note)
    wanted = key_id(head.origin, public)
    return any(
        name == head.origin
        and signature[:KEY_BYTES] == wanted
        and is_good(public, signature[KEY_BYTES:], head.body().encode("utf-8"))
        for name, signature in signatures
    )


def find_good_key(note: str, keys: Sequence[bytes]) -> bytes | None:
    """Return the key with which the log signed a note; None when it is none of them, or it is no note."""
    try:
        return next((public for public in keys if is_signed(note, public)), None)
    except Refused:
        return None


def find_cosignature(note: str, name: str, public: bytes) -> Cosignature | None:
    """Return the good cosignature of a key in a note; None without one. Raises Refused for what is no note."""
    head, signatures = read_note(note)
    wanted = key_id(name, public, COSIGNATURE)
    for signer, signature in signatures:
        time = int.from_bytes(signature[KEY_BYTES : KEY_BYTES + TIME_BYTES], "big")
        signed = signature[KEY_BYTES + TIME_BYTES :]
        if signer == name and signature[:KEY_BYTES] == wanted and is_good(public, signed, _cosigned(head, time)):
            return Cosignature(name, time)
    return None


def _cosigned(head: Head, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{head.body()}".encode()


def _line(name: str, signature: bytes) -> str:
    return f"{DASH} {name} {base64.b64encode(signature).decode('ascii')}\n"


def is_good(public: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether a signature of a message is good (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signature(line: str) -> tuple[str, bytes]:
    parts: Sequence[str] = line.split(" ")
    if len(parts) != 3 or parts[0] != DASH:
        raise Refused("Una firma del punto de control no se entiende.")
    found = _decode(parts[2])
    # Of other kinds there may be more: who does not know them passes them over.
    if len(found) <= KEY_BYTES:
        raise Refused("Una firma del punto de control está cortada.")
    return parts[1], found


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Refused("El punto de control trae un texto que no es Base64.") from error


def write_handover(
    *, origin: str, before: bytes, old: Ed25519PrivateKey | None, new: Ed25519PrivateKey, time: int
) -> str:
    """Return the text by which a key follows another, signed by both; by the new one alone when the old is lost."""
    after = new.public_key().public_bytes_raw()
    body = _handover_body(origin, before, after, time)
    signers = [(before, old)] if old is not None else []
    lines = [
        f"{base64.b64encode(public).decode('ascii')} {base64.b64encode(key.sign(body.encode())).decode('ascii')}\n"
        for public, key in [*signers, (after, new)]
    ]
    return f"{body}\n{''.join(lines)}"


def find_next_key(handovers: Sequence[str], public: bytes) -> bytes | None:
    """Return the key to which another one handed over under both signatures; None where it did not."""
    for text in handovers:
        lines = text.split("\n")
        if len(lines) < 5 or lines[2] != base64.b64encode(public).decode("ascii") or not lines[4].isdigit():
            continue
        after = _decode(lines[3])
        if is_handover_signed(text, before=public, signers=(public, after), time=int(lines[4])):
            return after
    return None


def is_handover_signed(text: str, *, before: bytes, signers: Sequence[bytes], time: int) -> bool:
    """Say whether a text hands over from a key to the last of the signers, at an instant, under each signature."""
    body, _blank, signed = text.partition("\n\n")
    origin = body.split("\n")[1] if body.count("\n") == 4 else ""
    if body + "\n" != _handover_body(origin, before, signers[-1], time):
        return False
    lines = dict(line.split(" ", 1) for line in signed.splitlines() if line.count(" ") == 1)
    return all(
        is_good(public, _decode(lines.get(base64.b64encode(public).decode("ascii"), "")), (body + "\n").encode())
        for public in signers
    )


def _handover_body(origin: str, before: bytes, after: bytes, time: int) -> str:
    old, new = (base64.b64encode(public).decode("ascii") for public in (before, after))
    return f"consulta.key-change/v1\n{origin}\n{old}\n{new}\n{time}\n"
