"""A mail server that takes, refuses, or asks to come back later, and remembers what it was handed."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller


class Server:
    """Says what it is told to say to each recipient; `taken` are envelope sender, recipient and content."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.taken: list[tuple[str, str, bytes]] = []
        self.url = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """Take a recipient, or refuse it."""
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep what was handed."""
        self.taken.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@contextmanager
def a_server() -> Iterator[Server]:
    """Open a server on a free port."""
    handler = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()
