"""Where a redirect leads: to an address of the API's, or to somebody else's. Pure.

An address of somebody else's is never advised, and one that looks like a sign-in is most likely
that of the network that the request went through.
"""

import re
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pinned_tui.contract.base_url import DEFAULT_BASE_URL, is_loopback

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
