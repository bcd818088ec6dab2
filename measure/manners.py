"""The manners in which a task is done: by keyboard alone, without scripts, on a phone, at 400 % zoom.

A hand knows what a person sees and says: a link or a button by its name, a field by its label.
"""

import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import ElementHandle, Locator

from measure.demo_site import NARROW, WIDE, Site

MOST_TABS = 300
STEP_SECONDS = 10.0
# 1,280 by 1,024 points at 400 %, as the standard of reflow counts it.
ZOOMED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
MANNERS: dict[str, dict[str, Any]] = {
    "keyboard": {"viewport": WIDE},
    "without_javascript": {"viewport": WIDE, "java_script_enabled": False},
    "phone_320": {"viewport": NARROW},
    "zoom_400": ZOOMED,
}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
BOX = "box => { const r = box.getBoundingClientRect(); return [r.left, r.right, innerWidth]; }"
# Where the focus is: is it what is wanted, can it be seen, is it covered; does an arrow lead on to it.
FOCUS = """(wanted) => {
  const it = document.activeElement;
  if (!it || it === document.body) return {at: "", here: false, group: false, ringed: true, seen: true};
  const style = getComputedStyle(it);
  const ringed = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const label = it.labels && it.labels[0];
  const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]];
  const seen = [...it.getClientRects()].some((box) => {
    // What is larger than the screen is looked at where it is on the screen: nothing is at a point beyond its edges.
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const upper = Math.max(box.top, 0), lower = Math.min(box.bottom, innerHeight);
    return points.some(([x, y]) => {
      const top = document.elementFromPoint(left + (right - left) * x, upper + (lower - upper) * y);
      return top && (it.contains(top) || (label && label.contains(top)));
    });
  });
  const radio = it.type === "radio" && wanted.type === "radio" && it.name === wanted.name && it.form === wanted.form;
  const words = (it.labels && it.labels.length ? it.labels[0].textContent : it.textContent || it.id || "").trim();
  return {at: it.tagName + " " + words.slice(0, 50), here: it === wanted, group: radio, ringed, seen};
}"""


class Stuck(Exception):
    """A step that could not be done, and why."""


