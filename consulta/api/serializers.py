"""Rows as JSON: what everybody may see, and what an official may."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consulta.agencies.models import Agency
from consulta.referrals.indicators import Indicator
from consulta.referrals.models import Answer, Part, Referral
from consulta.referrals.queries import PartAnswer
from consulta.referrals.story import Story, public_view, tell_story
from consulta.submissions.models import Submission
from consulta.submissions.policy import public_author
from consulta.submissions.redaction import public_quote, public_text
from consulta.submissions.rules import place_values
from consulta.web.context import services
from consulta.windows.addresses import topic_address, window_address
from consulta.windows.models import Extension, Topic, Window
from consulta.windows.operations import status_of

Counts = dict[int, dict[str, int]]
NAMES = ("received", "published", "answered", "late")


def utc(value: datetime | None) -> str | None:
    """Return an instant as UTC, ISO 8601."""
    return value.isoformat().replace("+00:00", "Z") if value else None


def counters(found: dict[str, int]) -> dict[str, int]:
    """Return every counter, zeros included."""
    return {name: found.get(name, 0) for name in NAMES}


def window_json(window: Window, now: datetime, counts: dict[str, int]) -> dict[str, Any]:
    """Return a window without its topics."""
    return {
        "slug": window.slug,
        "title": window.title,
        "instrument": window.instrument_key,
        "government": window.government.name,
        "status": status_of(window, now).value,
        "summary": window.summary,
        "opens_at": utc(window.opens_at),
        "closes_at": utc(window.closes_at),
        "derivation": window.derivation,
        "counters": counters(counts),
        "url": services().settings.public_url + window_address(window),
    }


def extension_json(extension: Extension) -> dict[str, Any]:
    """Return an extension with its grounds."""
    return {
        "from_closes_at": utc(extension.from_closes_at),
        "to_closes_at": utc(extension.to_closes_at),
        "legal_basis": extension.legal_basis,
        "reason": extension.reason,
        "agreement": extension.agreement,
    }


def agency_json(agency: Agency) -> dict[str, Any]:
    """Return an agency."""
    return {"id": agency.id, "key": agency.key, "name": agency.name, "government": agency.government.name}


def indicator_json(found: Indicator) -> dict[str, Any]:
    """Return a figure with what it counts."""
    return {
        "key": found.key,
        "definition": found.definition,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "above": found.above,
        "below": found.below,
        "value": found.value,
    }


def topic_json(topic: Topic, counts: dict[str, int]) -> dict[str, Any]:
    """Return a topic."""
    return {
        "id": topic.id,
        "reference": topic.reference,
        "number": topic.number,
        "title": topic.title,
        "summary": topic.summary,
        "sheet": topic.sheet or None,
        "details": topic.details,
        "unit": topic.unit.name if topic.unit else None,
        "counters": counters(counts),
        "url": services().settings.public_url + topic_address(topic),
    }


def submission_json(submission: Submission, answers: Sequence[PartAnswer]) -> dict[str, Any]:
    """Return what everybody may see of a submission."""
    view = public_view(submission)
    name = public_author(submission)
    return {
        "folio": submission.folio,
        "kind": submission.kind,
        "channel": submission.channel,
        "received_at": utc(submission.received_at),
        "timeliness": submission.timeliness,
        "admission": submission.admission,
        "late_decision": submission.late_decision,
        "state": submission.state,
        "text": public_text(submission) if view["text"] else None,
        "author": (name or None) if view["text"] else None,
        "wording": _public_wording(submission) if view["text"] else None,
        "is_redacted": bool(submission.redactions) and view["text"],
        "seen_documents": submission.seen_documents if view["text"] else [],
        "standing": submission.standing,
        **_answers(submission, answers if view["answer"] else ()),
    }


def _wording(submission: Submission) -> dict[str, str] | None:
    """Return the other wording that was proposed: article, what it says, what it should say."""
    if not submission.should_say:
        return None
    return {"article": submission.article, "says": submission.says, "should_say": submission.should_say}


def _answers(submission: Submission, answers: Sequence[PartAnswer], *, own: bool = False) -> dict[str, Any]:
    """Return the answer to the whole, and every answer with the part that it answers."""
    whole = next((given.answer for given in answers if given.part is None), None)
    return {
        "answer": answer_json(whole) if whole else None,
        "answers": [
            {**answer_json(given.answer), "part": _part(given.part, None if own else submission)} for given in answers
        ],
    }


def _part(part: Part | None, reader: Submission | None) -> dict[str, Any] | None:
    """Return a part; where everybody reads it (`reader` is its submission), with what they may read of it."""
    if part is None:
        return None
    quote = part.quote if reader is None else public_quote(part.quote, reader)
    return {"number": part.number, "quote": quote or None, "article": part.article or None}


def _public_wording(submission: Submission) -> dict[str, str] | None:
    if not submission.should_say:
        return None
    return {name: public_text(submission, name) for name in ("article", "says", "should_say")}


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return a published answer."""
    return {
        "id": answer.id,
        "disposition": answer.disposition,
        "text": answer.text,
        "unit": answer.unit.name,
        "dataset_url": answer.dataset_url,
        "published_at": utc(answer.published_at),
        "corrected_at": utc(answer.corrected_at),
    }


def own_json(submission: Submission, now: datetime) -> dict[str, Any]:
    """Return everything that the person who handed it in may see."""
    story = tell_story(submission, now)
    return {
        **submission_json(submission, story.answers),
        "text": submission.text,
        "topic": submission.topic.reference,
        "files": submission.files,
        "place": place_values(submission.place),
        "notice_version": submission.notice_version,
        **_answers(submission, story.answers, own=True),
        "overdue": story.is_overdue,
        "steps": story_json(story),
    }


def story_json(story: Story) -> list[dict[str, Any]]:
    """Return the steps of a story."""
    return [
        {
            "title": step.title,
            "office": step.office or None,
            "at": utc(step.at),
            "due_at": utc(step.due_at),
            "detail": step.detail or None,
        }
        for step in story.steps
    ]


def referral_json(referral: Referral, now: datetime) -> dict[str, Any]:
    """Return a referral as the unit that answers it sees it."""
    submission = referral.submission
    return {
        "id": referral.id,
        "folio": submission.folio,
        "topic": submission.topic.reference,
        "kind": submission.kind,
        "text": submission.text,
        "part": _part(referral.part, None),
        "wording": _wording(submission),
        "place": place_values(submission.place),
        "seen_documents": submission.seen_documents,
        "status": referral.state,
        "unit": referral.unit.name,
        "referred_at": utc(referral.referred_at),
        "due_at": utc(referral.due_at),
        "overdue": referral.state == "referred" and now >= referral.due_at,
        "derivation": referral.derivation,
        "answer_id": referral.answer_id,
        "answer_state": referral.answer.state if referral.answer else None,
    }
