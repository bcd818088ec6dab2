"""A witness of the record, run by somebody else: sees each checkpoint, that it follows from the last, and signs so.

Keeps in its folder the log's key as it was given, its own key, and the last checkpoint it saw. Whoever runs it needs
no database and no account: everything is fetched over HTTP.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from consulta.errors import Refused
from consulta.record.notes import (
    COSIGNATURE,
    Head,
    cosign,
    find_next_key,
    is_signed,
    read_note,
    read_verifier_key,
    verifier_key,
)
from consulta.record.signing import load_key
from consulta.record.tiles import HASH, HEIGHT, WIDTH, subtree, tile_address
from consulta.record.tree import consistency_proof, root, verify_consistency

LAST, KEY, ALARM = "ultimo.txt", "bitacora.clave", "alarma-{time}.txt"
Fetch = Callable[[str], bytes]


class Alarm(Exception):
    """What the log says cannot be true beside what it said before; the message says why, the note is kept."""


@dataclass(frozen=True)
class Seen:
    """A checkpoint that was checked, and the line by which the witness says so."""

    head: Head
    line: str
    is_new: bool


class Witness:
    """One witness of one log."""

    def __init__(self, *, folder: Path, name: str, fetch: Fetch, log_key: str | None = None) -> None:
        """Open the folder of a witness; the first time with the log's public key, as its page gives it.

        Raises Refused without a key that can be read, or with another one than before.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name, self.fetch = folder, name, fetch
        pinned = folder / KEY
        if not pinned.exists():
            if not log_key:
                raise Refused("La primera vez indique la clave pública de la bitácora con --key (está en su página).")
            read_verifier_key(log_key)
            pinned.write_text(log_key.strip() + "\n", "utf-8")
        self.origin, _kind, self.public = read_verifier_key(pinned.read_text("utf-8"))
        self.own = load_key(folder)

    @property
    def verifier_key(self) -> str:
        """Return the witness's own key, which the log has to know."""
        return verifier_key(self.name, self.own.public_key().public_bytes_raw(), COSIGNATURE)

    def look(self, now: datetime) -> Seen:
        """Fetch the newest checkpoint, check that it follows from the last one seen, remember it, and sign it.

        Raises Alarm, after keeping what was given, when it is not signed, has another name, shrank, or does not
        contain the tree that was seen before.
        """
        note = self.fetch("/bitacora/checkpoint").decode("utf-8")
        head = self._signed(note, now)
        known = self._last()
        if known is not None:
            self._check_follows(known, head, note, now)
        is_new = known is None or known.size != head.size
        if is_new:
            waiting = self.folder / f".{LAST}"
            waiting.write_text(note, "utf-8")
            waiting.replace(self.folder / LAST)
        return Seen(head, cosign(head, self.name, self.own, int(now.timestamp())), is_new)

    def _signed(self, note: str, now: datetime) -> Head:
        try:
            head = read_note(note)[0]
        except Refused as refused:
            raise self._alarm(refused.message, note, now) from refused
        if head.origin != self.origin:
            raise self._alarm(f"es de otra bitácora: {head.origin}", note, now)
        if not is_signed(note, self.public):
            self._follow_keys(note, now)
        return head

    def _follow_keys(self, note: str, now: datetime) -> None:
        """Take the next key where the one known handed over to it; a key that was lost has to be pinned anew."""
        handovers: list[dict[str, Any]] = json.loads(self.fetch("/bitacora/claves"))["keys"]
        public = self.public
        while not is_signed(note, public):
            found = find_next_key([item["handover"] for item in handovers], public)
            if found is None:
                raise self._alarm("no está firmado con la clave conocida ni con una que ella haya entregado", note, now)
            public = found
        self.public = public
        (self.folder / KEY).write_text(verifier_key(self.origin, public) + "\n", "utf-8")

    def _check_follows(self, known: Head, head: Head, note: str, now: datetime) -> None:
        if head.size < known.size:
            raise self._alarm(f"encogió: vio {known.size} actos y ahora dice {head.size}", note, now)
        if head.size == known.size:
            if head.root != known.root:
                raise self._alarm(f"con {head.size} actos dice otra raíz: hay dos bitácoras", note, now)
            return
        tiles = _FetchedTiles(self.fetch, head.size)
        try:
            is_whole = root(head.size, tiles.node) == head.root
            proof = consistency_proof(known.size, head.size, tiles.node)
        except LookupError:
            is_whole, proof = False, []
        if not is_whole or not verify_consistency(known.size, head.size, proof, known.root, head.root):
            raise self._alarm(f"lo que vio con {known.size} actos ya no es el principio", note, now)

    def _last(self) -> Head | None:
        path = self.folder / LAST
        return read_note(path.read_text("utf-8"))[0] if path.exists() else None

    def _alarm(self, why: str, note: str, now: datetime) -> Alarm:
        path = self.folder / ALARM.format(time=int(now.timestamp()))
        path.write_text(f"{why}\n\n{note}", "utf-8")
        return Alarm(f"El punto de control {why}. Se guardó en {path.name}; el anterior sigue en {LAST}.")


class _FetchedTiles:
    """The tiles of a log of some size, each fetched once: full ones whole, the last ones as wide as they are."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        self.fetch, self.size = fetch, size
        self.known: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree. Raises LookupError when the log does not give it."""
        tile_level, inside = divmod(level, HEIGHT)
        first = index << inside
        start = first % WIDTH * HASH
        found = self._tile(tile_level, first // WIDTH)[start : start + (HASH << inside)]
        if len(found) != HASH << inside:
            raise LookupError(f"no subtree of level {level} at {index}")
        return subtree(found)

    def _tile(self, level: int, position: int) -> bytes:
        if (level, position) not in self.known:
            width = min(WIDTH, (self.size >> HEIGHT * level) - position * WIDTH)
            self.known[level, position] = self.fetch(f"/bitacora/tile/{tile_address(level, position, width)}")
        return self.known[level, position]
