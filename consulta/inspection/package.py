"""Opening a zipped office document without being harmed by it: names, sizes, ratios, checksums. Pure."""

import zipfile
from collections.abc import Iterator

from consulta.errors import Refused
from consulta.i18n.text import N_
from consulta.inspection.refusals import protected, refusal

__all__ = ["MAX_ENTRIES", "MAX_RATIO", "MAX_UNPACKED_BYTES", "Package"]

# Long documents with many pictures have some hundreds of parts.
MAX_ENTRIES = 2_000
# Everything inside, unpacked: the largest honest spreadsheets of 10 MiB stay below it.
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
# XML shrinks 10 to 40 times; bombs shrink a thousand times. Small parts may shrink as they like.
MAX_RATIO = 120
_RATIO_MATTERS_FROM = 1024 * 1024
_CHUNK = 64 * 1024
_ENCRYPTED_FLAG = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class Package:
    """The parts of one archive, checked by what they declare on opening and by what they give on reading."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        """Check every declared name and size; raise Refused or BadZipFile."""
        self._name = name
        self._archive = archive
        self._entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        self._check_declared()
        self._left = MAX_UNPACKED_BYTES

    def names(self) -> list[str]:
        """Return the names of the parts, in the order of the archive."""
        return [entry.filename for entry in self._entries]

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Yield each part, never unpacking more than the limit for the whole archive."""
        self._left = MAX_UNPACKED_BYTES
        for entry in self._entries:
            yield entry.filename, self._read(entry)

    def read(self, part: str) -> bytes:
        """Return one part on its own, within the limit for a whole archive."""
        self._left = MAX_UNPACKED_BYTES
        return self._read(self._archive.getinfo(part))

    def _check_declared(self) -> None:
        if len(self._archive.infolist()) > MAX_ENTRIES:
            raise self._bomb()
        if sum(entry.file_size for entry in self._entries) > MAX_UNPACKED_BYTES:
            raise self._bomb()
        seen: set[str] = set()
        for entry in self._archive.infolist():
            self._check_entry(entry)
            folded = entry.filename.casefold()
            if folded in seen:
                raise zipfile.BadZipFile("the same name twice")
            seen.add(folded)

    def _check_entry(self, entry: zipfile.ZipInfo) -> None:
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise protected(self._name)
        if entry.compress_type not in _METHODS or not _is_plain(entry.orig_filename):
            raise zipfile.BadZipFile("a method or a name that no office program writes")
        self._check_ratio(entry, entry.file_size)

    def _check_ratio(self, entry: zipfile.ZipInfo, size: int) -> None:
        if size > _RATIO_MATTERS_FROM and size > MAX_RATIO * max(entry.compress_size, 1):
            raise self._bomb()

    def _read(self, entry: zipfile.ZipInfo) -> bytes:
        chunks: list[bytes] = []
        size = 0
        with self._archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                self._left -= len(chunk)
                if self._left < 0:
                    raise self._bomb()
                self._check_ratio(entry, size)
                chunks.append(chunk)
        return b"".join(chunks)

    def _bomb(self) -> Refused:
        return refusal(
            self._name,
            N_(
                "El archivo «%(name)s» ocupa demasiado al abrirse. Guárdelo como PDF o divídalo en "
                "varios y adjunte el resultado."
            ),
        )


def _is_plain(part: str) -> bool:
    """Say whether the name stays inside the archive and means the same to every program."""
    steps = part.removesuffix("/").split("/")
    return not ({"", ".", ".."} & set(steps) or any(sign in part for sign in "\\:\x00"))
