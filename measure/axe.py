"""Accessibility by axe-core: every page in every state for every role, on phone and desk, in light and dark."""

from collections import Counter
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, ViewportSize

from measure.demo_site import NARROW, WIDE, demonstration
from measure.gallery import View, views, walk

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ADVICE = "best-practice"
LOOKS: list[tuple[ViewportSize, str]] = [(size, scheme) for size in (WIDE, NARROW) for scheme in ("light", "dark")]
RUN = """(tags) => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
    .then((found) => found.violations)"""


def source() -> str:
    """Return the text of axe-core that comes with the test dependencies."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def check(page: Page, script: str) -> list[dict[str, Any]]:
    """Return the violations on a page as it is now. The page's context must bypass the policy of scripts."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(script)
    found: list[dict[str, Any]] = page.evaluate(RUN, [*TAGS, ADVICE])
    return [_told(rule, node) for rule in found for node in rule["nodes"]]


def is_advice(violation: dict[str, Any]) -> bool:
    """Say whether a violation is of good practice only, not of the standard."""
    return bool(violation["advice"])


def run() -> dict[str, Any]:
    """Measure the whole gallery."""
    script = source()
    found: list[dict[str, Any]] = []
    unreached, names, runs = [], [], 0
    with demonstration() as site:
        for visit in walk(site, views(site), bypass_csp=True):
            if visit.why:
                unreached.append(f"{visit.view.key}: {visit.why}")
                continue
            names.append(visit.view.key)
            for size, scheme in looks_of(visit.view):
                runs += 1
                found += look(visit.view, visit.page, script, size["width"], scheme)
    return summary(names, runs, found, unreached)


def looks_of(view: View) -> list[tuple[ViewportSize, str]]:
    """Return how a view is looked at: a page in another language, which differs only in its words, once."""
    return LOOKS[:1] if view.found is not None and view.found.is_translated else LOOKS


def look(view: View, page: Page, script: str, width: int, scheme: str) -> list[dict[str, Any]]:
    """Run axe on an open view in one width and scheme."""
    page.set_viewport_size({"width": width, "height": 900 if width > 600 else 640})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    place = {"page": view.key, "address": page.url.split("/", 3)[-1], "look": f"{width} {scheme}"}
    return [{**place, **violation} for violation in check(page, script)]


def summary(names: list[str], runs: int, found: list[dict[str, Any]], unreached: list[str]) -> dict[str, Any]:
    """Return the figures."""
    violations = [item for item in found if not is_advice(item)]
    advice = [item for item in found if is_advice(item)]
    return {
        "n": runs,
        "pages": len(names),
        "runs": runs,
        "tags": TAGS,
        "violations": len(violations),
        "by_rule": dict(Counter(item["rule"] for item in violations)),
        "list": _grouped(violations),
        "best_practice": _grouped(advice),
        "unreached": unreached,
        "reached": not violations and not unreached,
    }


def _told(rule: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": rule["id"],
        "impact": rule["impact"],
        "selector": " ".join(str(part) for part in node["target"]),
        "summary": " ".join(node["failureSummary"].split()),
        "advice": ADVICE in rule["tags"],
    }


def _grouped(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tell the same rule on the same page once, with its looks and its first selectors."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for item in found:
        groups.setdefault((item["rule"], item["page"]), []).append(item)
    return [
        {
            "rule": rule,
            "page": page,
            "address": items[0]["address"],
            "looks": sorted({item["look"] for item in items}),
            "selectors": sorted({item["selector"] for item in items})[:4],
            "summary": items[0]["summary"],
        }
        for (rule, page), items in groups.items()
    ]
