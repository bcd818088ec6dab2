"""Keys under which answers about oneself wait, in files beside the database and never in it.

The database, its log of writes and its backups hold what waits only sealed. When a window's buffer is emptied its key
is destroyed, and from then on nobody can tell, from any of them, which answers came with which submission.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
# Every sealed answer is as long as any other, so that its length says nothing.
LENGTH = 320


class KeyLost(RuntimeError):
    """The key of a batch that waits is not where it should be."""


def current_batch(folder: Path, window_id: int) -> str:
    """Return the batch into which a window's answers go now; its key is made the first time."""
    pointer = folder / f"{window_id}.actual"
    try:
        return pointer.read_text("ascii")
    except FileNotFoundError:
        pass
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    batch = secrets.token_hex(16)
    _write(folder / f"{batch}.clave", secrets.token_bytes(32))
    waiting = folder / f".{window_id}.{batch}"
    _write(waiting, batch.encode("ascii"))
    try:
        # Fails where another process was first, and never leaves half a name.
        os.link(waiting, pointer)
    except FileExistsError:
        destroy_key(folder, batch)
    finally:
        waiting.unlink()
    return pointer.read_text("ascii")


def seal(folder: Path, batch: str, content: bytes) -> bytes:
    """Return content sealed under the key of a batch (AES-256-GCM, NIST SP 800-38D), padded to one length."""
    if len(content) > LENGTH:
        raise ValueError("answers are longer than their envelope")
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_key(folder, batch)).encrypt(nonce, content.ljust(LENGTH), batch.encode("ascii"))


def unseal(folder: Path, batch: str, sealed: bytes) -> bytes:
    """Return what was sealed. Raises KeyLost when its key is gone or is another."""
    try:
        opened = AESGCM(_key(folder, batch)).decrypt(sealed[:NONCE], sealed[NONCE:], batch.encode("ascii"))
    except InvalidTag as error:
        raise KeyLost(batch) from error
    return opened.rstrip()


def turn_batch(folder: Path, window_id: int) -> None:
    """Let the next answer of a window begin another batch. The caller holds the window against intake."""
    (folder / f"{window_id}.actual").unlink(missing_ok=True)


def list_batches(folder: Path) -> list[str]:
    """Return the batches whose keys still exist."""
    return sorted(path.stem for path in folder.glob("*.clave")) if folder.is_dir() else []


def is_current(folder: Path, batch: str) -> bool:
    """Say whether some window still puts answers into a batch."""
    return any(pointer.read_text("ascii") == batch for pointer in folder.glob("*.actual"))


def destroy_key(folder: Path, batch: str) -> None:
    """Overwrite a key, flush, and remove it."""
    path = folder / f"{batch}.clave"
    try:
        with path.open("r+b") as handle:
            handle.write(bytes(32))
            handle.flush()
            os.fsync(handle.fileno())
    except FileNotFoundError:
        return
    path.unlink()


def _key(folder: Path, batch: str) -> bytes:
    try:
        return (folder / f"{batch}.clave").read_bytes()
    except FileNotFoundError as error:
        raise KeyLost(batch) from error


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
