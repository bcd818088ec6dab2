"""Random histories of answering: every accepted comment always has a public state and an owner; counters = recounts."""

import random
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from consulta.accounts.operations import invite_person
from consulta.actors import Actor, Role
from consulta.agencies.models import Government, Unit
from consulta.agencies.operations import (
    appoint,
    create_agency,
    create_government,
    create_post,
    create_unit,
    publish_privacy_notice,
)
from consulta.archives.openers import OPENERS
from consulta.archives.rows import verify_rows
from consulta.db import session, unit_of_work
from consulta.errors import ConsultaError
from consulta.record.sequencing import make_checkpoint, sequence_everything
from consulta.record.verifying import verify_record
from consulta.referrals.conclusion import is_complete, list_debts
from consulta.referrals.queries import list_live_referrals, list_parts, list_unrouted, list_unrouted_parts
from consulta.referrals.story import tell_story
from consulta.submissions.models import Carrying, Submission
from consulta.submissions.queries import find_visible
from consulta.submissions.states import Standing, SubmissionState
from consulta.windows.counters import read_counts
from consulta.windows.dating import schedule_window
from consulta.windows.models import Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument
from consulta.windows.states import WindowState
from measure import answer_acts, review_acts
from measure.answer_acts import History
from measure.instances import DATABASES, Instance, instances
from tests.record.test_record import KEY, ORIGIN

HISTORIES = 10_000
STEPS = 24
PER_GOVERNMENT = 20
SEED = 20_261_125
START = datetime(2026, 2, 2, 16, tzinfo=UTC)
FILINGS = 3
ACTS = {**answer_acts.ACTS, **review_acts.ACTS}
MIX = [name for name, (_act, weight) in ACTS.items() for _ in range(weight)]
USUAL = ("receive", "receive", "refer", "refer", "draft", "submit", "sign", "publish", "refer", "draft")


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: measure(instance, HISTORIES) for name, instance in made}
    return {**found, "reached": all(item["reached"] for item in found.values())}


def measure(instance: Instance, histories: int) -> dict[str, Any]:
    """Run histories on one database."""
    done: Counter[str] = Counter()
    wrong: list[str] = []
    submissions = 0
    with instance.scope():
        for number in range(histories):
            if number % PER_GOVERNMENT == 0:
                with unit_of_work():
                    actors, units = found_government(number)
            found = play_history(number, dict(actors), units)
            done += found.done
            wrong += found.wrong
            submissions += len(found.submissions)
            session().expunge_all()
            if number % 1000 == 999:
                print(f"  {number + 1:,} of {histories:,}: {len(wrong)} wrong", flush=True, file=sys.stderr)
        problems = _verify_record()
    missing = [name for name in ACTS if not done[name]]
    return {
        "n": histories,
        "steps_each": STEPS,
        "seed": SEED,
        "submissions": submissions,
        "acts": dict(sorted(done.items())),
        "never_exercised": missing,
        "wrong": len(wrong),
        "first_wrong": wrong[:5],
        # After all of it: the tree, what every act commits to, and every row against its acts.
        "record_false_alarms": len(problems),
        "first_alarms": problems[:5],
        "reached": not wrong and not missing and not problems,
    }


def _verify_record() -> list[str]:
    with unit_of_work():
        sequence_everything(START)
        make_checkpoint(origin=ORIGIN, key=KEY, now=START)
    verdict = verify_record(public=KEY.public_key().public_bytes_raw(), openers=OPENERS)
    verify_rows(verdict)
    return [problem.text for problem in verdict.problems]


def play_history(number: int, actors: dict[str, Actor], units: list[int]) -> History:
    """Run one history in one transaction, each act in a savepoint of its own."""
    draw = random.Random(SEED + number)
    with unit_of_work():
        found = _open_windows(number, actors, units, draw)
        for step in range(STEPS):
            found.now += timedelta(hours=draw.choice((1, 4, 20)))
            # The first acts are mostly those without which nothing else can happen.
            usual = USUAL[step] if step < len(USUAL) and draw.random() < 0.7 else draw.choice(MIX)
            _act(found, "receive" if step == 0 else usual)
        _check(found)
    return found


def _act(found: History, name: str) -> None:
    try:
        with session().begin_nested():
            ACTS[name][0](found)
        found.done[name] += 1
    except ConsultaError:
        found.done[f"refused_{name}"] += 1
    except LookupError:
        found.done[f"nothing_to_{name}"] += 1
    session().expire_all()


def _check(found: History) -> None:
    now = found.now
    government_id = found.actors["coordinator"].government_id
    unrouted = {item.id for item in list_unrouted(government_id, limit=5000)}
    unrouted_parts = {part.id for part in list_unrouted_parts(government_id, limit=5000)}
    for number in found.submissions:
        submission = session().get_one(Submission, number)
        problem = _problem(submission, unrouted, unrouted_parts, now)
        if problem:
            found.wrong.append(f"{found.name}, {submission.folio}: {problem}")
    for topic_id in found.topic_ids:
        counted = {name: value for name, value in read_counts([topic_id]).get(topic_id, {}).items() if value}
        recounted = {name: value for name, value in _recount(topic_id).items() if value}
        if counted != recounted:
            found.wrong.append(f"{found.name}, topic {topic_id}: {counted} counted, {recounted} recounted")
    for window_id in found.window_ids:
        found.wrong += _check_window(found, window_id)