class Hand:
    """A person at a browser with a pointing device."""

    def __init__(self, site: Site, manner: str) -> None:
        context = site.context(**MANNERS[manner])
        self.base, self.page = site.base, context.new_page()
        self.narrow = manner in ("phone_320", "zoom_400")
        self.step = "start"

    def go(self, address: str) -> None:
        """Type an address."""
        self.step = f"go to {address}"
        self.page.goto(self.base + address)
        self.arrived()

    def follow(self, *names: str) -> None:
        """Follow the first link with one of some names."""
        self._act(self.link(*names), f"follow {names[0]}")

    def press(self, *names: str) -> None:
        """Press the first button with one of some names."""
        self._act(self._named("button", names), f"press {names[0]}")

    def write(self, label: str, text: str) -> None:
        """Write into a field."""
        self.step = f"write into {label}"
        self.reach(self.field(label))
        self.type(self.field(label), text)

    def choose(self, label: str) -> None:
        """Choose a circle or a box."""
        self.step = f"choose {label}"
        words = re.compile(rf"^\s*{label}\s*$", re.IGNORECASE)
        self.pick(
            self.main.get_by_label(words).and_(self.main.locator("input")).first,
            self.main.locator("label").filter(has_text=words).first,
        )

    def unfold(self, summary: str) -> None:
        """Open what is folded, unless it is open."""
        self.step = f"unfold {summary}"
        fold = self.main.locator("summary").filter(has_text=re.compile(summary, re.IGNORECASE)).first
        if fold.count() and not fold.evaluate("element => element.parentElement.open"):
            self.activate(fold)

    def sign_in(self, account: dict[str, str]) -> None:
        """Sign in."""
        self.go("/entrar")
        self.write("Correo", account["email"])
        self.write("Contraseña", account["password"])
        self.press("Entrar")

    def read(self, pattern: str, what: str) -> str:
        """Return what the content says; it must say it."""
        self.step = f"read {what}"
        found = re.search(pattern, self.words())
        if found is None:
            raise Stuck(f"the page does not say {what}: {self.words()[:200]}")
        return found.group()

    def words(self) -> str:
        """Return the words of the content."""
        return " ".join(self.main.inner_text().split())

    @property
    def main(self) -> Locator:
        """The content."""
        return self.page.get_by_role("main")

    def link(self, *names: str) -> Locator:
        """Return the first link with one of some names."""
        return self._named("link", names)

    def field(self, label: str) -> Locator:
        """Return the first field with a label that can be seen: what is folded does not count."""
        fields = self.main.locator("input, textarea, select")
        return self.main.get_by_label(re.compile(label, re.IGNORECASE)).and_(fields).filter(visible=True).first

    def reach(self, target: Locator) -> None:
        """Bring something before the eyes: it must be within the width of the page."""
        target.scroll_into_view_if_needed()
        left, right, width = target.evaluate(BOX)
        if self.narrow and (left < 0 or right > width + 1):
            raise Stuck(f"reaches from {left:.0f} to {right:.0f} px of {width} px")

    def activate(self, target: Locator) -> None:
        """Press something; a person's pointer needs it uncovered."""
        self.reach(target)
        target.click()

    def type(self, target: Locator, text: str) -> None:
        """Put a text in place of what a field holds."""
        target.fill(text)

    def pick(self, target: Locator, label: Locator) -> None:
        """Choose a circle or a box by its label."""
        self.activate(label)
        if not target.is_checked():
            raise Stuck("its label does not choose it")

    def arrived(self) -> None:
        """Look at a page that has loaded."""
        beyond = self.page.evaluate(SIDEWAYS)
        if self.narrow and beyond > 0:
            raise Stuck(f"{self.page.url.removeprefix(self.base)} scrolls {beyond} px sideways")

    def close(self, picture: Path | None = None) -> None:
        """Leave, with a picture of the last page where one is wanted."""
        if picture is not None:
            picture.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=picture)
        self.page.context.close()

    def _act(self, target: Locator, step: str) -> None:
        self.step = step
        target.wait_for(state="attached", timeout=5000)
        self.page.evaluate("() => { window.seenBefore = true; }")
        self.activate(target)
        limit = time.monotonic() + STEP_SECONDS
        while time.monotonic() < limit and self._is_here():
            self.page.wait_for_timeout(25)
        self.page.wait_for_load_state("load")
        self.arrived()

    def _is_here(self) -> bool:
        try:
            return bool(self.page.evaluate("() => window.seenBefore === true || document.readyState !== 'complete'"))
        except Exception:  # noqa: BLE001 - the page is being left: the next one is not there yet
            return True

    def _named(self, role: Any, names: tuple[str, ...]) -> Locator:
        words = re.compile("|".join(rf"^\s*{name}" for name in names), re.IGNORECASE)
        return self.main.get_by_role(role, name=words).first


class KeyboardHand(Hand):
    """A person without a pointing device: Tab, arrows, space, enter and letters. Every stop must show its focus."""

    def reach(self, target: Locator) -> None:
        """Press Tab until the focus is there."""
        wanted = target.element_handle()
        assert wanted is not None
        for _ in range(MOST_TABS):
            focus = self._focus(wanted)
            if focus["here"] or focus["group"]:
                return
            self.page.keyboard.press("Tab")
        raise Stuck(f"{MOST_TABS} tabs do not reach it")

    def activate(self, target: Locator) -> None:
        """Press Enter on something."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def type(self, target: Locator, text: str) -> None:
        """Type in place of what a field holds."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        if target.input_value() != text:
            raise Stuck(f"typing left {target.input_value()!r}")

    def pick(self, target: Locator, label: Locator) -> None:  # noqa: ARG002 - the label is for pointing devices
        """Choose a circle with the arrows, a box with the space bar."""
        self.reach(target)
        wanted = target.element_handle()
        assert wanted is not None
        for _ in range(40):
            if self._focus(wanted)["here"]:
                break
            self.page.keyboard.press("ArrowDown")
        if not target.is_checked():
            self.page.keyboard.press("Space")
        if not target.is_checked():
            raise Stuck("neither arrows nor the space bar choose it")

    def _focus(self, wanted: ElementHandle) -> dict[str, Any]:
        """Return where the focus is; it must be seen within a moment."""
        focus: dict[str, Any] = {}
        for _ in range(20):
            focus = self.page.evaluate(FOCUS, wanted)
            if focus["ringed"] and focus["seen"]:
                return focus
            self.page.wait_for_timeout(25)
        raise Stuck(f"the focus on «{focus['at']}» {'is covered' if focus['ringed'] else 'cannot be seen'}")


def hand_for(site: Site, manner: str) -> Hand:
    """Return a person who works in a manner."""
    return (KeyboardHand if manner == "keyboard" else Hand)(site, manner)
