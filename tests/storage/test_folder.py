"""The folder storage keeps what it promised, privately, and never leaves its root."""

import os
import re
import stat
from pathlib import Path

import pytest

from consulta.storage import Storage
from consulta.storage.folder import FolderStorage


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "uploads")


def test_put_content_is_read_back_unchanged(storage: FolderStorage) -> None:
    content = bytes(range(256)) * 1000

    key = storage.put(content)

    assert storage.read(key) == content
    assert storage.size(key) == len(content)
    assert storage.path(key).read_bytes() == content


def test_folder_storage_satisfies_the_protocol(storage: FolderStorage) -> None:
    place: Storage = storage

    assert place.read(place.put(b"x")) == b"x"


def test_keys_are_random_and_not_derived_from_the_content(storage: FolderStorage) -> None:
    keys = {storage.put(b"same") for _ in range(50)}

    assert len(keys) == 50
    assert all(re.fullmatch(r"[0-9a-f]{32}", key) for key in keys)


def test_files_are_private_and_spread_over_subfolders(storage: FolderStorage, tmp_path: Path) -> None:
    key = storage.put(b"private")

    path = storage.path(key)
    assert path == tmp_path / "uploads" / key[:2] / key[2:4] / key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_deleted_content_is_gone_and_deleting_twice_is_no_error(storage: FolderStorage) -> None:
    key = storage.put(b"x")

    storage.delete(key)
    storage.delete(key)

    with pytest.raises(FileNotFoundError):
        storage.read(key)
    with pytest.raises(FileNotFoundError):
        storage.size(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../../etc/passwd",
        "a" * 31,
        "a" * 33,
        "A" * 32,
        "a" * 32 + "\n",
        "/" + "a" * 31,
        "g" * 32,
        "\x00" * 32,
    ],
)
def test_what_is_not_a_key_never_becomes_a_path(storage: FolderStorage, key: str) -> None:
    for use in (storage.path, storage.read, storage.delete, storage.size):
        with pytest.raises(ValueError, match="not a storage key"):
            use(key)


def test_failed_write_leaves_nothing_behind(
    storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    storage.put(b"first")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        storage.put(b"second")
    monkeypatch.undo()

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [b"first"]


def test_put_flushes_the_file_before_the_rename_and_the_folder_after(
    storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.put(b"creates the root")
    events: list[str] = []
    flush, rename = os.fsync, Path.rename

    def noted_flush(descriptor: int) -> None:
        events.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        flush(descriptor)

    def noted_rename(path: Path, target: Path) -> Path:
        events.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", noted_flush)
    monkeypatch.setattr(Path, "rename", noted_rename)
    storage.put(b"x")

    assert events[-3:] == ["file", "rename", "folder"]
