"""What is given back to people (*devolución de resultados*): what was asked, who took part, what was said, decided,
why, and what changed. Counted once per edition; the words of the answers are read from the answers themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from consulta.analysis.models import Campaign
from consulta.analysis.queries import list_campaigns
from consulta.analysis.states import CampaignState
from consulta.db import session
from consulta.documents.models import Document, DocumentVersion
from consulta.outcomes.queries import list_projects_of_window
from consulta.participation.queries import find_latest
from consulta.referrals.models import Answer, Referral
from consulta.referrals.states import AnswerState, Disposition, ReferralState
from consulta.reports.models import ClosingPaper
from consulta.submissions.models import Submission
from consulta.submissions.policy import PUBLIC_ANSWER_KINDS, is_shown
from consulta.windows.counters import read_counts
from consulta.windows.models import Topic, Window
from consulta.windows.queries import list_topics

# Answers shown per topic: those that went to most comments.
SHOWN = 5
MOST_CHANGES = 100
CHANGES = (Disposition.ADOPTED, Disposition.PARTLY_ADOPTED)


@dataclass(frozen=True)
class GivenAnswer:
    """A published answer, how many received it, and a folio at which it can be read whole."""

    answer: Answer
    times: int
    folio: str


@dataclass(frozen=True)
class TopicResult:
    """What became of one topic."""

    number: int
    title: str
    received: int
    answered: int
    dispositions: tuple[tuple[str, int], ...]
    answers: tuple[GivenAnswer, ...]
    changes: tuple[GivenAnswer, ...]
    documents: tuple[dict[str, Any], ...]


def compile_feedback(window: Window) -> dict[str, Any]:
    """Return the figures of an edition, without a word that anybody wrote."""
    topics = list_topics(window.id)
    counts = read_counts([topic.id for topic in topics])
    by_topic = _dispositions(window.id)
    answers = _answers(window.id)
    versions = _later_versions(window)
    release = find_latest(window.id)
    return {
        "participation": release.content if release else {},
        "topics": [
            {
                "number": topic.number,
                "title": topic.title,
                "received": counts.get(topic.id, {}).get("received", 0),
                "answered": counts.get(topic.id, {}).get("answered", 0),
                "dispositions": by_topic.get(topic.id, {}),
                "answers": _most_given(answers.get(topic.id, [])),
                "changes": [row for row in answers.get(topic.id, []) if row["disposition"] in CHANGES][:MOST_CHANGES],
                "documents": versions.get(topic.id, []),
            }
            for topic in topics
        ],
        "projects": [
            {"id": item.id, "key": item.key, "title": item.title, "state": item.state}
            for item in list_projects_of_window(window.id)
        ],
        "groups": [
            {"id": item.id, "size": item.size, "folio": item.representative.folio} for item in _groups(window.id)
        ],
    }


def read_results(paper: ClosingPaper) -> list[TopicResult]:
    """Return an edition's topics with their answers as they read today: a correction shows in every edition."""
    topics = paper.content.get("topics", [])
    ids = {row["answer"] for topic in topics for row in (*topic["answers"], *topic["changes"])}
    found = select(Answer).options(joinedload(Answer.unit)).where(Answer.state == AnswerState.PUBLISHED)
    answers: dict[int, Answer] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), 500):
        rows = session().scalars(found.where(Answer.id.in_(ordered[start : start + 500])))
        answers |= {item.id: item for item in rows}
    return [
        TopicResult(
            topic["number"],
            topic["title"],
            topic["received"],
            topic["answered"],
            tuple(
                sorted(topic["dispositions"].items(), key=lambda item: list(Disposition).index(Disposition(item[0])))
            ),
            tuple(_given(topic["answers"], answers)),
            tuple(_given(topic["changes"], answers)),
            tuple(topic["documents"]),
        )
        for topic in topics
    ]


def _given(rows: Iterable[dict[str, Any]], answers: dict[int, Answer]) -> Iterable[GivenAnswer]:
    return (GivenAnswer(answers[row["answer"]], row["times"], row["folio"]) for row in rows if row["answer"] in answers)


def _most_given(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["times"], row["answer"]))[:SHOWN]


def _answered(window_id: int) -> Select[Any]:
    """Return the answered referrals of a window whose answer everybody may read."""
    return (
        select(Referral)
        .join(Referral.submission)
        .join(Submission.topic)
        .join(Referral.answer)
        .where(
            Topic.window_id == window_id,
            Referral.state == ReferralState.ANSWERED,
            Answer.state == AnswerState.PUBLISHED,
            Submission.reserved.is_(False),
            Submission.kind.in_(PUBLIC_ANSWER_KINDS),
        )
    )


def _dispositions(window_id: int) -> dict[int, dict[str, int]]:
    rows = session().execute(
        _answered(window_id)
        .with_only_columns(Topic.id, Answer.disposition, func.count())
        .group_by(Topic.id, Answer.disposition)
    )
    found: dict[int, dict[str, int]] = {}
    for topic_id, disposition, count in rows:
        found.setdefault(topic_id, {})[disposition] = count
    return found


def _answers(window_id: int) -> dict[int, list[dict[str, Any]]]:
    rows = session().execute(
        _answered(window_id)
        .with_only_columns(Topic.id, Answer.id, Answer.disposition, func.count(), func.min(Submission.folio))
        .group_by(Topic.id, Answer.id, Answer.disposition)
        .order_by(Topic.id, Answer.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for topic_id, answer_id, disposition, times, folio in rows:
        row = {"answer": answer_id, "disposition": disposition, "times": times, "folio": folio}
        found.setdefault(topic_id, []).append(row)
    return found


def _later_versions(window: Window) -> dict[int, list[dict[str, Any]]]:
    """Return the versions of documents that were published after the closing: what changed in the text."""
    rows = session().execute(
        select(Topic.id, Document.number, Document.title, DocumentVersion.number, DocumentVersion.note)
        .join(Document, Document.topic_id == Topic.id)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(Topic.window_id == window.id, DocumentVersion.published_at >= window.closes_at)
        .order_by(Topic.id, Document.number, DocumentVersion.number)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for topic_id, number, title, version, note in rows:
        row = {"document": number, "title": title, "version": version, "note": note}
        found.setdefault(topic_id, []).append(row)
    return found


def _groups(window_id: int) -> list[Campaign]:
    """Return the groups that a person confirmed and everybody may see."""
    return [
        item
        for item in list_campaigns(window_id)
        if item.state == CampaignState.CONFIRMED and is_shown(item.representative)
    ]
