"""Storage in a folder of this machine: one file per key, in two levels of subfolders.

A key is returned only when the bytes and every directory entry that leads to them are on disk, because a
receipt promises that the file was received. It must not know about requests or rows.
"""

import os
import re
import secrets
from pathlib import Path

__all__ = ["FolderStorage"]

_KEY = re.compile(r"[0-9a-f]{32}")
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


class FolderStorage:
    """Keeps each content in its own file under ``root``; satisfies ``Storage``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        """Write a temporary file, flush it, rename it, flush the folder; return the key (128 random bits)."""
        key = secrets.token_hex(16)
        target = self.path(key)
        _make_folder(target.parent)
        partial = target.with_name(f".{key}.part")
        try:
            _write_durably(partial, content)
            partial.rename(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)
        return key

    def read(self, key: str) -> bytes:
        """Return the content; raise FileNotFoundError when the key holds nothing."""
        return self.path(key).read_bytes()

    def path(self, key: str) -> Path:
        """Return where the key's file is or would be; raise ValueError when the text is not a key."""
        if _KEY.fullmatch(key) is None:
            raise ValueError("not a storage key")
        return self._root / key[:2] / key[2:4] / key

    def delete(self, key: str) -> None:
        """Remove the file and flush the folder; a key that holds nothing is not an error."""
        target = self.path(key)
        try:
            target.unlink()
        except FileNotFoundError:
            return
        _flush_folder(target.parent)

    def destroy(self, key: str) -> None:
        """Overwrite the file with zeros, flush, and remove it: what was on these blocks is gone."""
        try:
            with self.path(key).open("r+b") as handle:
                handle.write(bytes(self.path(key).stat().st_size))
                handle.flush()
                os.fsync(handle.fileno())
        except FileNotFoundError:
            return
        self.delete(key)

    def size(self, key: str) -> int:
        """Return the number of bytes; raise FileNotFoundError when the key holds nothing."""
        return self.path(key).stat().st_size


def _make_folder(folder: Path) -> None:
    """Create what is missing from the top down and flush each parent: none may vanish in a power cut."""
    missing = [folder, *folder.parents]
    for step in reversed([step for step in missing if not step.exists()]):
        step.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        _flush_folder(step.parent)


def _write_durably(target: Path, content: bytes) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
