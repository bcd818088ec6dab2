"""What a comment costs on a bad line: first visit, home to receipt, at 400 kbit/s and 400 ms of latency."""

import re
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from playwright.sync_api import Locator, Page

from measure.demo_site import NARROW, Site, demonstration
from measure.states import EMAIL, TEXT, button, field
from measure.traffic import Traffic, listen

REPEATS = 5
KBPS = 400
LATENCY_MS = 400
MOST_BYTES = 150 * 1024
MOST_SECONDS = 10.0
# Two frames: the first paints what the last load brought.
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def run() -> dict[str, Any]:
    """Walk the journey a few times, each time as a first visit."""
    with demonstration() as site:
        journeys = [walk_once(site) for _ in range(REPEATS)]
    seconds, amounts = sorted(item["seconds"] for item in journeys), sorted(item["bytes"] for item in journeys)
    return {
        "n": REPEATS,
        "line": {"kbps": KBPS, "latency_ms": LATENCY_MS},
        "seconds_median": round(median(seconds), 2),
        "seconds_spread": [round(seconds[0], 2), round(seconds[-1], 2)],
        "bytes_median": int(median(amounts)),
        "bytes_spread": [amounts[0], amounts[-1]],
        "pages": journeys[0]["pages"],
        "requests": journeys[0]["requests"],
        "steps": journeys[0]["steps"],
        "budgets": {"bytes": MOST_BYTES, "seconds": MOST_SECONDS},
        "reached": median(seconds) <= MOST_SECONDS and median(amounts) <= MOST_BYTES,
    }


def walk_once(site: Site) -> dict[str, Any]:
    """Comment once in a fresh browser context; return what it cost."""
    context = site.context(viewport=NARROW)
    page = context.new_page()
    traffic = listen(page)
    traffic.forget_cache()
    traffic.throttle(kbps=KBPS, latency_ms=LATENCY_MS)
    steps = comment(site, page, traffic)
    cost = {
        "seconds": sum(step["seconds"] for step in steps),
        "bytes": sum(step["bytes"] for step in steps),
        "pages": len(steps),
        "requests": sum(step["requests"] for step in steps),
        "steps": steps,
    }
    context.close()
    return cost


def comment(site: Site, page: Page, traffic: Traffic) -> list[dict[str, Any]]:
    """Go from the home page to the receipt; return what each page cost."""
    steps = [timed("home", page, traffic, lambda: page.goto(f"{site.base}/"))]

    def press(name: str, target: Locator) -> None:
        steps.append(timed(name, page, traffic, target.click))

    # From the list to the window, to the topic where the window has several, until the form is open.
    while not field(page, "^Su opinión").count() and len(steps) < 5:
        press(f"to the form {len(steps)}", next_link(page))
    field(page, "^Su opinión").fill(TEXT)
    press("step 2", button(page, "Continuar"))
    field(page, "Correo").fill(EMAIL)
    press("step 3", button(page, "Continuar"))
    press("receipt", button(page, "Enviar"))
    page.locator("#clave").wait_for()
    return steps


def next_link(page: Page) -> Locator:
    """Return the link that leads on to the form."""
    return page.get_by_role("main").get_by_role("link", name=re.compile("^Opinar")).first


def timed(name: str, page: Page, traffic: Traffic, act: Callable[[], Any]) -> dict[str, Any]:
    """Do what opens a page; return seconds until it is painted, bytes both ways and requests."""
    traffic.reset()
    start = time.perf_counter()
    if name == "home":
        act()
    else:
        with page.expect_navigation(wait_until="load"):
            act()
    page.evaluate(PAINTED)
    spent = time.perf_counter() - start
    return {
        "page": name,
        "seconds": round(spent, 2),
        "bytes": traffic.received + traffic.sent,
        "requests": len(traffic.requests),
    }
