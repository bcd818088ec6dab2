"""The acts of a random history of answering: each tries something as some role; a refusal is a right answer too."""

import random
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from consulta.actors import Actor
from consulta.agencies.models import Post, Tenure, Unit
from consulta.agencies.operations import appoint, end_tenure
from consulta.db import session
from consulta.referrals.carrying import carry_over
from consulta.referrals.conclusion import conclude_when_answered
from consulta.referrals.drafting import discard_draft, draft_answer, recall_answer, take_out
from consulta.referrals.models import Answer, Part, Referral
from consulta.referrals.operations import correct_answer, publish_answer, send_back, sign_off, submit_answer
from consulta.referrals.parts import PartDraft, join_parts, split_submission
from consulta.referrals.queries import find_answer, list_live_referrals, list_parts
from consulta.referrals.routing import refer, return_referral
from consulta.submissions.drafts import Delivery, Draft
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive
from consulta.submissions.states import Channel, SubmissionKind
from consulta.windows.dockets import file_topic, succeed
from consulta.windows.models import Topic, Window
from consulta.windows.states import SuccessionKind

TEXTS = (
    "Pongan semáforo en Hidalgo. Y bajen la tarifa del camión. Gracias.",
    "Propongo que la revisión sea cada tres meses. Los frenos se gastan antes de un año.",
    "El artículo 4 no dice quién paga. Tampoco dice cuándo empieza. Acláren las dos cosas.",
)
ANSWER = "Procedente en parte: se cambia el artículo y se explica la razón."
SECRET = b"a-secret-of-the-measurements-of-at-least-32"


@dataclass
class History:
    """One history: its dice, its clock, its windows and what it has received."""

    draw: random.Random
    now: datetime
    actors: dict[str, Actor]
    units: list[int]
    window_ids: list[int]
    topic_ids: list[int]
    name: str
    submissions: list[int] = field(default_factory=list)
    filings: int = 0
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def submission(self) -> Submission:
        """Return one of those received."""
        return session().get_one(Submission, self.draw.choice(self.submissions))

    def referral(self) -> Referral:
        """Return a live referral of one of them; what has none raises LookupError."""
        live = list_live_referrals(self.submission().id)
        if not live:
            raise LookupError
        return self.draw.choice(list(live))

    def answer(self, state: str) -> Answer:
        """Return an answer of this history in a state. Raises LookupError where there is none."""
        found = session().scalars(
            select(Answer.id)
            .join(Referral, Referral.answer_id == Answer.id)
            .where(Referral.submission_id.in_(self.submissions), Answer.state == state)
            .distinct()
        )
        answer = find_answer(self.draw.choice(found.all() or _nothing()))
        assert answer is not None
        return answer

    def writer(self, unit_id: int) -> Actor:
        """Return who answers for a unit; now and then somebody of another."""
        own = self.actors[f"respondent-{unit_id}"]
        return own if self.draw.random() < 0.95 else self.actors[f"respondent-{self.draw.choice(self.units)}"]


def _nothing() -> list[int]:
    raise LookupError


def receive_one(run: History) -> None:
    """Hand a comment in."""
    kind = run.draw.choice((SubmissionKind.COMMENT, SubmissionKind.PROPOSAL))
    draft = Draft(text=run.draw.choice(TEXTS), notice_version="2026-1", kind=kind, email="ana@ejemplo.mx")
    nonce = secrets.token_bytes(16)
    delivery = Delivery(run.topic_ids[0], draft, Channel.WEB, nonce, run.now)
    folio = receive(delivery, secret=SECRET, clock=lambda: run.now).folio
    run.submissions += session().scalars(select(Submission.id).where(Submission.folio == folio)).all()


def refer_one(run: History) -> None:
    """Refer a comment, or one of its parts, to some unit."""
    submission = run.submission()
    parts: list[Part | None] = [*list_parts(submission.id)]
    unit = session().get_one(Unit, run.draw.choice(run.units))
    part = run.draw.choice(parts or [None])
    refer(submission=submission, unit=unit, now=run.now, actor=run.actors["coordinator"], part=part)


def split_one(run: History) -> None:
    """Split a comment by its sentences."""
    submission = run.submission()
    quotes = [sentence.strip() + "." for sentence in submission.text.split(".") if sentence.strip()]
    live = list_live_referrals(submission.id)
    by_unit = bool(live) and run.draw.random() < 0.5
    actor = run.writer(live[0].unit_id) if by_unit else run.actors["coordinator"]
    units = [live[0].unit_id] if by_unit else [*run.units, None]
    drafts = []
    for quote in quotes:
        chosen = run.draw.choice(units)
        drafts.append(PartDraft(quote, "", session().get_one(Unit, chosen) if chosen is not None else None))
    split_submission(submission=submission, parts=drafts, actor=actor, now=run.now)


def join_one(run: History) -> None:
    """Join the parts of a comment."""
    unit = session().get_one(Unit, run.draw.choice(run.units)) if run.draw.random() < 0.7 else None
    join_parts(submission=run.submission(), unit=unit, actor=run.actors["coordinator"], now=run.now)


