"""The office that registers a system, and what time and the worker do meanwhile."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from consulta.db import Database, session, session_scope
from consulta.hooks.models import Webhook, WebhookDelivery
from consulta.hooks.notices import PAGE
from consulta.hooks.states import CHOSEN
from consulta.jobs.worker import Worker
from tests.builders import World, an_answered
from tests.clock import Clock
from tests.hooks.servers import Receiver
from tests.hooks.verification import verified_by
from tests.pages import Page, Shown

EVERYTHING = [event.value for event in CHOSEN]


class Office:
    """A coordinator at her pages."""

    def __init__(
        self,
        app: Flask,
        database: Database,
        world: World,
        worker: Worker,
        clock: Clock,
        receiver: Receiver,
        mails: Path,
    ) -> None:
        self.app, self.database, self.world, self.worker = app, database, world, worker
        self.clock, self.receiver, self.folder = clock, receiver, mails
        self.page = self.page_of("coordinator")

    def page_of(self, post: str) -> Page:
        """Sign the holder of a post in."""
        return Page(self.app).sign_in(self.world.email(post))

    def fill_in(self, events: list[str] | None = None, **fields: Any) -> Shown:
        """Send the form."""
        status = fields.pop("status", 200)
        written = {"label": "Sistema de gestión", "url": self.receiver.url, "events": events or EVERYTHING}
        return self.page.post(PAGE, {**written, **fields}, status=status)

    def register(self, events: list[str] | None = None) -> str:
        """Register the system, let it prove itself, forget that ping, and return its secret."""
        secret = secret_of(self.fill_in(events))
        self.work()
        assert self.webhook().state == "active"
        self.receiver.received.clear()
        return secret

    def do(self, verb: str, status: int = 302) -> Shown:
        """Press a button of the registered system."""
        return self.page.post(f"{PAGE}/{self.webhook().id}/{verb}", status=status)

    def work(self, **parts: float) -> None:
        """Let time pass, and the worker work over the pauses of its rounds."""
        self.clock.advance(**parts)
        for _ in range(3):
            self.clock.advance(seconds=11)
            self.worker.drain()

    def answer(self) -> str:
        """Publish a comment and its answer; return the folio."""
        with session_scope(self.database):
            return an_answered(self.world, self.clock.now).submission.folio

    def webhook(self) -> Webhook:
        """Return the row as it is."""
        with session_scope(self.database):
            return session().scalars(select(Webhook)).one()

    def deliveries(self) -> list[WebhookDelivery]:
        """Return the rows as they are, oldest first; pings apart."""
        with session_scope(self.database):
            found = select(WebhookDelivery).where(WebhookDelivery.event != "ping").order_by(WebhookDelivery.id)
            return list(session().scalars(found))

    def bodies(self) -> list[dict[str, Any]]:
        """Return what the system was sent, read."""
        return [json.loads(body) for _headers, body in self.receiver.received]

    def accepts(self, secret: str) -> list[bool]:
        """Say of each request whether the system, which knows a secret, believes it."""
        now = self.clock.now.timestamp()
        return [verified_by(secret, headers, body, now=now) for headers, body in self.receiver.received]

    def mails(self) -> list[EmailMessage]:
        """Return the mails about suspended systems."""
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.folder.glob("*.eml")]
        return [mail for mail in found if "suspend" in str(mail["Subject"])]  # type: ignore[misc]


def secret_of(shown: Shown) -> str:
    """Return the secret that a page shows for the only time."""
    found = shown.soup.select_one("#secreto code")
    assert found is not None
    return found.get_text()
