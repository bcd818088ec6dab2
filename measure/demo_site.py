"""The demonstration, served and open in a real browser: what every measurement of pages starts from."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, StorageState, ViewportSize

from measure.instances import Instance, get_json, instances
from tests.e2e.browser import chromium

PUBLIC = "public"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}


@dataclass
class Site:
    """A served demonstration with its accounts and a browser."""

    instance: Instance
    browser: Browser
    accounts: list[dict[str, str]]
    states: dict[str, StorageState] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Where it serves."""
        return self.instance.url

    @property
    def roles(self) -> list[str]:
        """The roles that have an account, each once."""
        return list(dict.fromkeys(account["role"] for account in self.accounts))

    def of_role(self, role: str) -> list[dict[str, str]]:
        """Return the accounts of a role."""
        return [account for account in self.accounts if account["role"] == role]

    def context(self, who: str = PUBLIC, **options: Any) -> BrowserContext:
        """Open a browser context of a visitor, or of the first account of a role, or of an address."""
        options = {"viewport": WIDE, "locale": "es-MX", "timezone_id": "America/Mexico_City", **options}
        if who != PUBLIC:
            options["storage_state"] = self._signed_in(who)
        context = self.browser.new_context(**options)
        context.set_default_timeout(15_000)
        return context

    def windows(self, status: str) -> list[dict[str, Any]]:
        """Return the windows in a status, from the machine interface."""
        found: list[dict[str, Any]] = get_json(f"{self.base}/api/v1/windows?status={status}")["items"]
        return found

    def topic_address(self, status: str) -> str:
        """Return the address of the first topic of the first window in a status."""
        return f"/consultas/{self.windows(status)[0]['slug']}/temas/1"

    def mailbox_address(self) -> str:
        """Return the address of the first mailbox's topic."""
        return f"/buzones/{get_json(f'{self.base}/api/v1/mailboxes')['items'][0]['slug']}/temas/1"

    def _signed_in(self, who: str) -> StorageState:
        if who not in self.states:
            account = next(item for item in self.accounts if who in (item["role"], item["email"]))
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(f"{self.base}/entrar")
            page.get_by_label("Correo").fill(account["email"])
            page.get_by_label("Contraseña").fill(account["password"])
            page.get_by_role("main").get_by_role("button", name="Entrar").click()
            page.wait_for_url(lambda url: "/entrar" not in url)
            self.states[who] = context.storage_state()
            context.close()
        return self.states[who]


@contextmanager
def served_demonstration() -> Iterator[Instance]:
    """Serve a fresh demonstration on the embedded database."""
    with instances("sqlite") as made:
        _, instance = next(made)
        instance.command("demo")
        instance.serve(workers=2, threads=8)
        yield instance


@contextmanager
def demonstration() -> Iterator[Site]:
    """Serve a fresh demonstration and open a browser for it."""
    with served_demonstration() as instance, chromium() as browser:
        accounts = json.loads(instance.command("accounts", "--json").stdout)
        yield Site(instance, browser, accounts)
