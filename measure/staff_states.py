"""States of the pages of work that need an act: errors of each form, drafts, previews, receipts."""

import re

from playwright.sync_api import Locator, Page

from measure.demo_site import Site
from measure.states import ANSWER, STATES, TEXT, button, choose, field, state

INVALID = "[aria-invalid], .error-summary"


def pending(site: Site, page: Page) -> Locator:
    """Open the tray and return the links to what waits for an answer."""
    page.goto(f"{site.base}/bandeja/turnos")
    return page.locator("main a[href*='/bandeja/turnos/']")


def unfold(page: Page, summary: str) -> None:
    """Open a fold by the words of its summary."""
    fold = page.locator("summary", has_text=re.compile(summary, re.IGNORECASE)).first
    if not fold.evaluate("element => element.parentElement.open"):
        fold.click()


def press_and_see(page: Page, name: str, wanted: str = INVALID) -> None:
    """Press a button and wait for what it leads to."""
    button(page, name).click()
    page.wait_for_selector(wanted)


@state("answer-empty-error", "respondent")
def answer_empty(site: Site, page: Page) -> None:
    """Sending to sign-off without an answer."""
    pending(site, page).first.click()
    press_and_see(page, "Enviar a firma")


@state("answer-filled", "respondent")
def answer_filled(site: Site, page: Page) -> None:
    """The answer is written, not sent."""
    pending(site, page).first.click()
    choose(page, "Procedente")
    page.locator("main textarea[name=text]").fill(ANSWER)


@state("answer-draft-kept", "respondent")
def answer_draft(site: Site, page: Page) -> None:
    """The draft is kept."""
    answer_filled(site, page)
    with page.expect_navigation():
        button(page, "Guardar").click()


@state("return-empty-error", "respondent")
def return_empty(site: Site, page: Page) -> None:
    """Giving a referral back without a reason."""
    pending(site, page).first.click()
    unfold(page, "No me corresponde")
    press_and_see(page, "Devolver")


@state("answer-many", "respondent")
def answer_many(site: Site, page: Page) -> None:
    """One answer for two."""
    pending(site, page)
    marks = page.locator("main tbody label")
    marks.nth(0).click()
    marks.nth(1).click()
    with page.expect_navigation():
        button(page, "Responder").click()


@state("answer-sent", "respondent")
def answer_sent(site: Site, page: Page) -> None:
    """Sent to sign-off."""
    pending(site, page).last.click()
    choose(page, "Procedente")
    page.locator("main textarea[name=text]").fill(ANSWER)
    with page.expect_navigation():
        button(page, "Enviar a firma").click()


@state("to-sign", "approver")
def to_sign(site: Site, page: Page) -> None:
    """What waits to be signed."""
    page.goto(f"{site.base}/bandeja/firma")
    page.locator("main a[href*='/bandeja/respuestas/']").first.click()
    button(page, "Firmar").wait_for()


@state("send-back-empty-error", "approver")
def send_back_empty(site: Site, page: Page) -> None:
    """Sending an answer back without a reason."""
    to_sign(site, page)
    unfold(page, "Regresarla")
    press_and_see(page, "Regresar la")


@state("signed", "approver")
def signed(site: Site, page: Page) -> None:
    """The answer is signed."""
    to_sign(site, page)
    with page.expect_navigation():
        button(page, "Firmar").click()


@state("to-publish", "coordinator")
def to_publish(site: Site, page: Page) -> None:
    """An answer that waits to be published."""
    page.goto(f"{site.base}/coordinacion/publicar")
    page.locator("main a[href*='/bandeja/respuestas/']").first.click()
    button(page, "Publicar").wait_for()


@state("new-window-empty-error", "coordinator")
def new_window_empty(site: Site, page: Page) -> None:
    """A new window without a title."""
    page.goto(f"{site.base}/coordinacion/consultas/nueva")
    press_and_see(page, "Crear")


@state("new-window-draft", "coordinator")
def new_window(site: Site, page: Page) -> None:
    """A window in preparation."""
    page.goto(f"{site.base}/coordinacion/consultas/nueva")
    field(page, "^(Título|Nombre)").fill("Prueba de mercados limpios")
    for area in page.locator("main textarea").all():
        area.fill("Se propone que los mercados abran una hora antes.")
    with page.expect_navigation():
        button(page, "Crear").click()


@state("extend-empty-error", "coordinator")
def extend_empty(site: Site, page: Page) -> None:
    """Extending without grounds."""
    page.goto(f"{site.base}/coordinacion/consultas/{site.windows('open')[0]['slug']}")
    unfold(page, "Agregar días")
    press_and_see(page, "Ampliar")


