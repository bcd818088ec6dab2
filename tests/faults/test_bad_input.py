"""Whatever is sent to a public address: never a failure of ours, always a valid page that keeps what was typed.

The strings are those of the Big List of Naughty Strings, plus what it lacks: bytes that are no text, sizes,
wrong types and numbers beyond any row.
"""

import base64
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consulta.db import session
from consulta.submissions.models import Submission
from consulta.submissions.nonces import new_nonce
from consulta.submissions.rules import clean_text, is_blank
from tests.builders import TEXT, World, a_published, a_receipt
from tests.clock import START
from tests.conftest import SHARED
from tests.html_check import Page
from tests.inspection.inspected_files import a_pdf, a_png

FOLIO = re.compile(r'id="folio">([A-Z0-9-]+)<')
BLNS = SHARED / "bad-input" / "blns.json"
EXTRA = [
    "\0",
    "antes\0después",
    "\x1b[31mrojo\x1b[0m",
    "\x85\x9f",
    "\ufffe\uffff\U0001ffff\ufdd0",
    "\u202emorf\u202c",
    "e\u0301",
    "=cmd|' /C calc'!A0",
    "9" * 400,
    "'; DROP TABLE submissions; --",
    "{{ config }} {% raw %} ${7*7}",
    "../../../etc/passwd",
]
RAW = [
    b"%ED%A0%80",
    b"%FF%FE%80",
    b"%C3%28",
    b"%F0%9F%98",
    b"%00",
    b"%",
    b"%zz",
    b"\xff\xfe",
    b"%E0%80%AF",
    b"a%0Ab%0Db",
]
ONE_LINE = ("author_name", "organization", "representative", "representative_post", "email", "phone")
CHOSEN = ("sex", "age_group", "municipality", "kind", "behalf")
CARRIED = ("nonce", "notice_version", "file_token", "name_is_public", "text_consent")

pytestmark = pytest.mark.usefixtures("scope")
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def strings() -> list[str]:
    """Every string of the list, and ours."""
    if not BLNS.exists():
        pytest.skip(f"the Big List of Naughty Strings is not at {BLNS.name}: put blns.json in shared/bad-input")
    found: list[str] = json.loads(BLNS.read_text("utf-8"))
    assert len(found) > 500
    return found + EXTRA


@pytest.fixture
def topic(world: World) -> str:
    """The address of the form of a topic in the open window."""
    return f"/consultas/{world.slugs['open']}/temas/1/opinar"


@pytest.fixture
def mailbox(world: World) -> str:
    """The address of the form of a topic in the mailbox, which offers several kinds."""
    return f"/buzones/{world.slugs['mailbox']}/temas/1/opinar"


def check(response: TestResponse, sent: object = "") -> Page:
    """Check that an answer is no failure of ours and its page is a good one."""
    assert response.status_code < 500, (response.status_code, sent)
    try:
        page = parsed(response.text)
    except AssertionError as error:
        raise AssertionError(f"{sent!r}: {error}") from error
    for where, _ in page.problems:
        assert where in page.ids, (where, sent)
    return page


@lru_cache(maxsize=64)
def parsed(html: str) -> Page:
    """Return a checked page; most pages of errors are the same to the byte."""
    return Page(html)


def urlencoded(form: dict[str, Any]) -> tuple[bytes, str]:
    """Return the body of a plain form and its type."""
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def multipart(form: dict[str, Any]) -> tuple[bytes, str]:
    """Return the body of a form with files and its type."""
    boundary, body = encode_multipart(form)
    return body, f"multipart/form-data; boundary={boundary}"


def as_typed(text: str) -> str:
    """Return what a browser shows of a text that was kept: cleaned, as one line."""
    return " ".join(clean_text(text)[0].split())


