"""Personal data are pointed at, to the author before she sends and to the reviewer after. Nothing is blocked."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.db import Database, session_scope
from tests.builders import TEXT, World, a_submission, get_submission
from tests.clock import START
from tests.html_check import words
from tests.pages import Page
from tests.portal.test_comment_journey import Journey

REVEALING = 'Vivo en calle Encino 45 & llámenme al 477 000 1234, <b>"ya"</b>.'
TITLE = "Su texto parece traer datos personales"


@pytest.fixture
def journey(client: FlaskClient, world: World) -> Journey:
    """A person who opened the form of the open window."""
    return Journey(client, f"/consultas/{world.slugs['open']}/temas/1")


@pytest.fixture
def mailbox(client: FlaskClient, world: World) -> Journey:
    """A person who opened the form of the mailbox."""
    return Journey(client, f"/buzones/{world.slugs['mailbox']}/temas/1")


def reach_review(journey: Journey, text: str, kind: str, **about: str) -> str:
    """Walk to the review of a kind; return its words."""
    journey.press("continuar-1", text=text, kind=kind)
    return journey.press("continuar-2", **about).main


@pytest.mark.usefixtures("scope")
def test_author_is_shown_what_her_text_would_reveal_and_may_change_it(journey: Journey) -> None:
    page = journey.reach_step_3(REVEALING)

    [notice] = [found for found in page.by_class("notice--warn") if TITLE in words(found)]
    assert "«calle Encino 45» (domicilio) «477 000 1234» (teléfono)" in words(notice)
    assert "Su texto será público" in words(notice)
    buttons = [(element.attrib["value"], words(element)) for element in notice.iter("button")]
    assert buttons == [("editar-1", "Cambiar mi texto")]
    assert journey.press("editar-1").fields()["text"] == REVEALING


@pytest.mark.usefixtures("scope")
def test_text_that_reveals_is_received_as_it_is(journey: Journey) -> None:
    journey.reach_step_3(REVEALING)

    journey.press("enviar")

    assert journey.response.status_code == 201
    assert get_submission(journey.folio).text == REVEALING


@pytest.mark.usefixtures("scope")
def test_nothing_is_said_of_a_text_that_reveals_nothing_nor_of_her_own_contact(journey: Journey) -> None:
    page = journey.reach_step_3(TEXT, email="persona@ejemplo.mx", phone="477 000 1234")

    assert TITLE not in page.main


@pytest.mark.usefixtures("scope")
def test_other_wording_is_read_too_and_each_passage_is_quoted_once(journey: Journey) -> None:
    wording = {"article": "Artículo 5", "should_say": "Avisar al 477 000 1234."}
    journey.press("continuar-1", text="Llamen al 477 000 1234.", **wording)

    page = journey.press("continuar-2")

    assert page.main.count("«477 000 1234» (teléfono)") == 1


@pytest.mark.usefixtures("scope")
def test_long_list_is_cut_and_says_so(journey: Journey) -> None:
    phones = [f"477 000 {number}" for number in range(1000, 1012)]

    page = journey.reach_step_3(", ".join(phones))

    assert [f"«{phone}»" in page.main for phone in phones] == [True] * 10 + [False] * 2
    assert "Hay más: revíselo completo." in page.main


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize(("consent", "is_told"), [({"text_consent": "y"}, True), ({}, False)])
def test_mailbox_says_it_where_the_text_becomes_public_with_consent(
    mailbox: Journey, consent: dict[str, str], is_told: bool
) -> None:
    shown = reach_review(mailbox, REVEALING, "suggestion", **consent)

    assert (TITLE in shown) is is_told


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("kind", ["petition", "service_request"])
def test_kind_that_is_never_public_is_not_told(mailbox: Journey, kind: str) -> None:
    assert TITLE not in reach_review(mailbox, REVEALING, kind)


@pytest.mark.usefixtures("scope")
def test_notice_speaks_english(client: FlaskClient, world: World) -> None:
    page = Journey(client, f"/en/consultas/{world.slugs['open']}/temas/1").reach_step_3(REVEALING)

    assert "Your text seems to hold personal data" in page.main
    assert "«477 000 1234» (telephone number)" in page.main


def test_reviewer_sees_each_passage_marked_and_nothing_of_the_text_is_markup(
    app: Flask, world: World, database: Database
) -> None:
    with session_scope(database):
        folio = a_submission(world.topics["open"], START, draft={"text": REVEALING}).folio
    moderator = Page(app).sign_in(world.email("moderator"))

    for shown in (moderator.get("/bandeja/revision"), moderator.get(f"/bandeja/revision/{folio}")):
        marks = [" ".join(mark.get_text().split()) for mark in shown.soup.select("mark")]
        assert marks == ["calle Encino 45 (domicilio)", "477 000 1234 (teléfono)"]
        assert "Parece contener: teléfono, domicilio." in shown.body
        assert "llámenme al <mark>" in shown.soup.select_one(".comment__text").decode()
        assert shown.soup.select(".comment__text b") == []
