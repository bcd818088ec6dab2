"""The whole file of a submission or a window, for a court, an auditor or an archive: one ZIP that proves itself."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.archives.sheets import submission_sheet, window_sheet
from consulta.db import session
from consulta.errors import ConsultaError
from consulta.papers.pdf import as_pdf
from consulta.receipts.queries import make_receipt
from consulta.receipts.rules import receipt_json
from consulta.record.exports import act_json, key_json
from consulta.record.keys import list_keys
from consulta.record.publishing import VERIFIER
from consulta.record.queries import find_last_checkpoint, list_acts, note_of, prove_acts
from consulta.record.rules import canonical, plain
from consulta.record.signing import public_key, sign
from consulta.referrals.models import Referral
from consulta.submissions.models import Submission
from consulta.submissions.rules import committed_columns, received_content
from consulta.windows.models import Topic, Window

MOST_AT_ONCE = 2_000
READ = Callable[[str], bytes]


@dataclass(frozen=True)
class Source:
    """What a file is made with: the name and key of the record, how originals are read, who asked, and when."""

    origin: str
    key: Ed25519PrivateKey
    read: READ
    post_title: str
    now: datetime


class _Folder:
    """A ZIP being written: every file of it goes into the manifest with its SHA-256."""

    def __init__(self, target: IO[bytes] | Path) -> None:
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self.manifest: list[dict[str, Any]] = []

    def add(self, name: str, content: bytes) -> None:
        """Write a file."""
        self.zip.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        self.manifest.append({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})

    def add_json(self, name: str, value: Any) -> None:
        """Write JSON that a person can read too."""
        self.add(name, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8"))

    def close(self, about: str, source: Source) -> None:
        """Write the manifest under the seal of the system, and end."""
        content = plain({"about": about, "at": source.now, "files": self.manifest})
        sealed = {"signature": sign(source.key, canonical(content)), "public_key": public_key(source.key)}
        self.add_json("manifiesto.json", {"content": content, "algorithm": "Ed25519", **sealed})
        self.zip.close()


def write_submission(target: IO[bytes] | Path, submission: Submission, source: Source) -> None:
    """Write the file of a submission: cover, index, acts, certified-copy sheet, data, proofs, files and manifest."""
    folder = _Folder(target)
    data = submission_json(submission)
    for name, content in _originals(submission, source.read):
        folder.add(f"archivos/{name}", content)
    _add_proofs(folder, submission.folio, source)
    folder.add_json("expediente.json", data)
    _add_receipt(folder, submission, source)
    _add_sheet(
        folder, lambda: as_pdf(submission_sheet(submission, data, folder.manifest, source.post_title, source.now))
    )
    folder.close(submission.folio, source)


def write_window(
    target: IO[bytes] | Path, window: Window, source: Source, progress: Callable[[int], None] = lambda _done: None
) -> int:
    """Write the file of a window: its acts, and for each submission its data and proofs. Returns how many.

    What is reserved is named by its acts alone: its text is in the file that the control body asks for.
    """
    folder = _Folder(target)
    _add_proofs(folder, window.slug, source)
    rows: list[tuple[str, str, str]] = []
    for number, submission in enumerate(_of_window(window.id), start=1):
        if not submission.reserved:
            folder.add_json(f"folios/{submission.folio}.json", submission_json(submission))
            folder.add_json(f"folios/{submission.folio}.pruebas.json", _proofs(submission.folio))
        rows.append((submission.folio, submission.received_at.astimezone(UTC).isoformat(), submission.channel))
        progress(number)
    folder.add("indice.csv", _csv(rows))
    _add_sheet(folder, lambda: as_pdf(window_sheet(window, rows, folder.manifest, source.post_title, source.now)))
    folder.close(window.slug, source)
    return len(rows)


def submission_json(submission: Submission) -> dict[str, Any]:
    """Return everything of a submission as it was received and answered; no contact data."""
    content = received_content(committed_columns(submission)) if submission.purged_at is None else {}
    referrals = session().scalars(select(Referral).where(Referral.submission_id == submission.id).order_by(Referral.id))
    return plain(
        {
            "folio": submission.folio,
            "received": content,
            "state": submission.state,
            "standing": submission.standing,
            "reviewed_at": submission.reviewed_at,
            "withheld_reason": submission.withheld_reason,
            "purged_at": submission.purged_at,
            "referrals": [_referral_json(item) for item in referrals],
        }
    )


def _referral_json(referral: Referral) -> dict[str, Any]:
    answer = referral.answer
    return {
        "unit": referral.unit.key,
        "unit_name": referral.unit.name,
        "state": referral.state,
        "referred_at": referral.referred_at,
        "due_at": referral.due_at,
        "return_reason": referral.return_reason,
        "answer": None
        if answer is None or answer.published_at is None
        else {
            "disposition": answer.disposition,
            "text": answer.text,
            "signed_at": answer.signed_at,
            "published_at": answer.published_at,
            "corrected_at": answer.corrected_at,
        },
    }


def _proofs(public_id: str) -> dict[str, Any]:
    """Return the acts with what opens them: salt and content, so that anybody can compute each commitment."""
    newest = find_last_checkpoint()
    openings = {leaf.id: opening for leaf, opening in list_acts(public_id)}
    acts = []
    for act in prove_acts(public_id, newest):
        opening = openings[act.leaf.id]
        opened = {"salt": opening.salt.hex(), "content": opening.content} if opening is not None else None
        acts.append({**act_json(act), "opening": opened})
    return {"checkpoint": note_of(newest) if newest is not None else None, "acts": acts}


def _add_proofs(folder: _Folder, public_id: str, source: Source) -> None:
    newest = find_last_checkpoint()
    folder.add_json("pruebas.json", _proofs(public_id))
    if newest is not None:
        folder.add("punto-de-control.txt", note_of(newest).encode("utf-8"))
    keys = [key_json(item, source.origin) for item in list_keys()]
    folder.add_json("claves.json", {"origin": source.origin, "keys": keys})
    folder.add(VERIFIER.name, VERIFIER.read_bytes())


def _add_receipt(folder: _Folder, submission: Submission, source: Source) -> None:
    if submission.purged_at is None:
        read = make_receipt(submission, origin=source.origin, key=source.key)
        folder.add_json("acuse.json", receipt_json(read, about={"folio": submission.folio}))


def _add_sheet(folder: _Folder, draw: Callable[[], bytes]) -> None:
    try:
        folder.add("expediente.pdf", draw())
    except ConsultaError as error:
        # Without what draws PDF the file is whole all the same, and says what is missing.
        folder.add("expediente-sin-pdf.txt", error.message.encode("utf-8"))


def _originals(submission: Submission, read: READ) -> Iterator[tuple[str, bytes]]:
    for item in submission.attachments:
        yield f"{item.number:02d}-{item.filename}", read(item.original_key)


def _of_window(window_id: int) -> Iterator[Submission]:
    last = 0
    while True:
        found = (
            session()
            .scalars(
                select(Submission)
                .join(Topic, Topic.id == Submission.topic_id)
                .options(joinedload(Submission.place))
                .where(Topic.window_id == window_id, Submission.id > last)
                .order_by(Submission.id)
                .limit(200)
            )
            .all()
        )
        yield from found
        if not found:
            return
        last = found[-1].id


def _csv(rows: list[tuple[str, str, str]]) -> bytes:
    lines = ["n,folio,recibido,canal", *(f"{n},{','.join(row)}" for n, row in enumerate(rows, start=1))]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")
