"""The search page and the call of the API: without script, without cookies, in every state they can be in."""

import gzip
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consulta.finding.following import refresh
from consulta.search import Index
from consulta.search.current import EXTENSION
from tests.api.machines import Machine, fields_of
from tests.builders import World, a_published, an_answered
from tests.clock import START
from tests.html_check import Page

pytestmark = pytest.mark.usefixtures("scope")
PAGE_BYTES = 14 * 1024


@pytest.fixture
def folios(app: Flask, world: World) -> list[str]:
    """Twenty-five comments that were published one after the other, the last one answered, all in the index."""
    made = [
        a_published(
            world,
            START,
            received_at=START - timedelta(minutes=30 - n),
            draft={"text": f"Frenos <b>{n}</b> y más. " * 9},
        ).folio
        for n in range(24)
    ]
    made.append(an_answered(world, START).submission.folio)
    follow(app)
    return made


def follow(app: Flask) -> None:
    """Bring the index up to date."""
    index: Index = app.extensions[EXTENSION]
    with index.alone():
        refresh(index)


def read(client: FlaskClient, address: str) -> Page:
    """Get a page, check that it is a good one, light, and sets no cookie."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert "Set-Cookie" not in response.headers
    assert len(gzip.compress(response.data)) <= PAGE_BYTES
    return Page(response.text)


def test_form_before_anything_is_asked(client: FlaskClient, world: World) -> None:
    page = read(client, "/buscar")

    assert page.heading == "Buscar"
    assert "Cómo buscar" in page.main
    assert page.by_id("q").attrib["name"] == "q"


def test_results_carry_what_they_are_their_date_and_the_marked_words(client: FlaskClient, folios: list[str]) -> None:
    page = read(client, "/buscar?q=freno+cada&orden=fecha")

    assert "1 resultado" in page.main
    assert f"/folio/{folios[-1]}" in page.links
    assert "Comentario · mié 10 jun 2026" in page.main
    assert "Respuesta: Procedente" in page.main
    assert [mark.text for mark in page.all("mark")] == ["cada", "frenos"]


def test_pages_follow_one_another(client: FlaskClient, folios: list[str]) -> None:
    first = read(client, "/buscar?q=frenos&orden=fecha&instrumento=agenda_regulatoria")
    following = next(link for link in first.links if link.startswith("?") and "pagina=2" in link)
    second = read(client, f"/buscar{following}")

    shown = [link.removeprefix("/folio/") for page in (first, second) for link in page.links if "/folio/" in link]
    assert shown == folios[::-1]
    assert "25 resultados" in first.main
    assert "instrumento=agenda_regulatoria" in following
    assert "&lt;b&gt;" in first.html


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/buscar?q=de+la", "Escriba al menos una palabra"),
        ("/buscar?q=-frenos", "Escriba al menos una palabra"),
        ("/buscar?q=ornitorrinco&gobierno=guanajuato", "Busque lo mismo sin filtros"),
        ("/buscar?q=ornitorrinco", "No encontramos «ornitorrinco»"),
        ("/buscar?q=frenos&desde=ayer", "Escriba la fecha como"),
        ("/buscar?q=frenos&hasta=9999-12-31", "Escriba la fecha como"),
        ("/buscar?q=frenos&desde=2026-06-11", "No encontramos"),
        ("/buscar?q=frenos&pagina=999999999999", "Aquí ya no hay resultados"),
        ("/buscar?q=frenos&pagina=-1&sentido=nada&orden=nada", "25 resultados"),
        ("/buscar?q=frenos&sentido=adopted", "1 resultado"),
        ("/buscar?q=%22%3Cscript%3E", "No encontramos"),
        (f"/buscar?q={'frenos+' * 200}", "25 resultados"),
        ("/en/buscar?q=frenos", "25 results"),
    ],
)
def test_every_state_of_the_page(client: FlaskClient, folios: list[str], address: str, said: str) -> None:
    assert said in read(client, address).main


def test_nothing_is_found_while_there_is_no_index(client: FlaskClient, world: World) -> None:
    assert "No encontramos" in read(client, "/buscar?q=frenos").main


def test_front_page_asks_and_every_page_leads_there(client: FlaskClient, world: World) -> None:
    home = read(client, "/")

    assert home.by_id("q").attrib["name"] == "q"
    assert "/buscar" in read(client, "/ayuda").links


def test_machines_get_the_same(app: Flask, folios: list[str]) -> None:
    anybody = Machine(app)

    first = anybody.get("/search?q=frenos&order=newest")
    second = anybody.get(f"/search?q=frenos&order=newest&cursor={first['next']}")
    answered = anybody.get("/search?q=frenos&disposition=adopted&since=2026-06-10&until=2026-06-10")

    assert (first["total"], len(first["items"]), second["next"]) == (25, 20, None)
    assert [item["folio"] for item in [*first["items"], *second["items"]]] == folios[::-1]
    assert answered["total"] == 1
    assert answered["items"][0] == {
        "kind": "comment",
        "title": "Transporte escolar",
        "folio": folios[-1],
        "window": first["items"][0]["window"],
        "at": "2026-06-10T18:00:00Z",
        "dispositions": ["adopted"],
        "snippet": "Propongo que la revisión sea cada tres meses, porque los frenos se gastan antes.",
        "url": f"http://localhost/folio/{folios[-1]}",
    }


def test_machines_are_told_what_to_correct(app: Flask, world: World) -> None:
    anybody = Machine(app)

    assert anybody.get("/search?q=frenos") == {"total": 0, "meant": {}, "items": [], "next": None}
    assert anybody.get("/search") == {"total": 0, "meant": {}, "items": [], "next": None}
    asked = "/search?q=a&since=ayer&until=hoy&order=x&disposition=y"
    assert sorted(fields_of(anybody.get(asked, 422))) == ["disposition", "order", "since", "until"]
    anybody.get("/search?q=a&cursor=%21", 400)
