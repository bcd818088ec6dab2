"""Addresses as people type them, read strictly: what can be read in two ways is not read at all. Pure.

Parsers that disagree are how a request is led inside a network (SSRF): so nothing is repaired here. An address is
`https://name[:port]/path?query`, its name has two labels or more and is no number in any notation.
"""

import re
from dataclasses import dataclass

import idna

from consulta.errors import Refused
from consulta.i18n.text import _

LONGEST = 500
LONGEST_NAME = 253
# Those of the web, and the one that servers of applications use. A port of anything else is never asked.
PORTS = frozenset({443, 8443})
ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#\\@:%\[\]\s]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*)?"
    r"(?P<query>\?(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?"
)
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# The last label of a name that the standard of URLs reads as an IPv4 number, whatever stands before it.
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Names that mean something only inside a machine or a network (RFC 6761, 6762, 7686, 8375, 9476, and usage).
INNER = frozenset(
    {
        *("localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "home", "corp"),
        *("arpa", "onion", "alt", "invalid", "test", "example", "docker", "kubernetes", "consul", "cluster", "svc"),
    }
)


@dataclass(frozen=True)
class Target:
    """Where a request goes. `host` is in its ASCII form, and `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_secret(self) -> bool:
        """Whether it is asked over TLS."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Return the host as the request names it."""
        return self.host if self.port == (443 if self.is_secret else 80) else f"{self.host}:{self.port}"


def read_target(url: str, allowed: frozenset[str] = frozenset()) -> Target:
    """Return where an address leads. Raises Refused, field `url`, with what to write instead.

    Args:
        url: as somebody typed it.
        allowed: `host:port` that the operator of the instance named: for these alone, http and numbers are read too.
    """
    found = ADDRESS.fullmatch(url) if len(url) <= LONGEST and url.isprintable() else None
    if found is None:
        raise Refused(
            _("Escriba una dirección completa como https://sistema.ejemplo.gob.mx/avisos, sin usuario ni «#»."),
            field="url",
        )
    scheme, typed = found["scheme"], found["host"]
    port = int(found["port"]) if found["port"] else (443 if scheme == "https" else 80)
    path = f"{found['path'] or '/'}{found['query'] or ''}"
    if f"{typed}:{port}" in allowed:
        return Target(scheme, typed, port, path)
    if scheme != "https":
        raise Refused(_("La dirección debe empezar con https://: los avisos viajan cifrados."), field="url")
    if port not in PORTS:
        raise Refused(_("Use el puerto 443 (el de siempre, sin escribirlo) o el 8443."), field="url")
    return Target(scheme, _name(typed), port, path)


def _name(typed: str) -> str:
    """Return a host name in ASCII. Raises Refused for numbers, for names of a network, and for lookalikes."""
    name = _ascii(typed)
    labels = name.split(".")
    is_name = len(name) <= LONGEST_NAME and len(labels) >= 2 and all(LABEL.fullmatch(label) for label in labels)
    if not is_name or NUMBER.fullmatch(labels[-1]) or labels[-1] in INNER:
        raise Refused(
            _("Escriba el nombre público del servidor, como sistema.ejemplo.gob.mx: ni número ni nombre interno."),
            field="url",
        )
    return name


def _ascii(typed: str) -> str:
    """Return a name as it is asked for (IDNA 2008, which maps nothing: digits in other widths are no digits)."""
    try:
        return idna.encode(typed.lower(), strict=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""
