"""Intake: the only writer of submissions, the same for every channel."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from consulta.db import lock_exclusive, lock_shared, session
from consulta.documents.queries import describe_versions
from consulta.errors import Refused
from consulta.folio import disown_code, hash_key, new_folio, tracking_key
from consulta.i18n.text import _
from consulta.jobs import enqueue
from consulta.notices import notify
from consulta.record.operations import ActDraft, append_leaves
from consulta.submissions.demographics import buffer_demographics
from consulta.submissions.drafts import Delivery, LateReceipt, NonceReused, Receipt
from consulta.submissions.files import attach_waiting_files
from consulta.submissions.models import Submission, SubmissionPlace
from consulta.submissions.notices import receipt_notice
from consulta.submissions.policy import is_reserved
from consulta.submissions.queries import load_topics, reread_windows
from consulta.submissions.rules import CURRENT_FORM, committed_columns, place_values, received_content
from consulta.submissions.states import Channel, SubmissionState, Timeliness
from consulta.windows.counters import add_delta
from consulta.windows.guard import Arrival, Limits, admit, is_counted
from consulta.windows.margins import limits_of
from consulta.windows.models import Topic
from consulta.windows.operations import window_lock
from consulta.windows.states import Admission, CounterName

RECEIVED = "submission.received"
Outcome = Receipt | LateReceipt | NonceReused
# What must be equal for a second hand-in under one nonce to be the first one again.
REPEATED = (
    "text",
    "kind",
    "behalf",
    "author_name",
    "name_is_public",
    "text_consent",
    "organization",
    "representative",
    "representative_post",
    "email",
    "phone",
    "names_official",
    "article",
    "says",
    "should_say",
)
# What a submission takes from its draft as it is.
FROM_DRAFT = (*REPEATED, "notice_version", "language")


def receive(delivery: Delivery, *, secret: bytes, clock: Callable[[], datetime]) -> Outcome:
    """Receive one delivery: see `receive_batch`."""
    return receive_batch([delivery], secret=secret, clock=clock)[0]


def receive_batch(deliveries: Sequence[Delivery], *, secret: bytes, clock: Callable[[], datetime]) -> list[Outcome]:
    """Receive deliveries whose drafts were checked, in one transaction.

    Effects in order: shared lock of each window (opening, extending and concluding wait); `recorded_at` read
    under it; per new delivery the submission with its folio, leaf, outbox row, files, demographics and notice;
    counters. `windows.guard` judges by the closing read under the lock who is in time: lateness is an outcome
    and loses nothing. A nonce that was used returns the receipt it had, or NonceReused for another content.

    Args:
        deliveries: what to receive; drafts already checked with `checks.check_draft`.
        secret: the instance's key, from which tracking keys are derived.
        clock: gives the current instant.
    Raises:
        Refused: a waiting file is gone, or a window was not open yet at `received_at`.
    """
    topics = load_topics({delivery.topic_id for delivery in deliveries})
    for window_id in sorted({topic.window_id for topic in topics.values()}):
        lock_shared(window_lock(window_id))
    hashes = [_hash_nonce(delivery.nonce) for delivery in deliveries]
    lock_exclusive(f"nonce:{hashes[0].hex()}" if len(hashes) == 1 else "intake-batch")
    reread_windows({topic.window_id for topic in topics.values()})
    for delivery in deliveries:
        check_opened(topics[delivery.topic_id], delivery.received_at)
    recorded_at = clock()
    known = {row.nonce_hash: row for row in session().scalars(_by_nonce(hashes))}
    folios = _fresh_folios(deliveries, topics, recorded_at)
    limits = {topic.window_id: limits_of(topic.window) for topic in topics.values()}
    outcomes: list[Outcome] = []
    counted: dict[tuple[int, CounterName], int] = {}
    acts: list[ActDraft] = []
    for delivery, nonce_hash, folio in zip(deliveries, hashes, folios, strict=True):
        if nonce_hash in known:
            outcomes.append(_repeat(known[nonce_hash], delivery, secret))
            continue
        topic = topics[delivery.topic_id]
        submission = _build(delivery, topic, limits[topic.window_id], folio, nonce_hash, secret, recorded_at)
        known[nonce_hash] = submission
        acts.append(_write_with_traces(submission, delivery, topic, recorded_at, secret))
        name = CounterName.RECEIVED if submission.is_admitted else CounterName.LATE
        counted[topic.id, name] = counted.get((topic.id, name), 0) + 1
        outcomes.append(_receipt(submission, delivery, secret))
    append_leaves(acts)
    for (topic_id, name), amount in counted.items():
        add_delta(topic_id=topic_id, name=name, amount=amount)
    session().flush()
    return outcomes


def check_opened(topic: Topic, received_at: datetime) -> None:
    """Refuse what came before a window opened. Raises Refused with nothing written."""
    opens_at = topic.window.opens_at
    if topic.window.annulled_at is not None and (opens_at is None or received_at < opens_at):
        raise Refused(_("Esta consulta se anuló antes de abrir. Su texto sigue aquí: puede copiarlo."))
    if opens_at is None or received_at < opens_at:
        raise Refused(_("Esta consulta todavía no abre. Su texto sigue aquí: envíelo cuando abra."))


def _build(
    delivery: Delivery,
    topic: Topic,
    limits: Limits,
    folio: str,
    nonce_hash: bytes,
    secret: bytes,
    recorded_at: datetime,
) -> Submission:
    draft, capture = delivery.draft, delivery.capture
    arrival = Arrival(
        received_at=delivery.received_at,
        recorded_at=recorded_at,
        form_issued_at=delivery.form_issued_at,
        is_captured=capture is not None and delivery.channel != Channel.WEB,
        post_id=capture.post_id if capture else None,
    )
    admission = admit(arrival, limits)
    return Submission(
        **{name: getattr(draft, name) for name in FROM_DRAFT},
        folio=folio,
        topic_id=topic.id,
        state=SubmissionState.RECEIVED,
        timeliness=Timeliness.LATE if admission == Admission.LATE else Timeliness.ON_TIME,
        admission=admission,
        is_admitted=is_counted(admission),
        channel=delivery.channel,
        files=[],
        received_at=delivery.received_at,
        recorded_at=recorded_at,
        closes_at_seen=limits.closes_at,
        nonce_hash=nonce_hash,
        key_hash=hash_key(secret, tracking_key(secret, delivery.nonce)),
        captured_by_post_id=capture.post_id if capture else None,
        evidence=capture.evidence if capture else "",
        reserved=is_reserved(kind=draft.kind, names_official=draft.names_official),
        seen_documents=describe_versions(draft.seen_versions, topic.id),
        committed_form=CURRENT_FORM,
        place=None if draft.place is None else SubmissionPlace(**asdict(draft.place)),
    )


def _write_with_traces(
    submission: Submission, delivery: Delivery, topic: Topic, recorded_at: datetime, secret: bytes
) -> ActDraft:
    """Write the submission and everything that must exist together with it; return the act, which is written last."""
    session().add(submission)
    if delivery.draft.files:
        attach_waiting_files(submission=submission, tokens=delivery.draft.files, now=recorded_at)
    if submission.is_admitted:
        buffer_demographics(window=topic.window, behalf=submission.behalf, draft=delivery.draft.demographics)
    enqueue(kind=RECEIVED, payload={"folio": submission.folio}, run_at=recorded_at)
    if submission.email:
        code = disown_code(secret, submission.folio)
        notify(receipt_notice(submission, topic, disown_code=code), now=recorded_at)
    content = received_content(committed_columns(submission))
    return ActDraft(RECEIVED, submission.folio, recorded_at, content, keep_content=False)


def _receipt(submission: Submission, delivery: Delivery, secret: bytes, *, repeated: bool = False) -> Receipt:
    kind = Receipt if submission.is_admitted else LateReceipt
    return kind(
        folio=submission.folio,
        tracking_key=tracking_key(secret, delivery.nonce),
        received_at=submission.received_at,
        repeated=repeated,
    )


def _repeat(submission: Submission, delivery: Delivery, secret: bytes) -> Outcome:
    draft = delivery.draft
    same = submission.topic_id == delivery.topic_id and len(draft.files) == len(submission.files)
    same = same and all(getattr(submission, name) == getattr(draft, name) for name in REPEATED)
    same = same and place_values(submission.place) == place_values(draft.place)
    return _receipt(submission, delivery, secret, repeated=True) if same else NonceReused(submission.folio)


def _fresh_folios(deliveries: Sequence[Delivery], topics: dict[int, Topic], now: datetime) -> list[str]:
    """Draw a folio per delivery that nobody has. Forty random bits collide about once in a million."""
    folios: list[str] = []
    for delivery in deliveries:
        folio = _draw(topics[delivery.topic_id], now)
        while folio in folios:
            folio = _draw(topics[delivery.topic_id], now)
        folios.append(folio)
    taken = session().scalars(select(Submission.folio).where(Submission.folio.in_(folios))).all()
    return folios if not taken else _fresh_folios(deliveries, topics, now)


def _draw(topic: Topic, now: datetime) -> str:
    government = topic.window.government
    year = now.astimezone(ZoneInfo(government.timezone)).year
    return new_folio(government.folio_prefix, year, secrets.token_bytes(5))


def _hash_nonce(nonce: bytes) -> bytes:
    return hashlib.sha256(b"consulta-nonce\0" + nonce).digest()


def _by_nonce(hashes: Sequence[bytes]) -> Select[Submission]:
    return select(Submission).where(Submission.nonce_hash.in_(hashes))
