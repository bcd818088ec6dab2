"""A window of real comments and campaign copies, answered to the last one through the browser by a script.

An action is a click, or a key that stands for one; what a person types is not. Signing and publishing are counted with
the answers that they move. The time is the server's: from the end of each request to the first byte of its answer.
"""

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request

from consulta.analysis.finding import find_campaigns
from consulta.analysis.queries import list_campaigns
from consulta.db import session, unit_of_work
from consulta.referrals.conclusion import is_complete
from consulta.referrals.models import Referral
from consulta.referrals.routing import refer_by_topic
from consulta.referrals.states import ReferralState
from consulta.submissions.operations import receive_batch
from measure.campaigns import write_campaigns
from measure.instances import Instance, instances
from tests.builders import PASSWORD, SECRET, World, a_delivery, get_window
from tests.e2e.browser import chromium

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "decide-madrid" / "comments.csv"
REAL, COPIES = 900, 300
SEED = 20_261_125
ANSWER = "No procede en esta etapa, porque lo ordena ya otra norma; su propuesta queda en el expediente."
LIMITS = {"actions_per_single": 4, "actions_per_cluster": 12, "server_seconds": 180}
# A group of fewer is read one by one.
WORTH_A_GROUP = 5


@dataclass
class Desk:
    """A page of an official, with what it cost so far."""

    page: Page
    base: str
    actions: int = 0
    server_ms: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to every answer of the server."""
        self.page.on("requestfinished", self._note)

    def _note(self, request: Request) -> None:
        timing = request.timing
        if timing["responseStart"] >= 0:
            self.server_ms.append(timing["responseStart"] - max(timing["requestStart"], 0))

    def open(self, address: str) -> None:
        """Go to an address that is kept at hand."""
        self.page.goto(self.base + address)

    def click(self, selector: str) -> None:
        """Do one action."""
        self.actions += 1
        self.page.locator(selector).first.click()

    def press(self, selector: str) -> None:
        """Do one action that leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.click(selector)

    def type(self, text: str) -> None:
        """Type the answer."""
        self.page.locator("textarea[name=text]").fill(text)


def run() -> dict[str, Any]:
    """Measure on the embedded database."""
    if not DATA.exists():
        return {"skipped": "the real comments (../shared/data/decide-madrid) are not here"}
    with instances("sqlite") as made, chromium() as browser:
        _, instance = next(made)
        return _measure(instance, browser)


def _measure(instance: Instance, browser: Browser) -> dict[str, Any]:
    world = instance.world(datetime.now(UTC))
    with instance.scope():
        groups = _fill(world)
    instance.serve()
    posts = ("respondent", "approver", "coordinator")
    desks = {post: _sign_in(browser, instance.url, world.email(post)) for post in posts}
    per_cluster = [_answer_group(desks["respondent"], group) for group in groups]
    before = desks["respondent"].actions
    singles = _answer_singles(desks["respondent"])
    per_single = (desks["respondent"].actions - before) / max(1, singles)
    moved = _move(desks["approver"], "/bandeja/firma", "Firmar") + _move(
        desks["coordinator"], "/coordinacion/publicar", "Publicar"
    )
    with instance.scope():
        complete = is_complete(get_window(world.slugs["open"]).id)
        left = session().query(Referral).filter(Referral.state == ReferralState.REFERRED).count()
    seconds = sum(sum(desk.server_ms) for desk in desks.values()) / 1000
    shared = moved / max(1, singles + len(groups))
    found = {
        "actions_per_single": round(per_single + shared, 2),
        "actions_per_cluster": round(max(per_cluster, default=0) + shared, 2),
        "server_seconds": round(seconds, 1),
    }
    return {
        "n": REAL + COPIES,
        "seed": SEED,
        "singles": singles,
        "clusters": len(groups),
        **found,
        "requests": sum(len(desk.server_ms) for desk in desks.values()),
        "left_unanswered": left,
        "limits": LIMITS,
        "reached": complete and left == 0 and all(found[name] <= limit for name, limit in LIMITS.items()),
    }


def _fill(world: World) -> list[int]:
    now = datetime.now(UTC)
    with DATA.open(encoding="utf-8", newline="") as handle:
        texts = [row["text"] for _number, row in zip(range(REAL), csv.DictReader(handle), strict=False)]
    texts += [copy.text for copy in write_campaigns(COPIES, SEED)]
    for start in range(0, len(texts), 250):
        drafts = [{"text": text[:10_000]} for text in texts[start : start + 250]]
        deliveries = [a_delivery(world.topics["open"], now, draft=draft) for draft in drafts]
        with unit_of_work():
            outcomes = receive_batch(deliveries, secret=SECRET, clock=lambda: now)
        with unit_of_work():
            for outcome in outcomes:
                refer_by_topic({"folio": outcome.folio}, now)
    window = get_window(world.slugs["open"])
    find_campaigns({"window_id": window.id}, now)
    return [item.id for item in list_campaigns(window.id) if item.size >= WORTH_A_GROUP]


def _sign_in(browser: Browser, base: str, email: str) -> Desk:
    desk = Desk(browser.new_context(locale="es-MX", java_script_enabled=False).new_page(), base)
    desk.page.set_default_timeout(20_000)
    desk.open("/entrar")
    desk.page.get_by_label("Correo").fill(email)
    desk.page.get_by_label("Contraseña").fill(PASSWORD)
    desk.page.get_by_role("main").get_by_role("button", name="Entrar").click()
    desk.server_ms.clear()
    return desk


def _answer_group(desk: Desk, group: int) -> int:
    before = desk.actions
    desk.open(f"/bandeja/grupos/{group}")
    desk.press("a.button[href^='/bandeja/responder?grupo=']")
    desk.click("label[for=disposition-3]")
    desk.type(ANSWER)
    desk.press("button[value=ver]")
    desk.press("main form button:has-text('Enviar a firma')")
    return desk.actions - before


def _answer_singles(desk: Desk) -> int:
    desk.open("/bandeja/turnos")
    desk.press("table td a[href^='/bandeja/turnos/']:visible")
    done = 0
    while "/bandeja/turnos/" in desk.page.url:
        if desk.page.locator("button[value=firmar]").count() == 0:
            break
        desk.click("label[for=disposition-3]")
        desk.type(ANSWER)
        desk.press("button[value=firmar]")
        done += 1
    return done


def _move(desk: Desk, address: str, verb: str) -> int:
    """Sign or publish everything, a page at a time; return how many actions that took."""
    before = desk.actions
    desk.open(address)
    while desk.page.locator("input[name=respuesta]").count():
        desk.press("a[href='?marcar=todas']")
        desk.press(f"button:has-text('{verb} las marcadas')")
    return desk.actions - before
