"""Rows of submissions, and of the turnos and answers that follow them, under the policy of the pages."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import Select, select

from consulta.agencies.models import Agency, Post, Unit
from consulta.db import session
from consulta.i18n.labels import official
from consulta.opendata.columns import Row, iso, read_part
from consulta.referrals.models import Answer, Part, Referral
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_answer_public, is_shown, public_author
from consulta.submissions.queries import visible
from consulta.submissions.redaction import public_quote, redact
from consulta.submissions.states import Standing, SubmissionKind
from consulta.windows.models import Topic, Window

BATCH = 2_000
# What `policy` and `redaction` read of a submission, and what a row shows.
READ = (
    *("id", "folio", "kind", "channel", "received_at", "timeliness", "admission", "late_decision", "state"),
    *("text", "article", "says", "should_say", "redactions", "text_consent", "is_admitted", "is_hidden", "reserved"),
    *("standing", "is_answered", "behalf", "organization", "author_name", "name_is_public"),
)
COLUMNS = [getattr(Submission, name) for name in READ]
PUBLIC_ANSWERS = frozenset(kind.value for kind in SubmissionKind if is_answer_public(kind))
FIELDS = ("text", "article", "says", "should_say")


def list_submissions(part: str | None, _now: datetime) -> Iterator[Row]:
    """Yield what everybody may see of each submission."""
    for batch in _batches(select(*COLUMNS, Topic.number, Topic.title, Window.slug), part):
        answers = _answers([row.id for row in batch if row.is_answered])
        for row in batch:
            yield _submission(row, answers.get(row.id, ()))


def list_referrals(part: str | None, _now: datetime) -> Iterator[Row]:
    """Yield each turno of what everybody may know of."""
    found: Any = select(
        Submission.id, Submission.folio, Window.slug, Referral.state, Referral.referred_at, Referral.due_at,
        Referral.answered_at, Referral.end_cause, Unit.name, Agency.name.label("agency"), Part.number,
    )  # fmt: skip
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


def list_answers(part: str | None, _now: datetime) -> Iterator[Row]:
    """Yield each published answer with the folio that it answers."""
    found = _joined(
        select(
            *COLUMNS, Window.slug, Unit.name, Agency.name.label("agency"), Part.number, Part.quote, Answer.disposition,
            Answer.text.label("answer"), Answer.published_at, Answer.corrected_at, Answer.dataset_url,
            Post.title.label("signer"),
        )
    )  # fmt: skip
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
    return iter(session().execute(ordered.execution_options(yield_per=BATCH)))


def _batches(found: Select[Any], part: str | None) -> Iterator[Sequence[Found[Any]]]:
    last = 0
    placed = _placed(found.select_from(Submission), part).order_by(Submission.id).limit(BATCH)
    while batch := session().execute(placed.where(Submission.id > last)).all():
        last = batch[-1].id
        yield batch


def _answers(ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the published answers of submissions, in the order of their parts."""
    if not ids:
        return {}
    rows: Any = session().execute(
        select(Referral.submission_id, Answer.disposition, Answer.text, Answer.published_at, Part.quote)
        .join(Answer, Answer.id == Referral.answer_id)
        .outerjoin(Part, Part.id == Referral.part_id)
        .where(Referral.submission_id.in_(ids), Answer.state == AnswerState.PUBLISHED)
        .order_by(Referral.submission_id, Part.number, Referral.id)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.submission_id, []).append(row)
    return found


def _submission(item: Any, answers: Sequence[Any]) -> Row:
    shows_text = is_shown(item)
    shown = answers if item.kind in PUBLIC_ANSWERS else ()
    published_at = max((given.published_at for given in answers), default=None)
    texts = (redact(getattr(item, name), item.redactions) or None for name in FIELDS) if shows_text else (None,) * 4
    return (
        item.folio,
        item.slug,
        item.number,
        item.title,
        official("kind", item.kind),
        official("channel", item.channel),
        iso(item.received_at),
        official("timeliness", item.timeliness),
        official("admission", item.admission),
        official("late_decision", item.late_decision) if item.late_decision else None,
        official("submission_state", item.state),
        *texts,
        (public_author(item) or None) if shows_text else None,
        _situation(item),
        " | ".join(official("disposition", given.disposition) for given in shown) or None,
        "\n\n".join(_answer_text(item, given) for given in shown) or None,
        iso(published_at),
    )


def _situation(item: Any) -> str:
    if item.standing != Standing.STANDS:
        return official("standing", item.standing)
    return "Respondido" if item.is_answered else "Por responder"


def _answer_text(item: Any, given: Any) -> str:
    """Return an answer; one to a part begins with the passage that it answers, where everybody may read that."""
    quote = public_quote(given.quote, item) if given.quote else ""
    return f"A «{quote}»: {given.text}" if quote else str(given.text)