def as_shown(text: str) -> str:
    """Return a text as a parser reads it out of a text area: line ends as line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def fields_of(client: FlaskClient, address: str) -> dict[str, Any]:
    """Return a fresh form with a good text."""
    return {**Page(client.get(address).text).fields(), "text": TEXT, "accion": "continuar-2"}


@only_sqlite
def test_text_is_kept_whatever_it_is(client: FlaskClient, topic: str, strings: list[str]) -> None:
    form = fields_of(client, topic)

    for number, text in enumerate(strings):
        action = "editar-1" if number % 4 == 0 else "continuar-1"
        page = check(client.post(topic, data={**form, "text": text, "accion": action}), text)
        cleaned, removed = clean_text(text)
        assert as_shown(page.fields()["text"]) == cleaned, text
        wrong = removed or (is_blank(cleaned) and action == "continuar-1")
        assert [where for where, _ in page.problems][:1] == (["text"] if wrong else []), text


def test_text_is_stored_and_read_back_equal(
    app: Flask, client: FlaskClient, topic: str, strings: list[str], world: World
) -> None:
    form = {**fields_of(client, topic), "accion": "enviar"}
    every = 1 if session().get_bind().dialect.name == "postgresql" else 4
    expected = {}

    for text in strings[::every]:
        kept, removed = clean_text(text)
        kept = kept.strip()
        if removed or is_blank(kept):
            continue
        with app.test_request_context():
            form["nonce"] = new_nonce()
        response = client.post(topic, data={**form, "text": text, "author_name": text[:150]})
        found = FOLIO.search(response.text)
        assert found is not None, text
        expected[found[1]] = (kept, as_typed(text[:150]))

    session().rollback()
    stored = {row.folio: (row.text, row.author_name) for row in session().scalars(select(Submission))}
    assert stored == expected


def test_published_texts_are_shown_as_text(client: FlaskClient, world: World, strings: list[str]) -> None:
    good = [clean_text(text)[0].strip() for text in strings]
    good = [text for text in good if not is_blank(text)]
    texts = {a_published(world, START, draft={"text": text}).folio: text for text in good[:: max(1, len(good) // 60)]}

    for folio, text in texts.items():
        page = check(client.get(f"/folio/{folio}"), text)
        [shown] = page.by_class("comment__text")
        assert "".join(shown.itertext()) == text
        assert len(page.all("script")) == 1


def turned(strings: list[str], fields: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield values for several fields at once, so that every field gets every string."""
    for number in range(len(strings)):
        yield {field: strings[(number + 37 * place) % len(strings)] for place, field in enumerate(fields)}


@only_sqlite
def test_lines_are_kept_whatever_they_are(client: FlaskClient, topic: str, strings: list[str]) -> None:
    form = fields_of(client, topic)

    for number, typed in enumerate(turned(strings, ONE_LINE)):
        action = "continuar-2" if number % 4 == 0 else "editar-2"
        page = check(client.post(topic, data={**form, **typed, "accion": action}), typed)
        shown = page.fields()
        assert {field: as_shown(shown.get(field, "")) for field in ONE_LINE} == {
            field: as_typed(text) for field, text in typed.items()
        }
        told = {where for where, _ in page.problems}
        removed = {field for field, text in typed.items() if clean_text(text)[1]}
        assert removed <= told if action == "continuar-2" else removed == told, typed
        assert shown["text"] == TEXT


@only_sqlite
@pytest.mark.parametrize("field", CHOSEN)
def test_value_of_no_catalogue_is_told_at_its_field(
    client: FlaskClient, mailbox: str, strings: list[str], field: str
) -> None:
    form = {**fields_of(client, mailbox), "kind": "petition", "accion": "enviar"}

    for text in strings[::5]:
        page = check(client.post(mailbox, data={**form, field: text}), text)
        if clean_text(text)[0]:
            assert [where for where, _ in page.problems] == [field], text
            assert page.fields()["text"] == TEXT


@only_sqlite
def test_value_of_no_catalogue_is_never_stored(client: FlaskClient, mailbox: str, strings: list[str]) -> None:
    form = fields_of(client, mailbox)

    for number, chosen in enumerate(turned(strings, CHOSEN)):
        action = ("editar-1", "editar-2", "enviar")[number % 3]
        page = check(client.post(mailbox, data={**form, **chosen, "accion": action}), chosen)
        assert page.fields()["text"] == TEXT, chosen

    session().rollback()
    assert session().scalar(select(func.count()).select_from(Submission)) == 0


