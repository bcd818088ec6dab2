"""Files handed in by people: what is accepted, and the copy without traces that may be published.

A file is accepted only when its name, its first bytes and its whole content agree on what it is and it
opens to the end. The original is kept as received; what is published is ``Inspected.public_content``.
This module must not know about requests, rows or storage.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from consulta.errors import Refused
from consulta.i18n.text import N_, _
from consulta.inspection.images import clean_image
from consulta.inspection.office import DOCX_MAIN, XLSX_MAIN, clean_office
from consulta.inspection.pdf import clean_pdf
from consulta.inspection.refusals import broken, mislabelled, protected, refusal

__all__ = ["ACCEPTED", "MAX_FILES", "MAX_FILE_BYTES", "AcceptedType", "Inspected", "inspect"]

# Per submission. Ten MiB is a long scanned letter or three photographs; five such files still arrive over a
# slow telephone connection before a person gives up.
MAX_FILES = 5
MAX_FILE_BYTES = 10 * 1024 * 1024

_MAX_NAME = 120
# Control characters, invisible formatting (also the marks that reverse the reading direction), halves of
# characters, private use, and separators of lines and paragraphs.
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ZIP_START = b"PK\x03\x04"
# How Word and Excel documents of before 2007 begin, and also those of today that have a password.
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMATS = N_("PDF, JPG, PNG, DOCX o XLSX")


@dataclass(frozen=True)
class AcceptedType:
    """A kind of file that people may hand in."""

    extension: str
    media_type: str
    start: bytes
    clean: Callable[[str, bytes], bytes] = field(repr=False)
    also: tuple[str, ...] = ()
    is_told_by_start: bool = True


@dataclass(frozen=True)
class Inspected:
    """An accepted file: size and hash are the original's, ``public_content`` is what may be published."""

    filename: str
    media_type: str
    size: int
    sha256: str
    public_content: bytes = field(repr=False)


_OFFICE = "application/vnd.openxmlformats-officedocument"
ACCEPTED = (
    AcceptedType("pdf", "application/pdf", b"%PDF-", clean_pdf),
    AcceptedType(
        "jpg",
        "image/jpeg",
        b"\xff\xd8\xff",
        partial(clean_image, image_format="JPEG"),
        ("jpeg", "jpe", "jfif"),
    ),
    AcceptedType("png", "image/png", b"\x89PNG\r\n\x1a\n", partial(clean_image, image_format="PNG")),
    AcceptedType(
        "docx",
        f"{_OFFICE}.wordprocessingml.document",
        _ZIP_START,
        partial(clean_office, main_type=DOCX_MAIN),
        is_told_by_start=False,
    ),
    AcceptedType(
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        _ZIP_START,
        partial(clean_office, main_type=XLSX_MAIN),
        is_told_by_start=False,
    ),
)
_BY_EXTENSION = {extension: each for each in ACCEPTED for extension in (each.extension, *each.also)}


def inspect(filename: str, content: bytes) -> Inspected:
    """Return what the file is, with the copy that may be published; raise Refused when it is not accepted.

    A picture or PDF without extension is recognised by its content, as telephones often send them. The
    extension is written in its usual form (``FOTO.JPEG`` becomes ``FOTO.jpg``).
    """
    shown = _showable(filename)
    _check_size(shown, content)
    kind = _kind(shown, content)
    public = kind.clean(_shortened(shown, ""), content)
    return Inspected(
        filename=_with_extension(shown, kind.extension),
        media_type=kind.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        public_content=public,
    )


def _showable(filename: str) -> str:
    """Return the last step of the name, composed, in one line and without characters that mislead the eye."""
    last = filename[-1000:].replace("\\", "/").rstrip("/").rpartition("/")[2]
    spaced = "".join(" " if sign.isspace() else sign for sign in last)
    visible = "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSHOWABLE)
    name = " ".join(unicodedata.normalize("NFC", visible).split())
    return name.rstrip(". ") or "archivo"


def _shortened(stem: str, ending: str) -> str:
    return stem[: _MAX_NAME - len(ending)].rstrip(". ") + ending


def _with_extension(shown: str, extension: str) -> str:
    stem, dot, _extension = shown.rpartition(".")
    return _shortened((stem if dot else shown).strip(". ") or "archivo", f".{extension}")


def _check_size(shown: str, content: bytes) -> None:
    name = _shortened(shown, "")
    if not content:
        raise refusal(
            name, N_("El archivo «%(name)s» está vacío. Compruebe que se abre en su equipo y adjúntelo de nuevo.")
        )
    if len(content) > MAX_FILE_BYTES:
        raise refusal(
            name,
            N_("El archivo «%(name)s» pesa más de %(number)s MB. Reduzca su tamaño o divídalo en varios."),
            number=MAX_FILE_BYTES // (1024 * 1024),
        )


def _kind(shown: str, content: bytes) -> AcceptedType:
    name = _shortened(shown, "")
    _stem, dot, extension = shown.rpartition(".")
    kind = _BY_EXTENSION.get(extension.lower()) if dot else _told_by_start(content)
    if kind is None:
        raise refusal(
            name,
            N_(
                "El archivo «%(name)s» no es de un tipo que podamos recibir. Guárdelo como %(formats)s y "
                "adjunte esa copia."
            ),
            formats=_(_FORMATS),
        )
    if not content.startswith(kind.start):
        raise _mismatch(name, kind, content)
    return kind


def _told_by_start(content: bytes) -> AcceptedType | None:
    return next((each for each in ACCEPTED if each.is_told_by_start and content.startswith(each.start)), None)


def _mismatch(name: str, kind: AcceptedType, content: bytes) -> Refused:
    if kind.start == _ZIP_START and content.startswith(_OLE_START):
        return protected(name)
    if any(content.startswith(each.start) for each in ACCEPTED):
        return mislabelled(name)
    return broken(name)
