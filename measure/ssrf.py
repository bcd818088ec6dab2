"""Addresses that lead near, however written or resolved: how many connections the sender of webhooks makes (none).

Counted three ways: by listeners on every address of the machine, by the interpreter (`socket.connect` and
`socket.getaddrinfo` of its audit hook), and by where each request stopped. A careless client is run beside it, so that
a list that leads nowhere would show.
"""

import socket
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.hooks.listeners import Listeners, noting
from tests.hooks.servers import HOST, Authority, Receiver, courier_to
from tests.hooks.ssrf_addresses import PORT, Attack, attacks, redirects
from tests.hooks.test_ssrf import send


def run() -> dict[str, Any]:
    """Send to every address of the list, and to a permitted server that answers each redirection."""
    listed = attacks()
    with Listeners() as listeners, noting() as tried:
        sent = [(attack, *send(attack)) for attack in listed]
        connected = len(listeners.accepted), len(tried.connected), len(tried.resolved)
    stages = Counter(reply.stage.value for _attack, _registered, reply in sent)
    wrong = [attack.url for attack, _registered, reply in sent if reply.stage.value != attack.stage]
    followed, answers = _redirected()
    careless = _careless(listed)
    return {
        "n": len(listed) + answers,
        "families": dict(sorted(Counter(attack.family for attack in listed).items())) | {"redirects": answers},
        "stopped_at": dict(stages),
        "registered": sum(registered for _attack, registered, _reply in sent),
        "accepted_by_listeners": connected[0] + followed,
        "connections_tried": connected[1],
        "resolutions_of_the_system": connected[2],
        "redirections_followed": followed,
        "a_careless_client_connects": careless,
        "ports_listened_on": listeners.ports,
        "stopped_elsewhere_than_expected": wrong,
        "reached": connected == (0, 0, 0) and followed == 0 and not wrong and len(listed) >= 200 and careless > 20,
    }


def _redirected() -> tuple[int, int]:
    """Return how many redirections were followed, and how many were answered."""
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        listed = redirects(f"https://127.0.0.1:{PORT}/")
        with Listeners() as listeners, Receiver(authority.server_context(HOST)).listening() as receiver:
            courier = courier_to(receiver, authority)
            with noting() as tried:
                for attack in listed:
                    assert attack.redirect is not None
                    receiver.answers = [(*attack.redirect, b"")]
                    courier.post(receiver.url, headers={}, body=b"{}")
        return len(listeners.accepted) + len(tried.connected) - len(listed), len(listed)


def _careless(listed: list[Attack]) -> int:
    """Return for how many addresses a client that asks the system, and judges nothing, reaches this machine."""
    with Listeners() as listeners:
        for attack in listed:
            host = attack.url.partition("//")[2].partition("/")[0].rpartition("@")[2].rpartition(":")[0].strip("[]")
            for name in [host, *attack.says[-1]]:
                _try(name)
    return len(listeners.accepted)


def _try(name: str) -> None:
    """Connect where a name is a number of this machine; nothing leaves it."""
    try:
        [found, *_rest] = socket.getaddrinfo(name, PORT, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        if not str(found[4][0]).removeprefix("::ffff:").startswith(("127.", "0.0.0.0", "::")):
            return
        with socket.create_connection(found[4][:2], timeout=0.2):
            return
    except (OSError, UnicodeError, ValueError):
        return
