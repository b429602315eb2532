"""Which addresses of the internet are anybody's to open, and which lead to somebody's own machines.

Written out instead of asked of :mod:`ipaddress`, whose word on several ranges has changed between
versions of Python. Sources: the registries of special-purpose addresses (RFC 6890 and its updates).
"""

import ipaddress
from collections.abc import Iterator

NO_ADDRESS = "no address at all"
"""What is said of a text that is not an address in numbers, such as a name."""

_THIS_MACHINE = "this machine"
_PRIVATE = "a private network"
_LINK = "the local link, where clouds keep credentials of their machines"
_MULTICAST = "a group of machines"
_RESERVED = "a range that is reserved"

_V4 = tuple(
    (ipaddress.IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", _THIS_MACHINE),
        ("10.0.0.0/8", _PRIVATE),
        ("100.64.0.0/10", "a provider's inner network"),
        ("127.0.0.0/8", _THIS_MACHINE),
        ("168.63.129.16/32", "a service inside a cloud"),  # Azure's, in a range that is public
        ("169.254.0.0/16", _LINK),
        ("172.16.0.0/12", _PRIVATE),
        ("192.0.0.0/24", _RESERVED),
        ("192.0.2.0/24", _RESERVED),
        ("192.88.99.0/24", _RESERVED),
        ("192.168.0.0/16", _PRIVATE),
        ("198.18.0.0/15", _RESERVED),
        ("198.51.100.0/24", _RESERVED),
        ("203.0.113.0/24", _RESERVED),
        ("224.0.0.0/4", _MULTICAST),
        ("240.0.0.0/4", _RESERVED),
    )
)
_V6 = tuple(
    (ipaddress.IPv6Network(network), what)
    for network, what in (
        ("::/127", _THIS_MACHINE),  # unspecified and loopback
        ("2001::/23", _RESERVED),  # Teredo and others that carry something else
        ("2001:db8::/32", _RESERVED),
        ("3fff::/20", _RESERVED),
        ("fc00::/7", _PRIVATE),
        ("fec0::/10", _PRIVATE),
        ("fe80::/10", _LINK),
        ("ff00::/8", _MULTICAST),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = {0x0000_5EFE, 0x0200_5EFE}
_LOW_32 = 0xFFFF_FFFF


def why_not_public(address: str) -> str | None:
    """Say where ``address`` leads if it is not a public one, or return None.

    Addresses that carry an IPv4 address, for networks that translate or tunnel, are as public as
    the one that they carry.

    Args:
        address: As a resolver returns it; a zone behind a ``%`` is passed over.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return NO_ADDRESS
    if isinstance(ip, ipaddress.IPv4Address):
        return _v4(ip)
    for carried in _carried(ip):
        if (what := _v4(carried)) is not None:
            return what
    if ip.ipv4_mapped is not None or ip in _NAT64:
        return None
    known = next((what for network, what in _V6 if ip in network), None)
    return known or (None if ip in _GLOBAL_V6 else _RESERVED)


def _v4(ip: ipaddress.IPv4Address) -> str | None:
    return next((what for network, what in _V4 if ip in network), None)


def _carried(ip: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """Yield the IPv4 addresses that ``ip`` is made of."""
    if ip.ipv4_mapped is not None:
        yield ip.ipv4_mapped
    if ip.sixtofour is not None:
        yield ip.sixtofour
    if ip in _NAT64 or (int(ip) >> 32) & _LOW_32 in _ISATAP:
        yield ipaddress.IPv4Address(int(ip) & _LOW_32)
