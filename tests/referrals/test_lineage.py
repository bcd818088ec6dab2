"""Lineage of dockets: a text filed anew takes its comments along, with folio, date and story; nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.agencies.models import Unit
from consulta.db import session, unit_of_work
from consulta.errors import Refused
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from consulta.record.models import Leaf, Opening
from consulta.record.rules import commit
from consulta.referrals.carrying import carry_over
from consulta.referrals.conclusion import conclude_when_answered
from consulta.referrals.queries import list_live_referrals
from consulta.referrals.standing import withdraw
from consulta.referrals.story import tell_story
from consulta.submissions.queries import list_published
from consulta.submissions.rules import committed_columns, received_content
from consulta.windows.counters import read_counts
from consulta.windows.dockets import file_topic, generation_of, succeed, withdraw_docket
from consulta.windows.likeness import find_likenesses
from consulta.windows.lineage import read_lineage
from consulta.windows.models import Docket, Topic
from consulta.windows.operations import add_topic
from consulta.windows.states import SuccessionKind
from tests.builders import World, a_published, a_referral, a_submission, a_window, an_answered, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")


def file(world: World, topic_id: int, key: str) -> Docket:
    """Put a topic in a docket."""
    with unit_of_work():
        topic = session().get_one(Topic, topic_id)
        return file_topic(topic=topic, key=key, actor=world.actors["coordinator"], now=START)


def refile(world: World, before: Docket, topic_id: int, key: str) -> Docket:
    """File a text anew and carry its comments over."""
    after = file(world, topic_id, key)
    with unit_of_work():
        made = succeed(
            predecessor=before,
            successor=after,
            kind=SuccessionKind.REFILED,
            reason="Se corrigió el anexo.",
            actor=world.actors["coordinator"],
            now=START,
        )
    with unit_of_work():
        carry_over({"succession_id": made.id}, START)
    return after


@pytest.fixture
def target(world: World) -> int:
    """The topic of a later window, with the unit of the first."""
    _slug, topics = a_window(world, title="Segundo ingreso", opened=START - timedelta(days=1), now=START)
    return topics[0]


def counts(topic_id: int) -> dict[str, int]:
    """Return the counters of a topic that are not zero."""
    return {name: value for name, value in read_counts([topic_id]).get(topic_id, {}).items() if value}


def test_comments_travel_with_folio_date_and_story(world: World, target: int) -> None:
    waiting = a_referral(world, START, draft={"email": "ana@ejemplo.mx"})
    answered = an_answered(world, START)
    published = a_published(world, START)
    first = file(world, world.topics["open"], "SMR-1/2026")

    refile(world, first, target, "SMR-2/2026")

    assert counts(world.topics["open"]) == {"carried_away": 3}
    assert counts(target) == {"received": 3, "answered": 1, "published": 2, "carried": 3}
    [again] = list_live_referrals(waiting.submission_id)
    assert (again.due_at, again.submission.topic_id) == (waiting.due_at, target)
    assert (waiting.state, waiting.end_cause) == ("ended", "carried")
    assert answered.state == "answered"
    assert {item.folio for item in list_published(target)} == {published.folio, answered.submission.folio}
    assert "Se trasladó con el expediente" in [step.title for step in tell_story(waiting.submission, START).steps]
    told = session().scalars(select(Notice.address).where(Notice.kind == "carried")).all()
    assert told == ["ana@ejemplo.mx"]


def test_leaf_of_the_reception_still_proves_what_was_received(world: World, target: int) -> None:
    submission = a_submission(world.topics["open"], START)
    refile(world, file(world, world.topics["open"], "E-1"), target, "E-2")

    leaf = session().scalars(select(Leaf).where(Leaf.public_id == submission.folio)).first()
    assert leaf is not None
    opening = session().get_one(Opening, leaf.id)

    assert leaf.commitment == commit(opening.salt, received_content(committed_columns(submission)))


def test_third_filing_says_so_and_each_page_knows_the_others(world: World, target: int) -> None:
    a_referral(world, START)
    first = file(world, world.topics["open"], "E-1")
    second = refile(world, first, target, "E-2")
    _slug, topics = a_window(world, title="Tercer ingreso", opened=START - timedelta(days=1), now=START)
    third = refile(world, second, topics[0], "E-3")

    assert generation_of(third.id) == 3
    lineage = read_lineage(session().get_one(Topic, target))
    assert [item.key for item in lineage.before] == ["E-1"]
    assert [item.key for item in lineage.after] == ["E-3"]
    assert counts(topics[0])["carried"] == 1


def test_withdrawn_comment_travels_and_is_owed_nothing(world: World, target: int) -> None:
    submission = a_submission(world.topics["open"], START)
    with unit_of_work():
        withdraw(submission=submission, reason="", now=START)

    refile(world, file(world, world.topics["open"], "E-1"), target, "E-2")

    assert counts(target) == {"received": 1, "left": 1, "carried": 1}
    assert list_live_referrals(submission.id) == []


def test_carrying_twice_changes_nothing(world: World, target: int, worker: Worker) -> None:
    a_submission(world.topics["open"], START)
    refile(world, file(world, world.topics["open"], "E-1"), target, "E-2")

    worker.drain()
    session().rollback()

    assert counts(target) == {"received": 1, "carried": 1}


def test_withdrawing_a_docket_needs_a_reason_and_a_circle_is_refused(world: World, target: int) -> None:
    actor = world.actors["coordinator"]
    first = file(world, world.topics["open"], "E-1")
    second = refile(world, first, target, "E-2")

    with pytest.raises(Refused, match="motivo"), unit_of_work():
        withdraw_docket(docket=first, reason=" ", actor=actor, now=START)
    with pytest.raises(Refused, match="sucederse"), unit_of_work():
        succeed(predecessor=second, successor=first, kind=SuccessionKind.REFILED, reason="x", actor=actor, now=START)
    with unit_of_work():
        withdraw_docket(docket=first, reason="Se va a corregir.", actor=actor, now=START)
    with pytest.raises(Refused, match="se retiró"):
        file(world, world.topics["closed"], "E-1")


def test_nothing_is_carried_into_what_has_concluded(world: World, target: int) -> None:
    submission = a_submission(world.topics["open"], START)
    first, second = file(world, world.topics["open"], "E-1"), file(world, target, "E-2")
    after = START + timedelta(days=60)
    with unit_of_work():
        window = session().get_one(Topic, target).window
        conclude_when_answered(window=window, actor=world.actors["coordinator"], now=after)

    with pytest.raises(Refused, match="ya concluyó"), unit_of_work():
        succeed(
            predecessor=first,
            successor=second,
            kind=SuccessionKind.REFILED,
            reason="x",
            actor=world.actors["coordinator"],
            now=after,
        )

    assert submission.topic_id == world.topics["open"]


def test_text_filed_almost_the_same_is_offered_as_successor(world: World) -> None:
    words = "Este reglamento ordena que los vehículos de transporte escolar se revisen cada tres meses."
    window = get_window(world.slugs["open"])
    with unit_of_work():
        unit = session().get_one(Unit, world.units["transito"])
        first, second, other = (
            add_topic(window=window, title=title, summary=text, unit=unit, actor=world.actors["coordinator"], now=START)
            for title, text in (
                ("Reglamento de transporte", words),
                ("Reglamento de transporte escolar", words + " Se agregan multas."),
                ("Panteones", "Los panteones abrirán también por la tarde los domingos y días festivos."),
            )
        )
    file(world, first.id, "E-1")

    assert [(item.docket.key, item.share > 0.7) for item in find_likenesses(second)] == [("E-1", True)]
    assert find_likenesses(other) == []
