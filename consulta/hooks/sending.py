"""Opens connections to addresses that people gave: the only module that does.

A name is resolved once, every answer must be of the public Internet, and the connection goes to one of these answers:
there is no second resolution that could say something else. Nothing is followed, and nothing of the environment used.
"""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from consulta.errors import Refused
from consulta.hooks.judging import is_public
from consulta.hooks.targets import Target, read_target
from consulta.i18n.text import N_, gettext

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
MOST_BYTES = 64 * 1024
# Kept as they are written here, and shown in the language of who reads them.
NO_ADDRESS = N_("El nombre del servidor no existe o no respondió su DNS.")
NOT_PUBLIC = N_("El nombre lleva a una dirección que no es de la red pública.")
TOO_LATE = N_("No respondió a tiempo.")
NOT_TRUSTED = N_("No se pudo comprobar su certificado TLS.")
NO_CONNECTION = N_("No se pudo hablar con el servidor.")

Resolver = Callable[[str, int], Sequence[str]]


class Stage(StrEnum):
    """How far a request came."""

    PARSED = "parsed"
    RESOLVED = "resolved"
    CONNECTED = "connected"
    ANSWERED = "answered"


class Stopped(Exception):
    """A request that found no answer: at which stage, and why, in words for its owner."""

    def __init__(self, stage: Stage, reason: str) -> None:
        super().__init__(reason)
        self.stage, self.reason = stage, reason


@dataclass(frozen=True)
class Reply:
    """What came of a request: a status where somebody answered, else why nobody did."""

    stage: Stage
    status: int | None = None
    text: str = ""
    retry_after: str = ""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name. The dot at its end keeps search lists of the network out of it.

    A number or a name of one label comes here only where the operator allowed it, and is asked for as it is.
    """
    name = f"{host}." if "." in host and not host[-1].isdigit() else host
    flags = socket.AI_ADDRCONFIG
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=flags)
    return [str(address[0]) for _family, _type, _proto, _name, address in found]


def verifying() -> ssl.SSLContext:
    """Return the rules of TLS: certificates and names are verified, and nothing older than TLS 1.2 is spoken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context


@dataclass(frozen=True)
class Courier:
    """Sends requests.

    Attributes:
        allowed: `host:port` that the operator named; these alone may be near, and plain.
        resolver: gives the addresses of a name.
        make_context: gives the rules of TLS.
    """

    allowed: frozenset[str] = frozenset()
    resolver: Resolver = resolve
    make_context: Callable[[], ssl.SSLContext] = field(default=verifying)

    def check(self, url: str) -> None:
        """Read an address and judge where its name leads, without connecting. Raises Refused, field `url`."""
        target = read_target(url, self.allowed)
        try:
            self.choose(target)
        except Stopped as stopped:
            raise Refused(gettext(stopped.reason), field="url") from stopped

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes, turn: int = 0) -> Reply:
        """Send one request and return what came of it. Never raises for what the other side does.

        Args:
            url: where to, as it was registered; it is read and judged again.
            headers: beside those of HTTP.
            body: what is sent, JSON in UTF-8.
            turn: which of several public addresses is tried, so that one that is down is not tried for ever.
        """
        until = time.monotonic() + WHOLE_SECONDS
        try:
            target = read_target(url, self.allowed)
        except Refused as refused:
            return Reply(Stage.PARSED, text=refused.message)
        try:
            address = self.choose(target, turn, until)
            return self._exchange(target, address, headers, body, until)
        except Stopped as stopped:
            return Reply(stopped.stage, text=stopped.reason)

    def choose(self, target: Target, turn: int = 0, until: float | None = None) -> str:
        """Return the one address to connect to. Raises Stopped where any of a name's addresses is not public."""
        limit = until if until is not None else time.monotonic() + CONNECT_SECONDS
        found = list(dict.fromkeys(_resolve_within(self.resolver, target, limit)))
        if not found:
            raise Stopped(Stage.RESOLVED, NO_ADDRESS)
        near = f"{target.host}:{target.port}" not in self.allowed and not all(is_public(one) for one in found)
        if near:
            raise Stopped(Stage.RESOLVED, NOT_PUBLIC)
        return found[turn % len(found)]

    def _exchange(self, target: Target, address: str, headers: Mapping[str, str], body: bytes, until: float) -> Reply:
        try:
            with self._connect(target, address, until) as connected:
                return _ask(_Bounded(connected, until), target, headers, body)
        except ssl.SSLError as error:
            raise Stopped(Stage.CONNECTED, NOT_TRUSTED) from error
        except TimeoutError as error:
            raise Stopped(Stage.CONNECTED, TOO_LATE) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Stopped(Stage.CONNECTED, NO_CONNECTION) from error

    def _connect(self, target: Target, address: str, until: float) -> socket.socket:
        """Connect to an address as it was judged: a number, which nothing resolves again."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(min(CONNECT_SECONDS, _left(until)))
            plain.connect((address, target.port))
            plain.settimeout(_left(until))
            if not target.is_secret:
                return plain
            return self.make_context().wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise


class _Reading(io.RawIOBase):
    """The bytes of an answer: none after so many, and none after an instant, however slowly they come."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._connected, self._until, self._room = connected, until, MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        room = min(len(view), self._room)
        if room == 0:
            return 0
        self._connected.settimeout(_left(self._until))
        read = self._connected.recv_into(view[:room])
        self._room -= read
        return read


class _Bounded:
    """A connection as `http.client` uses one."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._connected, self._until = connected, until

    def sendall(self, data: bytes) -> None:
        self._connected.settimeout(_left(self._until))
        self._connected.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._connected, self._until))

    def close(self) -> None:
        """Leave it to who opened it."""


class _Connection(http.client.HTTPConnection):
    """Speaks over a connection that is open, and never opens another."""

    auto_open = 0

    def connect(self) -> None:
        raise http.client.NotConnected


def _ask(bounded: _Bounded, target: Target, headers: Mapping[str, str], body: bytes) -> Reply:
    speaking = _Connection(target.host, target.port)
    speaking.sock = bounded
    speaking.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    fixed = {"Host": target.authority, "Content-Type": "application/json", "Content-Length": str(len(body))}
    for name, value in {**fixed, "User-Agent": "Consulta-Webhook/1", "Connection": "close", **headers}.items():
        speaking.putheader(name, value)
    speaking.endheaders(body)
    answer = speaking.getresponse()
    text = _text(answer)
    return Reply(Stage.ANSWERED, answer.status, text, answer.getheader("Retry-After") or "")


def _text(answer: http.client.HTTPResponse) -> str:
    """Return what an answer says; where it ends too early or too late, its status is the answer."""
    try:
        return answer.read(MOST_BYTES).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, ValueError):
        return ""


def _resolve_within(resolver: Resolver, target: Target, until: float) -> Sequence[str]:
    """Resolve a name once, for no longer than there is time: resolvers know no limit of their own."""
    found: list[str] = []

    def ask() -> None:
        try:
            found.extend(resolver(target.host, target.port))
        except (OSError, UnicodeError):
            found.clear()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.0, min(CONNECT_SECONDS, until - time.monotonic())))
    return () if asking.is_alive() else found


def _left(until: float) -> float:
    """Return how many seconds are left. Raises TimeoutError when none is."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
