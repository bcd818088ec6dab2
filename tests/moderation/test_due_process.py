"""Moderation with due process: a closed list of grounds, public versions, notice, appeal to another post, figures."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.agencies.queries import get_government
from consulta.db import session, unit_of_work
from consulta.errors import Refused
from consulta.moderation.appeals import decide_appeal, file_appeal, list_open_appeals
from consulta.moderation.figures import read_quarters
from consulta.moderation.grounds import load_grounds
from consulta.moderation.operations import is_review_on_time, publish_text, redact_text, withhold_text
from consulta.moderation.states import AppealState
from consulta.notices.models import Notice
from consulta.submissions.models import Submission
from consulta.submissions.queries import list_published
from consulta.submissions.redaction import public_text
from consulta.windows.counters import read_counts
from tests.builders import World, a_published, a_submission
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
TEXT = "Mi vecina Rosa Inventada, de Hidalgo 12, no deja dormir. Pido horario para los bares."


def received(world: World) -> Submission:
    """A comment with the name and the house of somebody else."""
    return a_submission(world.topics["open"], START, draft={"text": TEXT, "email": "ana@ejemplo.mx"})


def withhold(world: World, submission: Submission, ground: str = "personal_data") -> None:
    """Withhold as the moderator."""
    actor = world.actors["moderator"]
    with unit_of_work():
        withhold_text(submission=submission, ground=ground, reason="Nombra a una vecina.", actor=actor, now=START)


def redact(world: World, submission: Submission, *passages: str) -> None:
    """Publish without passages as the moderator."""
    with unit_of_work():
        redact_text(
            submission=submission,
            passages=passages,
            ground="personal_data",
            note="",
            actor=world.actors["moderator"],
            now=START,
        )


def test_public_version_leaves_passages_out_and_the_original_stays(world: World) -> None:
    submission = received(world)

    redact(world, submission, "Rosa Inventada", "Hidalgo 12")

    assert public_text(submission) == "Mi vecina [testado], de [testado], no deja dormir. Pido horario para los bares."
    assert submission.text == TEXT
    assert [item.folio for item in list_published(world.topics["open"])] == [submission.folio]
    assert read_counts([world.topics["open"]])[world.topics["open"]]["published"] == 1
    told = session().scalars(select(Notice.body).where(Notice.kind == "moderation")).one()
    assert "Muestra datos personales de otra persona" in told
    assert "Rosa" not in told


def test_public_version_may_be_made_after_publishing_and_is_counted_once(world: World) -> None:
    submission = received(world)
    with unit_of_work():
        publish_text(submission=submission, actor=world.actors["moderator"], now=START)

    redact(world, submission, "Hidalgo 12")

    assert "Hidalgo" not in public_text(submission)
    assert read_counts([world.topics["open"]])[world.topics["open"]]["published"] == 1


@pytest.mark.parametrize("passage", ["Rosa inventada", "", "   "])
def test_passage_that_is_not_there_is_refused(world: World, passage: str) -> None:
    with pytest.raises(Refused):
        redact(world, received(world), passage)


@pytest.mark.parametrize("ground", ["", "criticism", "Critica al gobierno"])
def test_nothing_outside_the_list_keeps_a_text_from_the_public(world: World, ground: str) -> None:
    with pytest.raises(Refused, match="causa de la lista"):
        withhold(world, received(world), ground)


def test_list_has_a_legal_basis_for_each_and_criticism_is_not_on_it() -> None:
    grounds = load_grounds()

    assert all(item.citation and item.title for item in grounds.values())
    assert not any(word in item.title.lower() for item in grounds.values() for word in ("crític", "opini", "ofens"))


def test_author_appeals_and_another_post_shows_the_text(world: World) -> None:
    submission = received(world)
    withhold(world, submission)
    with unit_of_work():
        appeal = file_appeal(submission=submission, text="Es mi propia dirección.", now=START)

    with pytest.raises(Refused, match="otra persona"), unit_of_work():
        decide_appeal(appeal=appeal, state=AppealState.UPHELD, reason="No.", actor=world.actors["moderator"], now=START)
    with unit_of_work():
        decide_appeal(
            appeal=appeal,
            state=AppealState.OVERTURNED,
            reason="Es su propia casa.",
            actor=world.actors["coordinator"],
            now=START,
        )

    assert (submission.state, submission.withheld_reason) == ("published", None)
    assert list_open_appeals(world.government_id) == []
    assert appeal.clock is not None
    assert (appeal.clock.kind, appeal.clock.state, appeal.clock.n) == ("appeal", "met", 5)
    assert session().scalars(select(Notice.kind).where(Notice.kind == "appeal")).all() == ["appeal"]


def test_overturned_public_version_is_shown_whole(world: World) -> None:
    submission = received(world)
    redact(world, submission, "Hidalgo 12")
    with unit_of_work():
        appeal = file_appeal(submission=submission, text="Es mi casa.", now=START)
        decide_appeal(
            appeal=appeal,
            state=AppealState.OVERTURNED,
            reason="Es suya.",
            actor=world.actors["coordinator"],
            now=START,
        )

    assert public_text(submission) == TEXT


def test_upheld_appeal_leaves_it_as_it_was_and_is_not_filed_again(world: World) -> None:
    submission = received(world)
    withhold(world, submission)
    with unit_of_work():
        appeal = file_appeal(submission=submission, text="No nombra a nadie.", now=START)
    with pytest.raises(Refused, match="Ya lo impugnó"), unit_of_work():
        file_appeal(submission=submission, text="Otra vez.", now=START)
    with unit_of_work():
        decide_appeal(
            appeal=appeal,
            state=AppealState.UPHELD,
            reason="Sí la nombra.",
            actor=world.actors["coordinator"],
            now=START,
        )

    assert submission.state == "withheld"
    with pytest.raises(Refused, match="Ya lo impugnó"), unit_of_work():
        file_appeal(submission=submission, text="Otra vez.", now=START)


def test_appeal_that_waits_covers_what_is_decided_meanwhile(world: World) -> None:
    submission = received(world)
    redact(world, submission, "Hidalgo 12")
    with unit_of_work():
        appeal = file_appeal(submission=submission, text="Es mi casa.", now=START)
        withhold_text(
            submission=submission,
            ground="personal_data",
            reason="Nombra a una vecina.",
            actor=world.actors["coordinator"],
            now=START,
        )

    with pytest.raises(Refused, match="Ya lo impugnó"), unit_of_work():
        file_appeal(submission=submission, text="Otra vez.", now=START)
    for role in ("moderator", "coordinator"):
        with pytest.raises(Refused, match="otra persona"), unit_of_work():
            decide_appeal(appeal=appeal, state=AppealState.UPHELD, reason="No.", actor=world.actors[role], now=START)


def test_what_is_shown_whole_has_nothing_to_appeal(world: World) -> None:
    shown = a_published(world, START)

    with pytest.raises(Refused, match="se muestra completo"), unit_of_work():
        file_appeal(submission=shown, text="Nada.", now=START)


def test_review_takes_a_business_day(world: World) -> None:
    submission = received(world)

    assert is_review_on_time(submission, START + timedelta(days=1))
    assert not is_review_on_time(submission, START + timedelta(days=2))


def test_quarter_counts_acts_grounds_and_appeals(world: World) -> None:
    first, second = received(world), received(world)
    withhold(world, first)
    redact(world, second, "Hidalgo 12")
    a_published(world, START)
    with unit_of_work():
        file_appeal(submission=first, text="No.", now=START)

    quarter = read_quarters(get_government(world.government_id), START.year)[1]

    assert dict(quarter.acts) == {"withheld": 1, "redacted": 1, "published": 1}
    assert dict(quarter.grounds) == {"personal_data": 2}
    assert dict(quarter.appeals) == {"open": 1}
    assert (quarter.reviewed, quarter.late) == (3, 0)
