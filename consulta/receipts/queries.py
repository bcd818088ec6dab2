"""Making the receipt of a submission from the record, and checking one against what the record says today."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.receipts.rules import Inclusion, Promise, Read
from consulta.record.keys import list_keys
from consulta.record.models import Checkpoint, Leaf, SealKey
from consulta.record.notes import find_good_key, is_good, read_note, verifier_key
from consulta.record.queries import find_last_checkpoint, is_proved, list_acts, note_of, prove_acts
from consulta.record.rules import act_bytes, commit, plain
from consulta.record.tiles import TileReader
from consulta.record.tree import leaf_hash, root, verify_inclusion
from consulta.submissions.models import Submission
from consulta.submissions.operations import RECEIVED
from consulta.submissions.rules import committed_columns, received_content


class Finding(StrEnum):
    """What checking a receipt finds."""

    # In the record, unchanged, and proved in the newest checkpoint; or waiting for the next one.
    GOOD = "good"
    WAITING = "waiting"
    # The receipt is at fault.
    CHANGED = "changed"
    OTHER_RECORD = "other_record"
    UNKNOWN_KEY = "unknown_key"
    KEY_NOT_IN_FORCE = "key_not_in_force"
    CONTENT_CHANGED = "content_changed"
    # The receipt is genuine, and the record is at fault.
    MISSING = "missing"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Checked:
    """What was found, of which folio, and where in the record it stands."""

    finding: Finding
    promise: Promise
    leaf: Leaf | None = None
    checkpoint: Checkpoint | None = None


def make_receipt(submission: Submission, *, origin: str, key: Ed25519PrivateKey) -> Read:
    """Return the receipt of a reception with its proof in the newest checkpoint, where it has one already.

    Reads only. Raises Refused when what was received has been destroyed with its authorisation, and when the row is
    not what its act commits to: the system never seals what it did not receive.
    """
    found = next(((leaf, kept) for leaf, kept in list_acts(submission.folio) if leaf.kind == RECEIVED and kept), None)
    if found is None or found[1] is None:
        raise Refused(_("Lo que se recibió con ese folio ya se dio de baja, con su autorización."))
    leaf, opening = found
    content = received_content(committed_columns(submission))
    if commit(opening.salt, content) != leaf.commitment:
        raise Refused(_("Lo que hay con ese folio no es lo que se asentó al recibirlo: avise al órgano de control."))
    promise = Promise(origin, submission.folio, leaf.at, submission.received_at, leaf.commitment)
    return Read(
        promise=promise,
        seal=key.sign(promise.original.encode("utf-8")),
        sealed=promise.original,
        key=verifier_key(origin, key.public_key().public_bytes_raw()),
        salt=opening.salt,
        content=plain(content),
        inclusion=_inclusion(leaf),
    )


def check_receipt(read: Read, *, origin: str, public: bytes) -> Checked:
    """Check a receipt: its seal, its key, that the record still has the act, and that no history was rewritten.

    Args:
        read: what was read from a file.
        origin: name of this record.
        public: the key of this instance, which the record only writes down with its first checkpoint.
    """
    promise = read.promise
    if promise.origin != origin:
        return Checked(Finding.OTHER_RECORD, promise)
    fault = _check_seal(read, public)
    if fault is not None:
        return Checked(fault, promise)
    if read.content is not None and read.salt is not None and commit(read.salt, read.content) != promise.commitment:
        return Checked(Finding.CONTENT_CHANGED, promise)
    newest = find_last_checkpoint()
    found = next(
        (
            act
            for act in prove_acts(promise.folio, newest)
            if act.leaf.kind == RECEIVED and (act.leaf.commitment, act.leaf.at) == (promise.commitment, promise.at)
        ),
        None,
    )
    if found is None:
        return Checked(Finding.MISSING, promise)
    proved = is_proved(found, newest)
    if proved is False or not _is_history_kept(read, origin):
        return Checked(Finding.REWRITTEN, promise, found.leaf, newest)
    return Checked(Finding.GOOD if proved else Finding.WAITING, promise, found.leaf, newest)


def find_by_mark(folio: str, mark: str) -> Leaf | None:
    """Return the reception of a folio whose commitment begins as the code of its receipt says."""
    if len(mark) < 32 or set(mark) - set("0123456789abcdef"):
        return None
    leaves = session().scalars(select(Leaf).where(Leaf.public_id == folio, Leaf.kind == RECEIVED))
    return next((leaf for leaf in leaves if leaf.commitment.hex().startswith(mark)), None)


def mark_of(promise: Promise) -> str:
    """Return what the QR code of a receipt carries beside the folio: half of its commitment."""
    return promise.commitment.hex()[:32]


def _inclusion(leaf: Leaf) -> Inclusion | None:
    newest = find_last_checkpoint()
    for act in prove_acts(leaf.public_id, newest):
        if newest is not None and act.leaf.id == leaf.id and is_proved(act, newest):
            assert act.leaf.sequence is not None
            return Inclusion(act.leaf.sequence, note_of(newest), act.proof)
    return None


def _check_seal(read: Read, public: bytes) -> Finding | None:
    message = read.sealed.encode("utf-8")
    keys = list_keys()
    if not keys and is_good(public, read.seal, message):
        return None
    signer = next((key for key in keys if is_good(key.public, read.seal, message)), None)
    if signer is not None:
        return None if _is_in_force(signer, read.promise.at) else Finding.KEY_NOT_IN_FORCE
    known = [public, *(key.public for key in keys)]
    named = read.key and read.key not in {verifier_key(read.promise.origin, key) for key in known}
    return Finding.UNKNOWN_KEY if named else Finding.CHANGED


def _is_in_force(key: SealKey, at: datetime) -> bool:
    """Say whether a key could have sealed something of an instant: it was not retired before."""
    return key.until_at is None or at < key.until_at


def _is_history_kept(read: Read, origin: str) -> bool:
    """Say whether the checkpoint that a receipt carries is one of this record, and still the beginning of it."""
    inclusion = read.inclusion
    if inclusion is None:
        return True
    try:
        head = read_note(inclusion.note)[0]
    except Refused:
        return False
    signed = find_good_key(inclusion.note, [key.public for key in list_keys()])
    hashed = leaf_hash(act_bytes(RECEIVED, read.promise.folio, read.promise.at, read.promise.commitment))
    if head.origin != origin or signed is None:
        return False
    if not verify_inclusion(hashed, inclusion.index, head.size, inclusion.path, head.root):
        return False
    try:
        return root(head.size, TileReader().node) == head.root
    except LookupError:
        return False
