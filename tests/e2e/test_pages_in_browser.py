"""Every public page of the demonstration, in a real browser: what it weighs, and what axe-core says of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from measure import axe
from measure.crawling import Found, collapse
from measure.demo_site import PUBLIC, WIDE, Site, demonstration
from measure.page_bytes import heavy_html, public_pages, weigh
from tests.e2e.browser import INSTALL, find_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason=INSTALL),
    pytest.mark.xdist_group("browser"),
]

# A page of work for each role that has work of its own.
WORK = {
    "coordinator": "/coordinacion",
    "respondent": "/bandeja/turnos",
    "approver": "/bandeja/firma",
    "moderator": "/bandeja/revision",
    "operator": "/captura",
    "administrator": "/administracion",
    "control": "/mi-cuenta",
    "committee": "/mi-cuenta",
    "transparency": "/bandeja/datos-personales",
    "auditor": "/mi-cuenta",
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with demonstration() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(site: Site) -> list[Found]:
    return public_pages(site, translated=False)


@pytest.fixture(scope="module")
def kinds(found: list[Found]) -> list[Found]:
    """One page of each kind in each state."""
    first = {(page.rule, page.state): page for page in reversed(list(collapse(found).values()))}
    return list(first.values())


def test_public_pages_keep_their_budgets(site: Site, found: list[Found]) -> None:
    addresses = {page.address for page in found}
    assert {"/", "/consultas", "/buzones", "/seguimiento", "/tablero", "/datos", "/privacidad"} <= addresses

    # Of each kind, the page with most in it.
    longest = {page.rule: page for page in sorted(found, key=lambda page: len(page.html))}
    weights = weigh(site, list(longest.values()))

    assert heavy_html(found) == []
    assert [fault for weight in weights for fault in weight.faults] == []


def test_public_pages_have_no_violation(site: Site, kinds: list[Found]) -> None:
    assert _violations(site, PUBLIC, [page.address for page in kinds]) == []


@pytest.mark.parametrize("role", WORK)
def test_pages_of_work_have_no_violation(site: Site, role: str) -> None:
    assert _violations(site, role, [WORK[role]]) == []


def test_axe_sees_a_violation(site: Site) -> None:
    context = site.context(bypass_csp=True)
    page = context.new_page()
    page.set_content('<html lang="es"><title>Mal</title><main><h1>Mal</h1><img src="x.png"><input></main></html>')

    rules = {violation["rule"] for violation in axe.check(page, axe.source())}

    assert {"image-alt", "label"} <= rules
    context.close()


def _violations(site: Site, who: str, addresses: list[str]) -> list[str]:
    script = axe.source()
    context = site.context(who, viewport=WIDE, bypass_csp=True)
    page = context.new_page()
    found = [line for address in addresses for line in _of_page(page, site.base, address, script)]
    context.close()
    return found


def _of_page(page: Page, base: str, address: str, script: str) -> list[str]:
    answer = page.goto(base + address)
    assert answer is not None
    assert answer.status == 200, address
    checked = [violation for violation in axe.check(page, script) if not axe.is_advice(violation)]
    return [f"{address} {violation['rule']} {violation['selector']}: {violation['summary']}" for violation in checked]
