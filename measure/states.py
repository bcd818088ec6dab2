"""States of pages that need an act. Each is a function that takes a page and leaves it in the state."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from measure.demo_site import PUBLIC, Site

Act = Callable[[Site, Page], None]
TEXT = "Propongo que la revisión sea cada tres meses, porque los frenos se gastan antes en las calles empinadas."
ANSWER = "Procedente: la revisión pasará a ser cada cuatro meses en el artículo 12 del proyecto."
EMAIL = "persona@demo.example"


@dataclass(frozen=True)
class State:
    """A state of a page, for a role."""

    name: str
    role: str
    act: Act


STATES: list[State] = []


def state(name: str, role: str = PUBLIC) -> Callable[[Act], Act]:
    """Register a state."""

    def register(act: Act) -> Act:
        STATES.append(State(name, role, act))
        return act

    return register


def button(page: Page, name: str) -> Locator:
    """Return the first button or link of the content whose name begins with some words."""
    words = re.compile(rf"^\s*{name}", re.IGNORECASE)
    main = page.get_by_role("main")
    return main.get_by_role("button", name=words).or_(main.get_by_role("link", name=words)).first


def field(page: Page, name: str) -> Locator:
    """Return the first field of the content whose label has some words."""
    return page.get_by_role("main").get_by_label(re.compile(name, re.IGNORECASE)).first


def choose(page: Page, name: str) -> None:
    """Choose by the words of a label, as a finger does: the label lies over its circle or box."""
    words = re.compile(rf"^\s*{name}\s*$", re.IGNORECASE)
    page.get_by_role("main").locator("label").filter(has_text=words).first.click()


def begin(site: Site, page: Page, status: str = "open") -> None:
    """Open the first step of a comment."""
    page.goto(f"{site.base}{site.topic_address(status)}/opinar")


def write(page: Page) -> None:
    """Fill the first step and go on to the second."""
    field(page, "^Su opinión").fill(TEXT)
    button(page, "Continuar").click()


def review(page: Page) -> None:
    """Go from the first step to the third."""
    write(page)
    field(page, "Correo").fill(EMAIL)
    button(page, "Continuar").click()


def send(page: Page) -> tuple[str, str]:
    """Go from the first step to the receipt; return folio and key."""
    review(page)
    button(page, "Enviar").click()
    page.wait_for_selector("#clave")
    return page.inner_text("#folio"), page.inner_text("#clave")


@state("comment-1-filled")
def comment_1_filled(site: Site, page: Page) -> None:
    """The text is written."""
    begin(site, page)
    field(page, "^Su opinión").fill(TEXT)


@state("comment-1-empty-error")
def comment_1_empty(site: Site, page: Page) -> None:
    """Going on without a text."""
    begin(site, page)
    button(page, "Continuar").click()
    page.wait_for_selector("[aria-invalid]")


@state("comment-2")
def comment_2(site: Site, page: Page) -> None:
    """Who comments."""
    begin(site, page)
    write(page)
    field(page, "Correo").wait_for()


@state("comment-2-email-error")
def comment_2_email(site: Site, page: Page) -> None:
    """An address of mail that is none."""
    comment_2(site, page)
    field(page, "Correo").fill("persona arroba")
    button(page, "Continuar").click()
    page.wait_for_selector("[aria-invalid]")


@state("comment-3-review")
def comment_3(site: Site, page: Page) -> None:
    """Everything to be checked once more."""
    begin(site, page)
    review(page)
    button(page, "Enviar").wait_for()


@state("comment-receipt")
def receipt(site: Site, page: Page) -> None:
    """Folio and key."""
    begin(site, page)
    send(page)


@state("comment-late-1")
def late(site: Site, page: Page) -> None:
    """The first step once the window has closed."""
    begin(site, page, "closed")


@state("comment-late-receipt")
def late_receipt(site: Site, page: Page) -> None:
    """The receipt of what came late."""
    begin(site, page, "closed")
    send(page)


@state("comment-not-open-yet")
def not_open(site: Site, page: Page) -> None:
    """A window that has not opened."""
    begin(site, page, "upcoming")


@state("mailbox-1")
def mailbox(site: Site, page: Page) -> None:
    """Writing to a mailbox."""
    page.goto(f"{site.base}{site.mailbox_address()}/opinar")


@state("mailbox-receipt")
def mailbox_receipt(site: Site, page: Page) -> None:
    """The receipt of a mailbox."""
    mailbox(site, page)
    send(page)


@state("tracking-own")
def tracking(site: Site, page: Page) -> None:
    """The person's own view, with her key."""
    receipt(site, page)
    folio, key = page.inner_text("#folio"), page.inner_text("#clave")
    _track(site, page, folio, key)


