"""Which earlier drafts a topic looks like, so that a text filed anew is offered as the successor of the first."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.db import session
from consulta.windows.models import Docket, Topic, Window

COMPARED, SHOWN, RUN = 500, 3, 3
# Share of the shorter text that both have: below it they are other drafts.
LEAST = 0.5


@dataclass(frozen=True)
class Likeness:
    """An earlier draft, and how much of the shorter of both texts they share."""

    docket: Docket
    share: float


def find_likenesses(topic: Topic) -> list[Likeness]:
    """Return the dockets of the same government whose texts a topic nearly repeats, most alike first."""
    own = _runs(topic)
    earlier = (
        select(Topic)
        .join(Topic.window)
        .options(joinedload(Topic.docket))
        .where(
            Window.government_id == topic.window.government_id,
            Topic.docket_id.is_not(None),
            Topic.id < topic.id,
        )
        .order_by(Topic.id.desc())
        .limit(COMPARED)
    )
    best: dict[int, Likeness] = {}
    for other in session().scalars(earlier):
        share = _share(own, _runs(other))
        if other.docket is None or other.docket_id == topic.docket_id or share < LEAST:
            continue
        known = best.get(other.docket.id)
        if known is None or known.share < share:
            best[other.docket.id] = Likeness(other.docket, share)
    return sorted(best.values(), key=lambda item: (-item.share, -item.docket.id))[:SHOWN]


def _runs(topic: Topic) -> frozenset[tuple[str, ...]]:
    text = f"{topic.title} {topic.summary} {topic.sheet}".lower()
    words = [word.strip(".,;:()«»\"'¿?¡!") for word in text.split()]
    return frozenset(tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)))


def _share(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / min(len(one), len(other))
