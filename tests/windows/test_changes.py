"""Shortening and annulling: two people, never below the law, and nothing that was received is lost."""

from datetime import timedelta

import pytest

from consulta.actors import Actor, Role
from consulta.agencies.models import Unit
from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.record.queries import list_acts
from consulta.windows.changes import approve_change, propose_change, reject_change, withdraw_change
from consulta.windows.models import DateChange, Window
from consulta.windows.operations import status_of
from consulta.windows.outages import beat, list_outages_of
from consulta.windows.states import DateChangeKind, DateChangeState, WindowStatus
from tests.builders import World, a_holder, a_receipt, get_submission, get_window
from tests.clock import START

GROUNDS = {"legal_basis": "Artículo 28", "reason": "El texto se retiró.", "agreement": "A-7"}

pytestmark = pytest.mark.usefixtures("scope")


def propose(
    world: World, kind: DateChangeKind = DateChangeKind.SHORTEN, days: int | None = 15, **grounds: str
) -> DateChange:
    """Propose a change of the open window, which runs for twenty business days."""
    with unit_of_work():
        return propose_change(
            window=get_window(world.slugs["open"]),
            kind=kind,
            days=days,
            actor=world.actors["coordinator"],
            now=START,
            **{**GROUNDS, **grounds},
        )


def another_coordinator(world: World) -> Actor:
    """Appoint a second coordinator."""
    with unit_of_work():
        unit = session().get_one(Unit, world.units["transito"])
        return a_holder(unit.agency.government, unit, Role.COORDINATOR, "otra-coordinacion", START - timedelta(days=9))


def test_proposing_moves_nothing(world: World) -> None:
    before = get_window(world.slugs["open"]).closes_at

    propose(world)

    assert get_window(world.slugs["open"]).closes_at == before


def test_another_person_approves_and_the_term_counts_anew(world: World) -> None:
    change = propose(world)
    before = change.from_closes_at

    with unit_of_work():
        approve_change(change=change, actor=world.actors["control"], now=START)

    window = get_window(world.slugs["open"])
    assert window.closes_at is not None
    assert before is not None
    assert window.closes_at < before
    assert window.derivation is not None
    assert (window.derivation["n"], window.derivation["citation"]) == (15, "LNETB 28")
    assert (change.state, change.to_closes_at) == (DateChangeState.APPROVED, window.closes_at)
    kinds = [leaf.kind for leaf, _ in list_acts(window.slug)]
    assert kinds[-2:] == ["window.change_proposed", "window.change_approved"]


def test_who_proposed_cannot_approve_even_from_another_post(world: World) -> None:
    change = propose(world)
    mine = world.actors["coordinator"]
    same_person = Actor(
        world.actors["control"].post_id, Role.CONTROL, mine.unit_id, mine.agency_id, mine.government_id, mine.person_id
    )

    for actor in (mine, same_person):
        with pytest.raises(Refused, match="otra persona"), unit_of_work():
            approve_change(change=change, actor=actor, now=START)
    with pytest.raises(Forbidden), unit_of_work():
        approve_change(change=change, actor=world.actors["administrator"], now=START)


def test_a_second_coordinator_may_approve(world: World) -> None:
    actor, change = another_coordinator(world), propose(world)

    with unit_of_work():
        approve_change(change=change, actor=actor, now=START)

    assert change.state == DateChangeState.APPROVED


@pytest.mark.parametrize(
    ("days", "message"),
    [(9, "plazo mínimo es de 10"), (20, "no se acorta"), (25, "no se acorta"), (None, "cuántos días")],
)
def test_never_below_the_law_and_never_longer(world: World, days: int | None, message: str) -> None:
    with pytest.raises(Refused, match=message) as refused:
        propose(world, days=days)

    assert refused.value.field == "days"


def test_a_closing_that_has_passed_is_refused_also_when_it_is_approved_too_late(world: World) -> None:
    change = propose(world, days=10)
    late = START + timedelta(days=12)

    with pytest.raises(Refused, match="ya habría cerrado"), unit_of_work():
        approve_change(change=change, actor=world.actors["control"], now=late)
    assert session().get_one(DateChange, change.id).state == DateChangeState.PROPOSED


@pytest.mark.parametrize("missing", ["legal_basis", "reason", "agreement"])
def test_grounds_are_required(world: World, missing: str) -> None:
    with pytest.raises(Refused) as refused:
        propose(world, **{missing: "  "})

    assert refused.value.field == missing


def test_one_proposal_at_a_time_and_its_author_takes_it_back(world: World) -> None:
    change = propose(world)

    with pytest.raises(Refused, match="Ya hay una propuesta"):
        propose(world, days=12)
    with unit_of_work():
        withdraw_change(change=change, actor=world.actors["coordinator"], now=START)

    assert propose(world, days=12).state == DateChangeState.PROPOSED


def test_a_rejection_needs_its_reason_and_decides_once(world: World) -> None:
    change, control = propose(world), world.actors["control"]

    with pytest.raises(Refused, match="por qué no procede"), unit_of_work():
        reject_change(change=change, reason=" ", actor=control, now=START)
    with unit_of_work():
        reject_change(change=change, reason="Ya se difundió la fecha.", actor=control, now=START)
    with pytest.raises(Refused, match="ya se decidió"), unit_of_work():
        approve_change(change=change, actor=control, now=START)


class TestAnnulment:
    def annul(self, world: World) -> Window:
        change = propose(world, kind=DateChangeKind.ANNUL, days=None)
        with unit_of_work():
            approve_change(change=change, actor=world.actors["control"], now=START)
        return get_window(world.slugs["open"])

    def test_the_window_says_so_and_takes_nothing_more_in_time(self, world: World) -> None:
        before = a_receipt(world.topics["open"], START)

        window = self.annul(world)

        assert status_of(window, START) == WindowStatus.ANNULLED
        after = a_receipt(world.topics["open"], START + timedelta(minutes=1))
        assert get_submission(before.folio).is_admitted
        late = get_submission(after.folio)
        assert (late.is_admitted, late.admission) == (False, "late")

    def test_its_clock_has_stopped(self, world: World) -> None:
        window = self.annul(world)

        assert window.clock is not None
        assert window.clock.state == "met"

    def test_it_cannot_be_changed_any_more(self, world: World) -> None:
        self.annul(world)

        with pytest.raises(Refused, match="Solo se anula"):
            propose(world, kind=DateChangeKind.ANNUL, days=None)


class TestOutages:
    def test_a_silence_is_an_outage_and_a_pause_is_not(self, world: World) -> None:
        window = get_window(world.slugs["open"])
        for minutes in (0, 1, 30):
            with unit_of_work():
                beat(START + timedelta(minutes=minutes))
        assert list_outages_of(window) == []

        with unit_of_work():
            beat(START + timedelta(hours=3))

        [outage] = list_outages_of(get_window(world.slugs["open"]))
        assert (outage.from_at, outage.to_at) == (START + timedelta(minutes=30), START + timedelta(hours=3))
        assert list_outages_of(get_window(world.slugs["closed"])) == []
