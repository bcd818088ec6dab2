"""The index follows what is public; what may not be seen any more is never shown, though the index still has it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.agencies.models import Government
from consulta.db import session, unit_of_work
from consulta.finding.asking import Asked
from consulta.finding.findables import list_findables
from consulta.finding.following import REFRESH, ask_refresh, rebuild, refresh
from consulta.finding.results import Results, search
from consulta.jobs.models import Job
from consulta.jobs.worker import Worker
from consulta.moderation.operations import redact_text, withhold_text
from consulta.record.sequencing import sequence_everything
from consulta.referrals.standing import withdraw
from consulta.search import Index
from consulta.search.current import EXTENSION
from consulta.submissions.models import Submission
from consulta.submissions.states import SubmissionKind
from consulta.windows.operations import create_window
from consulta.windows.queries import get_instrument
from tests.builders import World, a_published, a_submission, an_answered
from tests.clock import START, Clock

pytestmark = pytest.mark.usefixtures("scope")
SECRET_WORD = "ornitorrinco"
SAID = f"Mi vecino Juan Inventado tiene un {SECRET_WORD} y los frenos gastados."


@pytest.fixture
def index(app: Flask) -> Index:
    made: Index = app.extensions[EXTENSION]
    return made


def follow(index: Index) -> int:
    """Bring the index up to date, as the indexer does."""
    with index.alone() as is_alone:
        assert is_alone
        return refresh(index)


def find(index: Index, text: str, **filters: Any) -> Results:
    """Search as a page does."""
    return search(index, Asked(text=text, **filters).request(ZoneInfo("America/Mexico_City")))


def titles(found: Results) -> list[tuple[str, str]]:
    """Return what was found, by kind and address."""
    return sorted((one.found.kind.value, one.found.address) for one in found.items)


def test_comments_answers_topics_and_windows_are_found(index: Index, world: World) -> None:
    answered = an_answered(world, START).submission
    follow(index)

    assert titles(find(index, "revision meses inexistente")) == []
    assert titles(find(index, "revision cada mes")) == [("comment", f"/folio/{answered.folio}")]
    assert titles(find(index, '"se cambia el articulo 12"')) == [("comment", f"/folio/{answered.folio}")]
    assert titles(find(index, answered.folio)) == [("comment", f"/folio/{answered.folio}")]
    open_slug, closed_slug = world.slugs["open"], world.slugs["closed"]
    assert ("topic", f"/consultas/{open_slug}/temas/1") in titles(find(index, "transporte escolar"))
    assert titles(find(index, "agenda pasada")) == [("window", f"/consultas/{closed_slug}")]
    assert ("window", f"/buzones/{world.slugs['mailbox']}") in titles(find(index, "atencion"))


def test_filters_narrow(index: Index, world: World) -> None:
    answered = an_answered(world, START).submission
    a_published(world, START)
    follow(index)

    def count(**filters: Any) -> int:
        return find(index, "frenos", **filters).total

    today = START.date()
    assert count() == 2
    assert titles(find(index, "frenos", disposition="adopted")) == [("comment", f"/folio/{answered.folio}")]
    assert (count(government="guanajuato"), count(government="otro")) == (2, 0)
    assert (count(instrument="agenda_regulatoria"), count(instrument="atencion_ciudadana")) == (2, 0)
    assert (count(since=today), count(until=today)) == (2, 2)
    assert (count(since=today + timedelta(days=1)), count(until=today - timedelta(days=1))) == (0, 0)


def test_misspelled_word_finds_what_was_meant_and_says_so(index: Index, world: World) -> None:
    answered = an_answered(world, START).submission
    follow(index)

    found = find(index, "rebision frenso")

    assert titles(found) == [("comment", f"/folio/{answered.folio}")]
    assert found.meant == {"rebision": "revision", "frenso": "frenos"}
    assert titles(find(index, "rebision", is_exact=True)) == []
    # A word that is right is not put right.
    assert find(index, "revision").meant == {}


def test_word_of_what_was_withdrawn_is_never_what_was_meant(index: Index, world: World) -> None:
    published = a_published(world, START, draft={"text": SAID})
    follow(index)
    assert find(index, "ornitorinco").meant == {"ornitorinco": SECRET_WORD}

    with unit_of_work():
        withdraw(submission=session().get_one(Submission, published.id), reason="Ya no.", now=START)

    # Before the index knows, and after.
    assert find(index, "ornitorinco") == Results((), 0, has_more=False, is_widened=True)
    follow(index)
    assert find(index, "ornitorinco").meant == {}


def test_petition_is_found_by_its_subject_and_folio_and_never_by_what_it_says(index: Index, world: World) -> None:
    petition = a_submission(world.topics["mailbox"], START, draft={"kind": SubmissionKind.PETITION, "text": SAID})
    follow(index)

    assert titles(find(index, petition.folio)) == [("case", f"/folio/{petition.folio}")]
    assert ("case", f"/folio/{petition.folio}") in titles(find(index, petition.topic.title))
    assert titles(find(index, SECRET_WORD)) == []


def test_agency_narrows(index: Index, world: World) -> None:
    answered = an_answered(world, START).submission
    follow(index)
    mine = answered.topic.unit
    assert mine is not None

    assert titles(find(index, "frenos", agency=f"guanajuato/{mine.agency.key}")) != []
    assert titles(find(index, "frenos", agency="guanajuato/no-hay")) == []


def test_title_counts_more_than_the_text(index: Index, world: World) -> None:
    a_published(world, START, draft={"text": "Sobre transporte escolar quiero decir algo de las paradas."})
    follow(index)

    assert find(index, "transporte escolar").items[0].found.kind.value == "topic"


def test_what_is_not_public_is_not_indexed(index: Index, world: World) -> None:
    a_submission(world.topics["open"], START, draft={"text": SAID})
    a_submission(world.topics["closed"], START, draft={"text": SAID})
    for kind in SubmissionKind:
        a_submission(world.topics["mailbox"], START, draft={"kind": kind, "text": SAID})
    withheld = a_published(world, START, draft={"text": SAID})
    with unit_of_work():
        withhold_text(
            submission=withheld,
            ground="personal_data",
            reason="Trae datos.",
            actor=world.actors["moderator"],
            now=START,
        )
        create_window(
            government=session().get_one(Government, world.government_id),
            instrument=get_instrument("agenda_regulatoria"),
            title=f"Agenda del {SECRET_WORD}",
            summary="En preparación.",
            actor=world.actors["coordinator"],
            now=START,
        )

    follow(index)

    assert find(index, SECRET_WORD).total == 0


def withdrawn(submission: Submission, _world: World) -> None:
    withdraw(submission=submission, reason="", now=START)


def redacted(submission: Submission, world: World) -> None:
    redact_text(
        submission=submission,
        passages=[SECRET_WORD],
        ground="personal_data",
        note="",
        actor=world.actors["moderator"],
        now=START,
    )


def kept_back(submission: Submission, world: World) -> None:
    withhold_text(
        submission=submission, ground="personal_data", reason="Trae datos.", actor=world.actors["moderator"], now=START
    )


def hidden(submission: Submission, _world: World) -> None:
    submission.is_hidden = True


@pytest.mark.parametrize("act", [withdrawn, redacted, kept_back, hidden])
def test_what_may_not_be_seen_any_more_is_gone_at_once(
    index: Index, world: World, client: FlaskClient, act: Callable[[Submission, World], None]
) -> None:
    submission = a_published(world, START, draft={"text": SAID})
    follow(index)
    assert find(index, SECRET_WORD).total == 1
    with unit_of_work():
        act(submission, world)
    folio = submission.folio

    found = find(index, SECRET_WORD)
    page = client.get(f"/buscar?q={SECRET_WORD}").text
    answer = client.get(f"/api/v1/search?q={SECRET_WORD}").get_json()

    # The index was not brought up to date: it is the second look that leaves it out.
    assert (found.items, found.total) == ((), 0)
    assert folio not in page
    assert (answer["total"], answer["items"]) == (0, [])


def test_redacted_text_is_found_by_the_rest_and_shown_without_the_passage(
    index: Index, world: World, client: FlaskClient
) -> None:
    submission = a_published(world, START, draft={"text": SAID})
    with unit_of_work():
        redacted(submission, world)
    follow(index)

    page = client.get("/buscar?q=frenos").text

    assert submission.folio in page
    assert SECRET_WORD not in page
    assert find(index, SECRET_WORD).total == find(index, "testado").total == 0


def test_index_forgets_what_was_withdrawn_once_it_follows(index: Index, world: World) -> None:
    submission = a_published(world, START)
    follow(index)
    before = index.numbers()
    with unit_of_work():
        withdraw(submission=submission, reason="", now=START)

    follow(index)

    assert len(index.numbers()) == len(before) - 1


def test_following_twice_writes_nothing_twice(index: Index, world: World) -> None:
    follow(index)
    a_published(world, START)
    an_answered(world, START)
    assert follow(index) > 0
    kept = index.numbers()

    again = follow(index)
    with unit_of_work():
        sequence_everything(START)
    placed = follow(index)

    assert (again, placed) == (0, 0)
    assert index.numbers() == kept == sorted(set(kept))
    assert index.progress().waiting == frozenset()  # type: ignore[union-attr]


def test_killed_before_it_remembers_follows_again(index: Index, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(index)
    a_published(world, START)
    with monkeypatch.context() as broken:
        broken.setattr(type(index), "keep", _die)
        with pytest.raises(KeyboardInterrupt):
            follow(index)

    assert follow(index) > 0
    assert index.numbers() == sorted(set(index.numbers()))
    assert find(index, "frenos").total == 1


def _die(*_given: object) -> None:
    raise KeyboardInterrupt


def test_rebuilt_index_is_the_same(index: Index, world: World) -> None:
    follow(index)
    for _ in range(3):
        an_answered(world, START)
    follow(index)
    kept = index.numbers()

    with index.alone():
        count = rebuild(index)

    assert index.numbers() == kept
    assert count == len(kept)
    assert set(list_findables(kept)) == set(kept)
    assert follow(index) == 0


def test_worker_makes_what_is_published_findable(index: Index, world: World, worker: Worker, clock: Clock) -> None:
    worker.run_due()
    submission = a_published(world, START)
    clock.advance(seconds=3)

    worker.run_due()

    assert [one.found.row.folio for one in find(index, "frenos").items] == [submission.folio]


def test_refresh_is_asked_for_once_and_only_when_something_was_done(index: Index, world: World) -> None:
    ask = ask_refresh(index)
    for _ in range(2):
        with unit_of_work():
            ask(START)
    assert [job.kind for job in session().query(Job) if job.kind == REFRESH] == [REFRESH]
    with unit_of_work():
        session().query(Job).delete()
    follow(index)

    with unit_of_work():
        ask(START)

    assert session().query(Job).count() == 0
