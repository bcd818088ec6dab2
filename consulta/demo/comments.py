"""Stories of comments: handed in through one door or another, referred, reviewed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from consulta.db import session
from consulta.demo.people import Author, draw_author, draw_demographics
from consulta.demo.plans import Plan
from consulta.demo.preparing import second_version_at
from consulta.demo.stage import NOTICE_VERSION, STATE, Stage, chance, read_data
from consulta.demo.timeline import Story
from consulta.demo.wording import Wording
from consulta.documents.models import Document, DocumentVersion
from consulta.documents.queries import list_documents
from consulta.moderation.operations import publish_text, withhold_text
from consulta.referrals.routing import refer_by_topic
from consulta.submissions.checks import check_draft
from consulta.submissions.drafts import Capture, Delivery, Draft
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive
from consulta.submissions.queries import find_by_folio
from consulta.submissions.rules import clean_text
from consulta.submissions.states import Channel, SubmissionKind
from consulta.windows.models import Topic

CHANNELS = ((Channel.WEB, 74), (Channel.COUNTER, 11), (Channel.PHONE, 6), (Channel.PAPER, 6), (Channel.MESSAGING, 3))
EVIDENCE = {
    Channel.COUNTER: "Formato de ventanilla {n}, firmado por la persona",
    Channel.PHONE: "Llamada {n} al centro de atención, con grabación",
    Channel.PAPER: "Escrito sellado en oficialía de partes, foja {n}",
    Channel.MESSAGING: "Mensaje {n} al número de atención, captura guardada",
}


@dataclass
class Piece:
    """One thing to hand in, and what becomes of it. `answer` numbers the topic's answers; 0: a general one."""

    topic_id: int
    number: int
    draft: Draft
    kind: SubmissionKind
    at: datetime
    channel: Channel = Channel.WEB
    answer: int = 0
    reviewed_after: timedelta | None = timedelta(hours=20)
    withheld_reason: str = ""
    sees_first_version: bool = False
    folio: str = ""

    def submission(self) -> Submission:
        """Return its row."""
        found = find_by_folio(self.folio)
        assert found is not None, self.folio
        return found


@dataclass(frozen=True)
class Base:
    """A hand-written text of a topic."""

    text: str
    answer: int = 0
    article: str = ""
    says: str = ""
    should_say: str = ""
    withheld_reason: str = ""
    is_literal: bool = False


def write_pieces(plan: Plan, topic_number: int) -> list[Piece]:
    """Return the comments of a topic in the order of their instants; only `topic_id` is still missing."""
    item = plan.data["topic"][topic_number - 1]
    rng = chance(f"{plan.name}/{topic_number}")
    bases = _bases(plan, item, topic_number)
    count = max(item.get("count", len(bases)), len(bases)) if bases else 0
    moments = _moments(rng, plan, count)
    wording = Wording(rng)
    again = [base for base in bases if not base.is_literal]
    pieces = []
    for n, at in enumerate(moments):
        base = bases[n] if n < len(bases) else again[n % len(again)]
        text = base.text if base.is_literal else wording.word(base.text, repeated=n >= len(bases))
        pieces.append(_piece(rng, plan, item, base, text, at, topic_number * 1000 + n))
    return pieces


def late_pieces(plan: Plan) -> list[Piece]:
    """Return what came after a window closed."""
    rng, data = chance(f"{plan.name}/late"), read_data("common")
    pieces, wording = [], Wording(rng)
    for n in range(plan.late):
        at = plan.ends_at + timedelta(hours=9 + 14 * n, minutes=7 * n)
        text = wording.word(data["late"][n], repeated=True)
        piece = _piece(rng, plan, plan.data["topic"][0], Base(text), text, at, 900 + n)
        piece.reviewed_after = None
        pieces.append(piece)
    return pieces


def live(stage: Stage, plan: Plan, piece: Piece) -> Story:
    """Hand a comment in, refer it by its topic and review it."""
    yield piece.at
    hand_in(stage, piece, nonce=f"{plan.name}:{piece.number}")
    if piece.reviewed_after is None:
        return
    at = plan.days.office(piece.at + piece.reviewed_after)
    yield max(at, piece.at + timedelta(minutes=2))
    review(stage, plan.government, piece, at)


