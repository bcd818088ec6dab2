"""The checkpoints of the record and those that others kept: signed with which key, and unchanged in their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from consulta.db import session
from consulta.errors import Refused
from consulta.record.damage import is_damaged_text
from consulta.record.keys import check_keys, list_keys
from consulta.record.models import Checkpoint, Cosignature, SealKey
from consulta.record.notes import Head, find_cosignature, find_good_key, read_note
from consulta.record.queries import read_checkpoints
from consulta.record.verdict import Verdict


@dataclass(frozen=True)
class NamedHead:
    """What a note says, and how it is called when something is wrong with it."""

    name: str
    head: Head


def read_heads(verdict: Verdict, public: bytes, outside: Sequence[str]) -> list[NamedHead]:
    """Return what every checkpoint and outside note says; one that is not signed is a difference and says nothing."""
    keys = _keys(verdict)
    for text, is_damage in check_keys(keys):
        verdict.add(text, is_damage=is_damage)
    if keys and public not in {key.public for key in keys}:
        verdict.add("la clave con que se comprueba no es ninguna de las de la bitácora")
    known = [public, *[key.public for key in keys if key.public != public]]
    notes = []
    for number, item in read_checkpoints():
        if item is None:
            verdict.add(f"no se puede leer el punto de control número {number}", is_damage=True)
        else:
            notes.append((f"punto de control {item.size}", item.note))
    notes += [(f"punto de control de fuera {number}", note) for number, note in enumerate(outside, start=1)]
    found = []
    for name, note in notes:
        verdict.checkpoints += 1
        head = _signed_head(verdict, name, note, known)
        if head is not None:
            found.append(NamedHead(name, head))
    return found


def check_checkpoints(verdict: Verdict) -> None:
    """Compare the columns of each checkpoint with its own note, and its number with the one before."""
    keys = [key.public for key in _keys(Verdict())]
    number, is_dated = 0, False
    for _number, item in read_checkpoints():
        number += 1
        if item is None:
            continue
        name = f"punto de control {item.size}"
        try:
            head, _signatures = read_note(item.note)
        except Refused:
            # Said when it was read.
            continue
        if item.id != number:
            verdict.add(f"falta el punto de control número {number}, o sobra el número {item.id}")
            number = item.id
        if (head.size, head.root) != (item.size, item.root):
            verdict.add(
                f"{name}: la fila {item.id} no dice lo que su nota firmada",
                is_damage=(head.size ^ item.size).bit_count() + _bits(head.root, item.root) == 1,
            )
        # The first ones of an old instance were signed without their instant; after one that has it, all do.
        is_dated = is_dated or item.note.count("\n\u2014 ") > 1
        if is_dated:
            _check_instant(verdict, item, head, keys)
    signed = sum(key.signed for key in _keys(Verdict()))
    if keys and number != signed:
        verdict.add(f"con las claves se firmaron {signed} puntos de control y el último es el número {number}")


def check_cosignatures(verdict: Verdict, witnesses: Sequence[tuple[str, bytes]]) -> None:
    """Compare what witnesses signed with the checkpoints under which it stands."""
    keys = dict(witnesses)
    found = session().execute(select(Cosignature, Checkpoint).join(Checkpoint).order_by(Cosignature.id))
    for item, checkpoint in found:
        public = keys.get(item.name)
        if public is None:
            continue
        signed = find_cosignature(checkpoint.note + item.line, item.name, public)
        if signed is None or datetime.fromtimestamp(signed.time, UTC) != item.at:
            verdict.add(f"punto de control {checkpoint.size}: no vale la firma del testigo {item.name}")


def _keys(verdict: Verdict) -> Sequence[SealKey]:
    try:
        return list_keys()
    except (ValueError, TypeError, DBAPIError):
        session().rollback()
        verdict.add("no se pueden leer las claves de la bitácora", is_damage=True)
        return []


def _signed_head(verdict: Verdict, name: str, note: str, known: Sequence[bytes]) -> Head | None:
    if find_good_key(note, known) is not None:
        return read_note(note)[0]
    text = f"{name}: no está firmado con ninguna clave de esta bitácora"
    verdict.add(text, is_damage=is_damaged_text(note, lambda item: find_good_key(item, known) is not None))
    return None


def _check_instant(verdict: Verdict, item: Checkpoint, head: Head, keys: Sequence[bytes]) -> None:
    signed = next((found for key in keys if (found := find_cosignature(item.note, head.origin, key))), None)
    if signed is None:
        is_damage = is_damaged_text(
            item.note, lambda note: any(find_cosignature(note, head.origin, key) is not None for key in keys)
        )
        verdict.add(f"punto de control {item.size}: no vale la firma de su hora", is_damage=is_damage)
    elif datetime.fromtimestamp(signed.time, UTC) != item.at:
        moved = abs(item.at - datetime.fromtimestamp(signed.time, UTC)) // timedelta(microseconds=1)
        verdict.add(f"punto de control {item.size}: su hora no es la firmada", is_damage=moved.bit_count() == 1)


def _bits(one: bytes, other: bytes) -> int:
    if len(one) != len(other):
        return 8
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