def _problem(submission: Submission, unrouted: set[int], unrouted_parts: set[int], now: datetime) -> str:
    """Say what is wrong with a submission: no public state, no owner, or two."""
    if find_visible(submission.folio) is None or not tell_story(submission, now).steps:
        return "no public state"
    live = list_live_referrals(submission.id)
    parts = list_parts(submission.id)
    wanted = {part.id for part in parts} if parts else {None}
    held = Counter(item.part_id for item in live)
    if any(count > 1 for count in held.values()) or not set(held) <= wanted:
        return "held twice, or both whole and in parts"
    if submission.standing != Standing.STANDS:
        return "still waits" if any(item.state == "referred" for item in live) else ""
    if not submission.is_admitted:
        return ""
    answered = {item.part_id for item in live if item.state == "answered"}
    if submission.is_answered != (wanted <= answered):
        return "answered and not marked, or marked and not answered"
    free = [part in unrouted_parts if part else submission.id in unrouted for part in wanted if part not in held]
    return "" if all(free) else "nobody's"


def _recount(topic_id: int) -> dict[str, int]:
    here = Submission.topic_id == topic_id
    stands = Submission.standing == Standing.STANDS
    return {
        "received": _count(here, Submission.is_admitted.is_(True)),
        "late": _count(here, Submission.is_admitted.is_(False)),
        "answered": _count(here, Submission.is_answered.is_(True)),
        "published": _count(here, Submission.state == SubmissionState.PUBLISHED, Submission.is_hidden.is_(False)),
        "left": _count(here, ~stands, Submission.is_admitted.is_(True), Submission.is_answered.is_(False)),
        "carried": session().scalar(select(func.count()).where(Carrying.to_topic_id == topic_id)) or 0,
        "carried_away": session().scalar(select(func.count()).where(Carrying.from_topic_id == topic_id)) or 0,
    }


def _count(*conditions: Any) -> int:
    return session().scalar(select(func.count()).select_from(Submission).where(*conditions)) or 0


def _check_window(found: History, window_id: int) -> list[str]:
    window = session().get_one(Window, window_id)
    pending = {
        item.folio
        for item in session().scalars(
            select(Submission)
            .join(Submission.topic)
            .where(
                Submission.topic.has(window_id=window_id),
                Submission.is_admitted.is_(True),
                Submission.is_answered.is_(False),
                Submission.standing == Standing.STANDS,
            )
        )
    }
    listed = {owed.folio for debt in list_debts(window_id) for owed in debt.owed}
    problems = [f"{found.name}: {sorted(pending ^ listed)} pending and not listed"] if pending != listed else []
    if window.state == WindowState.CONCLUDED and not is_complete(window_id):
        problems.append(f"{found.name}: concluded with debts")
    return problems


def _open_windows(number: int, actors: dict[str, Actor], units: list[int], draw: random.Random) -> History:
    coordinator = actors["coordinator"]
    government = session().get_one(Government, coordinator.government_id)
    windows, topics = [], []
    for order in range(FILINGS):
        window = create_window(
            government=government,
            instrument=get_instrument("agenda_regulatoria"),
            title=f"Historia {number}, ingreso {order}",
            summary="Se mide.",
            actor=coordinator,
            now=START,
        )
        unit = session().get_one(Unit, draw.choice(units)) if draw.random() < 0.5 else None
        topic = add_topic(window=window, title="Tema", summary="", unit=unit, actor=coordinator, now=START)
        schedule_window(window=window, opens_on=START.date(), days=20, actor=coordinator, now=START)
        windows.append(window.id)
        topics.append(topic.id)
    return History(draw, START + timedelta(hours=1), actors, units, windows, topics, f"H{number}")


def found_government(number: int) -> tuple[dict[str, Actor], list[int]]:
    letters = "".join(chr(65 + int(digit)) for digit in f"{number:05d}")
    government = create_government(
        key=f"g{number}",
        name="De medición",
        folio_prefix=letters[:6],
        timezone="America/Mexico_City",
        calendar_key="lft",
        contact="Aquí",
        now=START,
    )
    publish_privacy_notice(government=government, version="2026-1", summary="Se mide.", text="Se mide.", now=START)
    agency = create_agency(government=government, key="a", name="Dependencia", now=START)
    units = [create_unit(agency=agency, key=f"u{order}", name=f"Unidad {order}", now=START) for order in range(3)]
    actors: dict[str, Actor] = {}
    for role in (Role.APPROVER, Role.MODERATOR, Role.COORDINATOR):
        actors[role.value] = _appoint(units[0], role, f"{role.value}-{number}", government.id)
    for unit in units:
        actors[f"respondent-{unit.id}"] = _appoint(unit, Role.RESPONDENT, f"r{unit.id}-{number}", government.id)
    return actors, [unit.id for unit in units]


def _appoint(unit: Unit, role: Role, key: str, government_id: int) -> Actor:
    post = create_post(unit=unit, key=key, title=key, role=role, now=START)
    person, _token = invite_person(email=f"{key}@ejemplo.mx", name=f"Persona {key} (inventada)", now=START)
    appoint(person=person, post=post, from_on=date(2020, 1, 1), now=START)
    return Actor(post.id, role, unit.id, unit.agency_id, government_id, person.id)
