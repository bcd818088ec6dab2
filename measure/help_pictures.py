"""`make help-pictures`: the small pictures of the help pages, taken from the demonstration.

Each is the top of a page's content, 640 points wide, as WebP of at most 25 kB.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

from measure.demo_site import PUBLIC, Site, demonstration
from measure.staff_states import answer_filled, answer_sent, pending, to_sign, unfold
from measure.states import comment_1_filled, comment_2, comment_3, receipt, tracking

FOLDER = Path(__file__).resolve().parents[1] / "static" / "help"
PICTURES = {
    "inicio": "La página de inicio: una consulta abierta, con su fecha de cierre y el botón Opinar.",
    "opinar-1": "El primer paso: el comentario escrito en su recuadro.",
    "opinar-2": "El segundo paso: correo, nombre y otros datos; todos son voluntarios.",
    "opinar-3": "El tercer paso: el resumen de lo que se envía y el botón Enviar mi comentario.",
    "acuse": "El acuse: el folio en grande y, en un recuadro, la clave de seis palabras.",
    "seguimiento": "El seguimiento: qué ha pasado con el comentario, qué sigue y hasta cuándo.",
    "bandeja": "La bandeja de la unidad: los comentarios por responder, primero los que vencen antes.",
    "editor": "La respuesta en preparación, junto a lo que escribió la persona.",
    "firma": "La respuesta enviada, con el botón Firmar la respuesta.",
    "coordinacion": "La página de la coordinación: los pendientes y la lista de consultas.",
    "consulta": "El control de una consulta: sus fechas y el formulario para ampliar el plazo.",
    "captura": "La captura de un comentario de ventanilla: el tema y el aviso que se lee a la persona.",
}
WIDTH, HEIGHT = 640, 460
LARGEST = 25_000
# The marks of where one works and of where the pointer was are not part of what is explained.
QUIET = "*{caret-color:transparent!important;animation:none!important;transition:none!important}"
Scene = Callable[[Site, Page], Locator]


def main() -> None:
    """Take every picture; fail when one is missing or too large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demonstration() as site:
        for name in PICTURES:
            role, scene = SCENES[name]
            (FOLDER / f"{name}.webp").write_bytes(take(site, role, scene))
    sizes = {name: (FOLDER / f"{name}.webp").stat().st_size for name in PICTURES}
    print("\n".join(f"{size:6,} {FOLDER.name}/{name}.webp" for name, size in sizes.items()))
    large = [name for name, size in sizes.items() if size > LARGEST]
    sys.exit(f"too large: {', '.join(large)}" if large else 0)


def take(site: Site, role: str, scene: Scene) -> bytes:
    """Return the picture of a scene: what lies below the top of what it shows."""
    context = site.context(role, viewport={"width": WIDTH, "height": 900}, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    shown = scene(site, page)
    page.wait_for_load_state("load")
    page.add_style_tag(content=QUIET)
    page.evaluate("() => document.activeElement && document.activeElement.blur()")
    box = shown.bounding_box()
    assert box is not None
    beyond = page.evaluate("() => window.scrollY")
    clip = {"x": 0, "y": max(0, box["y"] + beyond - 16), "width": WIDTH, "height": HEIGHT}
    drawn = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    context.close()
    return compressed(drawn)


def compressed(drawn: bytes) -> bytes:
    """Return a picture as the best WebP that is small enough."""
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    out = io.BytesIO()
    for quality in (80, 65, 50, 35, 20):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def _heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1).first


def _after(*acts: Callable[[Site, Page], object]) -> Scene:
    """Return a scene that shows the top of the page that some acts lead to."""

    def scene(site: Site, page: Page) -> Locator:
        for act in acts:
            act(site, page)
        return _heading(page)

    return scene


def _at(address: str) -> Scene:
    return _after(lambda site, page: page.goto(site.base + address))


def _open_window(site: Site, page: Page) -> Locator:
    page.goto(site.base)
    return page.get_by_role("heading", level=2).first


def _editor(site: Site, page: Page) -> Locator:
    answer_filled(site, page)
    return page.get_by_role("heading", name="Su respuesta").first


def _sign(site: Site, page: Page) -> Locator:
    context = site.context("respondent")
    answer_sent(site, context.new_page())
    context.close()
    to_sign(site, page)
    return page.get_by_role("heading", name="La respuesta").first


def _extension(site: Site, page: Page) -> Locator:
    page.goto(f"{site.base}/coordinacion/consultas/{site.windows('open')[0]['slug']}")
    unfold(page, "Agregar días")
    return page.get_by_role("heading", name="Ampliar el plazo").first


def _written(site: Site, page: Page) -> Locator:
    comment_1_filled(site, page)
    return page.locator("main label", has_text="Su opinión").first


def _captured(site: Site, page: Page) -> Locator:
    page.goto(f"{site.base}/captura")
    page.locator("main a[href^='/captura/']").first.click()
    return _heading(page)


SCENES: dict[str, tuple[str, Scene]] = {
    "inicio": (PUBLIC, _open_window),
    "opinar-1": (PUBLIC, _written),
    "opinar-2": (PUBLIC, _after(comment_2)),
    "opinar-3": (PUBLIC, _after(comment_3)),
    "acuse": (PUBLIC, _after(receipt)),
    "seguimiento": (PUBLIC, _after(tracking)),
    "bandeja": ("respondent", _after(pending)),
    "editor": ("respondent", _editor),
    "firma": ("approver", _sign),
    "coordinacion": ("coordinator", _at("/coordinacion")),
    "consulta": ("coordinator", _extension),
    "captura": ("operator", _captured),
}

if __name__ == "__main__":
    main()
