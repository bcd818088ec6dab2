"""Where the bytes of handed-in files are kept, behind four verbs.

Nothing here knows about requests, rows or file names: the caller keeps the key, the name and the type.
"""

from typing import Protocol

__all__ = ["Storage"]


class Storage(Protocol):
    """A place that keeps bytes under keys that nobody can guess."""

    def put(self, content: bytes) -> str:
        """Keep the content durably and return its new key."""
        ...

    def read(self, key: str) -> bytes:
        """Return the content; raise FileNotFoundError when the key holds nothing."""
        ...

    def size(self, key: str) -> int:
        """Return the number of bytes; raise FileNotFoundError when the key holds nothing."""
        ...

    def delete(self, key: str) -> None:
        """Forget the content; a key that holds nothing is not an error."""
        ...
