"""The page of notices to programs: what is shown once, what is refused, and who may do what."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from consulta.config import BadSetting, load_settings
from consulta.db import session_scope, unit_of_work
from consulta.desk.webhooks import COURIER
from consulta.errors import Forbidden
from consulta.hooks.notices import PAGE
from consulta.hooks.operations import remove_webhook, rotate_secret
from consulta.hooks.queries import find_webhook
from consulta.hooks.sending import Courier
from tests.hooks.office import Office, secret_of


def test_secret_is_shown_once_and_kept_by_no_browser(office: Office) -> None:
    shown = office.fill_in()

    secret = secret_of(shown)

    assert secret.startswith("whsec_")
    assert shown.response.headers["Cache-Control"] == "no-store"
    assert secret not in office.page.get(PAGE).text
    assert "Por comprobar" in office.page.get(PAGE).body


def test_page_tells_what_was_sent_what_came_back_and_when_it_is_tried_again(office: Office) -> None:
    office.register(["answer.published"])
    folio = office.answer()
    office.receiver.answers = [(500, {}, b"<script>alert(1)</script> mantenimiento")]

    office.work()

    shown = office.page.get(PAGE)
    assert folio in shown.body
    assert "500 <script>alert(1)</script> mantenimiento" in shown.body
    assert "<script>alert" not in shown.text
    assert "1 intento; el siguiente, el" in shown.body
    assert "Entregado" in shown.body


@pytest.mark.parametrize(
    ("field", "written", "problem"),
    [
        ("label", "", "Escriba qué programa recibe los avisos, en una línea."),
        ("events", ["ping"], "Elija al menos un aviso de la lista."),
        ("events", [], "Elija al menos un aviso de la lista."),
        ("url", "", "Escriba una dirección completa"),
        ("url", "http://sistema.ejemplo.gob.mx/", "La dirección debe empezar con https://"),
        ("url", "https://sistema.ejemplo.gob.mx:22/", "Use el puerto 443"),
        ("url", "https://2130706433/", "Escriba el nombre público del servidor"),
        ("url", "https://otro.ejemplo.gob.mx/", "El nombre lleva a una dirección que no es de la red pública."),
    ],
)
def test_what_cannot_be_registered_is_told_at_its_field(
    office: Office, field: str, written: object, problem: str
) -> None:
    fields = {field: written} if written != [] else {"events": ["x"]}

    shown = office.fill_in(**fields, status=422)  # type: ignore[arg-type]

    assert len(shown.errors) == 1
    assert shown.errors[0].startswith(problem)
    assert shown.value("label") == fields.get("label", "Sistema de gestión")
    office.work()
    assert office.receiver.received == []


def test_name_that_does_not_exist_is_told(office: Office, app: Flask) -> None:
    app.extensions[COURIER] = Courier(resolver=lambda _host, _port: [])

    shown = office.fill_in(url="https://no-existe.ejemplo.gob.mx/", status=422)

    assert shown.errors == ["El nombre del servidor no existe o no respondió su DNS."]


def test_same_address_is_registered_once(office: Office) -> None:
    office.register()

    shown = office.fill_in(status=422)

    assert shown.errors == ["Esa dirección ya está registrada."]


def test_twenty_are_the_most(office: Office) -> None:
    for number in range(20):
        office.fill_in(url=f"{office.receiver.url}&n={number}")

    shown = office.fill_in(status=422)

    assert shown.errors == ["Ya hay 20 programas: quite uno antes de agregar otro."]


def test_tests_are_a_minute_apart(office: Office) -> None:
    office.register()

    office.clock.advance(seconds=1)
    refused = office.do("probar", status=422)

    assert refused.errors == ["Hace menos de un minuto se le envió una prueba: espere un poco."]
    office.clock.advance(minutes=1)
    office.do("probar")
    office.work()
    assert [body["kind"] for body in office.bodies()] == ["ping"]


def test_buttons_that_do_not_fit_its_state_are_refused(office: Office) -> None:
    office.register()
    office.do("reanudar", status=422)
    office.do("pausar")
    office.do("pausar", status=422)
    office.do("probar", status=422)

    assert office.webhook().state == "paused"


def test_administrator_sees_and_removes_and_does_nothing_else(office: Office) -> None:
    office.register()
    page = office.page_of("administrator")

    shown = page.get(PAGE)

    assert "Sistema de gestión" in shown.body
    buttons = [button.get_text(" ", strip=True) for button in shown.soup.select("main button")]
    assert buttons == ["Quitar el programa Sistema de gestión"]
    number = office.webhook().id
    for verb in ("probar", "pausar", "reanudar", "secreto"):
        page.post(f"{PAGE}/{number}/{verb}", status=404)
    page.post(f"{PAGE}/{number}/quitar", status=302)
    assert "Ningún programa" in page.get(PAGE).body


def test_what_is_of_another_government_does_not_exist(office: Office) -> None:
    office.register()
    webhook = office.webhook()
    stranger = replace(office.world.actors["coordinator"], government_id=webhook.government_id + 1)

    with session_scope(office.database), unit_of_work():
        assert find_webhook(stranger.government_id, webhook.id) is None
        found = find_webhook(webhook.government_id, webhook.id)
        assert found is not None
        with pytest.raises(Forbidden):
            remove_webhook(webhook=found, actor=stranger, now=office.clock.now)
        with pytest.raises(Forbidden):
            rotate_secret(
                webhook=found,
                actor=office.world.actors["administrator"],
                keeper=None,  # type: ignore[arg-type]
                now=office.clock.now,
            )
    for verb in ("probar", "pausar", "reanudar", "secreto", "quitar"):
        office.page.post(f"{PAGE}/{webhook.id + 1}/{verb}", status=404)
        office.page.post(f"{PAGE}/{2**63}/{verb}", status=404)


@pytest.mark.parametrize("written", ["127.0.0.1", "http://127.0.0.1:80", "[::1]:80", "a@b:80", ":80", "a:b"])
def test_setting_that_allows_a_neighbour_names_it_with_its_port(written: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="CONSULTA_WEBHOOK_ALLOW"):
        load_settings({"CONSULTA_INSTANCE": str(tmp_path), "CONSULTA_WEBHOOK_ALLOW": written})


def test_nobody_is_allowed_unless_named(tmp_path: Path) -> None:
    instance = {"CONSULTA_INSTANCE": str(tmp_path)}

    assert load_settings(instance).webhook_allow == frozenset()
    named = load_settings({**instance, "CONSULTA_WEBHOOK_ALLOW": "127.0.0.1:9000, vecino:8443"})
    assert named.webhook_allow == {"127.0.0.1:9000", "vecino:8443"}
