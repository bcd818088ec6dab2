"""What a receipt says and how it is written and read: the original string, its seal, JSON and plain text. Pure."""

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from consulta.errors import Refused
from consulta.i18n.text import N_, _

VERSION = "consulta.acuse/1"
FIELDS = 6
# What a longer file is, it is no receipt.
LONGEST = 2_000_000
IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"\x00\x00\x00\x18ftyphei", b"\x00\x00\x00\x1cftyphei")
STRING = re.compile(r"\|\|" + re.escape(VERSION) + r"\|.*?\|\|", re.DOTALL)
SEAL = re.compile(r"[A-Za-z0-9+/]{86}==")
UNREADABLE = N_(
    "No se reconoce como un acuse de Consulta. Suba el archivo PDF, JSON o TXT tal como lo bajó, o escriba el folio."
)
PHOTO = N_(
    "Es una imagen, y de una foto no se puede comprobar un sello: apunte la cámara al código QR del acuse, suba el "
    "archivo original o escriba el folio."
)


@dataclass(frozen=True)
class Promise:
    """What the system sealed at the moment of reception: the act, and when."""

    origin: str
    folio: str
    at: datetime
    received_at: datetime
    commitment: bytes

    @property
    def original(self) -> str:
        """Return the original string (cadena original): fixed order, NFC, with `|` escaped; what the seal signs."""
        parts = (VERSION, self.origin, self.folio, _utc(self.at), _utc(self.received_at), self.commitment.hex())
        return unicodedata.normalize("NFC", f"||{'|'.join(part.replace('|', '%7C') for part in parts)}||")


@dataclass(frozen=True)
class Inclusion:
    """Where the act stands in a checkpoint, and the path that proves it."""

    index: int
    note: str
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Read:
    """What was read from a file: its promise and seal, and as much of the proof as it carries."""

    promise: Promise
    seal: bytes
    # The original string as it stood there: the seal is of this, to the letter.
    sealed: str
    key: str = ""
    salt: bytes | None = None
    content: Mapping[str, Any] | None = None
    inclusion: Inclusion | None = None


def read_receipt(raw: bytes) -> Read:
    """Read a receipt from JSON or plain text. Raises Refused with what to do for anything else."""
    if raw.startswith(IMAGES):
        raise Refused(_(PHOTO), field="file")
    if len(raw) > LONGEST:
        raise Refused(_(UNREADABLE), field="file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_(UNREADABLE), field="file") from error
    try:
        return _from_json(json.loads(text)) if text.lstrip().startswith("{") else _from_text(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(_(UNREADABLE), field="file") from error


def read_promise(original: str) -> Promise:
    """Return what an original string says. Raises ValueError for anything else."""
    parts = original.removeprefix("||").removesuffix("||").split("|")
    if len(parts) != FIELDS or parts[0] != VERSION:
        raise ValueError("not an original string of a receipt")
    _version, origin, folio, at, received_at, commitment = (part.replace("%7C", "|") for part in parts)
    return Promise(origin, folio, _instant(at), _instant(received_at), bytes.fromhex(commitment))


def receipt_json(
    read: Read, *, about: Mapping[str, Any], slots: Sequence[str] = ("rfc3161", "nom151")
) -> dict[str, Any]:
    """Return a receipt as JSON types: what it is about, the promise with its seal, the opening, and the proof.

    The slots are for what an outside authority adds where the government has one; the seal is the system's own.
    """
    inclusion = read.inclusion
    return {
        "version": VERSION,
        "about": dict(about),
        "original_string": read.sealed,
        "seal": base64.b64encode(read.seal).decode("ascii"),
        "key": read.key,
        "salt": read.salt.hex() if read.salt else None,
        "content": dict(read.content) if read.content is not None else None,
        "proof": {
            "index": inclusion.index,
            "path": [base64.b64encode(step).decode("ascii") for step in inclusion.path],
            "checkpoint": inclusion.note,
        }
        if inclusion
        else None,
        **{name: None for name in slots},
    }


def _from_json(found: dict[str, Any]) -> Read:
    proof, salt, content = found.get("proof"), found.get("salt"), found.get("content")
    if not isinstance(content, dict | None):
        raise TypeError("content is no object")
    return Read(
        promise=read_promise(str(found["original_string"])),
        seal=_bytes(found["seal"]),
        sealed=str(found["original_string"]),
        key=str(found.get("key") or ""),
        salt=bytes.fromhex(salt) if salt else None,
        content=content,
        inclusion=Inclusion(int(proof["index"]), str(proof["checkpoint"]), tuple(map(_bytes, proof["path"])))
        if proof
        else None,
    )


def _from_text(text: str) -> Read:
    original, seal = STRING.search(text), SEAL.search(text)
    if original is None or seal is None:
        raise ValueError("no original string or seal in the text")
    joined = "".join(original[0].split())
    return Read(promise=read_promise(joined), seal=_bytes(seal[0]), sealed=joined)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not Base64") from error


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant without its zone")
    return found
