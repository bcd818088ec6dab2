"""Figures of people are released once, when nothing more can come; a mailbox once a year; never live, never twice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from consulta.db import session, unit_of_work
from consulta.disclosure import Policy
from consulta.errors import Forbidden, Refused
from consulta.participation.models import PeopleRelease
from consulta.participation.operations import RELEASED, release_due, release_people
from consulta.participation.queries import find_latest, tables_of
from consulta.participation.reach import ReachVerdict, compare
from consulta.participation.watching import list_absent, watch
from consulta.participation.wording import headline
from consulta.participation.years import list_years, sum_year
from consulta.record.models import Leaf
from consulta.submissions.demographics import buffer_demographics, flush_demographics
from consulta.submissions.drafts import DemographicsDraft
from consulta.submissions.models import BufferedDemographics
from consulta.submissions.states import Behalf
from tests.builders import World, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
POLICY = Policy()
LATER = START + timedelta(days=60)


def take_part(world: World, window: str, many: int, **said: str | None) -> None:
    """Let people take part who say the same of themselves."""
    with unit_of_work():
        for _ in range(many):
            buffer_demographics(
                window=get_window(world.slugs[window]), behalf=Behalf.SELF, draft=DemographicsDraft(**said)
            )


def release(world: World, window: str, now: datetime = LATER, role: str | None = None) -> PeopleRelease:
    """Release a window's figures."""
    with unit_of_work():
        return release_people(
            window=get_window(world.slugs[window]),
            policy=POLICY,
            actor=world.actors[role] if role else None,
            now=now,
        )


def test_release_tells_who_took_part_and_leaves_its_leaf(world: World) -> None:
    take_part(world, "open", 439, sex="woman", age_group="30-44", municipality="11015")
    take_part(world, "open", 443, sex="man", age_group="18-29", municipality="11020")

    found = release(world, "open")

    people, _organizations = tables_of(found)
    assert headline(people) == "882 opiniones. De cada 100: 50 de mujeres, 50 de hombres y 0 de quienes no lo dijeron."
    assert session().scalars(select(Leaf.public_id).where(Leaf.kind == RELEASED)).all() == [world.slugs["open"]]
    assert session().scalars(select(BufferedDemographics)).all() == []


def test_open_window_is_not_released(world: World) -> None:
    with pytest.raises(Refused, match="Nunca en vivo"):
        release(world, "open", START)


def test_window_is_not_released_while_paper_may_still_be_captured(world: World) -> None:
    closes_at = get_window(world.slugs["open"]).closes_at
    assert closes_at is not None

    with pytest.raises(Refused, match="capturarse"):
        release(world, "open", closes_at + timedelta(hours=1))


def test_second_release_of_a_window_is_refused(world: World) -> None:
    release(world, "closed")

    with pytest.raises(Refused, match="no se vuelven a contar"):
        release(world, "closed", LATER + timedelta(days=400))


def test_only_the_coordination_releases_by_hand(world: World) -> None:
    with pytest.raises(Forbidden):
        release(world, "closed", role="respondent")

    assert release(world, "closed", role="coordinator").number == 1


def test_mailbox_is_released_once_a_year_and_follows_itself(world: World) -> None:
    take_part(world, "mailbox", 60, sex="woman")
    take_part(world, "mailbox", 60, sex="man")
    with unit_of_work():
        flush_demographics(START)
    with pytest.raises(Refused, match="una vez al año"):
        release(world, "mailbox", START)

    next_year = START.replace(year=START.year + 1)
    first = release(world, "mailbox", next_year)
    take_part(world, "mailbox", 40, sex="woman")
    with unit_of_work():
        flush_demographics(next_year)
    with pytest.raises(Refused, match="una vez al año"):
        release(world, "mailbox", next_year + timedelta(days=1))
    second = release(world, "mailbox", START.replace(year=START.year + 2))

    people = [tables_of(found)[0] for found in (first, second)]
    assert [table.total for table in people] == [120, 160]
    assert people[0].questions == people[1].questions


def test_mailbox_with_few_opinions_waits(world: World) -> None:
    with pytest.raises(Refused, match="muy pocas"):
        release(world, "mailbox", START.replace(year=START.year + 1))


def test_worker_releases_what_is_due_and_nothing_else(world: World) -> None:
    for _ in range(2):
        with unit_of_work():
            release_due(POLICY)(START)

    released = session().scalars(select(PeopleRelease)).all()
    assert [found.window.slug for found in released] == [world.slugs["closed"]]


def test_year_is_the_sum_of_what_was_published(world: World) -> None:
    take_part(world, "open", 100, sex="woman")
    take_part(world, "open", 50, sex="man")
    found = release(world, "open")

    assert list_years() == [LATER.year]
    assert sum_year([found, found])["sex"] == {"woman": 200, "man": 100}


def test_reach_says_less_more_and_what_it_cannot_say(world: World) -> None:
    take_part(world, "open", 300, sex="woman", age_group="30-44")
    take_part(world, "open", 50, sex="man", age_group="60+")
    rows = compare(tables_of(release(world, "open"))[0], "11")

    found = {(row.question, row.value): row for row in rows}
    assert found["sex", "woman"].verdict == ReachVerdict.MORE
    assert found["sex", "man"].verdict == ReachVerdict.LESS
    assert found["age_group", "0-17"].verdict == ReachVerdict.UNKNOWN
    assert found["municipality", "11015"].verdict == ReachVerdict.UNKNOWN
    assert round(found["sex", "woman"].population, 1) == 51.4


def test_silence_widens_what_can_be_said(world: World) -> None:
    take_part(world, "open", 60, sex="woman")
    take_part(world, "open", 60, sex="man")
    take_part(world, "open", 60)
    [woman, man, *_] = compare(tables_of(release(world, "open"))[0], "11")

    assert woman.verdict == man.verdict == ReachVerdict.LIKE
    assert woman.least is not None
    assert woman.most is not None
    assert (round(woman.least), round(woman.most)) == (32, 69)


def test_municipality_is_compared_with_itself(world: World) -> None:
    take_part(world, "open", 60, sex="woman")
    take_part(world, "open", 60, sex="man")

    rows = compare(tables_of(release(world, "open"))[0], "11020")

    assert {row.question for row in rows} == {"sex", "age_group"}


def test_coordination_sees_bands_of_what_left_the_buffer(world: World) -> None:
    take_part(world, "open", 45, sex="woman")
    window = get_window(world.slugs["open"])
    assert watch(window) == []

    with unit_of_work():
        flush_demographics(START)
    groups = watch(get_window(world.slugs["open"]))

    sexes = {group.value: (group.least, group.most) for group in groups if group.question == "sex"}
    assert sexes == {"woman": (25, 49), "man": (None, None)}
    assert "man" in {group.value for group in list_absent(groups, "11")}


def test_nothing_released_is_nothing_found(world: World) -> None:
    assert find_latest(get_window(world.slugs["open"]).id) is None