@only_sqlite
def test_what_the_form_carries_may_be_anything(client: FlaskClient, topic: str, strings: list[str]) -> None:
    form = fields_of(client, topic)

    for number, carried in enumerate(turned(strings, CARRIED)):
        nonce = {"nonce": form["nonce"]} if number % 2 else {}
        sent = {**form, "author_name": "Ana", **carried, **nonce, "accion": ("editar-1", "enviar")[number % 4 // 2]}
        page = check(client.post(topic, data=sent), carried)
        assert TEXT in page.html or page.heading == "Recibimos su comentario", carried

    session().rollback()
    assert set(session().scalars(select(Submission.notice_version))) <= {"2026-1"}


@only_sqlite
def test_actions_that_do_not_exist_send_nothing_unasked(client: FlaskClient, topic: str, strings: list[str]) -> None:
    form = fields_of(client, topic)
    for text in [*strings, "quitar:", "quitar:x" * 100, "continuar-99999999999999999999", "editar-0", "ENVIAR"]:
        check(client.post(topic, data={**form, "accion": text}), text)

    session().rollback()
    assert session().scalar(select(func.count()).select_from(Submission)) == 0


@only_sqlite
def test_tracking_takes_anything(client: FlaskClient, world: World, strings: list[str]) -> None:
    folio = a_receipt(world.topics["open"], START).folio

    for number, text in enumerate(strings):
        field = ("folio", "key")[number % 2]
        for name in ("folio", "key") if number % 8 == 0 else (field,):
            response = client.post("/seguimiento", data={"folio": folio, "key": "otra clave", name: text})
            if response.status_code == 303:
                assert as_typed(text) == "", text
                continue
            page = check(response, text)
            assert (response.status_code, [where for where, _ in page.problems]) == (422, [name]), text
            assert as_shown(page.fields()[name]) == as_typed(text), text


ADDRESSES = (
    "/consultas/{}",
    "/folio/{}",
    "/datos/{}.csv",
    "/consultas?estado={}",
    "/consultas?instrumento={}",
    "/consultas?desde={}",
    "/consultas/{}/temas/1",
    "/buzones/{}",
    "/folio/{}/archivos/1",
    "/datos/comentarios.{}",
    "/{}",
    "/entrar?siguiente={}",
    "/estrados?desde={}",
    "/static/{}",
)


@pytest.mark.parametrize("group", [0, 1])
def test_addresses_take_anything(client: FlaskClient, world: World, strings: list[str], group: int) -> None:
    every = 1 if session().get_bind().dialect.name == "sqlite" else 8

    for number, text in enumerate(strings[group::2][::every]):
        for address in (*ADDRESSES[:3], ADDRESSES[3 + number % (len(ADDRESSES) - 3)]):
            response = client.get(address.format(quote(text, safe="")), follow_redirects=True)
            assert response.status_code < 500, (address, text)
            if response.content_type.startswith("text/html"):
                check(response, text)
            response.close()


def cursors() -> Iterator[str]:
    """Yield cursors that were not made here."""
    for value in ("[-1]", "[0]", f"[{2**63}]", f"[{2**62}]", "[true]", "[1.5]", "[null]", '["a"]', "{}", "[1, 2]"):
        yield base64.urlsafe_b64encode(value.encode()).decode()
    yield base64.urlsafe_b64encode(b"[" * 100_000).decode()
    yield base64.urlsafe_b64encode(b"[" + b"9" * 5_000 + b"]").decode()
    yield from ("!!!", "a", "=" * 50, "ñ", "a" * 3_000)


def test_cursors_from_elsewhere_are_refused_or_empty(client: FlaskClient, world: World) -> None:
    windows = (f"/consultas/{world.slugs['open']}", f"/consultas/{world.slugs['open']}/temas/1")
    for cursor in cursors():
        for address in ("/consultas", "/estrados", *windows):
            response = client.get(f"{address}?desde={quote(cursor)}")
            assert response.status_code in (200, 400), cursor[:40]
            check(response, cursor[:40])


@pytest.mark.parametrize("number", ["0", "-1", "999999999", "9" * 12, "9" * 19, "9" * 4000, "1.5", "1e9", "٣", "%00"])
def test_numbers_beyond_any_row_do_not_exist(client: FlaskClient, world: World, number: str) -> None:
    folio = a_published(world, START).folio
    for address in (f"/consultas/{world.slugs['open']}/temas/{number}", f"/folio/{folio}/archivos/{number}"):
        response = client.get(address)
        assert response.status_code in (400, 404)
        check(response, number)
        assert client.post(f"{address}/opinar", data={"text": TEXT}).status_code in (400, 404, 405)


@pytest.mark.parametrize("raw", RAW)
@pytest.mark.parametrize("field", ["text", "author_name", "kind", "nonce", "notice_version", "file_token", "accion"])
def test_bytes_that_are_no_text_are_no_failure(client: FlaskClient, topic: str, field: str, raw: bytes) -> None:
    form = fields_of(client, topic)
    for action in ("editar-1", "enviar"):
        others = urlencode({**form, "accion": action, field: ""})
        body = others.replace(f"{field}=", "sobra=").encode() + b"&" + field.encode() + b"=" + raw
        response = client.post(topic, data=body, content_type="application/x-www-form-urlencoded")
        check(response, raw)


@pytest.mark.parametrize("raw", RAW)
def test_bytes_that_are_no_text_in_addresses_are_no_failure(client: FlaskClient, world: World, raw: bytes) -> None:
    value = quote_from_bytes(raw, safe="%")
    for address in (
        f"/consultas/{value}",
        f"/folio/{value}",
        f"/datos/{value}.csv",
        f"/consultas?estado={value}&instrumento={value}",
        f"/consultas?desde={value}",
        f"/{value}",
    ):
        check(client.get(address), address)


@only_sqlite
def test_long_texts_are_kept_and_longer_ones_are_advised(client: FlaskClient, topic: str) -> None:
    form = fields_of(client, topic)

    long = client.post(topic, data={**form, "text": "a" * 1_000_000})
    page = check(long)
    assert (long.status_code, [where for where, _ in page.problems]) == (422, ["text"])
    assert len(page.fields()["text"]) == 1_000_000

    for encode in (urlencoded, multipart):
        body, content_type = encode({**form, "text": "a" * 9_000_000})
        longer = client.post(topic, data=body, content_type=content_type)
        page = check(longer)
        assert longer.status_code == 413
        assert page.heading == "Lo que envió pesa demasiado"
        assert "Regrese: su texto sigue en la página anterior." in page.main


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"text": "hola"}', "application/json"),
        (b"<a/>", "text/xml"),
        (b"text=hola", "text/plain"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"\x00\xff" * 100, "multipart/form-data; boundary=\xff"),
        (b"text=hola", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"text=hola", ""),
        (b"text=hola", "\x01"),
    ],
)
def test_wrong_kinds_of_body_are_no_failure(client: FlaskClient, topic: str, body: bytes, content_type: str) -> None:
    for address in (topic, "/seguimiento"):
        check(client.post(address, data=body, content_type=content_type), content_type)


