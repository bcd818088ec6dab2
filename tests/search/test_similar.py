"""What was said already is shown before sending and to who answers: only what is public, and what is like it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.db import unit_of_work
from consulta.finding.findables import Findable
from consulta.finding.similar import answered_alike, similar_comments
from consulta.moderation.operations import withhold_text
from consulta.search import Index
from consulta.search.current import EXTENSION
from tests.builders import World, a_published, a_referral, a_submission, an_answered
from tests.clock import START
from tests.pages import Page
from tests.search.test_finding import follow

pytestmark = pytest.mark.usefixtures("scope")
FRENOS = "Los frenos de los camiones escolares se gastan; revísenlos cada tres meses, por favor."
ALIKE = "Que se revisen cada tres meses los frenos de los camiones de las escuelas."
OTHER = "Faltan bancas y árboles en la plaza del centro, hace mucho calor."


@pytest.fixture
def index(app: Flask) -> Index:
    made: Index = app.extensions[EXTENSION]
    return made


def _folios(found: list[Findable]) -> list[str]:
    return [one.row.folio for one in found]


def test_similar_are_those_of_the_topic_that_say_nearly_the_same(index: Index, world: World) -> None:
    alike = a_published(world, START, draft={"text": ALIKE})
    a_published(world, START, draft={"text": OTHER})
    a_submission(world.topics["open"], START, draft={"text": ALIKE})
    follow(index)

    assert _folios(similar_comments(index, topic_id=world.topics["open"], text=FRENOS)) == [alike.folio]
    assert similar_comments(index, topic_id=world.topics["closed"], text=FRENOS) == []
    assert similar_comments(index, topic_id=world.topics["open"], text="de la y el") == []


def test_what_was_withheld_is_similar_to_nothing_though_the_index_still_has_it(index: Index, world: World) -> None:
    alike = a_published(world, START, draft={"text": ALIKE})
    follow(index)
    with unit_of_work():
        withhold_text(
            submission=alike,
            ground="personal_data",
            reason="Nombra a una persona.",
            actor=world.actors["moderator"],
            now=START,
        )

    assert similar_comments(index, topic_id=world.topics["open"], text=FRENOS) == []


def test_review_before_sending_shows_them_and_the_comment_can_be_sent_all_the_same(
    app: Flask, client: FlaskClient, index: Index, world: World
) -> None:
    alike = a_published(world, START, draft={"text": ALIKE})
    follow(index)
    page = Page(app)
    address = f"/consultas/{world.slugs['open']}/temas/1/opinar"
    page.get(address)
    page.post(address, {"text": FRENOS, "kind": "comment", "behalf": "self", "accion": "continuar-1"})

    shown = page.post(address, {"text": FRENOS, "kind": "comment", "behalf": "self", "accion": "continuar-2"})

    assert "Ya hay 1 comentario parecido" in shown.text
    assert alike.folio in shown.text
    assert "Enviar mi comentario" in shown.text


def test_who_answers_sees_what_was_answered_to_something_alike(index: Index, world: World) -> None:
    answered = an_answered(world, START).submission
    a_published(world, START, draft={"text": answered.text})
    referral = a_referral(world, START, draft={"text": f"{answered.text} Por favor."})
    follow(index)

    found = answered_alike(index, referral)

    assert _folios(found) == [answered.folio]
    assert found[0].answers[0].disposition == "adopted"
