"""The keys of the record over the years: which one is current, how one follows another, and what if one is lost."""

import base64
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.record.damage import is_one_bit
from consulta.record.models import Checkpoint, SealKey
from consulta.record.notes import is_handover_signed, write_handover
from consulta.record.operations import append_leaf
from consulta.record.queries import list_acts

LOCK = "record-keys"
ROTATED, LOST = "rotated", "lost"
ABOUT, KINDS = "bitacora", ("record.began", "record.key_")


def use_key(key: Ed25519PrivateKey, now: datetime) -> bytes:
    """Return the public half of the key that signs, written down the first time with its leaf.

    Raises Refused when the record knows another one: a folder of keys was lost or changed, and must say so first.
    """
    public = key.public_key().public_bytes_raw()
    lock_exclusive(LOCK)
    current = find_current()
    if current is None:
        before = session().scalar(select(func.count()).select_from(Checkpoint)) or 0
        session().add(SealKey(public=public, from_at=now, signed=before))
        _record("began", now, {"public": _written(public)})
        session().flush()
    elif current.public != public:
        raise Refused(
            "La clave de este equipo no es la vigente de la bitácora. Devuelva a su carpeta la que había, o declare "
            "su pérdida con «consulta bitacora key-lost --reason …»."
        )
    return public


def count_signed() -> None:
    """Count one more checkpoint under the current key; the caller holds the lock of the sequence."""
    current = find_current()
    assert current is not None
    current.signed += 1


def change_key(
    *, old: Ed25519PrivateKey | None, new: Ed25519PrivateKey, reason: str, origin: str, now: datetime
) -> str:
    """Let a new key follow the current one, with its leaf, and return the signed text that hands over.

    Args:
        old: the current key, which signs too; None when it is lost, which the text then says.
        new: signs from now on.
        reason: why; public.
        origin: name of the record.
        now: instant of the act.
    Raises:
        Refused: without a reason, before there is any key, or when `old` is not the current one.
    """
    lock_exclusive(LOCK)
    current = find_current()
    if current is None:
        raise Refused("Todavía no hay clave que cambiar: firme primero un punto de control.")
    if not reason.strip():
        raise Refused("Escriba por qué cambia la clave: es público.")
    if old is not None and old.public_key().public_bytes_raw() != current.public:
        raise Refused("La clave de este equipo no es la vigente: declare su pérdida con «consulta bitacora key-lost».")
    at = now.replace(microsecond=0)
    text = write_handover(origin=origin, before=current.public, old=old, new=new, time=int(at.timestamp()))
    current.until_at, current.end_reason = at, LOST if old is None else ROTATED
    session().flush()
    session().add(SealKey(public=new.public_key().public_bytes_raw(), from_at=at, handover=text))
    _record(f"key_{current.end_reason}", now, {"handover": text, "reason": reason.strip()})
    session().flush()
    return text


def find_current() -> SealKey | None:
    """Return the key under which the record is signed now; None before the first checkpoint."""
    return session().scalar(select(SealKey).where(SealKey.until_at.is_(None)))


def list_keys() -> Sequence[SealKey]:
    """Return every key, the first one first."""
    return session().scalars(select(SealKey).order_by(SealKey.id)).all()


def check_keys(keys: Sequence[SealKey]) -> list[tuple[str, bool]]:
    """Return what does not follow among the keys, and whether one bit explains it.

    Each but the first is brought in by a text that it signs, and all say what their acts say.
    """
    found = _compare_with_acts(keys)
    for before, after in pairwise(keys):
        needed = (after.public,) if before.end_reason == LOST else (before.public, after.public)
        if before.until_at != after.from_at or not is_handover_signed(
            after.handover, before=before.public, signers=needed, time=int(after.from_at.timestamp())
        ):
            found.append((f"la clave {after.id} no fue entregada por la anterior", False))
    return found


def _compare_with_acts(keys: Sequence[SealKey]) -> list[tuple[str, bool]]:
    """Return which keys do not say what the acts that brought them in say: when, and with which text."""
    acts = [(leaf, opening) for leaf, opening in list_acts(ABOUT) if leaf.kind.startswith(KINDS)]
    if not keys:
        # None yet, or none that can be read, which was said.
        return [] if not acts else [("faltan o sobran claves de la bitácora", False)]
    reasons = [leaf.kind.removeprefix("record.key_") for leaf, _opening in acts[1:]] + [""]
    if len(keys) != len(acts) or keys[-1].until_at is not None or keys[0].handover:
        return [("faltan o sobran claves de la bitácora", False)]
    found = []
    if [key.end_reason for key in keys] != reasons:
        found.append((f"la clave {keys[0].id} no dice por qué dejó de usarse", False))
    for key, (leaf, opening) in zip(keys, acts, strict=True):
        content = (opening.content if opening is not None else None) or {}
        said = content.get("handover", "") if key.id != keys[0].id else content.get("public")
        wrote = key.handover if key.id != keys[0].id else _written(key.public)
        if said != wrote or key.from_at.replace(microsecond=0) != leaf.at.replace(microsecond=0):
            is_damage = is_one_bit(key.public, base64.b64decode(said or "")) if key is keys[0] else False
            found.append((f"la clave {key.id} no es la que se asentó", is_damage))
    return found


def _record(verb: str, now: datetime, content: dict[str, str]) -> None:
    append_leaf(kind=f"record.{verb}", public_id=ABOUT, at=now, content=content)


def _written(public: bytes) -> str:
    return base64.b64encode(public).decode("ascii")
