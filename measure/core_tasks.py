"""The eight core tasks, each as a person would tell another how to do it: by names, labels and words."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from measure.demo_site import Site
from measure.manners import Hand, Stuck

FOLIO = r"[A-Z]{2,6}-\d{4}-[0-9A-Z]{8}-[0-9A-Z]"
KEY = r"\b[a-zñáéíóú]+(?:-[a-zñáéíóú]+){5}\b"
TEXT = "Propongo que la revisión sea cada tres meses, porque los frenos se gastan antes."
WISH = "Pido que arreglen el alumbrado de la calle, porque de noche no se ve."
ANSWER = "Se acepta su propuesta y el plazo será de cuatro meses en el artículo doce."


@dataclass
class Notes:
    """What one task leaves for the next."""

    site: Site
    folio: str = ""
    key: str = ""
    respondent: dict[str, str] = field(default_factory=dict)


def comment(hand: Hand, notes: Notes) -> None:
    """Find an open window, comment, receive folio and key."""
    hand.go("/")
    hand.follow("Opinar")
    _to_the_form(hand)
    hand.write("^Su opinión", TEXT)
    _to_the_receipt(hand)
    notes.folio = hand.read(FOLIO, "a folio")
    notes.key = hand.read(KEY, "a key of six words")


def track(hand: Hand, notes: Notes) -> None:
    """See what has happened with a folio, by its key."""
    if not notes.key:
        raise Stuck("there is no folio to track")
    hand.go("/seguimiento")
    hand.write("^Folio", notes.folio)
    hand.write("^Clave", notes.key)
    hand.press("Consultar")
    hand.read(re.escape(TEXT), "the own text")
    hand.read("Qué ha pasado", "what has happened")


def mailbox(hand: Hand, notes: Notes) -> None:
    """Write to a mailbox."""
    hand.go("/buzones")
    name = notes.site.mailbox_address().split("/")[2]
    hand.step = "follow the mailbox"
    title = hand.main.locator(f"a[href$='/buzones/{name}']").first.inner_text()
    hand.follow(re.escape(title.strip()))
    _to_the_form(hand)
    hand.write("^Su opinión|texto|escrib", WISH)
    _to_the_receipt(hand)
    hand.read(FOLIO, "a folio")
    hand.read(KEY, "a key of six words")


def read_answers(hand: Hand, notes: Notes) -> None:
    """Read what was answered in a window that has closed."""
    hand.go("/consultas")
    hand.follow(re.escape(notes.site.windows("concluded")[0]["title"]))
    hand.read("Concluida", "that it has concluded")
    hand.follow(r"1\.", r"Ver .*tema", r"Leer")
    hand.read("Respuesta: ", "an answer")


def answer(hand: Hand, notes: Notes) -> None:
    """Answer a referral and send it to sign-off."""
    for account in notes.site.of_role("respondent"):
        if _tray_has_work(notes.site, account):
            notes.respondent = account
            break
    hand.sign_in(notes.respondent)
    hand.go("/bandeja/turnos")
    hand.step = "follow the first referral"
    first = hand.main.locator("a[href*='/bandeja/turnos/']").first.inner_text()
    hand.follow(re.escape(first.strip()))
    hand.choose("Procedente")
    hand.write("^(Respuesta|Texto|Su respuesta)", ANSWER)
    hand.press("Enviar a firma")
    hand.read("[Ee]nviada a firma|en firma|En firma", "that it was sent to be signed")


def sign(hand: Hand, notes: Notes) -> None:
    """Sign the answer."""
    # Every approver looks: the answer is with the one of the respondent's agency.
    for account in notes.site.of_role("approver"):
        if _list_has_answer(notes.site, account["email"], "/bandeja/firma"):
            hand.sign_in(account)
            hand.go("/bandeja/firma")
            hand.follow(re.escape(ANSWER[:40]))
            hand.press("Firmar")
            hand.read("[Ff]irmada", "that it was signed")
            return
    raise Stuck("no approver has the answer to sign")


def publish(hand: Hand, notes: Notes) -> None:
    """Publish the answer."""
    account = _coordinator(notes.site, "/coordinacion/publicar")
    hand.sign_in(account)
    hand.go("/coordinacion/publicar")
    hand.follow(re.escape(ANSWER[:40]))
    hand.press("Publicar")
    hand.read("publicada", "that it was published")


def extend(hand: Hand, notes: Notes) -> None:
    """Give an open window more days."""
    window = notes.site.windows("open")[0]
    hand.sign_in(notes.site.of_role("coordinator")[0])
    hand.go("/coordinacion")
    hand.follow(re.escape(window["title"]))
    hand.unfold("Agregar días|Ampliar")
    hand.write("^Días|Cuántos días|días", "3")
    hand.write("Fundamento", "Reglamento de mejora, artículo 12")
    hand.write("Motivo|Por qué", "Varias colonias pidieron más tiempo.")
    hand.write("Acuerdo|acuerdo", "CMR/099")
    hand.press("Ampliar")
    hand.read("CMR/099", "the extension")


TASKS: dict[str, Callable[[Hand, Notes], None]] = {
    "1 comment": comment,
    "2 track": track,
    "3 mailbox": mailbox,
    "4 read answers": read_answers,
    "5 answer": answer,
    "6 sign": sign,
    "7 publish": publish,
    "8 extend": extend,
}


def _to_the_form(hand: Hand) -> None:
    for _ in range(3):
        if hand.main.get_by_role("button", name=re.compile("^Continuar")).count():
            return
        hand.follow("Opinar", "Escribir")


def _to_the_receipt(hand: Hand) -> None:
    for _ in range(3):
        if hand.main.get_by_role("button", name=re.compile("^Enviar")).count():
            break
        hand.press("Continuar")
    hand.press("Enviar")


def _tray_has_work(site: Site, account: dict[str, str]) -> bool:
    return _has(site, account["email"], "/bandeja/turnos", "a[href*='/bandeja/turnos/']")


def _list_has_answer(site: Site, who: str, address: str) -> bool:
    return _has(site, who, address, f"a:has-text('{ANSWER[:40]}')")


def _coordinator(site: Site, address: str) -> dict[str, str]:
    for account in site.of_role("coordinator"):
        if _list_has_answer(site, account["email"], address):
            return account
    raise Stuck("no coordinator has the answer to publish")


def _has(site: Site, who: str, address: str, selector: str) -> bool:
    """Look, outside the task, whether somebody's page has something."""
    context = site.context(who)
    page = context.new_page()
    page.goto(site.base + address)
    found = page.get_by_role("main").locator(selector).count() > 0
    context.close()
    return found
