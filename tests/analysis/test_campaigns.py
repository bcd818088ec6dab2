"""Groups of a window: proposed by machine, decided by people, kept through a new search; every comment stays."""

import pytest
from sqlalchemy import select

from consulta.analysis.finding import find_campaigns, look_everywhere
from consulta.analysis.models import Campaign
from consulta.analysis.operations import decide_campaign, propose_campaigns, take_member_out
from consulta.analysis.queries import list_campaigns, list_members, map_public_sizes
from consulta.analysis.states import CampaignState
from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.jobs.models import Job
from consulta.record.models import Leaf
from consulta.submissions.operations import receive_batch
from consulta.windows.counters import read_window_counts
from consulta.windows.models import Window
from measure.campaigns import TEMPLATES
from tests.builders import SECRET, World, a_delivery, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def window(world: World) -> Window:
    """A window with sixty comments: thirty of one text, five of another, the rest each its own."""
    texts = [f"{TEMPLATES[4]} Vivo en la casa {number}." for number in range(30)]
    texts += [f"Soy la persona {number}. {TEMPLATES[9]}" for number in range(5)]
    texts += [f"De acuerdo con la propuesta número {number}" for number in range(25)]
    deliveries = [a_delivery(world.topics["open"], START, draft={"text": text}) for text in texts]
    with unit_of_work():
        receive_batch(deliveries, secret=SECRET, clock=lambda: START)
    return get_window(world.slugs["open"])


def look(window: Window) -> list[Campaign]:
    """Search, and return what is proposed or confirmed."""
    find_campaigns({"window_id": window.id}, START)
    return list(list_campaigns(window.id))


def test_groups_are_proposed_biggest_first(window: Window) -> None:
    found = look(window)

    assert [(item.state, item.size) for item in found] == [("proposed", 30), ("proposed", 5)]
    assert found[0].parameters["version"]
    assert read_window_counts([window.id])[window.id]["received"] == 60


def test_new_search_proposes_anew_and_adds_nothing_twice(window: Window) -> None:
    look(window)

    assert [item.size for item in look(window)] == [30, 5]
    assert len(session().scalars(select(Campaign)).all()) == 2


def test_what_was_confirmed_grows_and_what_was_broken_stays_broken(window: Window, world: World) -> None:
    big, small = look(window)
    actor = world.actors["coordinator"]
    with unit_of_work():
        decide_campaign(campaign=big, state=CampaignState.CONFIRMED, reason="", actor=actor, now=START)
        decide_campaign(campaign=small, state=CampaignState.BROKEN, reason="Otro caso.", actor=actor, now=START)
    with unit_of_work():
        delivery = a_delivery(world.topics["open"], START, draft={"text": f"{TEMPLATES[4]} Llegué después."})
        receive_batch([delivery], secret=SECRET, clock=lambda: START)

    found = look(window)

    assert [(item.id, item.state, item.size) for item in found] == [(big.id, "confirmed", 31)]
    kinds = session().scalars(select(Leaf.kind).where(Leaf.kind.startswith("campaign."))).all()
    assert sorted(kinds) == ["campaign.broken", "campaign.confirmed"]


def test_member_taken_out_is_not_put_back(window: Window, world: World) -> None:
    [big, _] = look(window)
    actor = world.actors["respondent"]
    with unit_of_work():
        decide_campaign(campaign=big, state=CampaignState.CONFIRMED, reason="", actor=actor, now=START)
        take_member_out(member=list_members(big.id)[3], campaign=big, actor=actor, now=START)

    [again, _] = look(window)

    assert (again.id, again.size, len(list_members(big.id))) == (big.id, 29, 29)


def test_breaking_up_needs_a_reason_and_one_of_the_government(window: Window, world: World) -> None:
    big = look(window)[0]

    with pytest.raises(Refused, match="por qué"), unit_of_work():
        decide_campaign(
            campaign=big, state=CampaignState.BROKEN, reason=" ", actor=world.actors["coordinator"], now=START
        )
    with pytest.raises(Forbidden), unit_of_work():
        decide_campaign(
            campaign=big, state=CampaignState.CONFIRMED, reason="", actor=world.actors["moderator"], now=START
        )


def test_few_comments_are_read_one_by_one(world: World) -> None:
    find_campaigns({"window_id": get_window(world.slugs["open"]).id}, START)

    assert session().scalars(select(Campaign)).all() == []


def test_only_windows_with_enough_comments_are_searched(window: Window) -> None:
    with unit_of_work():
        look_everywhere(START)

    asked = session().scalars(select(Job.payload).where(Job.kind == "campaigns.find")).all()
    assert asked == [{"window_id": window.id}]


def test_public_size_counts_what_everybody_may_read(window: Window) -> None:
    big = look(window)[0]

    assert map_public_sizes([big.id]) == {}
    with unit_of_work():
        propose_campaigns(window_id=window.id, clusters=[], now=START)
    assert list_campaigns(window.id) == []
