"""What was said already: public comments like one that is being written, and those that were answered."""

from consulta.finding.findables import ANSWERED, Findable, list_findables, tag
from consulta.finding.states import FoundKind
from consulta.referrals.models import Referral
from consulta.referrals.similar import LEAST, alike
from consulta.search import Index, Request
from consulta.search.analysis import stem, words_of
from consulta.search.query import any_of

# Words of a text that are looked for, the longest; and how many of what has them are compared with it.
WORDS, COMPARED, SHOWN = 24, 40, 3


def similar_comments(index: Index, *, topic_id: int, text: str) -> list[Findable]:
    """Return the public comments on a topic that say most nearly the same, best first; none may be."""
    return _like(index, text, frozenset({tag("topic", str(topic_id))}))


def answered_alike(index: Index, referral: Referral) -> list[Findable]:
    """Return public comments of the same government like that of a referral that were answered, by whatever agency."""
    window = referral.submission.topic.window
    tags = frozenset({tag("government", window.government.key), ANSWERED})
    text = referral.part.quote if referral.part else referral.submission.text
    return [one for one in _like(index, text, tags) if one.row.id != referral.submission_id]


def _like(index: Index, text: str, tags: frozenset[str]) -> list[Findable]:
    words = sorted(set(words_of(text)), key=lambda word: (-len(word), word))[:WORDS]
    matches = index.find(Request(any_of(stem(word) for word in words), tags=tags, limit=COMPARED))
    found = [one for one in list_findables(matches.numbers).values() if one.kind == FoundKind.COMMENT]
    found = [one for one in found if tags <= one.document.tags]
    scores = alike(text, [_said(one) for one in found])
    ranked = sorted(zip(scores, found, strict=True), key=lambda pair: (-pair[0], -pair[1].row.id))
    return [one for score, one in ranked if score >= LEAST][:SHOWN]


def _said(found: Findable) -> str:
    """Return what the person said, without what was answered."""
    return found.texts[0] if found.texts else ""
