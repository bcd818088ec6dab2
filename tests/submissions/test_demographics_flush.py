"""Demographics leave their buffer in company, shuffled, under new keys and without a day; none is lost."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consulta.db import session, unit_of_work
from consulta.submissions.demographics import ENOUGH, buffer_demographics, flush_demographics
from consulta.submissions.drafts import DemographicsDraft
from consulta.submissions.models import BufferedDemographics, Demographics
from consulta.submissions.rules import AGE_GROUPS
from tests.builders import World, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")


def fill(world: World, window: str, many: int) -> list[DemographicsDraft]:
    """Put answers in the buffer of a window."""
    drafts = [
        DemographicsDraft("woman" if n % 3 else None, AGE_GROUPS[n % 5], f"{11001 + n % 46}") for n in range(many)
    ]
    window_id = get_window(world.slugs[window]).id
    with unit_of_work():
        for draft in drafts:
            buffer_demographics(window_id=window_id, draft=draft)
    return drafts


def flush(minutes: int = 0) -> None:
    """Run the periodic function."""
    with unit_of_work():
        flush_demographics(START + timedelta(minutes=minutes))


def counted(model: type[BufferedDemographics] | type[Demographics], world: World, window: str) -> Counter[object]:
    """Return how often each answer is in a table."""
    found = select(model).where(model.window_id == get_window(world.slugs[window]).id)
    return Counter(DemographicsDraft(row.sex, row.age_group, row.municipality) for row in session().scalars(found))


@pytest.mark.parametrize(("many", "is_moved"), [(1, False), (ENOUGH - 1, False), (ENOUGH, True), (ENOUGH + 700, True)])
def test_buffer_of_an_open_window_waits_for_company(world: World, many: int, is_moved: bool) -> None:
    drafts = fill(world, "open", many)

    flush()

    assert counted(Demographics, world, "open") == (Counter(drafts) if is_moved else Counter())
    assert counted(BufferedDemographics, world, "open") == (Counter() if is_moved else Counter(drafts))


def test_buffer_of_a_closed_window_is_emptied_whatever_it_holds(world: World) -> None:
    drafts = fill(world, "closed", 1)

    flush()

    assert counted(Demographics, world, "closed") == Counter(drafts)
    assert counted(BufferedDemographics, world, "closed") == Counter()


def test_buffer_is_emptied_at_the_instant_of_closing(world: World) -> None:
    fill(world, "open", 2)
    closes_at = get_window(world.slugs["open"]).closes_at
    assert closes_at is not None

    with unit_of_work():
        flush_demographics(closes_at - timedelta(microseconds=1))
    before = counted(Demographics, world, "open").total()
    with unit_of_work():
        flush_demographics(closes_at)

    assert (before, counted(Demographics, world, "open").total()) == (0, 2)


def test_mailbox_never_closes_so_its_buffer_waits(world: World) -> None:
    fill(world, "mailbox", ENOUGH - 1)

    with unit_of_work():
        flush_demographics(START + timedelta(days=3650))

    assert counted(Demographics, world, "mailbox").total() == 0


def test_each_window_waits_for_its_own_company(world: World) -> None:
    fill(world, "open", ENOUGH)
    waiting = fill(world, "mailbox", ENOUGH - 1)

    flush()

    assert counted(Demographics, world, "mailbox") == Counter()
    assert counted(BufferedDemographics, world, "mailbox") == Counter(waiting)


def test_keys_change_and_the_day_disappears(world: World) -> None:
    fill(world, "open", ENOUGH)
    keys = set(session().scalars(select(BufferedDemographics.key)))

    flush()

    assert len(keys) == ENOUGH
    assert not keys & set(session().scalars(select(Demographics.key)))
    assert {column.name for column in Demographics.__table__.columns} == {
        "key",
        "window_id",
        "sex",
        "age_group",
        "municipality",
    }


def test_flushing_again_and_again_loses_and_repeats_nothing(world: World) -> None:
    every: Counter[object] = Counter()
    for minutes, many in enumerate((40, 5, 30, 1, 29)):
        every += Counter(fill(world, "open", many))
        flush(minutes)

    both = counted(Demographics, world, "open") + counted(BufferedDemographics, world, "open")
    assert both == every
    assert counted(BufferedDemographics, world, "open") == Counter()


def test_flush_that_fails_leaves_the_buffer_as_it_was(world: World) -> None:
    drafts = fill(world, "open", ENOUGH)

    def flush_and_fail() -> None:
        with unit_of_work():
            flush_demographics(START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        flush_and_fail()

    assert counted(BufferedDemographics, world, "open") == Counter(drafts)
    assert session().scalar(select(func.count()).select_from(Demographics)) == 0


def test_flushed_ones_of_a_window_are_not_touched_again(world: World) -> None:
    fill(world, "closed", 3)
    flush()
    keys = set(session().scalars(select(Demographics.key)))

    fill(world, "open", ENOUGH)
    flush(1)

    assert keys <= set(session().scalars(select(Demographics.key)))


def test_nothing_answered_leaves_no_row(world: World) -> None:
    with unit_of_work():
        buffer_demographics(window_id=get_window(world.slugs["open"]).id, draft=DemographicsDraft())

    assert session().scalar(select(func.count()).select_from(BufferedDemographics)) == 0
