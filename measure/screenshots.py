"""`make screenshots`: pictures of every page in every state for every role, on phone and desk, with variants.

Writes `artefacts/screens/<width>/<role>-<name>.png` and a contact sheet; pages in English are named `en-…`. Fails
when a page scrolls sideways on a phone, a script fails, or something that a page asks for is not there.
"""

import html
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from measure.demo_site import NARROW, WIDE, demonstration
from measure.gallery import View, views, walk
from tests.e2e.browser import ARTEFACTS

SCREENS = ARTEFACTS / "screens"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHEET = """<!DOCTYPE html><html lang="es"><meta charset="utf-8"><title>Pantallas</title>
<style>body { font: 14px system-ui; display: flex; flex-wrap: wrap; gap: 16px } figure { margin: 0; width: 240px }
img { width: 100%; max-height: 320px; object-fit: cover; object-position: top; border: 1px solid #999 }</style>
FIGURES</html>"""
VARIANTS: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "print": {"media": "print"},
}
KEY_PAGES = (
    "/",
    "/consultas/<slug>",
    "/consultas/<slug>/temas/<int:number>",
    "/consultas/<slug>/temas/<int:number>/opinar",
    "/seguimiento",
    "/tablero",
    "/bandeja/turnos",
    "/bandeja/turnos/<int:referral_id>",
    "/coordinacion",
    "/coordinacion/consultas/<slug>",
)
KEY_STATES = ("comment-1-empty-error", "comment-3-review", "comment-receipt", "tracking-own", "capture-receipt")


def sideways(page: Page) -> int:
    """Return how many pixels a page scrolls sideways."""
    found: int = page.evaluate(SIDEWAYS)
    return found


def take(view: View, page: Page, folder: Path = SCREENS) -> list[str]:
    """Take the pictures of an open view; return what is wrong with it."""
    wrong = []
    for size in (WIDE, NARROW):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        _shoot(page, folder / str(size["width"]) / f"{view.key}.png")
    beyond = sideways(page)
    if beyond > 0:
        wrong.append(f"{view.key}: scrolls {beyond} px sideways at {NARROW['width']} px")
    if _is_key(view):
        for name, media in VARIANTS.items():
            page.set_viewport_size({"width": WIDE["width"], "height": WIDE["height"]})
            page.emulate_media(**media)
            _shoot(page, folder / name / f"{view.key}.png")
            page.emulate_media(media="screen", color_scheme="light", forced_colors="none")
    return wrong


def main() -> None:
    """Take every picture; list what is wrong and fail when something is."""
    shutil.rmtree(SCREENS, ignore_errors=True)
    wrong: list[str] = []
    with demonstration() as site:
        for visit in walk(site, views(site)):
            if visit.why:
                wrong.append(f"{visit.view.key}: not reached: {visit.why}")
                continue
            wrong += take(visit.view, visit.page)
            wrong += [f"{visit.view.key}: {problem}" for problem in visit.problems]
    taken = contact_sheet()
    print("\n".join(wrong))
    sys.exit(f"{len(wrong)} faults in {taken} pictures: {SCREENS / 'index.html'}" if wrong else 0)


def contact_sheet() -> int:
    """Write the page that shows every picture; return how many there are."""
    pictures = sorted(SCREENS.rglob("*.png"))
    shown = '<figure><a href="{0}"><img loading="lazy" src="{0}" alt=""></a><figcaption>{0}</figcaption></figure>'
    figures = "\n".join(shown.format(html.escape(str(path.relative_to(SCREENS)))) for path in pictures)
    page = SHEET.replace("FIGURES", figures)
    (SCREENS / "index.html").write_text(page, "utf-8")
    return len(pictures)


def _is_key(view: View) -> bool:
    return view.name in KEY_STATES or (view.found is not None and view.found.rule in KEY_PAGES)


def _shoot(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)


if __name__ == "__main__":
    main()
