"""Rows of submissions, and of the turnos and answers that follow them, under the policy of the pages."""

import json
from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import Select, String, cast, select

from consulta.agencies.models import Agency, Post, Unit
from consulta.db import session
from consulta.db.functions import iso_instant
from consulta.i18n.labels import LABELS, official
from consulta.opendata.columns import Row, iso, read_part
from consulta.referrals.models import Answer, Part, Referral
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_answer_public
from consulta.submissions.queries import is_published, published_author, visible
from consulta.submissions.redaction import public_quote, redact
from consulta.submissions.states import Standing, SubmissionKind
from consulta.windows.models import Topic, Window

BATCH = 2_000
# What `policy` reads of a submission.
READ = ("folio", "kind", "text_consent", "is_admitted", "is_hidden", "reserved", "state", "redactions")
PUBLIC_ANSWERS = frozenset(kind.value for kind in SubmissionKind if is_answer_public(kind))
FIELDS = ("text", "article", "says", "should_say")
NOTHING_HIDDEN = "[]"
# Official terms, looked up without a call for each of a million rows.
KINDS, CHANNELS, TIMES, ADMISSIONS, STATES = (
    LABELS[group].get for group in ("kind", "channel", "timeliness", "admission", "submission_state")
)
NO_TEXTS: tuple[str | None, ...] = (None, None, None, None)
NO_ANSWER: tuple[str | None, ...] = (None, None, None)


def list_submissions(part: str | None, _now: datetime) -> Generator[Row]:
    """Yield what everybody may see of each submission.

    The database writes instants as text and says what is public, so that a million rows take seconds, not minutes.
    """
    for batch in _batches(_selected(), part):
        answers = _answers(batch[0][0], batch[-1][0])
        for row in batch:
            yield _public(row, answers)


def _public(row: Any, answers: dict[int, list[Any]]) -> Row:
    """Return what everybody may see, of a row of `_selected`."""
    number, folio, slug, topic, title, kind, channel, received, timeliness, admission, decision, state, shown = row[:13]
    text, article, says, should_say, hidden, author, standing, answered = row[13:]
    texts = (text or None, article or None, says or None, should_say or None) if shown else NO_TEXTS
    if shown and hidden != NOTHING_HIDDEN:
        texts = _redacted(texts, hidden)
    return (
        folio,
        slug,
        topic,
        title,
        KINDS(kind, kind),
        CHANNELS(channel, channel),
        received,
        TIMES(timeliness, timeliness),
        ADMISSIONS(admission, admission),
        official("late_decision", decision) if decision else None,
        STATES(state, state),
        *texts,
        (author or None) if shown else None,
        _situation(standing, answered),
        *(_given(kind, answers[number], shown, hidden) if number in answers else NO_ANSWER),
    )


def _selected() -> Any:
    item = Submission
    return select(
        item.id,
        item.folio,
        Window.slug,
        Topic.number,
        Topic.title,
        item.kind,
        item.channel,
        iso_instant(item.received_at),
        item.timeliness,
        item.admission,
        item.late_decision,
        item.state,
        is_published().label("shown"),
        item.text,
        item.article,
        item.says,
        item.should_say,
        cast(item.redactions, String),
        published_author(),
        item.standing,
        item.is_answered,
    )


def _redacted(texts: tuple[str | None, ...], hidden: str) -> tuple[str | None, ...]:
    passages = json.loads(hidden)
    return tuple(redact(text, passages) if text else None for text in texts)


def _given(kind: str, answers: Sequence[Any], shown: bool, hidden: str) -> tuple[str | None, ...]:
    """Return sense, text and instant of the answers, each to a part after the passage that everybody may read."""
    last = max(given.published for given in answers)
    if kind not in PUBLIC_ANSWERS:
        return None, None, last
    passages = json.loads(hidden) if shown else []
    texts = []
    for given in answers:
        quote = redact(given.quote, passages) if given.quote and shown else ""
        texts.append(f"A «{quote}»: {given.text}" if quote else given.text)
    return " | ".join(official("disposition", given.disposition) for given in answers), "\n\n".join(texts), last


