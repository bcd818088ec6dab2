"""Windows: what they are at each instant, what moves their dates and what may not, and counts that always add up."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from consulta.actors import Actor
from consulta.agencies.models import Government, Unit
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Forbidden, NotFound, Refused
from consulta.jobs.models import Job
from consulta.record.models import Leaf, Opening
from consulta.windows.counters import add_delta, fold_counters, read_counts, read_totals, read_window_counts
from consulta.windows.dating import conclude_window, extend_window, schedule_window
from consulta.windows.models import CounterDelta, Topic, TopicCounter, Window
from consulta.windows.operations import add_topic, create_window, status_of
from consulta.windows.queries import (
    find_topic_by_reference,
    get_instrument,
    get_public_window,
    get_topic,
    list_mailboxes,
    list_topics,
    list_windows,
    map_topics,
)
from consulta.windows.states import CounterName, WindowState, WindowStatus
from tests.builders import World, a_window, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")

TICK = timedelta(microseconds=1)
GROUNDS = {"legal_basis": "Artículo 28", "reason": "Pidieron tiempo.", "agreement": "CMR/012"}


def a_draft(world: World, title: str = "Movilidad", *, topics: int = 1, actor: Actor | None = None) -> Window:
    """Build a window in preparation."""
    with unit_of_work():
        window = create_window(
            government=session().get_one(Government, world.government_id),
            instrument=get_instrument("agenda_regulatoria"),
            title=title,
            summary="Se consulta.",
            actor=actor or world.actors["coordinator"],
            now=START,
        )
        for number in range(topics):
            add_topic(
                window=window,
                title=f"Tema {number + 1}",
                summary="",
                unit=None,
                actor=world.actors["coordinator"],
                now=START,
            )
    return window


def schedule(world: World, window: Window, opens_on: date = date(2026, 6, 22), days: int = 20) -> Window:
    """Schedule a window."""
    with unit_of_work():
        schedule_window(window=window, opens_on=opens_on, days=days, actor=world.actors["coordinator"], now=START)
    return window


def extend(world: World, window: Window, days: int = 5, now: datetime = START, **grounds: str) -> None:
    """Extend a window."""
    with unit_of_work():
        extend_window(window=window, days=days, actor=world.actors["coordinator"], now=now, **{**GROUNDS, **grounds})


def conclude(world: World, window: Window, now: datetime) -> None:
    """Conclude a window."""
    with unit_of_work():
        conclude_window(window=window, actor=world.actors["coordinator"], now=now)


def test_status_at_every_boundary(world: World) -> None:
    window = a_draft(world)
    assert status_of(window, START) == WindowStatus.DRAFT
    schedule(world, window)
    opens_at, closes_at = window.opens_at, window.closes_at
    assert opens_at == datetime(2026, 6, 22, 6, tzinfo=UTC)
    assert closes_at == datetime(2026, 7, 21, 6, tzinfo=UTC)

    expected = {
        opens_at - TICK: WindowStatus.UPCOMING,
        opens_at: WindowStatus.OPEN,
        closes_at - TICK: WindowStatus.OPEN,
        closes_at: WindowStatus.CLOSED,
    }
    for now, status in expected.items():
        assert status_of(window, now) == status
        for asked in WindowStatus:
            listed = window.slug in {item.slug for item in list_windows(now=now, status=asked)}
            assert listed is (asked == status), (now, asked)

    conclude(world, window, closes_at)
    assert status_of(window, closes_at) == WindowStatus.CONCLUDED


def test_mailbox_is_open_for_good(world: World) -> None:
    window = get_window(world.slugs["mailbox"])

    assert (window.closes_at, window.derivation) == (None, None)
    assert status_of(window, START + timedelta(days=36500)) == WindowStatus.OPEN
    assert [item.slug for item in list_mailboxes()] == [world.slugs["mailbox"]]


def test_window_scheduled_for_today_opens_now_and_not_before(world: World) -> None:
    window = schedule(world, a_draft(world), opens_on=date(2026, 6, 10))

    assert window.opens_at == START


def test_scheduling_refuses_what_cannot_be(world: World) -> None:
    with pytest.raises(Refused, match="al menos un tema"):
        schedule(world, a_draft(world, "Sin temas", topics=0))
    draft = a_draft(world)
    with pytest.raises(Refused, match="ya pasó") as past:
        schedule(world, draft, opens_on=date(2026, 6, 9))
    assert past.value.field == "opens_on"
    for days in (0, -1, 1001, 10**9):
        with pytest.raises(Refused) as wrong:
            schedule(world, draft, days=days)
        assert wrong.value.field == "days"
    assert draft.state == WindowState.DRAFT
    with pytest.raises(Refused, match=r"calendario|días"):
        schedule(world, draft, opens_on=date(2126, 1, 1))
    schedule(world, draft)
    with pytest.raises(Refused, match="está programada: no puede quedar programada"):
        schedule(world, draft)


def test_acts_on_windows_belong_to_the_coordinator_of_the_government(world: World) -> None:
    coordinator = world.actors["coordinator"]
    foreign = Actor(coordinator.post_id, coordinator.role, coordinator.unit_id, coordinator.agency_id, 999)
    window = get_window(world.slugs["open"])

    for actor in (world.actors["respondent"], world.actors["administrator"], foreign):
        with pytest.raises(Forbidden):
            a_draft(world, actor=actor)
        with pytest.raises(Forbidden), unit_of_work():
            extend_window(window=window, days=5, actor=actor, now=START, **GROUNDS)
        with pytest.raises(Forbidden), unit_of_work():
            conclude_window(window=window, actor=actor, now=START)
        with pytest.raises(Forbidden), unit_of_work():
            add_topic(window=window, title="Uno", summary="", unit=None, actor=actor, now=START)


def test_extension_moves_the_closing_and_keeps_the_whole_way(world: World) -> None:
    window = get_window(world.slugs["open"])
    first, derivation = window.closes_at, window.derivation
    assert first is not None
    assert derivation is not None

    extend(world, window)
    second = window.closes_at
    extend(world, window, days=1)

    assert window.closes_at == datetime(2026, 7, 14, 6, tzinfo=UTC)
    ways = [(item.from_closes_at, item.to_closes_at) for item in window.extensions]
    assert ways == [(first, second), (second, window.closes_at)]
    assert [item.derivation["starts_on"] for item in window.extensions] == ["2026-07-03", "2026-07-10"]
    assert [item.derivation["citation"] for item in window.extensions] == ["Artículo 28", "Artículo 28"]
    whole = window.derivation
    assert whole is not None
    assert (whole["starts_on"], whole["due_on"]) == (derivation["starts_on"], "2026-07-13")
    assert [day["number"] for day in whole["days"] if day["counted"]][-1] == 26
    kept = session().scalars(
        select(Opening.content).join(Leaf).where(Leaf.kind == "window.scheduled", Leaf.public_id == window.slug)
    )
    assert [content["derivation"] for content in kept if content] == [derivation]
    assert session().scalar(select(func.count()).select_from(Job).where(Job.kind == "window.extended")) == 2


def test_extension_refuses_what_cannot_be(world: World) -> None:
    window = get_window(world.slugs["open"])
    closes_at = window.closes_at
    assert closes_at is not None

    for field in GROUNDS:
        with pytest.raises(Refused) as missing:
            extend(world, window, **{field: "  "})
        assert missing.value.field == field
    for days in (0, -5, 1001):
        with pytest.raises(Refused):
            extend(world, window, days=days)
    for slug, now in (("open", closes_at), ("closed", START), ("mailbox", START)):
        with pytest.raises(Refused, match="Solo se amplía"):
            extend(world, get_window(world.slugs[slug]), now=now)
    with pytest.raises(Refused, match="Solo se amplía"):
        extend(world, a_draft(world))
    extend(world, get_window(world.slugs["open"]), now=closes_at - TICK)


def test_conclusion_waits_for_the_closing_and_happens_once(world: World) -> None:
    window = get_window(world.slugs["open"])
    closes_at = window.closes_at
    assert closes_at is not None

    with pytest.raises(Refused, match="todavía recibe comentarios"):
        conclude(world, window, closes_at - TICK)
    conclude(world, window, closes_at)
    assert (window.state, window.concluded_at) == (WindowState.CONCLUDED, closes_at)
    with pytest.raises(Refused, match="está concluida"):
        conclude(world, window, closes_at)
    with pytest.raises(Refused):
        conclude(world, a_draft(world), START)
    with pytest.raises(Refused):
        conclude(world, get_window(world.slugs["mailbox"]), START)


def test_topics_are_numbered_and_refused_after_closing(world: World) -> None:
    window = get_window(world.slugs["open"])
    unit = session().get_one(Unit, world.units["redes"])
    coordinator = world.actors["coordinator"]
    with unit_of_work():
        topic = add_topic(window=window, title=" Tercero ", summary="", unit=unit, actor=coordinator, now=START)
    assert (topic.number, topic.title, topic.reference) == (3, "Tercero", f"{window.slug}/3")

    for title, summary, field in (("", "", "title"), ("x" * 301, "", "title"), ("Uno", "x" * 5001, "summary")):
        with pytest.raises(Refused) as wrong, unit_of_work():
            add_topic(window=window, title=title, summary=summary, unit=None, actor=coordinator, now=START)
        assert wrong.value.field == field
    closed = get_window(world.slugs["closed"])
    with pytest.raises(Refused, match="ya cerró"), unit_of_work():
        add_topic(window=closed, title="Uno", summary="", unit=None, actor=coordinator, now=START)


def test_addresses_are_unique_and_plain(world: World) -> None:
    titles = ["Agenda regulatoria", "Agenda: ¡Regulatoria!", "Agenda", "Ñandú y café 2027", "a" * 300, "a" * 300]

    slugs = [a_draft(world, title).slug for title in titles]

    long = "a" * 60
    assert slugs[:4] == ["agenda-regulatoria-2", "agenda-regulatoria-3", "agenda", "nandu-y-cafe-2027"]
    assert slugs[4:] == [long, f"{long}-2"]
    with pytest.raises(Refused) as wrong:
        a_draft(world, "¿¡…!?")
    assert wrong.value.field == "title"


def test_lists_go_on_by_key_and_miss_nothing_that_comes_meanwhile(world: World) -> None:
    slugs = [a_window(world, opened=START - timedelta(days=1), now=START, title=f"Consulta {n}")[0] for n in range(7)]
    expected = [*reversed(slugs), world.slugs["closed"], world.slugs["open"]]

    seen: list[str] = []
    after = None
    while found := list_windows(now=START, after_id=after, limit=3):
        seen += [window.slug for window in found]
        after = found[-1].id
        a_window(world, opened=START - timedelta(days=1), now=START, title="Recién llegada")

    assert seen == expected
    topics = list_topics(get_window(world.slugs["open"]).id, after_number=1, limit=5)
    assert [topic.number for topic in topics] == [2]


def test_topics_are_found_by_reference_only(world: World) -> None:
    slug = world.slugs["open"]

    found = find_topic_by_reference(f"{slug}/2")
    assert found is not None
    assert found.id == world.topics["open-unrouted"]
    for reference in ("", slug, f"{slug}/", f"{slug}/0", f"{slug}/x", f"{slug}/٢", f"{slug}/{'9' * 30}", "/1", "no/1"):
        assert find_topic_by_reference(reference) is None
    with pytest.raises(NotFound):
        get_topic(slug, 99)
    with pytest.raises(NotFound):
        get_public_window(world.slugs["mailbox"])
    assert map_topics(slug) == {f"{slug}/1": world.topics["open"], f"{slug}/2": world.topics["open-unrouted"]}


def count_one(topic_id: int, name: CounterName, amount: int = 1) -> None:
    """Count one step in its own unit of work."""
    with unit_of_work():
        add_delta(topic_id=topic_id, name=name, amount=amount)


def fold() -> None:
    """Fold what waits."""
    with unit_of_work():
        fold_counters(START)


def test_counts_read_the_same_before_and_after_folding(world: World) -> None:
    first, second = world.topics["open"], world.topics["closed"]
    for topic_id, name, amount in (
        (first, CounterName.RECEIVED, 1),
        (first, CounterName.RECEIVED, 2),
        (first, CounterName.PUBLISHED, 1),
        (first, CounterName.PUBLISHED, -1),
        (second, CounterName.LATE, 4),
    ):
        count_one(topic_id, name, amount)
    expected = {first: {"received": 3, "published": 0}, second: {"late": 4}}

    for _ in range(3):
        assert read_counts([first, second]) == expected
        assert read_totals() == {"received": 3, "published": 0, "late": 4}
        assert read_window_counts([get_window(world.slugs["closed"]).id]) == {
            get_window(world.slugs["closed"]).id: {"late": 4}
        }
        fold()

    assert session().scalar(select(func.count()).select_from(CounterDelta)) == 0
    count_one(first, CounterName.RECEIVED)
    assert read_counts([first])[first]["received"] == 4
    assert session().get_one(TopicCounter, (first, "received")).value == 3


def test_nothing_is_read_of_nothing(world: World) -> None:
    assert (read_counts([]), read_window_counts([]), read_totals()) == ({}, {}, {})


def test_folding_keeps_sums_while_deltas_arrive(world: World, database: Database) -> None:
    topic_id, writers, each = world.topics["open"], 3, 25
    errors: list[BaseException] = []
    is_done = threading.Event()

    def write() -> None:
        for _ in range(each):
            count_one(topic_id, CounterName.RECEIVED)

    def fold_often() -> None:
        while not is_done.is_set():
            fold()

    def read_often() -> None:
        last = 0
        while not is_done.is_set():
            session().rollback()
            now = read_counts([topic_id]).get(topic_id, {}).get("received", 0)
            assert now >= last, "a reader saw a count go back"
            last = now

    def guarded(work: object) -> None:
        try:
            with session_scope(database):
                work()  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001 - whatever fails in a thread must fail the test
            errors.append(error)

    session().rollback()
    helpers = [threading.Thread(target=guarded, args=(work,)) for work in (fold_often, fold_often, read_often)]
    threads = [threading.Thread(target=guarded, args=(write,)) for _ in range(writers)]
    for thread in [*helpers, *threads]:
        thread.start()
    for thread in threads:
        thread.join()
    is_done.set()
    for thread in helpers:
        thread.join()

    assert errors == []
    assert read_counts([topic_id]) == {topic_id: {"received": writers * each}}
    fold()
    assert read_counts([topic_id]) == {topic_id: {"received": writers * each}}
    assert session().scalar(select(func.count()).select_from(CounterDelta)) == 0
    assert session().get_one(Topic, topic_id).number == 1
