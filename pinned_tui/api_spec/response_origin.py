"""The fields by which an answer shows that it comes from a cache. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pinned_tui.api_spec import origin_signs
from pinned_tui.api_spec.errors import STATUS_OF_CODE, is_documented, is_own_envelope
from pinned_tui.api_spec.origin_signs import ResponderSign, find_signs
from pinned_tui.session import ApiError

API = "api"
EDGE = origin_signs.EDGE
GATEWAY = origin_signs.GATEWAY
SITE = origin_signs.SITE
PORTAL = "portal"
PROXY = origin_signs.PROXY
REDIRECT = "redirect"
BROKEN = "broken"
OTHER = "other"
UNKNOWN = "unknown"
"""Only a status is known, so that nothing shows who answered."""

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

_EDGE_ID = re.compile(
    r"(?:support id(?: is)?|ray id|incident id|reference|request id)\s*[:#]?\s*(?:<[^>]{1,80}>\s*)?"
    r"(#?[0-9a-z][0-9a-z.-]{5,59})",
    re.IGNORECASE,
)
_BLOCKS_WITH = {406, 418, 451}
"""Unusual statuses with which protection layers and filters block."""


@dataclass(frozen=True, slots=True)
class Responder:
    """Who answered.

    Attributes:
        who: One of the constants of this module.
        product: The product that writes such answers, as far as that is known.
        signs: What tells it, to be read in a sentence.
    """

    who: str
    product: str | None = None
    signs: tuple[str, ...] = ()


def _claims_json(headers: Mapping[str, str], text: str) -> bool:
    return "json" in headers.get("content-type", "") or text.lstrip().startswith(("{", "["))


def identify(
    status: int,
    headers: Mapping[str, str],
    document: Any,  # noqa: ANN401 - any JSON value
    text: str,
    error: ApiError | None,
) -> Responder:
    """Tell who answered, and what tells it.

    Args:
        status: The status code.
        headers: The answer's headers by lower-case name.
        document: The parsed body, or None where it is no JSON.
        text: The beginning of the body.
        error: The error envelope, if the body is one.
    """
    if status == 407:
        return Responder(PROXY)
    found = find_signs(status, headers, document, text)
    if error is not None and status >= 400 and _speaks_as_the_api(status, document, error, found):
        return Responder(API)
    if 300 <= status < 400 and "location" in headers:
        return Responder(REDIRECT)
    if 200 <= status < 300 and isinstance(document, dict):
        return Responder(
            API if "docs" in document or "doc" in document or "id" in document else OTHER
        )
    return _somebody_else(status, headers, document, text, found)


def _speaks_as_the_api(
    status: int,
    document: Any,  # noqa: ANN401 - any JSON value
    error: ApiError,
    found: tuple[ResponderSign, ...],
) -> bool:
    """Tell whether an error is the API's own.

    A documented code is, with the status that belongs to it; ``invalid_api_key`` with any. A code
    that is not documented is taken for the API's (its list may grow) where the envelope has nothing
    that another one writes, and nothing else speaks for a gateway or another site.
    """
    if error.code == "invalid_api_key" or (error.request_id and is_own_envelope(document)):
        return True
    if is_documented(document):
        return STATUS_OF_CODE.get(error.code, status) == status or is_own_envelope(document)
    foreign = [
        sign for sign in found if sign.product is not None or sign.who == origin_signs.GATEWAY
    ]
    return is_own_envelope(document) and not foreign


def _somebody_else(
    status: int,
    headers: Mapping[str, str],
    document: Any,  # noqa: ANN401 - any JSON value
    text: str,
    found: tuple[ResponderSign, ...],
) -> Responder:
    product = next((sign.product for sign in found if sign.product is not None), None)
    told = tuple(sign.words for sign in found)
    if status == 511:
        return Responder(PORTAL)
    if found and found[0].who == PROXY:
        return Responder(PROXY, product, told)
    if status == 429 or status >= 500:
        return Responder(EDGE, product, told)
    if found:
        return Responder(found[0].who, product, told)
    if status == 401 or (status == 403 and document is not None):
        return Responder(GATEWAY)
    blocks = at_an_edge(headers) or status in _BLOCKS_WITH
    if status in {403, 451} or (blocks and _EDGE_MARKS.search(text)):
        return Responder(EDGE)
    if document is None and _claims_json(headers, text):
        return Responder(BROKEN)
    portal = document is None and _PORTAL_MARKS.search(text) is not None
    return Responder(PORTAL if portal else OTHER)


_BLOCK_PAGE = re.compile(
    r"captcha|challenge|checking your browser|just a moment|access denied|blocked"
    r"|attention required|web application firewall|\bwaf\b",
    re.IGNORECASE,
)


def is_block_page(headers: Mapping[str, str], text: Any) -> bool:  # noqa: ANN401 - any excerpt
    """Return whether a page challenges or blocks: by its words, or by Cloudflare's own header.

    ``cf-mitigated: challenge`` is how Cloudflare marks its challenge pages (its documentation,
    *Detect a challenge page response*).
    """
    if headers.get("cf-mitigated") == "challenge":
        return True
    return isinstance(text, str) and _BLOCK_PAGE.search(text) is not None


def at_an_edge(headers: Mapping[str, str]) -> bool:
    """Tell whether an answer came by way of an edge that names itself."""
    return any(name in headers for name in _EDGE_HEADERS)


def edge_id(headers: Mapping[str, str], text: str) -> str | None:
    """Return the ID by which an edge or a gateway names the request, in a header or on its page."""
    named = next((headers[name] for name in EDGE_ID_HEADERS if headers.get(name)), None)
    match = _EDGE_ID.search(text) if named is None else None
    return match[1] if match is not None and any(map(str.isdigit, match[1])) else named


_HIT_FIELDS = ("x-cache", "cf-cache-status", "cache-status")
_AGE = re.compile(r"0*[1-9][0-9]{0,11}")
_HIT = re.compile(r"\bhit\b", re.IGNORECASE)


def cache_marks(headers: Mapping[str, str]) -> list[str]:
    """Return the marks of a cache among ``headers`` (by lower-case name), as they came.

    ``Age`` is the time in a cache (RFC 9111, section 5.1); ``Cache-Status`` tells of a hit
    (RFC 9211), and so do the fields that content networks use.
    """
    age = headers.get("age", "").strip()
    marks = [f"Age: {age}"] if _AGE.fullmatch(age) else []
    return marks + [
        f"{name}: {value}"
        for name in _HIT_FIELDS
        if (value := headers.get(name)) is not None and _HIT.search(value)
    ]
