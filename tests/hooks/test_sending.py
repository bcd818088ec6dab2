"""One request: trust, time and length, against real servers."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from consulta.hooks import sending
from consulta.hooks.sending import NO_CONNECTION, NOT_TRUSTED, TOO_LATE, Courier, Stage
from tests.hooks.servers import HOST, Authority, Receiver, courier_to


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifteen seconds become one."""
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 1.0)


@contextmanager
def raw(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that behaves as it wants, over plain HTTP; yields its `host:port`."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        taken, _peer = listening.accept()
        with taken:
            taken.recv(65536)
            try:
                behave(taken)
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        thread.join()
        listening.close()


def ask(near: str) -> sending.Reply:
    return Courier(allowed=frozenset({near})).post(f"http://{near}/", headers={}, body=b"{}")


def test_request_is_one_post_with_the_name_of_the_server(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Receiver(authority.server_context(HOST)).listening() as receiver:
        receiver.answers = [(202, {}, b"recibido")]
        reply = courier_to(receiver, authority).post(receiver.url, headers={"webhook-id": "evt_1"}, body=b'{"a":1}')

    [(headers, body)] = receiver.received
    assert (reply.stage, reply.status, reply.text) == (Stage.ANSWERED, 202, "recibido")
    assert (headers["host"], body) == (f"{HOST}:{receiver.port}", b'{"a":1}')
    assert headers["content-type"] == "application/json"
    assert (headers["webhook-id"], headers["connection"]) == ("evt_1", "close")


def test_certificate_of_another_name_is_not_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Receiver(authority.server_context("otro.ejemplo.gob.mx")).listening() as receiver:
        reply = courier_to(receiver, authority).post(receiver.url, headers={}, body=b"{}")

    assert (reply.stage, reply.status, reply.text) == (Stage.CONNECTED, None, NOT_TRUSTED)
    assert receiver.received == []


def test_certificate_of_an_unknown_authority_is_not_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Receiver(authority.server_context(HOST)).listening() as receiver:
        courier = Courier(allowed=frozenset({f"{HOST}:{receiver.port}"}), resolver=lambda _host, _port: ["127.0.0.1"])
        reply = courier.post(receiver.url, headers={}, body=b"{}")

    assert (reply.status, reply.text) == (None, NOT_TRUSTED)
    assert receiver.received == []


def test_rules_of_tls_verify_and_refuse_what_is_old() -> None:
    context = sending.verifying()

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.usefixtures("short")
def test_answer_that_drips_is_left_when_the_time_is_over() -> None:
    def drip(taken: socket.socket) -> None:
        for mark in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100:
            taken.sendall(bytes([mark]))
            time.sleep(0.1)

    began = time.monotonic()
    with raw(drip) as near:
        reply = ask(near)
        took = time.monotonic() - began

    assert (reply.stage, reply.status, reply.text) == (Stage.CONNECTED, None, TOO_LATE)
    assert took < 2


@pytest.mark.usefixtures("short")
def test_status_stands_where_what_follows_drips() -> None:
    def drip(taken: socket.socket) -> None:
        taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            taken.sendall(b"a")
            time.sleep(0.1)

    with raw(drip) as near:
        reply = ask(near)

    assert reply.status == 200


@pytest.mark.usefixtures("short")
def test_name_whose_server_does_not_answer_is_left() -> None:
    def never(_host: str, _port: int) -> list[str]:
        time.sleep(3)
        return ["8.8.8.8"]

    began = time.monotonic()
    reply = Courier(resolver=never).post(f"https://{HOST}/", headers={}, body=b"{}")

    assert (reply.stage, time.monotonic() - began < 2) == (Stage.RESOLVED, True)


def test_no_more_than_64_kib_are_read() -> None:
    sent: list[int] = []

    def flood(taken: socket.socket) -> None:
        taken.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1000):
            sent.append(taken.send(b"a" * 65536))

    with raw(flood) as near:
        reply = ask(near)

    assert reply.status == 200
    assert len(reply.text) <= 64 * 1024
    assert sum(sent) < 1000 * 65536


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"no es HTTP\r\n\r\n",
        b"HTTP/1.1 999999 X\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 4000,
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 5000,
    ],
)
def test_what_is_no_answer_is_a_failure(said: bytes) -> None:
    with raw(lambda taken: taken.sendall(said)) as near:
        reply = ask(near)

    assert (reply.stage, reply.status, reply.text) == (Stage.CONNECTED, None, NO_CONNECTION)


def test_body_in_pieces_that_break_off_keeps_its_status() -> None:
    said = b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\nRetry-After: 60\r\n\r\nzz\r\n"
    with raw(lambda taken: taken.sendall(said)) as near:
        reply = ask(near)

    assert (reply.status, reply.retry_after) == (503, "60")
