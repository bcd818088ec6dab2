"""Somebody who reads her mail: what was sent to her, and the links in it."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from consulta.jobs.worker import Worker
from tests.clock import Clock
from tests.pages import Page

ADDRESS = "vecina@ejemplo.mx"
LINK = re.compile(r"http://localhost(/\S+)")


class Reader:
    """Reads the folder to which an instance without a mail server writes."""

    def __init__(self, folder: Path, app: Flask, worker: Worker, clock: Clock) -> None:
        self.folder, self.worker, self.clock = folder, worker, clock
        self.page = Page(app)
        self.read = 0

    def mails(self, address: str = ADDRESS) -> list[EmailMessage]:
        """Let the worker work, and return the mails to an address that were not read before."""
        self.worker.drain()
        files = sorted(self.folder.glob("*.eml"))
        fresh, self.read = files[self.read :], len(files)
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in fresh]
        return [mail for mail in found if mail["To"] == address]  # type: ignore[misc]

    def wait(self, **parts: float) -> list[EmailMessage]:
        """Let time pass twice over the pause of the worker's rounds, and return what came."""
        self.clock.advance(**parts)
        self.worker.drain()
        self.clock.advance(seconds=41)
        self.worker.drain()
        self.clock.advance(seconds=11)
        return self.mails()

    def follow(self, address: str = ADDRESS, *, pace: str = "immediate", **places: str) -> EmailMessage:
        """Ask for mails, and confirm from the mail that comes. Returns it."""
        self.page.post("/avisos", {"email": address, "pace": pace, **places})
        [mail] = self.mails(address)
        self.page.post(link_of(mail, "/avisos/confirmar/"))
        return mail


def text_of(mail: EmailMessage) -> str:
    """Return the part of a mail that is plain text."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_of(mail: EmailMessage, beginning: str) -> str:
    """Return the one address in a mail that begins so."""
    [found] = {address for address in LINK.findall(text_of(mail)) if beginning in address}
    return str(found)
