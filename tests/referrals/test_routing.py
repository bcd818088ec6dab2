"""Routing: by topic, by the coordinator, again after a return; due dates that never restart and follow extensions."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consulta.actors import Role
from consulta.agencies.models import Unit
from consulta.agencies.operations import create_agency, create_unit
from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.jobs.worker import Worker
from consulta.record.models import Leaf
from consulta.referrals.models import Referral
from consulta.referrals.queries import list_unrouted
from consulta.referrals.routing import refer, refer_by_topic, return_referral
from consulta.referrals.tray import list_tray
from consulta.submissions.models import Submission
from consulta.windows.dating import extend_window
from tests.builders import World, a_government, a_holder, a_referral, a_submission, a_window, get_window
from tests.clock import START, Clock

pytestmark = pytest.mark.usefixtures("scope")


def give_back(world: World, referral: Referral) -> None:
    """Return a referral as its respondent."""
    with unit_of_work():
        return_referral(referral=referral, reason="Toca a Redes.", actor=world.actors["respondent"], now=START)


def work(worker: Worker) -> None:
    """Let the worker finish, and look at what it left."""
    worker.drain()
    session().rollback()


def send(world: World, submission: Submission, unit: str, now: datetime = START) -> Referral:
    """Refer a submission to a unit as the coordinator."""
    with unit_of_work():
        return refer(
            submission=submission,
            unit=session().get_one(Unit, world.units[unit]),
            now=now,
            actor=world.actors["coordinator"],
        )


def leaves(folio: str, kind: str) -> int:
    """Count the leaves of a kind."""
    return len(session().scalars(select(Leaf.id).where(Leaf.public_id == folio, Leaf.kind == kind)).all())


def test_topic_routes_what_arrives(world: World, worker: Worker) -> None:
    submission = a_submission(world.topics["open"], START)

    work(worker)

    [referral] = list_tray(unit_ids=[world.units["transito"]])
    assert (referral.submission.folio, referral.state) == (submission.folio, "referred")
    assert referral.referred_by_post_id is None
    assert leaves(submission.folio, "submission.referred") == 1


def test_topic_without_unit_waits_for_the_coordinator(world: World, worker: Worker) -> None:
    submission = a_submission(world.topics["open-unrouted"], START)
    work(worker)
    assert [item.folio for item in list_unrouted(world.government_id)] == [submission.folio]

    referral = send(world, submission, "redes")

    assert referral.referred_by_post_id == world.actors["coordinator"].post_id
    assert list_unrouted(world.government_id) == []


def test_routing_job_worked_twice_refers_once(world: World) -> None:
    referral = a_referral(world, START)

    with unit_of_work():
        refer_by_topic({"folio": referral.submission.folio}, START)

    assert len(session().scalars(select(Referral)).all()) == 1


def test_late_one_is_referred_by_nobody(world: World, worker: Worker) -> None:
    submission = a_submission(world.topics["closed"], START)
    work(worker)
    assert session().scalars(select(Referral)).all() == []

    with pytest.raises(Refused, match="fuera de plazo"):
        send(world, submission, "redes")
    assert list_unrouted(world.government_id) == []


def test_submission_is_at_one_unit_at_a_time(world: World) -> None:
    referral = a_referral(world, START)

    with pytest.raises(Refused, match="Ya está turnado"):
        send(world, referral.submission, "redes")


@pytest.mark.parametrize("role", ["respondent", "approver", "moderator", "auditor", "administrator"])
def test_only_the_coordinator_refers(world: World, role: str) -> None:
    submission = a_submission(world.topics["open-unrouted"], START)
    unit = session().get_one(Unit, world.units["redes"])

    with pytest.raises(Forbidden), unit_of_work():
        refer(submission=submission, unit=unit, now=START, actor=world.actors[role])


def test_units_and_coordinators_of_another_government_take_no_part(world: World) -> None:
    submission = a_submission(world.topics["open-unrouted"], START)
    with unit_of_work():
        other = a_government(now=START, key="otro", prefix="OTR")
        agency = create_agency(government=other, key="agua", name="Agua de otro", now=START)
        unit = create_unit(agency=agency, key="redes", name="Redes de otro", now=START)
        stranger = a_holder(other, unit, Role.COORDINATOR, "otro-coordinator", START)

    with pytest.raises(Refused) as refused, unit_of_work():
        refer(submission=submission, unit=unit, now=START, actor=world.actors["coordinator"])
    with pytest.raises(Forbidden), unit_of_work():
        refer(submission=submission, unit=unit, now=START, actor=stranger)

    assert refused.value.field == "unit_id"


def test_due_date_is_ten_business_days_after_closing_with_its_derivation(world: World) -> None:
    window, referral = get_window(world.slugs["open"]), a_referral(world, START)

    # Opened on Sunday 7 June; 20 business days end on Friday 3 July; ten more on Friday 17 July, at 24:00 h.
    assert window.derivation is not None
    assert window.derivation["due_on"] == "2026-07-03"
    assert referral.due_at == datetime(2026, 7, 18, 6, 0, tzinfo=UTC)
    derivation = referral.derivation
    assert (derivation["starts_on"], derivation["due_on"], derivation["n"]) == ("2026-07-03", "2026-07-17", 10)
    assert (derivation["unit"], derivation["calendar"]) == ("business_day", "lft")
    assert derivation["citation"]
    counted = [day["number"] for day in derivation["days"] if day["counted"]]
    assert counted == list(range(1, 11))
    assert [day["date"] for day in derivation["days"] if not day["counted"]] == [
        "2026-07-04",
        "2026-07-05",
        "2026-07-11",
        "2026-07-12",
    ]


def test_due_date_skips_a_day_that_the_calendar_declares(world: World) -> None:
    opened = datetime(2026, 8, 17, 18, 0, tzinfo=UTC)
    slug, topics = a_window(world, title="Con 16 de septiembre", opened=opened, now=opened, days=20)
    assert get_window(slug).closes_at == datetime(2026, 9, 15, 6, 0, tzinfo=UTC)
    world.topics["september"] = topics[0]

    referral = a_referral(world, opened, topic="september")

    # From Monday 14 September: the 16th, Independence Day, does not count.
    assert referral.derivation["due_on"] == "2026-09-29"
    [holiday] = [day for day in referral.derivation["days"] if day["date"] == "2026-09-16"]
    assert not holiday["counted"]


def test_mailbox_counts_five_business_days_from_the_day_of_reception(world: World) -> None:
    referral = a_referral(world, START, topic="mailbox", draft={"kind": "petition"})

    assert referral.derivation["starts_on"] == "2026-06-10"
    assert referral.due_at == datetime(2026, 6, 18, 6, 0, tzinfo=UTC)


def test_day_of_reception_is_the_one_of_the_government(world: World) -> None:
    late_evening = datetime(2026, 6, 11, 5, 59, tzinfo=UTC)

    referral = a_referral(world, late_evening, topic="mailbox", draft={"kind": "petition"})

    assert referral.derivation["starts_on"] == "2026-06-10"


def test_return_and_new_referral_keep_the_due_date_of_the_citizen(world: World) -> None:
    first = a_referral(world, START, topic="mailbox", draft={"kind": "petition"})
    due_at, folio = first.due_at, first.submission.folio

    give_back(world, first)
    second = send(world, first.submission, "redes", START + timedelta(days=3))

    assert (first.state, first.return_reason) == ("returned", "Toca a Redes.")
    assert (second.due_at, second.derivation) == (due_at, first.derivation)
    assert second.referred_at == START + timedelta(days=3)
    assert leaves(folio, "referral.returned") == 1
    assert leaves(folio, "submission.referred") == 2


def test_returned_one_waits_at_the_coordinator_with_its_reason(world: World) -> None:
    referral = a_referral(world, START)

    give_back(world, referral)

    assert [item.folio for item in list_unrouted(world.government_id)] == [referral.submission.folio]
    assert list_tray(unit_ids=[world.units["transito"]]) == []
    with pytest.raises(Refused, match="está devuelto"):
        give_back(world, referral)


def extend(world: World, days: int = 5) -> None:
    """Extend the open window."""
    with unit_of_work():
        extend_window(
            window=get_window(world.slugs["open"]),
            days=days,
            legal_basis="Artículo 28",
            reason="Lo pidieron.",
            agreement="A-1",
            actor=world.actors["coordinator"],
            now=START,
        )


def test_extension_moves_due_dates_later_through_the_job(world: World, worker: Worker, clock: Clock) -> None:
    moved = a_referral(world, START)
    before, folio = moved.due_at, moved.submission.folio
    work(worker)

    extend(world)
    session().refresh(moved)
    assert moved.due_at == before, "moved by the worker and not by the act"
    work(worker)

    session().refresh(moved)
    assert get_window(world.slugs["open"]).closes_at == datetime(2026, 7, 11, 6, 0, tzinfo=UTC)
    assert moved.due_at == datetime(2026, 7, 25, 6, 0, tzinfo=UTC)
    assert moved.derivation["starts_on"] == "2026-07-10"
    assert leaves(folio, "referral.due_moved") == 1


def test_extension_leaves_returned_ones_and_other_windows_alone(world: World, worker: Worker) -> None:
    returned = a_referral(world, START)
    elsewhere = a_referral(world, START, topic="mailbox", draft={"kind": "petition"})
    before = (returned.due_at, elsewhere.due_at)
    give_back(world, returned)

    extend(world)
    work(worker)

    session().expire_all()
    assert (returned.due_at, elsewhere.due_at) == before


def test_referral_after_a_return_and_an_extension_has_the_later_date(world: World, worker: Worker) -> None:
    first = a_referral(world, START)
    give_back(world, first)

    extend(world)
    work(worker)
    second = send(world, first.submission, "redes")

    assert second.due_at == datetime(2026, 7, 25, 6, 0, tzinfo=UTC)
