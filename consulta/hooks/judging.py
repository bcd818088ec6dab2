"""Which addresses of the network are of the public Internet, and of nothing nearer. Pure.

What the registries call global (RFC 6890 and IANA's special-purpose registries, as `ipaddress` has them), less what
they call global and is not for others to lead us to; and what one address carries inside another is judged too.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

UNICAST = IPv6Network("2000::/3")
# Kept here although newer lists have them: the list of the interpreter is as old as the interpreter.
NEVER_4 = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
            # An inner service of a cloud that answers at a public number.
            "168.63.129.16/32",
        ),
    )
)
NEVER_6 = tuple(
    map(
        IPv6Network,
        # Protocols (2001::/23 without Teredo, which is unwrapped before), documentation, direct delegation, benchmark.
        ("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "2001:2::/48"),
    )
)
SIX_TO_FOUR, TEREDO = IPv6Network("2002::/16"), IPv6Network("2001::/32")
TRANSLATED = IPv6Network("64:ff9b::/96")
# The identifier of an interface of ISATAP (RFC 5214), with its last bits the IPv4 address.
ISATAP = frozenset({0x00005EFE, 0x02005EFE})


def is_public(text: str) -> bool:
    """Say whether an address, as a resolver gave it, is global unicast, and so is every address inside it."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return _is_public_4(address) if isinstance(address, IPv4Address) else _is_public_6(address)


def _is_public_4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in net for net in NEVER_4)


def _is_public_6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    inner = _inside(address)
    if inner:
        return all(_is_public_4(one) for one in inner)
    return address in UNICAST and address.is_global and not any(address in net for net in NEVER_6)


def _inside(address: IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that a packet to this one may end at; the local NAT64 prefix is public to nobody."""
    number = int(address)
    low = IPv4Address(number & 0xFFFFFFFF)
    if address.ipv4_mapped is not None or address in TRANSLATED:
        return [low]
    if address in SIX_TO_FOUR:
        return [IPv4Address(number >> 80 & 0xFFFFFFFF)]
    if address in TEREDO:
        return [IPv4Address(number >> 64 & 0xFFFFFFFF), IPv4Address(~number & 0xFFFFFFFF)]
    # An ISATAP address is judged by what it carries only where its prefix is public.
    if number >> 32 & 0xFFFFFFFF in ISATAP and address in UNICAST and address.is_global:
        return [low]
    return []
