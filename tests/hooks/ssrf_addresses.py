"""Two hundred and more addresses that lead somewhere near, by family: how they are written, and what resolvers say.

Each leads, where a careless client asks it, to a port on which the test listens. Written for this project from the
notations that `inet_aton`, the URL standard, RFC 3986, RFC 4291 and the registries of IANA describe.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

PORT = 8443
NAME = "sistema.ejemplo.gob.mx"
PUBLIC_4, PUBLIC_6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
# Places that nobody outside may lead us to: this machine, its network, its cloud.
NEAR_4 = ("127.0.0.1", "127.0.0.53", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0")
OTHER_4 = (
    *("100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.0.9", "198.18.0.1", "192.0.2.1", "198.51.100.1"),
    *("203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
)
NEAR_6 = (
    *("::1", "::", "fe80::1", "fe80::1%lo", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("3fff::1", "100::1", "2001:2::1", "2001:10::1", "2001:20::1", "5f00::1", "64:ff9b:1::7f00:1"),
    *("64:ff9b:1:7f00:0:100::", "::ffff:0:7f00:1", "::7f00:1", "::a9fe:a9fe"),
)


@dataclass(frozen=True)
class Attack:
    """One address, what the resolver says each time it is asked, and what a permitted server answers.

    `stage` is where it must stop: `parsed` (how it is written), `resolved` (where it leads), `answered` (a redirection
    that is not followed).
    """

    family: str
    url: str
    stage: str = "parsed"
    says: Sequence[Sequence[str]] = ((PUBLIC_4,),)
    redirect: tuple[int, dict[str, str]] | None = None
    resolver: Callable[[str, int], Sequence[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        remaining = list(self.says)

        def resolver(_host: str, _port: int) -> Sequence[str]:
            return remaining.pop(0) if len(remaining) > 1 else remaining[0]

        object.__setattr__(self, "resolver", resolver)


def attacks() -> list[Attack]:
    """Return the list."""
    parts = (_numbers, _short, _sixes, _lookalikes, _users, _ports_and_schemes, _names, _resolved, _several, _rebinding)
    found = [attack for part in parts for attack in part()]
    # Families overlap: the same address is tried once.
    return list({(attack.url, str(attack.says)): attack for attack in reversed(found)}.values())[::-1]


def _numbers() -> Iterator[Attack]:
    """IPv4 in every notation: dotted, decimal, octal, hexadecimal, mixed, padded, with a dot at the end."""
    for near in NEAR_4:
        number, octets = int(IPv4Address(near)), near.split(".")
        yield Attack("dotted", f"https://{near}:{PORT}/")
        yield Attack("decimal", f"https://{number}:{PORT}/")
        yield Attack("hexadecimal", f"https://{number:#x}:{PORT}/")
        yield Attack("hexadecimal", "https://" + ".".join(f"{int(one):#x}" for one in octets) + f":{PORT}/")
        yield Attack("octal", "https://" + ".".join(f"0{int(one):o}" for one in octets) + f":{PORT}/")
        yield Attack("octal", f"https://0{number:o}:{PORT}/")
        yield Attack("mixed", f"https://{int(octets[0]):#x}.0{int(octets[1]):o}.{octets[2]}.{octets[3]}:{PORT}/")
        yield Attack("padded", "https://" + ".".join(f"0000{int(one):o}" for one in octets) + f":{PORT}/")
        yield Attack("trailing dot", f"https://{near}.:{PORT}/")
    yield Attack("overflow", f"https://{2**32 + int(IPv4Address('127.0.0.1'))}:{PORT}/")
    yield Attack("overflow", f"https://383.0.0.1:{PORT}/")


def _short() -> Iterator[Attack]:
    """IPv4 with fewer parts than four."""
    for written in ("127.1", "127.0.1", "0", "10.1", "192.168.257", "169.16689662", "0x7f.1", "0177.1", "0x7f.0.1"):
        yield Attack("short", f"https://{written}:{PORT}/")


def _sixes() -> Iterator[Attack]:
    """IPv6 literals: of this machine, and with an IPv4 address inside."""
    for near in NEAR_6:
        yield Attack("IPv6", f"https://[{near}]:{PORT}/")
    yield Attack("zone", f"https://[fe80::1%25lo]:{PORT}/")
    yield Attack("zone", f"https://[::1%25lo]:{PORT}/")
    for family, inside in _inside("127.0.0.1"):
        yield Attack(family, f"https://[{inside}]:{PORT}/")
    yield Attack("IPv6-mapped", f"https://[::ffff:127.0.0.1]:{PORT}/")
    yield Attack("IPv6-mapped", f"https://[0:0:0:0:0:ffff:127.0.0.1]:{PORT}/")
    yield Attack("IPv6", f"https://::1:{PORT}/")
    yield Attack("IPv6", f"https://[v1.127.0.0.1]:{PORT}/")


def _lookalikes() -> Iterator[Attack]:
    """Characters that become digits, dots or slashes once something normalises them, and percent signs."""
    for written in (
        *("１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "²⁵⁵.0.0.1"),
        *(
            "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
            "ｌｏｃａｌｈｏｓｔ",
            "ⅼocalhost",
            "localhoﬆ",
            "127.0.0.1\u00ad",
            "loc\u00adalhost.mx",
            "a\u200b.mx",
        ),
        *("%31%32%37.0.0.1", "127%2e0%2e0%2e1", "127.0.0.1%00.ejemplo.mx", "127.0.0.1%2f.ejemplo.mx", "127.0.0.1℀.mx"),
        *("٣٢.0.0.1", "१२७.0.0.1", "127.0.0.1\u3002ejemplo", "ejemplo.mx\uff0f.gob.mx", "xn--0.mx", "xn--.mx", "-a.mx"),
    ):
        yield Attack("lookalikes", f"https://{written}:{PORT}/")


def _users() -> Iterator[Attack]:
    """Where one parser sees a user, a path or a fragment, and another one a host."""
    near = f"127.0.0.1:{PORT}"
    for written in (
        *(f"https://{NAME}@{near}/", f"https://{NAME}:clave@{near}/", f"https://{NAME}%40{near}/", f"https://@{near}/"),
        *(
            f"https://{near}\\@{NAME}/",
            f"https://{NAME}\\@{near}/",
            f"https://{near}#@{NAME}/",
            f"https://{NAME}#@{near}/",
        ),
        *(f"https://{near}?@{NAME}/", f"https:\\\\{near}/", f"https:/{near}/", f"https:{near}/", f"https:///{near}/"),
        *(
            f"https://{NAME}/\\{near}",
            f"https://{NAME} @{near}/",
            f"https://{NAME}\t@{near}/",
            f"https://{near}\n.{NAME}/",
        ),
        *(f"https://{NAME}\r\nHost: {near}/", f"https://{NAME}:80@{near}/", f"//{near}/", f" https://{near}/"),
        *(f"https://[{NAME}]@{near}/", f"https://{near}&@{NAME}#@{near}/", f"https://{NAME};@{near}/"),
        *(
            f"https://{NAME}:443:{near}/",
            f"https://a@b@{near}/",
            f"https://{NAME}/%0d%0aHost:{near}\n",
            f"https://{NAME}\x00.{near}/",
        ),
    ):
        yield Attack("users and separators", written)


def _ports_and_schemes() -> Iterator[Attack]:
    for scheme in ("http", "HTTP", "ftp", "gopher", "file", "dict", "ldap", "ldaps", "tftp", "jar:https", "unix", "ws"):
        yield Attack("schemes", f"{scheme}://{NAME}:{PORT}/")
    yield Attack("schemes", "file:///etc/passwd")
    yield Attack("schemes", "data:text/plain,hola")
    for port in (
        "22",
        "25",
        "80",
        "6379",
        "5432",
        "8080",
        "9200",
        "11211",
        "0",
        "65536",
        "-1",
        "+8443",
        "8443 ",
        "８４４３",
    ):
        yield Attack("ports", f"https://{NAME}:{port}/")


def _names() -> Iterator[Attack]:
    """Names that mean something only near, and names of the services of clouds."""
    for name in (
        *("localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "a.localhost", "servidor", "db", "redis"),
        *("impresora.local", "metadata.google.internal", "instance-data.ec2.internal", "kubernetes.default.svc"),
        *("kubernetes.default.svc.cluster.local", "host.docker.internal", "router.lan", "nas.home", "mail.corp"),
        *("router.home.arpa", "1.0.0.127.in-addr.arpa", "servicio.onion", "prueba.test", "intranet.private", "a..mx"),
        *(".mx", "metadata.google.internal.", "a_b.mx", "*.mx", f"{'a' * 64}.mx", f"{'a.' * 127}mx", f"{NAME}."),
    ):
        yield Attack("names of a network", f"https://{name}:{PORT}/", says=(("127.0.0.1",),))


def _resolved() -> Iterator[Attack]:
    """Well written names whose only address is near: anybody may say so in her own DNS."""
    for near in (*NEAR_4, *OTHER_4):
        yield _leading("private A record", [near])
    for near in NEAR_6:
        yield _leading("private AAAA record", [near])
    for inner in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "100.64.0.1"):
        for family, inside in _inside(inner):
            yield _leading(f"{family} in an AAAA record", [inside])
    for name in (
        "127.0.0.1.nip.io",
        "10-0-0-1.sslip.io",
        "localtest.me",
        "lvh.me",
        "vcap.me",
        "169-254-169-254.nip.io",
    ):
        yield _leading("names that carry a number", ["127.0.0.1"], name)
    for name in ("metadata.tencentyun.com", "metadata.azure.com", "rancher-metadata.ejemplo.mx"):
        yield _leading("metadata", ["169.254.169.254"], name)
    yield _leading("no answer", [])
    yield _leading("no number", ["localhost"])
    yield _leading("no number", ["0x7f000001"])


def _several() -> Iterator[Attack]:
    """Several addresses of which one is near: whichever comes first."""
    for near in ("127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::1"):
        yield _leading("one of several", [PUBLIC_4, near])
        yield _leading("one of several", [near, PUBLIC_6])
        yield _leading("one of several", [PUBLIC_4, PUBLIC_6, near, PUBLIC_4])


def _rebinding() -> Iterator[Attack]:
    """A name that is public when it is registered and near when something is sent: it is judged then again."""
    for near in ("127.0.0.1", "::1", "169.254.169.254", "0.0.0.0", "::ffff:127.0.0.1", "192.168.0.1", "2002:7f00:1::"):
        says = ((PUBLIC_4,), (near,))
        yield Attack("rebinding after registration", f"https://{NAME}:{PORT}/", "resolved", says)


def redirects(to: str) -> list[Attack]:
    """Return what a permitted server may answer to lead elsewhere: `to` is the address of a listener."""
    found = [
        Attack("redirects", "", "answered", redirect=(status, {"Location": where}))
        for status in (300, 301, 302, 303, 305, 307, 308)
        for where in (
            to,
            to.replace("https://", "//"),
            to.replace("https", "http"),
            "/otra",
            "../otra",
            "?otra",
            "#otra",
        )
    ]
    refresh = {
        "Refresh": f"0; url={to}",
        "Link": f"<{to}>; rel=preload",
        "Content-Location": to,
        "Alt-Svc": 'h2=":8443"',
    }
    return [*found, Attack("redirects", "", "answered", redirect=(200, refresh))]


def _leading(family: str, says: Sequence[str], name: str = NAME) -> Attack:
    return Attack(family, f"https://{name}:{PORT}/", "resolved", (says,))


def _inside(inner: str) -> Iterator[tuple[str, str]]:
    """Return an IPv4 address inside IPv6 ones: mapped, compatible, translated, 6to4, Teredo, ISATAP, NAT64."""
    number = int(IPv4Address(inner))
    public = int(IPv4Address(PUBLIC_4))
    for family, value in (
        ("IPv6-mapped", (0xFFFF << 32) | number),
        ("IPv4-compatible", number),
        ("SIIT", (0xFFFF0000 << 32) | number),
        ("6to4", (0x2002 << 112) | (number << 80) | 1),
        ("Teredo server", (0x20010000 << 96) | (number << 64) | (~public & 0xFFFFFFFF)),
        ("Teredo client", (0x20010000 << 96) | (public << 64) | (~number & 0xFFFFFFFF)),
        ("NAT64", (0x64FF9B << 96) | number),
        ("local NAT64", (0x64FF9B0001 << 80) | number),
        ("ISATAP", (int(IPv6Address("2606:2800:21f:cb07::")) | (0x5EFE << 32) | number)),
    ):
        yield family, str(IPv6Address(value))
