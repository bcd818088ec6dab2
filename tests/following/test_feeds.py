"""Feeds: only what is public now, as RFC 4287 wants it, and cheap to ask for again."""

import pytest
from flask.testing import FlaskClient

from consulta.db import Database, session_scope, unit_of_work
from consulta.jobs.worker import Worker
from consulta.moderation.operations import redact_text
from consulta.portal.atom import Feed, as_atom
from consulta.referrals.operations import correct_answer
from consulta.referrals.standing import withdraw
from consulta.windows.dating import extend_window
from tests.builders import World, a_published, a_submission, an_answered, get_submission, get_window
from tests.clock import START, Clock
from tests.following.atom_check import check_feed, ids, titles

AGENCY = "/gobiernos/guanajuato/dependencias/movilidad/atom.xml"


@pytest.fixture
def folio(world: World, database: Database) -> str:
    """A comment with its answer."""
    with session_scope(database):
        return an_answered(world, START).submission.folio


def feed(client: FlaskClient, address: str):  # type: ignore[no-untyped-def]
    """Open a feed and check it."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.content_type == "application/atom+xml; charset=utf-8"
    assert "Set-Cookie" not in response.headers
    return check_feed(response.data)


def test_feed_of_a_window_tells_its_opening_comments_and_answers(client: FlaskClient, world: World, folio: str) -> None:
    found = feed(client, f"/consultas/{world.slugs['open']}/atom.xml")

    assert sorted(titles(found)) == sorted(
        [
            "Se abrió la consulta «Agenda regulatoria»",
            f"Comentario {folio} sobre «Transporte escolar»",
            f"Respuesta al comentario {folio}: Procedente",
        ]
    )


def test_feed_of_an_agency_tells_where_it_answers(client: FlaskClient, world: World, folio: str) -> None:
    found = feed(client, AGENCY)
    other = feed(client, AGENCY.replace("movilidad", "agua"))

    assert f"Respuesta al comentario {folio}: Procedente" in titles(found)
    assert "Se abrió la consulta «Agenda regulatoria»" in titles(found)
    assert titles(other) == []
    assert client.get(AGENCY.replace("movilidad", "no-hay")).status_code == 404


def test_feed_of_all_tells_each_window(client: FlaskClient, world: World) -> None:
    names = ("Agenda pasada", "Agenda regulatoria")

    found = feed(client, "/consultas/atom.xml")

    assert sorted(titles(found)) == [f"Se abrió la consulta «{name}»" for name in names]


def test_feed_of_a_search_tells_what_it_finds(
    client: FlaskClient, world: World, database: Database, worker: Worker, folio: str
) -> None:
    with session_scope(database):
        a_published(world, START, draft={"text": "El cárcamo se tapa."})
    worker.drain()

    found = feed(client, "/buscar/atom.xml?q=carcamo")

    assert len(titles(found)) == 1
    assert titles(feed(client, "/buscar/atom.xml")) == []
    assert client.get("/buscar/atom.xml?q=carcamo&desde=nada").status_code == 400


def test_what_is_withdrawn_leaves_the_feed_and_readers_are_told_that_it_changed(
    client: FlaskClient, world: World, database: Database, folio: str, clock: Clock
) -> None:
    address = f"/consultas/{world.slugs['open']}/atom.xml"
    before = client.get(address)
    clock.advance(minutes=5)
    with session_scope(database), unit_of_work():
        withdraw(submission=get_submission(folio), reason="", now=clock.now)

    by_content = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    by_date = client.get(address, headers={"If-Modified-Since": before.headers["Last-Modified"]})

    assert folio in before.text
    assert (by_content.status_code, by_date.status_code) == (200, 200)
    assert folio not in by_content.text


def test_reader_that_has_it_is_told_so(client: FlaskClient, world: World, folio: str) -> None:
    for address in (f"/consultas/{world.slugs['open']}/atom.xml", "/consultas/atom.xml", AGENCY):
        first = client.get(address)

        by_content = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        by_date = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})

        assert (by_content.status_code, by_date.status_code) == (304, 304)


def test_redacted_passage_is_not_in_the_feed(client: FlaskClient, world: World, database: Database) -> None:
    with session_scope(database):
        submission = a_submission(world.topics["open"], START, draft={"text": "Llamen al 5512345678 por favor."})
        with unit_of_work():
            redact_text(
                submission=submission,
                passages=["5512345678"],
                ground="personal_data",
                note="",
                actor=world.actors["moderator"],
                now=START,
            )

    text = client.get(f"/consultas/{world.slugs['open']}/atom.xml").text

    assert "Llamen al [testado] por favor." in text
    assert "5512345678" not in text


def test_names_of_entries_stay_when_an_answer_is_corrected(
    client: FlaskClient, world: World, database: Database, clock: Clock
) -> None:
    address = f"/consultas/{world.slugs['open']}/atom.xml"
    with session_scope(database):
        answer = an_answered(world, START).answer
        assert answer is not None
        before = feed(client, address)
        clock.advance(hours=1)
        with unit_of_work():
            correct_answer(
                answer=answer,
                disposition="not_adopted",
                text="No procede, porque ya está en la ley.",
                reason="Se corrige.",
                actor=world.actors["coordinator"],
                now=clock.now,
            )

    after = feed(client, address)

    assert sorted(ids(before)) == sorted(ids(after))
    assert len(set(ids(after))) == len(ids(after))
    assert titles(after)[0].endswith("No procedente")


def test_extension_is_told(client: FlaskClient, world: World, database: Database) -> None:
    with session_scope(database), unit_of_work():
        extend_window(
            window=get_window(world.slugs["open"]),
            days=3,
            legal_basis="Artículo 28",
            reason="Lo pidieron.",
            agreement="A-1",
            actor=world.actors["coordinator"],
            now=START,
        )

    assert titles(feed(client, "/consultas/atom.xml"))[0] == "Se movió el cierre de «Agenda regulatoria»"


def test_no_text_breaks_a_feed(client: FlaskClient, world: World, database: Database) -> None:
    text = 'Fin ]]> <b>&amp; "comillas" \' 🚌 \u202e'
    with session_scope(database):
        a_published(world, START, draft={"text": text})

    found = feed(client, f"/consultas/{world.slugs['open']}/atom.xml")

    assert any("]]> <b>&amp;" in (element.text or "") for element in found.iter("{http://www.w3.org/2005/Atom}content"))


def test_control_characters_are_left_out() -> None:
    feed = Feed(
        "k",
        "Uno\x00\x0b\ud800dos\ufffe",
        "A\x1f",
        "http://x.mx/a",
        "http://x.mx/",
        "es-MX",
        "http://x.mx",
        "http://x.mx",
    )

    found = check_feed(as_atom(feed, []))

    assert found.findtext("{http://www.w3.org/2005/Atom}title") == "Unodos"


def test_feed_stops_at_fifty(client: FlaskClient, world: World, database: Database) -> None:
    with session_scope(database):
        for _ in range(52):
            a_published(world, START)

    assert len(titles(feed(client, f"/consultas/{world.slugs['open']}/atom.xml"))) == 50


def test_pages_offer_their_feed(client: FlaskClient, world: World) -> None:
    for page, address in (
        ("/consultas", "/consultas/atom.xml"),
        (f"/consultas/{world.slugs['open']}", f"/consultas/{world.slugs['open']}/atom.xml"),
        ("/buscar?q=agua&orden=fecha", "/buscar/atom.xml?q=agua"),
        ("/en/consultas", "/en/consultas/atom.xml"),
    ):
        text = client.get(page).text

        assert text.count(f'href="{address}"') == 2, page


def test_language_of_a_feed_is_in_its_address(client: FlaskClient, world: World) -> None:
    spanish, english = client.get("/consultas/atom.xml").text, client.get("/en/consultas/atom.xml").text

    assert 'xml:lang="es-MX"' in spanish
    assert 'xml:lang="en"' in english
    assert 'href="http://localhost/en/consultas/atom.xml"' in english


def test_calendar_of_a_window_moves_with_its_extension(
    client: FlaskClient, world: World, database: Database, clock: Clock
) -> None:
    address = f"/consultas/{world.slugs['open']}/calendario.ics"
    before = _event(client.get(address).text)
    clock.advance(hours=1)
    with session_scope(database), unit_of_work():
        extend_window(
            window=get_window(world.slugs["open"]),
            days=3,
            legal_basis="Artículo 28",
            reason="Lo pidieron.",
            agreement="A-1",
            actor=world.actors["coordinator"],
            now=clock.now,
        )

    after = _event(client.get(address).text)

    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTEND"] > before["DTEND"]
    assert after["STATUS"] == "CONFIRMED"
    assert _event(client.get("/calendario.ics").text)["SEQUENCE"]


def test_calendar_is_the_same_until_something_changes(client: FlaskClient, world: World, clock: Clock) -> None:
    address = f"/consultas/{world.slugs['open']}/calendario.ics"
    first = client.get(address)
    clock.advance(hours=1)

    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert client.get(f"/consultas/{world.slugs['mailbox']}/calendario.ics").status_code == 404


def _event(text: str) -> dict[str, str]:
    lines = text.replace("\r\n ", "").split("BEGIN:VEVENT")[1].split("BEGIN:VALARM")[0].split("\r\n")
    return dict(line.split(":", 1) for line in lines if ":" in line)
