"""The whole thread in a real browser: comment → folio → referred → answered → signed off → published → tracked."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from consulta.db import Database, session_scope
from measure.instances import Instance
from tests.builders import PASSWORD, World, a_world
from tests.e2e.browser import ARTEFACTS, INSTALL, chromium, find_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason=INSTALL),
    pytest.mark.xdist_group("browser"),
]

COMMENT = "Propongo que la revisión sea cada tres meses <b>y no cada seis</b>, porque los frenos se gastan antes."
ANSWER = "Procedente: la revisión pasará a ser cada cuatro meses en el artículo 12 del proyecto."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(tmp_path: Path, database_url: str) -> Iterator[tuple[Instance, World]]:
    environ = {"CONSULTA_INSTANCE": str(tmp_path), "CONSULTA_DATABASE_URL": database_url, "CONSULTA_DEMO": "1"}
    database = Database(database_url)
    with session_scope(database):
        world = a_world(datetime.now(UTC))
    database.dispose()
    instance = Instance(tmp_path, environ)
    instance.serve(workers=1)
    yield instance, world
    instance.stop()


class Walk:
    """A person with her own browser window, who keeps a picture of every page she sees."""

    def __init__(self, context: BrowserContext, base: str, folder: Path, who: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.base, self.folder, self.who, self.count = base, folder, who, 0

    def go(self, address: str) -> None:
        self.page.goto(self.base + address)

    def sign_in(self, email: str) -> None:
        self.go("/entrar")
        self.page.fill("#email", email)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")

    def look(self, name: str) -> None:
        self.count += 1
        self.page.screenshot(path=self.folder / f"{self.who}-{self.count}-{name}.png", full_page=True)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        box = self.page.locator("html").bounding_box()
        assert box is not None
        assert box["width"] <= width, f"{name} scrolls sideways"


@pytest.mark.parametrize(("javascript", "width"), [(False, 320), (True, 1280)], ids=["plain-320", "script-1280"])
def test_comment_is_answered_and_tracked(
    browser: Browser, served: tuple[Instance, World], javascript: bool, width: int, request: pytest.FixtureRequest
) -> None:
    instance, world = served
    folder = ARTEFACTS / "journey" / request.node.callspec.id
    folder.mkdir(parents=True, exist_ok=True)

    def person(who: str) -> Walk:
        context = browser.new_context(java_script_enabled=javascript, viewport={"width": width, "height": 800})
        return Walk(context, instance.url, folder, who)

    folio, key = _comment(person("citizen"), world)
    _review(person("moderator"), world, folio)
    _answer(person("respondent"), world, folio)
    _sign(person("approver"), world)
    _publish(person("coordinator"), world)
    _track(person("citizen-again"), world, folio, key)


def _comment(citizen: Walk, world: World) -> tuple[str, str]:
    page = citizen.page
    citizen.go("/")
    citizen.look("home")
    page.click("text=Agenda regulatoria >> nth=0")
    citizen.look("window")
    page.click("main >> text=Transporte escolar >> nth=0")
    citizen.look("topic")
    page.click("a.button:has-text('Opinar')")
    page.click("button.button:has-text('Continuar'):visible")
    expect(page.locator(".error-summary")).to_contain_text("Escriba su comentario")
    citizen.look("empty-text")
    page.fill("#text", COMMENT)
    page.click("button.button:has-text('Continuar'):visible")
    page.fill("#email", "persona@demo.example")
    page.locator("label", has_text=re.compile("^Mujer$")).click()
    citizen.look("about")
    page.click("button.button:has-text('Continuar')")
    expect(page.locator("dl.summary")).to_contain_text("<b>y no cada seis</b>")
    citizen.look("review")
    page.click("text=Enviar mi comentario")
    folio, key = page.inner_text("#folio"), page.inner_text("#clave")
    citizen.look("receipt")
    assert folio.startswith("GTO-")
    assert len(key.split("-")) == 6
    return folio, key


def _review(moderator: Walk, world: World, folio: str) -> None:
    page = moderator.page
    moderator.sign_in(world.email("moderator"))
    expect(page.locator("main")).to_contain_text(folio)
    moderator.look("review")
    page.click("text=Publicar los marcados")
    expect(page.locator("main")).to_contain_text("Textos publicados: 1")


def _answer(respondent: Walk, world: World, folio: str) -> None:
    page = respondent.page
    respondent.sign_in(world.email("respondent"))
    # Referring is the worker's: it takes a moment.
    for _ in range(40):
        if page.locator(f"text={folio}").count():
            break
        page.wait_for_timeout(250)
        respondent.go("/bandeja/turnos")
    respondent.look("tray")
    page.click("main table a[href^='/bandeja/turnos/']")
    respondent.look("editor")
    page.click("label:text-is('Procedente')")
    page.fill("textarea[name=text]", ANSWER)
    page.click("text=Enviar a firma")
    expect(page.locator("main")).to_contain_text("Enviada a firma")
    respondent.look("sent")


def _sign(approver: Walk, world: World) -> None:
    page = approver.page
    approver.sign_in(world.email("approver"))
    approver.look("to-sign")
    page.click("main a[href^='/bandeja/respuestas/']")
    approver.look("answer")
    page.click("button:has-text('Firmar')")
    expect(page.locator("main")).to_contain_text("Respuesta firmada")


def _publish(coordinator: Walk, world: World) -> None:
    page = coordinator.page
    coordinator.sign_in(world.email("coordinator"))
    coordinator.look("coordination")
    coordinator.go("/coordinacion/publicar")
    page.click("main a[href^='/bandeja/respuestas/']")
    coordinator.look("to-publish")
    page.click("button:has-text('Publicar')")
    expect(page.locator("main")).to_contain_text("publicada y notificada")


def _track(citizen: Walk, world: World, folio: str, key: str) -> None:
    page = citizen.page
    citizen.go("/seguimiento")
    page.fill("main #folio", folio.lower().replace("-", " "))
    page.fill("main #key", key.replace("-", " ").upper())
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text(ANSWER)
    expect(page.locator("ol.timeline")).to_contain_text("Respuesta publicada")
    citizen.look("tracking")
    citizen.go(f"/folio/{folio}")
    expect(page.locator("main")).to_contain_text(ANSWER)
    citizen.look("folio")
    citizen.go(f"/consultas/{world.slugs['open']}/temas/1")
    expect(page.locator("article.comment")).to_contain_text(COMMENT)
    citizen.look("topic-answered")
    citizen.go("/desarrollo/correo")
    expect(page.locator("main")).to_contain_text(f"Respuesta a su folio {folio}")
    expect(page.locator("main")).not_to_contain_text(key)
