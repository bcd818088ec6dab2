"""The lineage of a topic as a page tells it: which filing it is, what came before and what after."""

from dataclasses import dataclass

from consulta.windows.dockets import find_latest_topic, generation_of, list_predecessors, list_successors
from consulta.windows.models import Docket, Topic
from consulta.windows.states import WindowState


@dataclass(frozen=True)
class Relative:
    """A docket before or after, and its newest topic where everybody may see it."""

    key: str
    topic: Topic | None


@dataclass(frozen=True)
class Lineage:
    """Which filing of the same text this is, and its neighbours."""

    generation: int = 1
    withdrawn: bool = False
    before: tuple[Relative, ...] = ()
    after: tuple[Relative, ...] = ()


def read_lineage(topic: Topic) -> Lineage:
    """Return the lineage of a topic; nothing is asked of the database for one without a docket."""
    if topic.docket_id is None or topic.docket is None:
        return Lineage()
    return Lineage(
        generation=generation_of(topic.docket_id),
        withdrawn=topic.docket.withdrawn_at is not None,
        before=tuple(_relative(item.predecessor) for item in list_predecessors(topic.docket_id)),
        after=tuple(_relative(item.successor) for item in list_successors(topic.docket_id)),
    )


def _relative(docket: Docket) -> Relative:
    found = find_latest_topic(docket.id)
    return Relative(docket.key, found if found is not None and found.window.state != WindowState.DRAFT else None)
