"""What the acts of a folio or a window say that its rows should say now. Pure but for the rows that it is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consulta.moderation.grounds import load_grounds
from consulta.referrals.handing_over import TO_CONTROL
from consulta.referrals.models import Referral
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.states import Standing, SubmissionKind, SubmissionState
from consulta.windows.states import WindowState


@dataclass(frozen=True)
class Act:
    """An act with what its opening keeps; None where that was destroyed or never kept."""

    kind: str
    at: datetime
    content: dict[str, Any] | None


Expected = dict[str, Any]
REVIEWS = {
    "submission.published": SubmissionState.PUBLISHED,
    "submission.redacted": SubmissionState.PUBLISHED,
    "submission.withheld": SubmissionState.WITHHELD,
}
ANSWER_STATES = {
    "answer.submitted": AnswerState.SUBMITTED,
    "answer.sent_back": AnswerState.DRAFT,
    "answer.recalled": AnswerState.DRAFT,
    "answer.signed_off": AnswerState.SIGNED_OFF,
    "answer.published": AnswerState.PUBLISHED,
    "answer.corrected": AnswerState.PUBLISHED,
}
SAID = ("summary", "decides", "afterwards")
# Stands for another part than the one that a row names.
NO_ROW = -1
DELIVERED = ("answer.published", "answer.corrected")


def fold_submission(submission: Submission, acts: Sequence[Act]) -> Expected:
    """Return what the acts after its reception left in the columns of a submission."""
    found: Expected = {
        "state": SubmissionState.RECEIVED,
        "reviewed_at": None,
        "reviewed_by_post_id": None,
        "withheld_reason": None,
        "standing": Standing.STANDS,
        "standing_at": None,
        "standing_reason": "",
        "is_hidden": False,
        "reserved": submission.kind == SubmissionKind.REPORT or submission.names_official,
        "late_decision": None,
        "late_reason": None,
        "late_decided_at": None,
        "late_decided_by_post_id": None,
    }
    if not any(act.kind == "submission.carried" for act in acts):
        found["received_topic_id"] = None
    for act in acts:
        step = ON_SUBMISSION.get(act.kind)
        found |= step(act, submission) if step is not None else {}
    return found


def fold_referral(referral: Referral, acts: Sequence[Act]) -> Expected:
    """Return what the acts say of a referral: those of its unit, at the instants that its row names."""
    found: Expected = {"returned_at": None, "return_reason": None, "ended_at": None, "end_cause": None}
    found |= {"answered_at": None, "state": ReferralState.REFERRED}
    found |= _begin(referral, acts)
    for act in acts:
        content = act.content or {}
        if act.kind == "referral.due_moved" and content.get("from_due_at") == found.get("due_at"):
            found["due_at"] = content["to_due_at"]
        found |= _on_referral(act, content, referral)
    return found


def _begin(referral: Referral, acts: Sequence[Act]) -> Expected:
    """Return what the act that referred it says; several parts may go to one unit at one instant."""
    number = referral.part.number if referral.part is not None else None
    found = [act.content or {} for act in acts if _is_of(act, "submission.referred", referral, referral.referred_at)]
    if not found:
        # Its instant is what was changed, or the row was invented.
        return {"referred_at": next((act.at for act in acts if act.kind == "submission.referred"), None)}
    own = next((content for content in found if content.get("part") == number), None)
    if own is None or (referral.part is None and referral.part_id is not None):
        return {"part_id": NO_ROW}
    by = {"referred_by_post_id": own["post_id"]} if "post_id" in own else {}
    return {"due_at": own["due_at"], **by}


def _on_referral(act: Act, content: dict[str, Any], referral: Referral) -> Expected:
    if _is_of(act, "referral.returned", referral, referral.returned_at):
        return {"state": ReferralState.RETURNED, "returned_at": act.at, "return_reason": content["reason"]}
    if _is_of(act, "referral.ended", referral, referral.ended_at):
        return {"state": ReferralState.ENDED, "ended_at": act.at, "end_cause": content["cause"]}
    if act.kind == "answer.published" and act.at == referral.answered_at:
        return {"state": ReferralState.ANSWERED, "answered_at": act.at}
    return {}


def _is_of(act: Act, kind: str, referral: Referral, at: datetime | None) -> bool:
    return act.kind == kind and act.at == at and (act.content or {}).get("unit") == referral.unit.key


def _reviewed(act: Act, _row: Submission) -> Expected:
    content = act.content or {}
    return {
        "state": REVIEWS[act.kind],
        "reviewed_at": act.at,
        "reviewed_by_post_id": content.get("post_id"),
        "withheld_reason": _shown(act.kind, content),
    }


def _left(act: Act, row: Submission) -> Expected:
    content = act.content or {}
    # Kept in the row alone by an older version: then the row is what the act is checked with.
    return {
        "standing": act.kind.partition(".")[2],
        "standing_at": act.at,
        "is_hidden": content.get("is_hidden", row.is_hidden),
        "standing_reason": content.get("reason", row.standing_reason),
    }


def _reserved(act: Act, _row: Submission) -> Expected:
    return {
        "reserved": True,
        "state": SubmissionState.WITHHELD,
        "withheld_reason": TO_CONTROL,
        "reviewed_at": act.at,
        "reviewed_by_post_id": (act.content or {}).get("post_id"),
    }


def _late(act: Act, _row: Submission) -> Expected:
    content = act.content or {}
    return {
        "late_decision": content.get("decision"),
        "late_reason": content.get("reason"),
        "late_decided_at": act.at,
        "late_decided_by_post_id": content.get("post_id"),
    }


ON_SUBMISSION: dict[str, Callable[[Act, Submission], Expected]] = {
    **dict.fromkeys(REVIEWS, _reviewed),
    "submission.withdrawn": _left,
    "submission.disowned": _left,
    "submission.reserved": _reserved,
    "submission.late_decided": _late,
}


def fold_answers(answer_id: int, acts: Sequence[Act]) -> tuple[Expected, list[Expected]]:
    """Return what the acts say of an answer, and of each of its versions; nothing where their content was emptied."""
    found: Expected = {}
    versions: list[Expected] = []
    for act in acts:
        content = act.content
        if content is None or act.kind not in ANSWER_STATES or content.get("answer_id") != answer_id:
            continue
        found["state"] = ANSWER_STATES[act.kind]
        if found["state"] == AnswerState.DRAFT:
            found |= {"signed_at": None, "signed_by_post_id": None}
            found.pop("submitted_at", None)
        elif act.kind == "answer.submitted":
            found["submitted_at"] = act.at
        elif act.kind == "answer.signed_off":
            found |= {"signed_at": act.at, "signed_by_post_id": content["post_id"]}
        elif act.kind in DELIVERED:
            said = {name: content[name] for name in ("disposition", "text", "dataset_url")}
            versions.append({**said, "answer_id": answer_id, "post_id": content["post_id"], "at": act.at})
            found |= said
            if act.kind == "answer.published":
                found |= {"published_at": act.at, "published_by_post_id": content["post_id"], "corrected_at": None}
            else:
                found["corrected_at"] = act.at
    return found, versions


def fold_window(acts: Sequence[Act]) -> Expected:
    """Return what the acts of a window say that it says and when it is open."""
    found: Expected = {"state": WindowState.DRAFT, "concluded_at": None, "annulled_at": None}
    found |= {"opens_at": None, "closes_at": None, "entries_due_on": None}
    for act in acts:
        step = ON_WINDOW.get(act.kind)
        found |= step(act.at, act.content or {}) if step is not None else {}
    # How the last date was computed is in the events of its clock.
    if any(act.kind in MOVED or act.kind == "window.change_approved" for act in acts):
        found.pop("derivation", None)
    return found


def _changed(at: datetime, content: dict[str, Any]) -> Expected:
    if content["kind"] == "annul":
        return {"state": WindowState.ANNULLED, "annulled_at": at}
    return {"closes_at": content["to_closes_at"]}


def _scheduled(_at: datetime, content: dict[str, Any]) -> Expected:
    said = {name: content[name] for name in ("opens_at", "closes_at", "derivation")}
    return {**said, "opening_answers": content["answers"], "state": WindowState.SCHEDULED}


def _created(_at: datetime, content: dict[str, Any]) -> Expected:
    said = {name: content[name] for name in SAID if name in content}
    return {"title": content["title"], "instrument_key": content["instrument"], **said}


MOVED = ("window.extended", "window.recalendared")
ON_WINDOW: dict[str, Callable[[datetime, dict[str, Any]], Expected]] = {
    "window.created": _created,
    "window.edited": lambda _at, content: {name: content[name] for name in SAID if name in content},
    "window.scheduled": _scheduled,
    "window.entries_asked": lambda _at, content: {"entries_due_on": content["due_on"]},
    **dict.fromkeys(MOVED, lambda _at, content: {"closes_at": content["to_closes_at"]}),
    "window.change_approved": _changed,
    "window.concluded": lambda at, _content: {"state": WindowState.CONCLUDED, "concluded_at": at},
}


def fold_topic(acts: Sequence[Act]) -> dict[int, Expected]:
    """Return what the acts of a window say of each of its topics, by number."""
    found: dict[int, Expected] = {}
    for act in acts:
        if act.kind in ("topic.added", "topic.edited") and act.content is not None:
            said = {name: value for name, value in act.content.items() if name not in ("post_id", "topic_id")}
            named = {"id": act.content["topic_id"]} if "topic_id" in act.content else {}
            found[act.content["number"]] = said | named
    return found


def _shown(kind: str, content: dict[str, Any]) -> str | None:
    if "shown" in content or kind != "submission.withheld":
        shown: str | None = content.get("shown")
        return shown
    ground = load_grounds().get(content.get("ground", ""))
    return f"{ground.title}. {content.get('reason', '')}" if ground is not None else None
