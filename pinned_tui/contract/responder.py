"""Who answered: the API itself, an edge in front of it, a login page, a redirect, or another.

A status code alone says little: a firewall answers 403 too. The body decides first, then the
headers. Verdicts on a key, a scope or a channel are drawn from answers of the API alone.
"""

import re
from collections.abc import Mapping
from typing import Any

from pinned_tui.session import ApiError

API = "api"
EDGE = "edge"
PORTAL = "portal"
PROXY = "proxy"
REDIRECT = "redirect"
BROKEN = "broken"
OTHER = "other"

_PORTAL_MARKS = re.compile(
    r"captive|hotspot|wi-?fi|network login|accept (the )?terms|<input[^>]+type=[\"']?password",
    re.IGNORECASE,
)
_EDGE_HEADERS = ("cf-ray", "cf-mitigated", "x-amz-cf-id", "x-akamai-transformed", "x-sucuri-id")
_EDGE_MARKS = re.compile(
    r"access denied|attention required|captcha|challenge|checking your browser|request blocked"
    r"|web application firewall|bad gateway|gateway time-?out|service unavailable",
    re.IGNORECASE,
)

EDGE_ID_HEADERS = ("cf-ray", "x-amz-cf-id", "x-amzn-requestid", "x-azure-ref", "x-served-by")
"""Headers by which an edge names the request in its own records."""


def _claims_json(headers: Mapping[str, str], text: str) -> bool:
    return "json" in headers.get("content-type", "") or text.lstrip().startswith(("{", "["))


def who_answered(
    status: int,
    headers: Mapping[str, str],
    document: Any,  # noqa: ANN401 - any JSON value
    text: str,
    error: ApiError | None,
) -> str:
    """Name who answered; one of the constants above.

    Args:
        status: The status code.
        headers: The answer's headers by lower-case name.
        document: The parsed body, or None where it is no JSON.
        text: The beginning of the body.
        error: The error envelope, if the body is one.
    """
    if status == 407:
        return PROXY
    if error is not None and status >= 400:
        return API
    if 300 <= status < 400 and "location" in headers:
        return REDIRECT
    if 200 <= status < 300 and isinstance(document, dict):
        return API if "docs" in document or "doc" in document or "id" in document else OTHER
    if status in {401, 403, 429} or status >= 500:
        return EDGE
    if any(name in headers for name in _EDGE_HEADERS) and _EDGE_MARKS.search(text):
        return EDGE
    if document is None and _claims_json(headers, text):
        return BROKEN
    return PORTAL if document is None and _PORTAL_MARKS.search(text) else OTHER
