"""Pages under /en: English words, English links, the same rules; and the Spanish pages as they were."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consulta.db import session
from consulta.i18n.text import _, read_catalogue, speaking
from consulta.notices.models import Notice
from consulta.web.languages import Elsewhere, local
from consulta.windows.models import Instrument
from tests.builders import World, an_answered
from tests.clock import START
from tests.pages import Page, Shown

pytestmark = pytest.mark.usefixtures("scope")

PUBLIC = (
    "/consultas",
    "/seguimiento",
    "/datos",
    "/estrados",
    "/entrar",
    "/recuperar",
    "/accesibilidad",
    "/carta-compromiso",
    "/privacidad",
    "/no-existe",
)
STAFF = {
    "respondent": ("/mi-cuenta", "/bandeja/turnos", "/bandeja/turnos?estado=devueltos"),
    "approver": ("/bandeja/firma",),
    "moderator": ("/bandeja/revision",),
    "operator": ("/captura",),
    "coordinator": ("/coordinacion/sin-turnar", "/coordinacion/publicar", "/coordinacion/extemporaneas"),
}
MACHINES = ("/en/api/v1/consultas", "/en/static/consulta.css", "/en/salud", "/en/open311/v2/services.json", "/en/en/")


def show(client: FlaskClient, address: str) -> Shown:
    """Open an address, whatever it answers; every page is checked as it comes."""
    return Shown(client.get(address))


def leaks(shown: Shown) -> list[str]:
    """Return the Spanish sentences, and the Spanish words in attributes, that an English page still shows."""
    attributes = [str(tag[name]) for tag in shown.soup.find_all() for name in ("aria-label", "title") if tag.get(name)]
    words = " ".join([shown.soup.get_text(" "), *attributes])
    seen = " ".join(words.split())
    # The name of an instrument is that of the law, in every language.
    for name in session().scalars(select(Instrument.name)):
        seen = seen.replace(name, "")
    forms = [form for message in read_catalogue("en") for form in _forms(message.id)]
    translated = [form for form in forms if len(form) > 12 and _in_english(form) != form]
    return [form for form in translated if form in seen]


def _forms(found: str | tuple[str, ...] | list[str]) -> list[str]:
    return [found] if isinstance(found, str) else list(found)


def _in_english(sentence: str) -> str:
    with speaking("en"):
        return _(sentence)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_are_english_under_en(client: FlaskClient, world: World, address: str) -> None:
    shown = show(client, f"/en{address}")

    assert shown.soup.html is not None
    assert shown.soup.html["lang"] == "en"
    assert shown.response.headers["Content-Language"] == "en"
    assert leaks(shown) == []


@pytest.mark.parametrize("role", STAFF)
def test_pages_of_officials_are_english_under_en(app: Flask, world: World, role: str) -> None:
    page = Page(app).sign_in(world.email(role))

    for address in STAFF[role]:
        shown = page.get(f"/en{address}")
        assert shown.soup.html is not None
        assert shown.soup.html["lang"] == "en"
        assert leaks(shown) == [], address


@pytest.mark.parametrize("address", ["/", "/consultas", "/datos", "/seguimiento"])
def test_every_link_of_an_english_page_stays_english(client: FlaskClient, world: World, address: str) -> None:
    shown = show(client, f"/en{address}")

    links = [tag for tag in shown.soup.find_all("a", href=True) if not tag.get("hreflang")]
    forms = shown.soup.find_all("form", action=True)
    leading = [str(tag["href"]) for tag in links] + [str(tag["action"]) for tag in forms]
    away = [found for found in leading if found.startswith("/") and not found.startswith("/en/")]
    assert away == []
    assert any(found.startswith("/en/") for found in leading)
    for tag in shown.soup.find_all("link", href=True):
        # A feed is in the language of its page; files are in none.
        assert str(tag["href"]).startswith("/en/" if tag["rel"] == ["alternate"] else "/static/")


def test_each_page_leads_to_itself_in_the_other_language(client: FlaskClient, world: World) -> None:
    spanish = show(client, "/consultas?estado=abiertas&instrumento=")
    english = show(client, "/en/consultas?estado=abiertas&instrumento=")
    missing = show(client, "/en/consultas/no-existe")

    [there] = spanish.soup.select("a[hreflang]")
    [back] = english.soup.select("a[hreflang]")
    [home] = missing.soup.select("a[hreflang]")
    assert (there["href"], there["lang"], there.text) == ("/en/consultas?estado=abiertas&instrumento=", "en", "English")
    assert (back["href"], back["lang"], back.text) == ("/consultas?estado=abiertas&instrumento=", "es-MX", "Español")
    assert home["href"] == "/"


def test_home_is_found_with_and_without_its_slash(client: FlaskClient, world: World) -> None:
    for address in ("/en", "/en/"):
        shown = show(client, address)
        assert shown.status == 200
        assert shown.soup.html is not None
        assert shown.soup.html["lang"] == "en"
    assert show(client, "/english").status == 404


@pytest.mark.parametrize("address", MACHINES)
def test_what_machines_read_has_one_address(client: FlaskClient, world: World, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_refused_form_says_so_in_english_and_keeps_what_was_typed(app: Flask, world: World) -> None:
    page = Page(app)

    shown = page.post("/en/seguimiento", {"folio": "GTO<b>", "key": "una clave"}, status=422)

    assert shown.errors == [
        "The folio does not have the expected form. Type it as it appears on your receipt, "
        "for example GTO-2026-7K3M9QXA-C."
    ]
    assert shown.value("folio") == "GTO<b>"
    assert shown.soup.find("label", {"for": "key"}).text == "Tracking key"  # type: ignore[union-attr]
    assert leaks(shown) == []


def test_redirects_stay_under_en(app: Flask, world: World) -> None:
    folio = an_answered(world, START).submission.folio
    page = Page(app)

    assert page.post("/en/seguimiento", {"folio": folio}, status=303).location == f"/en/folio/{folio}"
    assert page.post("/seguimiento", {"folio": folio}, status=303).location == f"/folio/{folio}"
    to_sign_in = page.get("/en/bandeja/firma", status=302)
    assert to_sign_in.location == "/en/entrar?siguiente=/bandeja/firma"
    assert 'href="/en/entrar' in to_sign_in.text
    form = page.get(to_sign_in.location)
    assert form.value("siguiente") == "/bandeja/firma"
    sent = {"email": world.email("approver"), "password": "cuatro palabras muy largas", "siguiente": "/bandeja/firma"}
    signed_in = page.post("/en/entrar", sent, status=302)
    assert signed_in.location == "/en/bandeja/firma"
    assert page.get(signed_in.location).heading == "Answers to sign"


def test_an_act_of_an_official_under_en_stays_there(app: Flask, world: World) -> None:
    page = Page(app).sign_in(world.email("moderator"))
    page.get("/en/bandeja/revision")

    shown = page.follow("/en/bandeja/revision", {})

    assert shown.soup.html is not None
    assert shown.soup.html["lang"] == "en"
    assert "Mark at least one text." in shown.body


def test_spanish_pages_do_not_notice(client: FlaskClient, world: World) -> None:
    before = client.get("/consultas")
    client.get("/en/consultas")
    after = client.get("/consultas")

    assert before.data == after.data
    assert before.headers["ETag"] == after.headers["ETag"]
    assert after.headers["Content-Language"] == "es-MX"
    assert re.search(r'<html lang="es-MX">', after.text)
    assert {link for link in Shown(after).links() if link.startswith("/en")} == set()


def test_english_pages_are_cached_apart(client: FlaskClient, world: World) -> None:
    spanish, english = client.get("/consultas"), client.get("/en/consultas")

    assert english.headers["Cache-Control"] == spanish.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert english.headers["ETag"] != spanish.headers["ETag"]
    assert client.get("/en/consultas", headers={"If-None-Match": english.headers["ETag"]}).status_code == 304
    assert "Set-Cookie" not in english.headers


def test_datasets_are_the_same_from_either_language(client: FlaskClient, world: World) -> None:
    an_answered(world, START)

    for name in ("consultas.csv", "comentarios.csv", "comentarios.json"):
        assert client.get(f"/en/datos/{name}").data == client.get(f"/datos/{name}").data


def test_a_mail_is_in_the_language_of_who_asks_and_leads_there(app: Flask, world: World) -> None:
    Page(app).post("/en/recuperar", {"email": world.email("approver")})

    [notice] = session().scalars(select(Notice).where(Notice.kind == "reset")).all()
    assert notice.subject == "Change your password"
    assert "http://localhost/en/invitacion/" in notice.body


def test_an_answer_is_notified_in_the_language_of_who_wrote(world: World) -> None:
    with speaking("en"):
        folio = an_answered(world, START).submission.folio

    [notice] = session().scalars(select(Notice).where(Notice.kind == "answer")).all()
    assert notice.subject == f"Respuesta a su folio {folio}"


def test_only_addresses_of_pages_get_the_prefix() -> None:
    with speaking("en"):
        assert local("/consultas") == "/en/consultas"
        assert local("/") == "/en/"
        unchanged = (
            "#temas",
            "?desde=1",
            "//otro.mx",
            "https://otro.mx/a",
            "/static/a.css",
            "/api/v1",
            "/salud",
            "sms:1",
        )
        assert [local(found) for found in unchanged] == list(unchanged)
        assert local(Elsewhere("/consultas")) == "/consultas"
        assert local("/salud-publica") == "/en/salud-publica"

    assert local("/consultas") == "/consultas"