@state("tracking-wrong-key-error")
def tracking_wrong(site: Site, page: Page) -> None:
    """A key of another folio."""
    receipt(site, page)
    _track(site, page, page.inner_text("#folio"), "uno dos tres cuatro cinco seis")


@state("tracking-wrong-folio-error")
def tracking_folio(site: Site, page: Page) -> None:
    """A folio with a slip of the pen."""
    _track(site, page, "GTO-2026-00000000-1", "")


@state("sign-in-error")
def sign_in_wrong(site: Site, page: Page) -> None:
    """A wrong password."""
    page.goto(f"{site.base}/entrar")
    field(page, "Correo").fill("nadie@demo.example")
    field(page, "Contraseña").fill("no es esta contraseña")
    button(page, "Entrar").click()
    page.wait_for_selector(".error-summary, [role=alert]")


@state("sign-in-empty-error")
def sign_in_empty(site: Site, page: Page) -> None:
    """Nothing typed."""
    page.goto(f"{site.base}/entrar")
    button(page, "Entrar").click()
    page.wait_for_selector(".error-summary, [role=alert]")


@state("forgotten-sent")
def forgotten(site: Site, page: Page) -> None:
    """A link to choose another password was asked for."""
    page.goto(f"{site.base}/recuperar")
    field(page, "Correo").fill(site.accounts[-1]["email"])
    button(page, "Enviarme").click()
    page.get_by_role("status").first.wait_for()


@state("choose-password")
def choose_password(site: Site, page: Page) -> None:
    """The link of the mail, opened."""
    forgotten(site, page)
    link = re.compile(r"/invitacion/[\w.-]+")
    for _ in range(20):
        page.goto(f"{site.base}/desarrollo/correo")
        found = link.search(page.content())
        if found:
            page.goto(site.base + found.group())
            return
        page.wait_for_timeout(500)
    raise LookupError("no mail with a link came")


@state("choose-password-error")
def choose_password_error(site: Site, page: Page) -> None:
    """A password that is too short."""
    choose_password(site, page)
    field(page, "Contraseña").fill("corta")
    button(page, "Guardar").click()
    page.wait_for_selector("[aria-invalid]")


@state("not-found")
def not_found(site: Site, page: Page) -> None:
    """An address without a page."""
    page.goto(f"{site.base}/consultas/no-existe")


@state("not-found-folio")
def not_found_folio(site: Site, page: Page) -> None:
    """A folio without anything public."""
    page.goto(f"{site.base}/folio/GTO-2026-00000000-0")


@state("consultations-empty")
def nothing_listed(site: Site, page: Page) -> None:
    """Filters that nothing meets."""
    page.goto(f"{site.base}/consultas?estado=proximas&instrumento=evaluacion_ex_post")


@state("dates-unfolded")
def derivation(site: Site, page: Page) -> None:
    """Why this date, day by day."""
    page.goto(f"{site.base}/consultas/{site.windows('open')[0]['slug']}")
    page.locator("main summary").first.click()


def _track(site: Site, page: Page, folio: str, key: str) -> None:
    page.goto(f"{site.base}/seguimiento")
    field(page, "Folio").fill(folio)
    field(page, "Clave").fill(key)
    with page.expect_navigation():
        button(page, "Consultar").click()
