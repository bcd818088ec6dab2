"""Earlier published answers of an agency to comments that speak of the same: a suggestion, never an act."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.agencies.models import Unit
from consulta.db import session
from consulta.referrals.models import Answer, Referral
from consulta.referrals.states import AnswerState
from consulta.submissions.models import Submission

# How many of the latest answers are compared, and how many are shown.
COMPARED, SHOWN = 300, 3
# Below this share of common words two comments do not speak of the same.
LEAST = 0.18
WORD = re.compile(r"[a-zñ]{4,}")


@dataclass(frozen=True)
class Suggestion:
    """An earlier answer, and the comment to which it was given."""

    answer: Answer
    text: str
    score: float


def suggest_answers(referral: Referral) -> list[Suggestion]:
    """Return the earlier answers of the agency to the comments most like this one, best first; none may be."""
    rows = session().scalars(_latest(referral.unit.agency_id, referral.submission_id)).unique().all()
    texts = [_said(row) for row in rows]
    scores = alike(_said(referral), texts)
    best: dict[int, Suggestion] = {}
    for row, text, score in zip(rows, texts, scores, strict=True):
        known = best.get(row.answer_id or 0)
        if row.answer is not None and score >= LEAST and (known is None or known.score < score):
            best[row.answer.id] = Suggestion(row.answer, text, score)
    return sorted(best.values(), key=lambda item: (-item.score, -item.answer.id))[:SHOWN]


def alike(text: str, others: Sequence[str]) -> list[float]:
    """Return how alike texts are, 0 to 1: cosine of word counts weighed by how rare each word is among them."""
    bags = [Counter(_words(other)) for other in (text, *others)]
    seen = Counter(word for bag in bags for word in bag)
    weights = {word: log((1 + len(bags)) / (1 + count)) + 1 for word, count in seen.items()}
    vectors = [{word: (1 + log(count)) * weights[word] for word, count in bag.items()} for bag in bags]
    return [_cosine(vectors[0], vector) for vector in vectors[1:]]


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    both = sum(value * other[word] for word, value in one.items() if word in other)
    size = sqrt(sum(value**2 for value in one.values())) * sqrt(sum(value**2 for value in other.values()))
    return both / size if size else 0.0


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.lower().replace("ñ", "\x00"))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter)).replace("\x00", "ñ")
    return WORD.findall(plain)


def _said(referral: Referral) -> str:
    return referral.part.quote if referral.part else referral.submission.text


def _latest(agency_id: int, submission_id: int) -> Select[Referral]:
    return (
        select(Referral)
        .join(Referral.answer)
        .join(Answer.unit)
        .join(Referral.submission)
        .options(contains_eager(Referral.answer), contains_eager(Referral.submission), joinedload(Referral.part))
        .where(
            Unit.agency_id == agency_id,
            Answer.state == AnswerState.PUBLISHED,
            Submission.reserved.is_(False),
            Referral.submission_id != submission_id,
        )
        .order_by(Referral.id.desc())
        .limit(COMPARED)
    )