def return_one(run: History) -> None:
    """Give a referral back."""
    found = run.referral()
    return_referral(referral=found, reason="No nos toca.", actor=run.writer(found.unit_id), now=run.now)


def draft_one(run: History) -> None:
    """Draft an answer to one referral, or to all that a unit has of this history."""
    first = run.referral()
    together = [first]
    if run.draw.random() < 0.4:
        for other in run.submissions:
            together += [
                item for item in list_live_referrals(other) if item.unit_id == first.unit_id and item.id != first.id
            ]
    draft_answer(
        referrals=together,
        disposition=run.draw.choice(("adopted", "not_adopted", "noted")),
        text=ANSWER,
        actor=run.writer(first.unit_id),
        now=run.now,
    )


def submit_one(run: History) -> None:
    """Send a draft to signature."""
    found = run.answer("draft")
    submit_answer(answer=found, actor=run.writer(found.unit_id), now=run.now)


def sign_one(run: History) -> None:
    """Sign off."""
    sign_off(answer=run.answer("submitted"), actor=run.actors["approver"], now=run.now)


def send_one_back(run: History) -> None:
    """Send an answer back."""
    state = run.draw.choice(("submitted", "signed_off"))
    send_back(answer=run.answer(state), reason="Falta algo.", actor=run.actors["approver"], now=run.now)


def publish_one(run: History) -> None:
    """Publish."""
    publish_answer(answer=run.answer("signed_off"), actor=run.actors["coordinator"], now=run.now)


def correct_one(run: History) -> None:
    """Correct a published answer."""
    correct_answer(
        answer=run.answer("published"),
        disposition="partly_adopted",
        text=f"{ANSWER} Se precisa: {run.draw.random()}",
        reason="Estaba incompleta.",
        actor=run.actors["coordinator"],
        now=run.now,
    )


def recall_one(run: History) -> None:
    """Take an answer back from signature."""
    found = run.answer("submitted")
    recall_answer(answer=found, actor=run.writer(found.unit_id), now=run.now)


def discard_one(run: History) -> None:
    """Throw a draft away."""
    found = run.answer("draft")
    discard_draft(answer=found, actor=run.writer(found.unit_id), now=run.now)


def take_one_out(run: History) -> None:
    """Take a referral out of its draft."""
    found = run.referral()
    take_out(referral=found, actor=run.writer(found.unit_id), now=run.now)


def refile(run: History) -> None:
    """File the text anew in the next window, and carry its comments over."""
    if run.filings + 1 >= len(run.topic_ids):
        raise LookupError
    first, second = (session().get_one(Topic, run.topic_ids[run.filings + step]) for step in (0, 1))
    coordinator = run.actors["coordinator"]
    before = file_topic(topic=first, key=f"{run.name}-{run.filings}", actor=coordinator, now=run.now)
    after = file_topic(topic=second, key=f"{run.name}-{run.filings + 1}", actor=coordinator, now=run.now)
    made = succeed(
        predecessor=before,
        successor=after,
        kind=run.draw.choice(list(SuccessionKind)),
        reason="Se corrigió.",
        actor=coordinator,
        now=run.now,
    )
    run.filings += 1
    carry_over({"succession_id": made.id}, run.now)


def leave_office(run: History) -> None:
    """Let the person of a post go, and another take it."""
    name = run.draw.choice([key for key in run.actors if key.startswith(("respondent", "approver"))])
    actor = run.actors[name]
    post = session().get_one(Post, actor.post_id)
    tenures = session().scalars(select(Tenure).where(Tenure.post_id == post.id, Tenure.to_on.is_(None))).all()
    for tenure in tenures:
        end_tenure(tenure=tenure, to_on=run.now.date(), now=run.now)
    person = run.draw.choice([item for item in run.actors.values() if item.person_id])
    holder = session().get_one(type(tenures[0].person), person.person_id) if tenures else None
    if holder is not None:
        appoint(person=holder, post=post, from_on=run.now.date(), now=run.now)
        run.actors[name] = replace(actor, person_id=holder.id)


def conclude(run: History) -> None:
    """Try to conclude one of the windows."""
    window = session().get_one(Window, run.draw.choice(run.window_ids))
    conclude_when_answered(window=window, actor=run.actors["coordinator"], now=run.now)


def pass_time(run: History) -> None:
    """Let days go by."""
    run.now += timedelta(days=run.draw.choice((1, 3, 10, 25)))


ACTS: dict[str, tuple[Callable[[History], None], int]] = {
    "receive": (receive_one, 4),
    "refer": (refer_one, 6),
    "split": (split_one, 3),
    "join": (join_one, 1),
    "return": (return_one, 2),
    "draft": (draft_one, 7),
    "submit": (submit_one, 6),
    "sign": (sign_one, 6),
    "send_back": (send_one_back, 1),
    "publish": (publish_one, 7),
    "correct": (correct_one, 1),
    "recall": (recall_one, 1),
    "discard": (discard_one, 1),
    "take_out": (take_one_out, 1),
    "refile": (refile, 1),
    "leave_office": (leave_office, 1),
    "conclude": (conclude, 2),
    "pass_time": (pass_time, 2),
}