def hand_in(stage: Stage, piece: Piece, *, nonce: str) -> None:
    """Receive a piece as its door would: cleaned, checked, with the versions that the person saw."""
    text, _removed = clean_text(piece.draft.text)
    draft = replace(piece.draft, text=text, kind=piece.kind, seen_versions=_seen(piece))
    topic = session().get_one(Topic, piece.topic_id)
    problems = check_draft(draft, kinds=topic.window.instrument.kinds)
    assert not problems, (problems, text)
    capture = None
    if piece.channel != Channel.WEB:
        evidence = EVIDENCE[piece.channel].replace("{n}", str(100 + piece.number % 900))
        capture = Capture(post_id=stage.actors["ventanilla"].post_id, evidence=evidence)
    delivery = Delivery(piece.topic_id, draft, piece.channel, f"demo:{nonce}".encode(), piece.at, capture)
    outcome = receive(delivery, secret=stage.secret, clock=lambda: piece.at)
    piece.folio = outcome.folio
    refer_by_topic({"folio": piece.folio}, min(piece.at + timedelta(minutes=1), stage.now))


def review(stage: Stage, government: str, piece: Piece, at: datetime) -> None:
    """Publish a text, or keep it back with the reason."""
    actor, submission = stage.moderator(government), piece.submission()
    if piece.withheld_reason:
        withhold_text(submission=submission, ground="personal_data", reason=piece.withheld_reason, actor=actor, now=at)
    else:
        publish_text(submission=submission, actor=actor, now=at)


def _piece(
    rng: random.Random, plan: Plan, item: dict[str, Any], base: Base, text: str, at: datetime, number: int
) -> Piece:
    kinds = item.get("kinds", ["comment"])
    author = draw_author(rng, number)
    draft = replace(
        _drafted(author),
        text=text,
        article=base.article,
        says=base.says,
        should_say=base.should_say,
        demographics=draw_demographics(rng, plan.government),
    )
    channel = rng.choices([key for key, _ in CHANNELS], weights=[weight for _, weight in CHANNELS])[0]
    return Piece(
        topic_id=0,
        number=number,
        draft=draft,
        kind=SubmissionKind(rng.choice(kinds)),
        at=at,
        channel=channel if plan.government == STATE and not base.is_literal else Channel.WEB,
        answer=base.answer,
        reviewed_after=timedelta(hours=rng.randrange(2, 26)),
        withheld_reason=base.withheld_reason,
        sees_first_version=at < second_version_at(plan) or rng.random() < 0.15,
    )


def _drafted(author: Author) -> Draft:
    return Draft(
        text="",
        behalf=author.behalf,
        author_name=author.name,
        name_is_public=author.is_public,
        organization=author.organization,
        representative=author.representative,
        representative_post=author.representative_post,
        email=author.email,
        phone=author.phone,
        notice_version=NOTICE_VERSION,
    )


def _bases(plan: Plan, item: dict[str, Any], topic_number: int) -> list[Base]:
    """Return the texts of a topic: its own, and those of the collection that are meant for it."""
    own = [Base(text, answer, *wording) for answer, text, *wording in item.get("comments", [])]
    special = [
        Base(entry["text"], entry.get("answer", 0), withheld_reason=entry.get("withheld", ""), is_literal=True)
        for entry in read_data("special")["special"]
        if (entry["window"], entry["topic"]) == (plan.name, topic_number)
    ]
    return [*own, *special]


def _moments(rng: random.Random, plan: Plan, count: int) -> list[datetime]:
    """Return when people write: many in the first days and many in the last."""
    first = plan.days.at(plan.opens_on, 8, 30)
    ends_at = plan.days.at(plan.days.business(plan.heard_days, plan.opens_on), 20) if plan.heard_days else plan.ends_at
    last = min(ends_at, plan.days.now) - timedelta(minutes=75)
    shares = sorted(rng.betavariate(0.75, 0.85) for _ in range(count))
    return sorted(min(plan.days.awake(first + (last - first) * share), last) for share in shares)


def _seen(piece: Piece) -> tuple[int, ...]:
    """Return the versions of documents that the person saw: the newest, or the one before if she began earlier."""
    seen: Sequence[Document] = list_documents(piece.topic_id)
    versions: list[DocumentVersion] = [
        document.versions[0] if piece.sees_first_version else document.current for document in seen
    ]
    return tuple(version.id for version in versions)
