"""Eight clients post while the window is extended again and again, closes, and is concluded: no deadlock, no error."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from consulta.actors import Actor, Role
from consulta.agencies.models import Government, Post, Unit
from consulta.db import lock_exclusive, session, unit_of_work
from consulta.submissions.models import Submission
from consulta.windows.counters import read_counts
from consulta.windows.dating import conclude_window, extend_window
from consulta.windows.models import Window
from consulta.windows.operations import window_lock
from consulta.windows.queries import get_window
from measure.instances import DATABASES, Instance, instances
from measure.posting import Answer, Browser
from tests.builders import World, a_window

CLIENTS = 8
EXTENSIONS = 10
ROUNDS = 5


def run() -> dict[str, Any]:
    """Measure on both databases, against the production server."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"reached": all(item["reached"] for item in found.values()), **found}


def _measure(instance: Instance) -> dict[str, Any]:
    instance.world(datetime.now(UTC))
    rounds = []
    for number in range(ROUNDS):
        world = fresh_window(instance, number)
        if instance.server is None:
            instance.serve()
        rounds.append(_round(instance, world))
    instance.stop()
    total = {name: sum(item[name] for item in rounds) for name in rounds[0]}
    wrong = ("http_errors", "failures", "misjudged", "miscounted")
    return {
        "n_rounds": ROUNDS,
        "clients": CLIENTS,
        "extensions": EXTENSIONS * ROUNDS,
        **total,
        "reached": not any(total[name] for name in wrong) and total["on_time"] > 0 and total["late"] > 0,
    }


def fresh_window(instance: Instance, number: int) -> tuple[World, str, int]:
    """Build a window that opened three days ago in an instance with a world; return it with its first topic."""
    with instance.scope():
        world = _world()
        opened = datetime.now(UTC) - timedelta(days=3)
        slug, topics = a_window(world, title=f"Se mueve {number}", opened=opened, now=opened)
        return world, slug, topics[0]


def _world() -> World:
    government = session().scalars(select(Government)).one()
    unit = session().scalars(select(Unit).where(Unit.key == "transito")).one()
    post = session().scalars(select(Post).where(Post.role == Role.COORDINATOR)).first()
    assert post is not None
    actor = Actor(post.id, Role.COORDINATOR, post.unit_id, unit.agency_id, government.id)
    return World(government.id, {"coordinator": actor}, {"transito": unit.id})


def _round(instance: Instance, made: tuple[World, str, int]) -> dict[str, int]:
    world, slug, topic_id = made
    stopping = threading.Event()
    answers: list[Answer] = []
    failures: list[str] = []

    def post() -> None:
        browser = Browser(instance, f"/consultas/{slug}/temas/1/opinar")
        count = 0
        while not stopping.is_set():
            count += 1
            try:
                answers.append(browser.send(browser.new_nonce(), f"{threading.get_ident()} {count} {time.time()}"))
            except Exception as error:  # noqa: BLE001 - every failure is counted
                failures.append(repr(error))

    threads = [threading.Thread(target=post) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        _move(instance, world, slug)
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    return _verdict(instance, slug, topic_id, answers, failures)


def _move(instance: Instance, world: World, slug: str) -> None:
    """Extend ten times, let it close within two seconds, conclude it, and go on for a moment."""
    actor = world.actors["coordinator"]
    with instance.scope():
        for number in range(EXTENSIONS):
            with unit_of_work():
                extend_window(
                    window=get_window(slug),
                    days=1,
                    legal_basis="Artículo 28",
                    reason="Se mide",
                    agreement=str(number),
                    actor=actor,
                    now=datetime.now(UTC),
                )
            time.sleep(0.1)
        soon = datetime.now(UTC) + timedelta(seconds=1.5)
        # Days are the finest step of the law; the last second of the last day is brought here by hand.
        with unit_of_work():
            lock_exclusive(window_lock(get_window(slug).id))
            session().execute(update(Window).where(Window.slug == slug).values(closes_at=soon))
        time.sleep(1.8)
        with unit_of_work():
            conclude_window(window=get_window(slug), actor=actor, now=datetime.now(UTC))
    time.sleep(1)


def _verdict(
    instance: Instance, slug: str, topic_id: int, answers: list[Answer], failures: list[str]
) -> dict[str, int]:
    with instance.scope():
        closes_at = get_window(slug).closes_at
        rows = session().scalars(select(Submission).where(Submission.topic_id == topic_id)).all()
        counts = read_counts([topic_id]).get(topic_id, {})
        # Over a slow line a form that was opened in time is admitted after closing, and marked: it is not misjudged.
        late = [row for row in rows if row.admission in ("late", "slow_line")]
        judged = sum((row.received_at >= (row.closes_at_seen or closes_at)) != (row in late) for row in rows)
        misjudged = judged + sum(row.received_at >= closes_at and row not in late for row in rows)
        on_time = sum(row.is_admitted for row in rows)
        miscounted = abs(counts.get("received", 0) - on_time) + abs(counts.get("late", 0) - len(rows) + on_time)
    return {
        "posts": len(answers),
        "http_errors": sum(answer.folio is None for answer in answers),
        "failures": len(failures),
        "on_time": on_time,
        "late": len(late),
        "misjudged": misjudged,
        "miscounted": miscounted + abs(len(rows) - len(answers)),
    }
