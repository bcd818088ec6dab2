"""States of the pages around a closing: papers, projects, claims, appeals."""

from playwright.sync_api import Page

from measure.demo_site import Site
from measure.staff_states import ALL as STAFF_STATES
from measure.staff_states import press_and_see, unfold
from measure.states import button, field, state


@state("paper-unsigned-error", "coordinator")
def paper_unsigned(site: Site, page: Page) -> None:
    """Issuing the record of a closing without number nor signer."""
    page.goto(f"{site.base}/coordinacion/consultas/{site.windows('closed')[0]['slug']}/papeles")
    if page.locator("main table a").count() == 0:
        with page.expect_navigation():
            button(page, "Preparar").click()
    with page.expect_navigation():
        button(page, "Acta de cierre").click()
    press_and_see(page, "Emitir")


@state("project-empty-error", "coordinator")
def project_empty(site: Site, page: Page) -> None:
    """Opening a project with nothing in it."""
    page.goto(f"{site.base}/coordinacion/proyectos")
    unfold(page, "Abrir un proyecto")
    press_and_see(page, "Abrir el proyecto")


@state("project-folios-error", "coordinator")
def project_folios(site: Site, page: Page) -> None:
    """Tying a folio that is nobody's."""
    page.goto(f"{site.base}/coordinacion/proyectos")
    with page.expect_navigation():
        page.locator("main h2 a").first.click()
    page.locator("#folios").fill("GTO-2026-NADA")
    press_and_see(page, "Ligar los folios")


@state("claim-empty-error")
def claim_empty(site: Site, page: Page) -> None:
    """Saying that one did not send something, without a name."""
    open_claim(site, page)
    press_and_see(page, "Enviar el aviso")


@state("claim-sent")
def claim_sent(site: Site, page: Page) -> None:
    """The coordination has the claim."""
    open_claim(site, page)
    field(page, "^Su nombre").fill("Persona inventada")
    field(page, "^Qué pasó").fill("Alguien usó mi nombre.")
    with page.expect_navigation():
        button(page, "Enviar el aviso").click()


def open_claim(site: Site, page: Page) -> None:
    """Open the form of a claim from a published comment."""
    page.goto(site.base + site.topic_address("concluded"))
    page.locator("main a[href^='/folio/']").last.click()
    with page.expect_navigation():
        button(page, "Lleva mi nombre").click()


@state("claim-undecided-error", "coordinator")
def claim_undecided(site: Site, page: Page) -> None:
    """Deciding of a claim without saying how it was checked."""
    page.goto(f"{site.base}/coordinacion/no-lo-envie")
    if page.locator("main article").count():
        press_and_see(page, "Dejarlo como está")


@state("appeal-undecided-error", "coordinator")
def appeal_undecided(site: Site, page: Page) -> None:
    """Deciding of an appeal without reasons."""
    page.goto(f"{site.base}/bandeja/impugnaciones")
    press_and_see(page, "Confirmar lo decidido")


@state("boilerplate-empty-error", "respondent")
def boilerplate_empty(site: Site, page: Page) -> None:
    """Keeping a text with nothing in it."""
    page.goto(f"{site.base}/bandeja/textos")
    press_and_see(page, "Guardar el texto")


# Every state, of visitors and of staff.
ALL = STAFF_STATES
