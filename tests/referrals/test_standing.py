"""A person withdraws, or says that she did not send it: marked, counted apart, nothing lost, nobody owes an answer."""

import pytest

from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.moderation.operations import publish_text
from consulta.referrals.queries import list_live_referrals, list_unrouted
from consulta.referrals.routing import refer_by_topic
from consulta.referrals.standing import disown, withdraw
from consulta.referrals.story import public_view, tell_story
from consulta.submissions.policy import public_author
from consulta.submissions.queries import list_published
from consulta.windows.counters import read_counts
from tests.builders import World, a_published, a_referral, a_submission, an_answered
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")


def counts(topic_id: int) -> dict[str, int]:
    """Return the counters of a topic that are not zero."""
    return {name: value for name, value in read_counts([topic_id])[topic_id].items() if value}


def test_withdrawn_is_hidden_and_owed_no_answer(world: World) -> None:
    referral = a_referral(world, START)
    with unit_of_work():
        publish_text(submission=referral.submission, actor=world.actors["moderator"], now=START)

    with unit_of_work():
        withdraw(submission=referral.submission, reason="Cambié de opinión.", now=START)

    assert (referral.state, referral.end_cause) == ("ended", "withdrawn")
    assert list_published(world.topics["open"]) == []
    assert counts(world.topics["open"]) == {"received": 1, "left": 1}
    assert list_unrouted(world.government_id) == []
    assert tell_story(referral.submission, START).steps[-1].title == "Su autora o autor lo retiró"
    assert referral.submission.clock is not None
    assert referral.submission.clock.state == "met"


@pytest.mark.parametrize("hides", [True, False])
def test_disowned_loses_its_name_and_is_hidden_if_she_asks(world: World, hides: bool) -> None:
    submission = a_published(world, START, draft={"author_name": "Ana Inventada", "name_is_public": True})

    with unit_of_work():
        disown(submission=submission, hides=hides, reason="", now=START)

    assert public_author(submission) == ""
    assert public_view(submission)["text"] is not hides
    assert [item.folio for item in list_published(world.topics["open"])] == ([] if hides else [submission.folio])


def test_withdrawn_after_its_answer_keeps_the_answer(world: World) -> None:
    referral = an_answered(world, START)

    with unit_of_work():
        withdraw(submission=referral.submission, reason="", now=START)

    assert referral.state == "answered"
    assert counts(world.topics["open"]) == {"received": 1, "answered": 1}
    assert len(tell_story(referral.submission, START).answers) == 1


def test_nobody_withdraws_twice_and_what_left_is_not_referred(world: World) -> None:
    submission = a_submission(world.topics["open"], START)
    with unit_of_work():
        withdraw(submission=submission, reason="", now=START)

    with pytest.raises(Refused, match="ya está hecho"), unit_of_work():
        withdraw(submission=submission, reason="", now=START)
    with unit_of_work():
        refer_by_topic({"folio": submission.folio}, START)

    assert list_live_referrals(submission.id) == []
