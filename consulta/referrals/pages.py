"""A public page of a topic: published submissions with their answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from consulta.referrals.models import Answer, Referral
from consulta.referrals.queries import PartAnswer, map_answers
from consulta.referrals.states import AnswerState, Disposition
from consulta.submissions.models import Submission
from consulta.submissions.queries import list_published

PAGE = 20


@dataclass(frozen=True)
class TopicPage:
    """One page of published comments with their answers."""

    comments: Sequence[Submission]
    answers: dict[int, list[PartAnswer]]
    has_more: bool

    @property
    def last(self) -> tuple[bool, int]:
        """Return where the next page begins: whether the last one is answered, and its id."""
        return self.comments[-1].is_answered, self.comments[-1].id


def topic_page(
    topic_id: int,
    *,
    before: tuple[bool, int] | None,
    is_answered: bool | None = None,
    disposition: Disposition | None = None,
    answered_first: bool = True,
) -> TopicPage:
    """Return one page of a topic: two queries, however many comments there are."""
    found = list_published(
        topic_id,
        before=before,
        is_answered=is_answered,
        answered_first=answered_first,
        only=_has_disposition(disposition) if disposition is not None else None,
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    return TopicPage(shown, map_answers([item.id for item in shown]), len(found) > PAGE)


def _has_disposition(disposition: Disposition) -> ColumnElement[bool]:
    answered = (
        select(Referral.submission_id)
        .join(Referral.answer)
        .where(Answer.disposition == disposition, Answer.state == AnswerState.PUBLISHED)
    )
    return Submission.id.in_(answered)
