"""Who listens near, and who notes what this process tries: connections that must not happen are counted twice."""

import contextlib
import selectors
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

from tests.hooks.ssrf_addresses import PORT


class Listeners:
    """Accepts and counts on every address of the machine, on the port of the attacks and on those of the web."""

    def __init__(self) -> None:
        self.accepted: list[tuple[int, str]] = []
        self._sockets = [bound for port in (PORT, 443, 80) for bound in _bind(port)]
        self.ports = sorted({bound.getsockname()[1] for bound in self._sockets})
        self._selector = selectors.DefaultSelector()
        for bound in self._sockets:
            self._selector.register(bound, selectors.EVENT_READ)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Listeners":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._selector.close()
        for bound in self._sockets:
            bound.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for key, _events in self._selector.select(0.05):
                taken, peer = key.fileobj.accept()  # type: ignore[union-attr]
                self.accepted.append((taken.getsockname()[1], str(peer[0])))
                taken.close()


def _bind(port: int) -> Iterator[socket.socket]:
    """Yield sockets on all addresses of both families; none where the system does not let us, or has no IPv6."""
    for family, everywhere in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        bound = socket.socket(family, socket.SOCK_STREAM)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            bound.bind((everywhere, port))
            bound.listen(128)
        except OSError:
            bound.close()
            continue
        yield bound


class Tried:
    """What this process asked of the network, as the interpreter itself tells (`sys.addaudithook`)."""

    def __init__(self) -> None:
        self.connected: list[Any] = []
        self.resolved: list[Any] = []


_NOTING: list[Tried] = []
_IS_INSTALLED: list[bool] = []


def _note(event: str, values: tuple[Any, ...]) -> None:
    if _NOTING and event == "socket.connect":
        _NOTING[-1].connected.append(values[1])
    elif _NOTING and event == "socket.getaddrinfo":
        _NOTING[-1].resolved.append(values[0])


@contextlib.contextmanager
def noting() -> Iterator[Tried]:
    """Note meanwhile what is tried. A hook stays for the life of the process: there is one, and else it is silent."""
    if not _IS_INSTALLED:
        sys.addaudithook(_note)
        _IS_INSTALLED.append(True)
    tried = Tried()
    _NOTING.append(tried)
    try:
        yield tried
    finally:
        _NOTING.remove(tried)
