"""Stories of answers: written, sent to be signed, sent back, signed, published, corrected."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from consulta.db import session
from consulta.demo.comments import Piece
from consulta.demo.plans import ALL, Plan
from consulta.demo.stage import Stage, chance, read_data
from consulta.demo.timeline import Story
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Answer, Referral
from consulta.referrals.operations import correct_answer, publish_answer, send_back, sign_off, submit_answer
from consulta.referrals.queries import list_referrals_of
from consulta.referrals.rules import NOTED_KINDS
from consulta.referrals.states import Disposition, ReferralState

# What is done, one act after another, until an answer stands where it stands.
ACTS = {
    "draft": ("draft",),
    "submitted": ("draft", "submit"),
    "signed": ("draft", "submit", "sign"),
    "sent_back": ("draft", "submit", "send_back"),
    "published": ("draft", "submit", "sign", "publish"),
    "reworked": ("draft", "submit", "send_back", "draft", "submit", "sign", "publish"),
    "corrected": ("draft", "submit", "sign", "publish", "correct"),
}


def answer_topic(stage: Stage, plan: Plan, number: int, pieces: Sequence[Piece]) -> list[Story]:
    """Return the stories of the answers of a topic, group by group, as far as its plan goes."""
    item = plan.data["topic"][number - 1]
    groups = _groups(pieces, f"{plan.name}/{number}", together=3 if plan.progress == ALL else 2)
    if plan.ends_at > plan.days.now:
        # While people still write, only what the unit can already decide is answered.
        groups = [group for group in groups if group[0].answer]
    stories = []
    precise = next((order for order, group in enumerate(groups) if group[0].answer == 1), -1)
    for order, group in enumerate(groups):
        is_corrected = plan.is_corrected and number == 1 and order == precise
        fate = "corrected" if is_corrected else _fate(plan, number, order)
        if not fate:
            break
        sense, text = _answer_text(item.get("answers", []), group, order)
        start = _start(plan, group, order)
        stories.append(answer(stage, plan, item["unit"], group, sense, text, fate, start))
    return stories


def answer(
    stage: Stage, plan: Plan, unit: str, group: Sequence[Piece], sense: str, text: str, fate: str, start: datetime
) -> Story:
    """Do the acts of an answer, about a working day apart, all of them before the demonstration is loaded."""
    acts = ACTS[fate]
    step = min(timedelta(hours=19), (stage.now - start) / (len(acts) + 1))
    at, written = start, 0
    for order, act in enumerate(acts):
        at = max(plan.days.acting(start + step * order), at)
        yield at
        if act == "draft":
            written = _draft(stage, unit, group, sense, text, at)
        else:
            _act(stage, plan, unit, session().get_one(Answer, written), act, at)


def _draft(stage: Stage, unit: str, group: Sequence[Piece], sense: str, text: str, at: datetime) -> int:
    referrals = [_referral(piece) for piece in group]
    kept = draft_answer(referrals=referrals, disposition=sense, text=text, actor=stage.writer(unit), now=at)
    return kept.id


def _act(stage: Stage, plan: Plan, unit: str, found: Answer, act: str, at: datetime) -> None:
    coordinator, common = stage.coordinator(plan.government), read_data("common")
    if act == "submit":
        submit_answer(answer=found, actor=stage.writer(unit), now=at)
    elif act == "sign":
        sign_off(answer=found, actor=stage.signer(unit), now=at)
    elif act == "publish":
        publish_answer(answer=found, actor=coordinator, now=at)
    elif act == "send_back":
        reasons = common["sent_back"]
        send_back(answer=found, reason=reasons[found.id % len(reasons)], actor=stage.signer(unit), now=at)
    elif act == "correct":
        text = found.text + common["correction"]
        correct_answer(
            answer=found,
            disposition=found.disposition,
            text=text,
            reason=common["correction_reason"],
            actor=coordinator,
            now=at,
        )


def _referral(piece: Piece) -> Referral:
    """Return the referral of a piece that waits for an answer."""
    return next(item for item in list_referrals_of(piece.submission().id) if item.state == ReferralState.REFERRED)


def _groups(pieces: Sequence[Piece], name: str, *, together: int) -> list[list[Piece]]:
    """Return the comments of a topic in groups that one answer serves: about a third go in company."""
    rng = chance(f"{name}/groups")
    groups: list[list[Piece]] = []
    alone: dict[int, list[Piece]] = {}
    for piece in pieces:
        open_group = alone.get(piece.answer)
        if open_group is not None and len(open_group) < together and rng.random() < 0.55:
            open_group.append(piece)
        else:
            alone[piece.answer] = [piece]
            groups.append(alone[piece.answer])
    return sorted(groups, key=lambda group: group[-1].at)


def _fate(plan: Plan, number: int, order: int) -> str:
    """Return how far the answer of a group came; empty where it waits."""
    if number in plan.quiet:
        return ""
    if plan.progress == ALL or number in plan.finished:
        return "reworked" if order == 4 else "published"
    return plan.progress[order] if order < len(plan.progress) else ""


def _answer_text(answers: Sequence[tuple[str, str]], group: Sequence[Piece], order: int) -> tuple[str, str]:
    """Return sense and text: the topic's own answer, or a general one; what proposes something is not just noted."""
    number, common = group[0].answer, read_data("common")
    general = common["general_answers"]
    sense, text = answers[number - 1] if 0 < number <= len(answers) else general[order % len(general)]
    proposes = any(piece.draft.should_say or piece.kind not in NOTED_KINDS for piece in group)
    if sense == Disposition.NOTED and proposes:
        sense, text = common["proposal_answers"][order % len(common["proposal_answers"])]
    return sense, text


def _start(plan: Plan, group: Sequence[Piece], order: int) -> datetime:
    """Return when somebody begins to write: after the closing, or the day after the last of the group came."""
    last = group[-1].at
    begun = last + timedelta(hours=20)
    if plan.ends_at <= plan.days.now:
        last = plan.ends_at
        begun = plan.days.at(plan.days.business(1 + order % 4, plan.closes_on), 9 + order % 6, 7 * order % 60)
    return begun if begun < plan.days.now else last + (plan.days.now - last) / 2