def list_referrals(part: str | None, _now: datetime) -> Generator[Row]:
    """Yield each turno of what everybody may know of."""
    found: Any = select(
        Submission.id,
        Submission.folio,
        Window.slug,
        Referral.state,
        Referral.referred_at,
        Referral.due_at,
        Referral.answered_at,
        Referral.end_cause,
        Unit.name,
        Agency.name.label("agency"),
        Part.number,
    )
    for row in _rows(_joined(found), part):
        yield (
            row.folio,
            row.slug,
            row.number,
            row.name,
            row.agency,
            official("referral_state", row.state),
            iso(row.referred_at),
            iso(row.due_at),
            iso(row.answered_at),
            None if row.answered_at is None else ("sí" if row.answered_at <= row.due_at else "no"),
        )


def list_answers(part: str | None, _now: datetime) -> Generator[Row]:
    """Yield each published answer with the folio that it answers."""
    found = _joined(
        select(
            *(getattr(Submission, name) for name in READ),
            Window.slug,
            Unit.name,
            Agency.name.label("agency"),
            Part.number,
            Part.quote,
            Answer.disposition,
            Answer.text.label("answer"),
            Answer.published_at,
            Answer.corrected_at,
            Answer.dataset_url,
            Post.title.label("signer"),
        )
    )
    answered = found.join(Answer, Answer.id == Referral.answer_id).outerjoin(Post, Post.id == Answer.signed_by_post_id)
    for row in _rows(answered.where(Answer.state == AnswerState.PUBLISHED), part):
        shown = row.kind in PUBLIC_ANSWERS
        yield (
            row.folio,
            row.slug,
            row.number,
            public_quote(row.quote, row) or None if row.quote else None,
            official("disposition", row.disposition) if shown else None,
            row.answer if shown else None,
            row.dataset_url if shown else None,
            row.name,
            row.agency,
            row.signer,
            iso(row.published_at),
            iso(row.corrected_at),
        )


def _joined(found: Select[Any]) -> Select[Any]:
    return (
        found.join(Referral, Referral.submission_id == Submission.id)
        .join(Unit, Unit.id == Referral.unit_id)
        .join(Agency, Agency.id == Unit.agency_id)
        .outerjoin(Part, Part.id == Referral.part_id)
        .where(Referral.state != ReferralState.RETURNED)
    )


def _placed(found: Select[Any], part: str | None) -> Select[Any]:
    """Narrow a selection to a part, and to what the public may know of."""
    found = visible(found.join(Topic, Topic.id == Submission.topic_id).join(Window, Window.id == Topic.window_id))
    if part is not None:
        slug, first, after = read_part(part)
        found = found.where(Window.slug == slug, Submission.received_at >= first, Submission.received_at < after)
    return found


def _rows(found: Select[Any], part: str | None) -> Iterator[Found[Any]]:
    ordered = _placed(found, part).order_by(Submission.id, Referral.id)
    with session().execute(ordered.execution_options(yield_per=BATCH)) as rows:
        yield from rows


def _batches(found: Select[Any], part: str | None) -> Iterator[Sequence[Any]]:
    """Yield rows by their number: of a part in one reading, of everything in pages, so that no reading is long."""
    placed = _placed(found.select_from(Submission), part).order_by(Submission.id)
    if part is not None:
        with session().connection().execute(placed.execution_options(yield_per=BATCH)) as rows:
            yield from rows.partitions(BATCH)
        return
    last = 0
    while batch := session().connection().execute(placed.where(Submission.id > last).limit(BATCH)).all():
        last = batch[-1][0]
        yield batch


def _answers(first: int, last: int) -> dict[int, list[Any]]:
    """Return the published answers of the submissions between two, in the order of their parts."""
    rows: Any = session().execute(
        select(
            Referral.submission_id,
            Answer.disposition,
            Answer.text,
            iso_instant(Answer.published_at).label("published"),
            Part.quote,
        )
        .join(Answer, Answer.id == Referral.answer_id)
        .outerjoin(Part, Part.id == Referral.part_id)
        .where(Referral.submission_id.between(first, last), Answer.state == AnswerState.PUBLISHED)
        .order_by(Referral.submission_id, Part.number, Referral.id)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.submission_id, []).append(row)
    return found


def _situation(standing: str, is_answered: bool) -> str:
    if standing != Standing.STANDS:
        return official("standing", standing)
    return "Respondido" if is_answered else "Por responder"
