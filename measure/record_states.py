"""States of the pages around the record and the archive: receipts checked, orders to keep, disposals."""

from playwright.sync_api import Page

from measure.closing_states import ALL as CLOSING_STATES
from measure.demo_site import Site
from measure.staff_states import press_and_see
from measure.states import button, field, state


@state("verify-unknown-error")
def verify_unknown(site: Site, page: Page) -> None:
    """Verifying a folio that is none."""
    page.goto(f"{site.base}/verificar?folio=GTO-2026-NADA")


@state("verify-photo-error")
def verify_photo(site: Site, page: Page) -> None:
    """Handing in the photo of a receipt."""
    _hand_in(site, page, "foto.jpg", b"\xff\xd8\xff\xe0 foto")


@state("verify-folio")
def verify_folio(site: Site, page: Page) -> None:
    """Verifying a published comment."""
    page.goto(site.base + site.topic_address("concluded"))
    folio = page.locator("main a[href^='/folio/']").last.get_attribute("href") or ""
    page.goto(f"{site.base}/verificar?folio={folio.rsplit('/', 1)[-1]}")


@state("verify-other-record")
def verify_other(site: Site, page: Page) -> None:
    """Handing in the receipt of another government."""
    instants = "|".join(["2026-01-01T00:00:00+00:00"] * 2)
    original = f"||consulta.acuse/1|otro.gob.mx/bitacora|GTO-2026-00000000-0|{instants}|00||"
    _hand_in(site, page, "acuse.txt", f"{original}\n{'A' * 86}==\n".encode())


@state("hold-empty-error", "coordinator")
def hold_empty(site: Site, page: Page) -> None:
    """Ordering to keep nothing."""
    page.goto(f"{site.base}/coordinacion/archivo")
    press_and_see(page, "Conservar")


@state("hold-placed", "coordinator")
def hold_placed(site: Site, page: Page) -> None:
    """A consultation is kept for a trial."""
    page.goto(f"{site.base}/coordinacion/archivo")
    field(page, "^Folio o consulta").fill(site.windows("closed")[0]["slug"])
    field(page, "^Juicio").fill("amparo 512/2026")
    field(page, "^Por qué se conserva").fill("Se litiga la consulta.")
    with page.expect_navigation():
        button(page, "Conservar").click()


@state("disposal-empty-error", "coordinator")
def disposal_empty(site: Site, page: Page) -> None:
    """Proposing a disposal of nothing."""
    page.goto(f"{site.base}/coordinacion/archivo")
    press_and_see(page, "Proponer")


@state("disposal-unconfirmed-error", "coordinator")
def disposal_unconfirmed(site: Site, page: Page) -> None:
    """Authorising a disposal without the tick; who proposed it could not anyway."""
    page.goto(site.base + site.topic_address("concluded"))
    folio = page.locator("main a[href^='/folio/']").last.get_attribute("href") or ""
    page.goto(f"{site.base}/coordinacion/archivo")
    field(page, "^Folios").fill(folio.rsplit("/", 1)[-1])
    field(page, "^Dictamen").fill("D-7/2026")
    field(page, "^Fundamento").fill("Artículo 58")
    page.locator("#disposal_reason").fill("Venció su plazo.")
    with page.expect_navigation():
        button(page, "Proponer").click()
    press_and_see(page, "Autorizar la baja")


@state("dossier-unknown-error", "coordinator")
def dossier_unknown(site: Site, page: Page) -> None:
    """Asking for the file of a folio that is none."""
    page.goto(f"{site.base}/coordinacion/expedientes?folio=nada")


def _hand_in(site: Site, page: Page, name: str, content: bytes) -> None:
    page.goto(f"{site.base}/verificar")
    page.locator("#acuse").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    with page.expect_navigation():
        button(page, "Verificar acuse").click()


# Every state, of visitors and of staff.
ALL = CLOSING_STATES
