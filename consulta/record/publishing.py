"""The record as files that anybody can take away: acts, checkpoints, keys; and the verifier that reads them."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from consulta.db import session
from consulta.record.exports import key_json
from consulta.record.keys import list_keys
from consulta.record.models import Checkpoint
from consulta.record.queries import find_last_checkpoint, iterate_acts, note_of

VERIFIER = Path(__file__).parents[2] / "static" / "verificador.py"
ACTS, NOTES, KEYS = "actos.txt", "puntos.txt", "claves.json"
EVERY = 50_000


def write_record(folder: Path, *, origin: str, progress: Callable[[int], None]) -> int:
    """Write the record up to its newest checkpoint into a folder, as `verificador.py` reads it. Returns how many acts.

    Each line of acts, and each note, carries a sum (CRC-32): who alters one can alter its sum too, a disk that fails
    does not. That tells damage from tampering.
    """
    folder.mkdir(parents=True, exist_ok=True)
    newest = find_last_checkpoint()
    size = newest.size if newest is not None else 0
    with (folder / ACTS).open("wb") as lines:
        for act in iterate_acts(0, size):
            lines.write(b"%s\t%08x\n" % (act.content, zlib.crc32(act.content)))
            if act.sequence is not None and act.sequence % EVERY == 0:
                progress(act.sequence)
    with (folder / NOTES).open("wb") as notes:
        for checkpoint in session().scalars(select(Checkpoint).order_by(Checkpoint.size)):
            note = note_of(checkpoint).encode("utf-8")
            notes.write(b"\n==== %08x\n%s" % (zlib.crc32(note), note))
    keys = {"origin": origin, "keys": [key_json(item, origin) for item in list_keys()]}
    (folder / KEYS).write_text(json.dumps(keys, indent=1) + "\n", "utf-8")
    (folder / VERIFIER.name).write_bytes(VERIFIER.read_bytes())
    return size
