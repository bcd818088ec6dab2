"""Whether the rows of today say what the acts of their folio or window say: acts are folded, columns compared."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from consulta.archives.folds import Act, fold_answers, fold_referral, fold_submission, fold_topic, fold_window
from consulta.db import session
from consulta.moderation.models import Appeal, Moderation
from consulta.record.damage import is_one_bit
from consulta.record.models import Leaf, Opening
from consulta.record.openings import UNREADABLE
from consulta.record.verdict import Verdict
from consulta.referrals.models import Answer, AnswerVersion, DisowningClaim, Referral
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Attachment, Submission, SubmissionPlace
from consulta.submissions.operations import RECEIVED
from consulta.windows.models import Topic, Window

AT_ONCE = 300
PURGED = "submission.purged"


# Rows that belong to another one, without which they were invented.
OWNED: tuple[tuple[Any, Any, Any], ...] = (
    (Topic, Topic.window_id, Window),
    (Referral, Referral.submission_id, Submission),
    (Moderation, Moderation.submission_id, Submission),
    (Attachment, Attachment.submission_id, Submission),
    (SubmissionPlace, SubmissionPlace.submission_id, Submission),
    (DisowningClaim, DisowningClaim.submission_id, Submission),
    (Appeal, Appeal.submission_id, Submission),
    (AnswerVersion, AnswerVersion.answer_id, Answer),
)


def verify_rows(verdict: Verdict) -> None:
    """Compare submissions, referrals, answers, reviews, windows and topics with their acts; add what differs."""
    for number in session().scalars(select(Window.id).order_by(Window.id)).all():
        try:
            _check_window(verdict, session().get_one(Window, number))
        except UNREADABLE:
            session().rollback()
            verdict.add(f"no se puede leer lo que hay en windows, fila {number}", is_damage=True)
    try:
        _check_owners(verdict)
    except UNREADABLE:
        session().rollback()
        verdict.add("no se puede leer a quién pertenecen las filas", is_damage=True)
    last, named = 0, set[int]()
    while True:
        ids = session().scalars(
            select(Submission.id).where(Submission.id > last).order_by(Submission.id).limit(AT_ONCE)
        )
        portion = list(ids)
        if not portion:
            break
        last = portion[-1]
        _check_ids(verdict, portion, named)
        session().expunge_all()
    _check_unnamed(verdict, named)


def _check_ids(verdict: Verdict, ids: Sequence[int], named: set[int]) -> None:
    """Check a portion, noting the answers its acts name; one by one where a row cannot be read."""
    part = Verdict()
    try:
        _check_portion(part, _load(ids), named)
        verdict.rows += part.rows
        verdict.problems += part.problems
    except UNREADABLE:
        session().rollback()
        if len(ids) == 1:
            verdict.add(f"no se puede leer lo que hay en submissions, fila {ids[0]}", is_damage=True)
            return
        for number in ids:
            _check_ids(verdict, [number], named)


def _load(ids: Sequence[int]) -> Sequence[Submission]:
    found = select(Submission).options(joinedload(Submission.topic), selectinload(Submission.attachments))
    return session().scalars(found.where(Submission.id.in_(ids)).order_by(Submission.id)).all()


def _check_portion(verdict: Verdict, found: Sequence[Submission], named: set[int]) -> None:
    acts = _acts([item.folio for item in found])
    contents = (act.content for done in acts.values() for act in done if act.content is not None)
    named.update(content["answer_id"] for content in contents if "answer_id" in content)
    ids = [item.id for item in found]
    referrals: dict[int, list[Referral]] = defaultdict(list)
    listed = select(Referral).options(joinedload(Referral.unit), joinedload(Referral.part), joinedload(Referral.answer))
    for referral in session().scalars(listed.where(Referral.submission_id.in_(ids)).order_by(Referral.id)):
        referrals[referral.submission_id].append(referral)
    moderations: dict[int, list[Moderation]] = defaultdict(list)
    for item in session().scalars(select(Moderation).where(Moderation.submission_id.in_(ids)).order_by(Moderation.id)):
        moderations[item.submission_id].append(item)
    for submission in found:
        done = acts.get(submission.folio, [])
        if any(act.kind == PURGED for act in done):
            continue
        _check_submission(verdict, submission, done, referrals[submission.id], moderations[submission.id])


def _check_submission(
    verdict: Verdict,
    submission: Submission,
    done: Sequence[Act],
    referrals: Sequence[Referral],
    moderations: Sequence[Moderation],
) -> None:
    _compare(verdict, "submissions", submission, submission.folio, fold_submission(submission, done))
    _check_counts(verdict, submission, done, len(referrals))
    _check_attachments(verdict, submission)
    _check_moderations(verdict, submission, done, moderations)
    for referral in referrals:
        if referral.unit is None:
            verdict.add(f"falta la unidad de referrals, fila {referral.id} ({submission.folio})")
            continue
        _compare(verdict, "referrals", referral, submission.folio, fold_referral(referral, done))
        _check_ties(verdict, submission, referral, done)
    _check_answers(verdict, submission, done, {item.answer_id for item in referrals if item.answer_id is not None})


def _check_counts(verdict: Verdict, submission: Submission, done: Sequence[Act], referrals: int) -> None:
    """There are as many rows as acts that made them: none was taken away, and none invented."""
    about = submission.id
    counted = {
        "recepciones": (RECEIVED, 1),
        "turnos": ("submission.referred", referrals),
        "avisos de que no lo envió": ("claim.filed", _count(DisowningClaim, about)),
        "impugnaciones": ("appeal.filed", _count(Appeal, about)),
    }
    for name, (kind, rows) in counted.items():
        if sum(act.kind == kind for act in done) != rows:
            verdict.add(f"faltan o sobran {name} de {submission.folio}")


def _count(model: type[DisowningClaim] | type[Appeal], submission_id: int) -> int:
    return session().scalar(select(func.count()).where(model.submission_id == submission_id)) or 0


def _check_unnamed(verdict: Verdict, named: set[int]) -> None:
    """An answer that answers nothing now was sent to be signed once, and an act says so; else it was invented."""
    alone = select(Answer.id).where(Answer.state != AnswerState.DRAFT, ~exists().where(Referral.answer_id == Answer.id))
    for number in session().scalars(alone.order_by(Answer.id)):
        if number not in named:
            verdict.add(f"la respuesta {number} no responde a nadie, fila {number}")


def _check_owners(verdict: Verdict) -> None:
    """What stands alone was invented, or what it belonged to was taken away."""
    for child, column, parent in OWNED:
        lost = select(child.id, column).where(~exists().where(parent.id == column)).order_by(child.id)
        for number, owner in session().execute(lost):
            whose = f"{child.__tablename__}, fila {number}"
            verdict.add(f"falta la fila {owner} de {parent.__tablename__}, de la que es {whose}")
    acted = select(Leaf.public_id).where(Leaf.kind == "window.created")
    for slug in session().scalars(acted.where(~exists().where(Window.slug == Leaf.public_id))):
        verdict.add(f"falta la consulta {slug}")
    created = exists().where(Leaf.kind == "window.created", Leaf.public_id == Window.slug)
    for slug in session().scalars(select(Window.slug).where(~created)):
        verdict.add(f"nadie creó la consulta {slug}")


def _check_ties(verdict: Verdict, submission: Submission, referral: Referral, done: Sequence[Act]) -> None:
    """An answered referral leads to an answer that its folio was given; one that waits, to none that is published."""
    given = {act.content["answer_id"] for act in done if act.kind == "answer.published" and act.content is not None}
    emptied = any(act.kind == "answer.published" and act.content is None for act in done)
    is_published = referral.answer is not None and referral.answer.state == AnswerState.PUBLISHED
    is_given = referral.answer_id in given or (emptied and is_published)
    if is_given != (referral.state == ReferralState.ANSWERED) or (is_published and not is_given):
        verdict.add(f"no coincide answer_id de referrals, fila {referral.id} ({submission.folio}), con la bitácora")


def _check_answers(verdict: Verdict, submission: Submission, done: Sequence[Act], ids: set[int]) -> None:
    for answer_id in sorted(ids):
        answer = session().get(Answer, answer_id)
        if answer is None:
            verdict.add(f"falta la respuesta {answer_id} de {submission.folio}")
            continue
        expected, versions = fold_answers(answer_id, done)
        _compare(verdict, "answers", answer, submission.folio, expected)
        kept = session().scalars(
            select(AnswerVersion).where(AnswerVersion.answer_id == answer_id).order_by(AnswerVersion.number)
        )
        listed = list(kept)
        if versions and len(versions) != len(listed):
            verdict.add(f"faltan o sobran versiones de la respuesta {answer_id} de {submission.folio}")
        for version, wanted in zip(listed, versions, strict=False):
            _compare(verdict, "answer_versions", version, submission.folio, wanted)


def _check_moderations(
    verdict: Verdict, submission: Submission, done: Sequence[Act], found: Sequence[Moderation]
) -> None:
    reviewed = [act for act in done if act.content is not None and "ground" in act.content]
    if len(reviewed) != len(found):
        verdict.add(f"faltan o sobran revisiones de {submission.folio}")
    for act, item in zip(reviewed, found, strict=False):
        content = act.content or {}
        wanted = {
            "act": act.kind.partition(".")[2],
            "at": act.at,
            "ground": content["ground"],
            "note": content["reason"],
            "post_id": content["post_id"],
        }
        _compare(verdict, "moderations", item, submission.folio, wanted)
        if len(item.passages) != content["passages"]:
            verdict.add(f"no son los mismos pasajes en la revisión {item.id} de {submission.folio}")


def _check_attachments(verdict: Verdict, submission: Submission) -> None:
    kept: list[Attachment] = submission.attachments
    if len(kept) != len(submission.files):
        verdict.add(f"faltan o sobran archivos de {submission.folio}")
    for order, (item, wanted) in enumerate(zip(kept, submission.files, strict=False), start=1):
        _compare(verdict, "attachments", item, submission.folio, {"number": order, **wanted})


def _check_window(verdict: Verdict, window: Window) -> None:
    done = _acts([window.slug]).get(window.slug, [])
    _compare(verdict, "windows", window, window.slug, fold_window(done))
    topics = list(session().scalars(select(Topic).where(Topic.window_id == window.id).order_by(Topic.number)))
    folded = fold_topic(done)
    lost, strange = set(folded) - {topic.number for topic in topics}, {topic.number for topic in topics} - set(folded)
    if lost or strange or len(topics) != len(folded):
        is_damage = len(lost) == len(strange) == 1 and (lost.pop() ^ strange.pop()).bit_count() == 1
        verdict.add(f"faltan o sobran temas de {window.slug}", is_damage=is_damage)
    for topic in topics:
        _compare(verdict, "topics", topic, window.slug, folded.get(topic.number, {}))


def _acts(public_ids: Sequence[str]) -> dict[str, list[Act]]:
    found: dict[str, list[Act]] = defaultdict(list)
    rows = session().execute(
        select(Leaf.public_id, Leaf.kind, Leaf.at, Opening.content)
        .outerjoin(Opening)
        .where(Leaf.public_id.in_(public_ids))
        .order_by(Leaf.id)
    )
    for public_id, kind, at, content in rows:
        found[public_id].append(Act(kind, at, content))
    return found


def _compare(verdict: Verdict, table: str, row: Any, about: str, expected: Mapping[str, Any]) -> None:
    verdict.rows += 1
    for column, wanted in expected.items():
        kept = getattr(row, column)
        if not _is_same(kept, wanted):
            verdict.add(
                f"no coincide {column} de {table}, fila {row.id} ({about}), con lo que dice la bitácora",
                is_damage=any(is_one_bit(one, other) for one, other in _pairs(kept, wanted)),
            )


def _is_same(kept: Any, wanted: Any) -> bool:
    return bool(plain(kept) == plain(wanted))


def plain(value: Any) -> Any:
    """Return a value as openings keep it, with instants as such."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            return value
        return found.astimezone(UTC) if found.tzinfo is not None else value
    return value


def _pairs(kept: Any, wanted: Any) -> Iterator[tuple[bytes, bytes]]:
    """Yield both values as bytes, in each way in which a database keeps them."""
    one, other = plain(kept), plain(wanted)
    if isinstance(one, datetime) and isinstance(other, datetime):
        yield tuple(int(item.timestamp() * 1_000_000).to_bytes(8, "big", signed=True) for item in (one, other))  # type: ignore[misc]
        one, other = (item.replace(tzinfo=None).isoformat(" ", "microseconds") for item in (one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        yield bytes([bool(one)]), bytes([bool(other)])
    elif isinstance(one, int) and isinstance(other, int):
        yield one.to_bytes(8, "big", signed=True), other.to_bytes(8, "big", signed=True)
    elif isinstance(one, dict | list) and isinstance(other, dict | list):
        yield json.dumps(one).encode(), json.dumps(other).encode()
    elif isinstance(one, str) and isinstance(other, str):
        yield one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
