"""No address that somebody gives leads near: not as it is written, not by its name, not by what it answers."""

import socket
from collections import Counter
from pathlib import Path

import pytest

from consulta.errors import Refused
from consulta.hooks.judging import is_public
from consulta.hooks.sending import Courier, Reply, resolve
from consulta.hooks.targets import read_target
from tests.hooks.listeners import Listeners, noting
from tests.hooks.servers import HOST, Authority, Receiver, courier_to
from tests.hooks.ssrf_addresses import NAME, PORT, PUBLIC_4, PUBLIC_6, Attack, attacks, redirects

# They listen on fixed ports: one after another.
pytestmark = pytest.mark.xdist_group("ssrf")


def send(attack: Attack) -> tuple[bool, Reply]:
    """Register an address, and send to it whatever registering says. Returns whether it was, and the reply."""
    courier = Courier(resolver=attack.resolver)
    try:
        courier.check(attack.url)
        is_registered = True
    except Refused:
        is_registered = False
    return is_registered, courier.post(attack.url, headers={}, body=b"{}")


def test_two_hundred_addresses_make_no_connection() -> None:
    listed = attacks()

    with Listeners() as listeners, noting() as tried:
        replies = {index: send(attack)[1] for index, attack in enumerate(listed)}

    assert len(listed) >= 200
    assert len({(attack.url, tuple(map(tuple, attack.says))) for attack in listed}) == len(listed)
    assert (listeners.accepted, tried.connected, tried.resolved) == ([], [], [])
    wrong = [(listed[index].url, reply) for index, reply in replies.items() if reply.stage.value != listed[index].stage]
    assert wrong == []


def test_only_names_that_change_their_mind_pass_the_registration() -> None:
    passed = Counter(attack.family for attack in attacks() if send(attack)[0])

    assert passed == {"rebinding after registration": 7}


def test_a_rebound_name_is_resolved_once_for_each_request() -> None:
    asked: list[str] = []

    def resolver(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"]

    Courier(resolver=resolver).post(f"https://{NAME}/", headers={}, body=b"{}")

    assert asked == [NAME]


def test_the_connection_goes_to_the_number_that_was_judged_and_nothing_is_resolved_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    courier = Courier(resolver=lambda _host, _port: [PUBLIC_4, PUBLIC_6])

    def refuse(_self: socket.socket, address: object) -> None:
        gone_to.append(address)
        raise ConnectionRefusedError

    gone_to: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", refuse, raising=False)
    with noting() as tried:
        for turn in range(3):
            courier.post(f"https://{NAME}:{PORT}/", headers={}, body=b"{}", turn=turn)

    assert gone_to == [(PUBLIC_4, PORT), (PUBLIC_6, PORT), (PUBLIC_4, PORT)]
    assert tried.resolved == []


def test_redirections_of_a_permitted_server_lead_nowhere(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Listeners() as listeners, Receiver(authority.server_context(HOST)).listening() as receiver:
        listed = redirects(f"https://127.0.0.1:{PORT}/")
        courier = courier_to(receiver, authority)
        with noting() as tried:
            for attack in listed:
                assert attack.redirect is not None
                receiver.answers = [(attack.redirect[0], attack.redirect[1], b"")]
                reply = courier.post(receiver.url, headers={}, body=b"{}")
                assert reply.status == attack.redirect[0]

    assert listeners.accepted == []
    assert tried.connected == [("127.0.0.1", receiver.port)] * len(listed)
    assert len(receiver.received) == len(listed) == 50


def test_environment_leads_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{PORT}")
    with Listeners() as listeners, Receiver(authority.server_context(HOST)).listening() as receiver:
        reply = courier_to(receiver, authority).post(receiver.url, headers={}, body=b"{}")

    assert reply.status == 204
    assert listeners.accepted == []
    assert not {"cookie", "authorization", "proxy-authorization"} & set(receiver.received[0][0])


class TestTheProofCanFail:
    def test_listeners_and_notes_count_a_connection(self) -> None:
        with Listeners() as listeners, noting() as tried:
            for family, near in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "127.0.0.53")):
                with socket.socket(family) as careless:
                    careless.connect((near, PORT))
                    careless.recv(1)

        assert [port for port, _peer in listeners.accepted] == [PORT, PORT]
        assert tried.connected == [("127.0.0.1", PORT), ("127.0.0.53", PORT)]

    def test_an_address_that_is_allowed_connects(self) -> None:
        with Listeners() as listeners, noting() as tried:
            careless = Courier(allowed=frozenset({f"127.0.0.1:{PORT}"}), resolver=lambda host, _port: [host])
            careless.post(f"http://127.0.0.1:{PORT}/", headers={}, body=b"{}")

        assert len(listeners.accepted) == len(tried.connected) == 1

    def test_a_courier_that_judges_nothing_connects_for_most_of_what_is_resolved(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("consulta.hooks.sending.is_public", lambda _text: True)
        monkeypatch.setattr("consulta.hooks.sending.CONNECT_SECONDS", 0.2)
        near = [one for one in attacks() if one.family == "private A record" and one.says[0][0].startswith("127.")]
        with Listeners() as listeners, noting() as tried:
            for attack in near:
                send(attack)

        assert len(listeners.accepted) == len(tried.connected) == len(near) == 2


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://sistema.ejemplo.gob.mx", NAME, 443, "/"),
        ("https://SISTEMA.Ejemplo.gob.mx:8443/a/b%20c?x=1&y=/", NAME, 8443, "/a/b%20c?x=1&y=/"),
        ("https://municipio-león.mx/avisos", "xn--municipio-len-mlb.mx", 443, "/avisos"),
        ("https://127.0.0.1.nip.io/", "127.0.0.1.nip.io", 443, "/"),
    ],
)
def test_plain_addresses_are_read(url: str, host: str, port: int, path: str) -> None:
    target = read_target(url)

    assert (target.host, target.port, target.path) == (host, port, path)


@pytest.mark.parametrize(
    "address", [PUBLIC_4, PUBLIC_6, "8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_the_resolver_of_the_system_is_asked_for_whole_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(name: str, *_rest: object, **_kept: object) -> list[object]:
        asked.append(name)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", answer)

    resolve(NAME, 443)
    resolve("127.0.0.1", 8000)

    assert asked == [f"{NAME}.", "127.0.0.1"]
