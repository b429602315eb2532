"""Where a redirect leads: to an address of the API's, or to somebody else's. Pure.

An address of somebody else's is never advised, and one that looks like a sign-in is most likely
that of the network that the request went through.
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, is_loopback

_PLACEHOLDER_HOSTS = ("example.com", "example.org", "example.net", "localhost")


def link_fault(url: object) -> str | None:
    """Say what is wrong with ``url`` as the link of an offer, or return None."""
    if not isinstance(url, str) or not url.strip():
        return "There is no address."
    text = url.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return "It isn't a web address."
    if parts.scheme not in {"http", "https"}:
        return "It does not begin with https://."
    if not host or any(sign.isspace() for sign in text):
        return "It isn't a complete web address."
    if "@" in parts.netloc:
        return "It carries a user name or password."
    if host in _PLACEHOLDER_HOSTS or ("." not in host and ":" not in host):
        return "It leads to a host that the public can't reach."
    return None


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


Leads = Literal["home", "elsewhere", "sign-in"]
"""``home``: same host or the vendor's, encrypted; ``sign-in``: a stranger's sign-in page."""

_SIGN_IN = re.compile(
    r"log-?(?:in|on)\b|sign-?(?:in|on)\b|\bsso\b|portal|captive|guest|hotspot|wi-?fi|\bauth",
    re.IGNORECASE,
)
_VENDOR = urlsplit(DEFAULT_BASE_URL).hostname or ""


def leads_to(location: str, asked: str | None) -> Leads:
    """Tell where a redirect leads.

    Args:
        location: What the answer's ``Location`` says.
        asked: The address that was asked, or None where it is not known.
    """
    target, base = _split(location), _split(asked or DEFAULT_BASE_URL)
    if target is None or base is None:
        return "elsewhere"
    host = target.hostname or base.hostname or ""
    scheme = target.scheme or base.scheme
    ours = any(host == home or host.endswith(f".{home}") for home in {_VENDOR, base.hostname or ""})
    signs_in = _SIGN_IN.search(f"{host}{target.path}?{target.query}") is not None
    if ours:
        safe = scheme == "https" or (scheme == base.scheme and is_loopback(host))
        return "home" if safe and not signs_in else "elsewhere"
    return "sign-in" if signs_in or scheme == "http" else "elsewhere"


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address.strip())
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return None
    return parts if parts.scheme in {"", "http", "https"} else None
