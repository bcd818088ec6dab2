"""The two clocks of a case, what happens when a date passes, and who is told."""

from datetime import timedelta

import pytest

from consulta.agencies.models import Unit
from consulta.clocks.recalendar import mark_passed
from consulta.db import session, unit_of_work
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from consulta.referrals.models import Referral
from consulta.referrals.routing import refer, return_referral
from tests.builders import World, a_referral, an_answered, get_window
from tests.clock import START, Clock

pytestmark = pytest.mark.usefixtures("scope")


def test_rerouting_never_resets_the_citizens_clock_and_starts_the_units(world: World) -> None:
    first = a_referral(world, START, topic="mailbox", draft={"kind": "petition"})
    later = START + timedelta(days=5)
    with unit_of_work():
        return_referral(referral=first, reason="No es mío.", actor=world.actors["respondent"], now=later)
        unit = session().get_one(Unit, world.units["redes"])
        second = refer(submission=first.submission, unit=unit, now=later, actor=world.actors["coordinator"])

    assert first.submission.clock is not None
    assert second.due_at == first.due_at == first.submission.clock.due_at
    assert first.clock is not None
    assert second.clock is not None
    assert first.clock.state == "met"
    assert second.clock.due_at is not None
    assert second.clock.due_at > second.due_at
    assert [event.kind for event in first.submission.clock.events] == ["start"]


def test_a_published_answer_stops_both(world: World) -> None:
    referral = an_answered(world, START)

    assert referral.clock is not None
    assert referral.submission.clock is not None
    assert (referral.clock.state, referral.submission.clock.state) == ("met", "met")
    assert [event.kind for event in referral.submission.clock.events] == ["start", "met"]


def test_a_window_that_closed_has_run_its_course_and_an_answer_that_is_late_was_missed(world: World) -> None:
    referral = a_referral(world, START, topic="mailbox", draft={"kind": "petition"})
    late = START + timedelta(days=60)

    with unit_of_work():
        mark_passed(late)

    window = get_window(world.slugs["open"])
    assert window.clock is not None
    assert window.clock.state == "met"
    clock = session().get_one(Referral, referral.id).submission.clock
    assert clock is not None
    assert (clock.state, clock.missed_at) == ("running", late)
    assert [event.kind for event in clock.events] == ["start", "missed"]


def test_who_signs_and_who_coordinates_are_told_once_per_unit_and_day(
    world: World, worker: Worker, clock: Clock
) -> None:
    for _ in range(3):
        a_referral(world, START, topic="mailbox", draft={"kind": "petition"})
    clock.now = START + timedelta(days=60)

    worker.drain()
    worker.drain()

    session().rollback()
    told = session().query(Notice).filter_by(kind="missed").order_by(Notice.address).all()
    assert [item.address for item in told] == [world.email("approver"), world.email("coordinator")]
    assert "3 respuestas" in told[0].body
    assert told[0].body.count("- GTO-") == 3