@only_sqlite
def test_thousand_fields_are_no_failure(client: FlaskClient, topic: str) -> None:
    many = {f"campo{number}": "x" for number in range(1000)}
    form = {**fields_of(client, topic), **many}

    assert check(client.post(topic, data=form)).heading == "Revise y envíe"
    parts = client.post(topic, data=form, content_type="multipart/form-data")
    assert parts.status_code == 413
    check(parts)
    repeated = {**fields_of(client, topic), "text": ["uno", "dos"], "file_token": ["x"] * 1000}
    check(client.post(topic, data=repeated))


@only_sqlite
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "vacio.pdf"),
        (b"hola", "carta.pdf"),
        (a_png(), "foto.pdf"),
        (a_pdf(), "carta.jpg"),
        (b"MZ" + b"\0" * 100, "programa.exe"),
        (b"%PDF-1.7\n" + b"x" * (10 * 1024 * 1024), "grande.pdf"),
        (a_pdf()[:200], "cortado.pdf"),
        (b"PK\x03\x04" + b"\0" * 50, "roto.docx"),
        (b"<svg onload=alert(1)>", "dibujo.svg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_cannot_be_taken_are_named_at_their_field(
    client: FlaskClient, topic: str, content: bytes, name: str
) -> None:
    form = {**fields_of(client, topic), "accion": "continuar-1", "files": FileStorage(io.BytesIO(content), name)}

    body, content_type = multipart(form)
    response = client.post(topic, data=body, content_type=content_type)

    page = check(response, name)
    [(where, message)] = page.problems
    assert (response.status_code, where) == (422, "files")
    assert f"«{name}»" in message
    assert page.fields()["text"] == TEXT


@only_sqlite
def test_file_names_may_be_anything(client: FlaskClient, topic: str, strings: list[str]) -> None:
    form = {**fields_of(client, topic), "accion": "editar-1"}

    for text in strings[::5]:
        files = (io.BytesIO(a_pdf()), f"{text}.pdf".replace("\r", " ").replace("\n", " "))
        page = check(client.post(topic, data={**form, "files": files}, content_type="multipart/form-data"), text)
        assert page.fields()["text"] == TEXT
        for item in page.by_class("files"):
            assert not {unicodedata.category(sign) for sign in "".join(item.itertext())} & {"Cf", "Cs", "Co"}
