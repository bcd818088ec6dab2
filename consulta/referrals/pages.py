"""A public page of a topic: published submissions with their answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from consulta.referrals.models import Answer
from consulta.referrals.queries import map_answers
from consulta.submissions.models import Submission
from consulta.submissions.queries import list_published

PAGE = 20


@dataclass(frozen=True)
class TopicPage:
    """One page of published comments with their answers."""

    comments: Sequence[Submission]
    answers: dict[int, Answer]
    has_more: bool

    @property
    def last_id(self) -> int:
        """Return the id where the next page begins."""
        return self.comments[-1].id


def topic_page(topic_id: int, *, before_id: int | None) -> TopicPage:
    """Return one page of a topic: two queries, however many comments there are."""
    found = list_published(topic_id, before_id=before_id, limit=PAGE + 1)
    shown = found[:PAGE]
    return TopicPage(shown, map_answers([item.id for item in shown]), len(found) > PAGE)
