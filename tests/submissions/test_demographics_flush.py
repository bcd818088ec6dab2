"""Demographics leave their buffer in company, shuffled, under new keys and without a day; none is lost."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from consulta.db import Database, session, unit_of_work
from consulta.submissions.buffer_keys import KeyLost
from consulta.submissions.demographics import ENOUGH, buffer_demographics, flush_demographics
from consulta.submissions.drafts import DemographicsDraft
from consulta.submissions.models import BufferedDemographics, Demographics
from consulta.submissions.states import Behalf
from consulta.windows.margins import limits_of
from consulta.windows.questions import BY_KEY, KEYS
from tests.builders import World, buffered, get_window
from tests.clock import START

AGE_GROUPS = BY_KEY["age_group"].values
pytestmark = pytest.mark.usefixtures("scope")


def fill(world: World, window: str, many: int) -> list[DemographicsDraft]:
    """Put answers in the buffer of a window."""
    drafts = [
        DemographicsDraft("woman" if n % 3 else None, AGE_GROUPS[n % 5], f"{11001 + n % 46}") for n in range(many)
    ]
    with unit_of_work():
        for draft in drafts:
            buffer_demographics(window=get_window(world.slugs[window]), behalf=Behalf.SELF, draft=draft)
    return drafts


def flush(minutes: int = 0) -> None:
    """Run the periodic function."""
    with unit_of_work():
        flush_demographics(START + timedelta(minutes=minutes))


def counted(model: type[BufferedDemographics] | type[Demographics], world: World, window: str) -> Counter[object]:
    """Return how often each answer is in a table."""
    window_id = get_window(world.slugs[window]).id
    if model is BufferedDemographics:
        return Counter(draft_of(said) for said in buffered(window_id))
    found = session().scalars(select(Demographics).where(Demographics.window_id == window_id))
    return Counter(DemographicsDraft(**{name: getattr(row, name) for name in KEYS}) for row in found)


def draft_of(said: dict[str, str]) -> DemographicsDraft:
    """Return what was sealed as a draft."""
    return DemographicsDraft(**{name: said.get(name) for name in KEYS})


def over(world: World, window: str) -> datetime:
    """Return the instant from which nothing that counts can come into a window."""
    limits = limits_of(get_window(world.slugs[window]))
    assert limits.captures_until is not None
    return limits.captures_until + limits.grace


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


def test_buffer_is_emptied_once_nothing_more_can_come(world: World) -> None:
    fill(world, "open", 2)
    end = over(world, "open")

    with unit_of_work():
        flush_demographics(end - timedelta(microseconds=1))
    before = counted(Demographics, world, "open").total()
    with unit_of_work():
        flush_demographics(end)

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
    assert {column.name for column in Demographics.__table__.columns} == {"key", "window_id", "behalf", *KEYS}


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


def test_silence_is_kept_too_so_that_it_can_be_counted(world: World) -> None:
    with unit_of_work():
        buffer_demographics(window=get_window(world.slugs["open"]), behalf=Behalf.SELF, draft=DemographicsDraft())

    assert buffered(get_window(world.slugs["open"]).id) == [{"behalf": "self"}]


def test_what_a_window_does_not_ask_is_not_kept(world: World) -> None:
    draft = DemographicsDraft(sex="woman", indigenous="yes", organization_kind="company")
    with unit_of_work():
        window = get_window(world.slugs["open"])
        buffer_demographics(window=window, behalf=Behalf.SELF, draft=draft)
        buffer_demographics(window=window, behalf=Behalf.ORGANIZATION, draft=draft)

    kept = sorted(buffered(get_window(world.slugs["open"]).id), key=lambda said: said["behalf"])
    assert kept == [{"behalf": "organization", "organization_kind": "company"}, {"behalf": "self", "sex": "woman"}]


def test_nothing_that_waits_can_be_read_without_its_key_and_its_key_is_destroyed(
    world: World, database: Database, tmp_path: Path
) -> None:
    fill(world, "open", ENOUGH)
    folder = session().info["demographics_keys"]
    sealed = session().scalars(select(BufferedDemographics.sealed)).all()
    keys = [path.read_bytes() for path in folder.glob("*.clave")]

    flush()
    flush(1)

    assert len({len(item) for item in sealed}) == 1
    assert not any(b"woman" in item or b"3-0" in item for item in sealed)
    assert len(keys) == 1
    assert list(folder.glob("*.clave")) == []


def test_key_outlives_a_flush_that_was_rolled_back(world: World) -> None:
    drafts = fill(world, "open", ENOUGH)

    def flush_and_fail() -> None:
        with unit_of_work():
            flush_demographics(START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        flush_and_fail()
    more = fill(world, "open", 3)
    flush(1)
    flush(2)

    assert counted(Demographics, world, "open") == Counter(drafts + more)


def test_lost_key_stops_the_flush_and_loses_nothing_else(world: World) -> None:
    fill(world, "open", ENOUGH)
    for path in session().info["demographics_keys"].glob("*.clave"):
        path.unlink()

    with pytest.raises(KeyLost):
        flush()

    assert session().scalar(select(func.count()).select_from(BufferedDemographics)) == ENOUGH