@state("topic-empty-error", "coordinator")
def topic_empty(site: Site, page: Page) -> None:
    """A topic without a title."""
    page.goto(f"{site.base}/coordinacion/consultas/{site.windows('open')[0]['slug']}")
    unfold(page, "Agregar un tema")
    press_and_see(page, "Agregar el tema")


@state("withhold-empty-error", "moderator")
def withhold_empty(site: Site, page: Page) -> None:
    """Withholding a text without a reason."""
    page.goto(f"{site.base}/bandeja/revision")
    page.locator("main a[href*='/bandeja/revision/']").first.click()
    press_and_see(page, "No publicar")


@state("capture-empty-error", "operator")
def capture_empty(site: Site, page: Page) -> None:
    """Keeping a capture with nothing in it."""
    page.goto(f"{site.base}/captura")
    page.locator("main a[href^='/captura/']").first.click()
    field(page, "Día en que").fill("")
    press_and_see(page, "Guardar")


@state("capture-receipt", "operator")
def capture_receipt(site: Site, page: Page) -> None:
    """The slip that the person takes away."""
    page.goto(f"{site.base}/captura")
    page.locator("main a[href^='/captura/']").first.click()
    choose(page, "Ventanilla")
    page.locator("main textarea[name=text]").fill(TEXT)
    with page.expect_navigation():
        button(page, "Guardar").click()
    page.get_by_text(re.compile(r"[A-Z]{2,6}-\d{4}-\w{8}-\w")).first.wait_for()


@state("agency-empty-error", "administrator")
def agency_empty(site: Site, page: Page) -> None:
    """An agency without a name."""
    administer(site, page, "Crear una dependencia")
    press_and_see(page, "Crear la dependencia")


@state("person-empty-error", "administrator")
def person_empty(site: Site, page: Page) -> None:
    """Inviting nobody."""
    administer(site, page, "Invitar a una persona")
    press_and_see(page, "Enviar la invitación")


def administer(site: Site, page: Page, summary: str) -> None:
    """Open a fold of the administration, on whichever of its pages it is."""
    page.goto(f"{site.base}/administracion")
    links = page.locator("a[href^='/administracion']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for address in ["/administracion", *links]:
        page.goto(site.base + address)
        if page.locator("summary", has_text=summary).count():
            unfold(page, summary)
            return
    raise LookupError(f"no page of the administration has «{summary}»")


# Every state, of visitors and of staff.
ALL = STATES


@state("decree-empty-error", "administrator")
def decree_empty(site: Site, page: Page) -> None:
    """A decree with nothing in it."""
    page.goto(f"{site.base}/administracion/calendario")
    press_and_see(page, "Guardar")


@state("decree-draft-kept", "administrator")
def decree_draft(site: Site, page: Page) -> None:
    """A draft that waits for publication."""
    page.goto(f"{site.base}/administracion/calendario")
    field(page, "^Nombre").fill("Acuerdo de prueba")
    field(page, "^Número y periódico").fill("P.O. 1 (prueba)")
    field(page, "^Día en que se publicó").fill("2026-11-20")
    page.locator("input[name=desde-0]").fill("2027-05-10")
    page.locator("input[name=motivo-0]").fill("día de las madres")
    with page.expect_navigation():
        button(page, "Guardar").click()


@state("schedule-unanswered-error", "coordinator")
def schedule_unanswered(site: Site, page: Page) -> None:
    """Calculating a closing without the answers that only a person can give."""
    new_window(site, page)
    unfold(page, "Agregar un tema")
    field(page, "^Título").fill("Un tema")
    with page.expect_navigation():
        button(page, "Agregar el tema").click()
    press_and_see(page, "Calcular")


@state("propose-empty-error", "coordinator")
def propose_empty(site: Site, page: Page) -> None:
    """Proposing a change without its grounds."""
    page.goto(f"{site.base}/coordinacion/consultas/{site.windows('open')[0]['slug']}")
    unfold(page, "Proponer un cambio")
    press_and_see(page, "Enviar la propuesta")


@state("late-empty-error", "coordinator")
def late_empty(site: Site, page: Page) -> None:
    """Deciding of something late without reasons."""
    page.goto(f"{site.base}/coordinacion/extemporaneas")
    press_and_see(page, "Admitir")


@state("change-rejected-without-reason", "control")
def change_rejected(site: Site, page: Page) -> None:
    """Rejecting a proposal without a reason."""
    page.goto(f"{site.base}/coordinacion/cambios")
    press_and_see(page, "Rechazar", ".error-summary")
