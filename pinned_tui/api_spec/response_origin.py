"""Who answered: the API, or something on the way, by all signs of a response. Pure.

The one function for it, :func:`identify`, is asked by the client when it records an exchange, and
by the inspection of what was pasted. The signs of gateways, protection layers, proxies and web
frameworks are data (``fingerprints.toml``).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from pinned_tui.api_spec.errors import STATUS_OF_CODE, is_documented, is_own_envelope
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import ApiError

API = "api"
EDGE = "edge"
GATEWAY = "gateway"
SITE = "site"
PORTAL = "portal"
PROXY = "proxy"
REDIRECT = "redirect"
BROKEN = "broken"
OTHER = "other"
UNKNOWN = "unknown"
"""Only a status is known, so that nothing shows who answered."""

_LONGEST = 80
_TYPES: Mapping[str, type] = {"object": dict, "list": list, "number": int, "any": object}


class _Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody writes into a body or a header."""

    who: Literal["edge", "gateway", "site", "proxy"]
    product: str | None = None
    text: str | None = None
    header: str | None = None
    pattern: str = r"\S"
    with_success: bool = False

    def find(self, headers: Mapping[str, str], text: str) -> str | None:
        """Return in words what was found of it, if it was."""
        if self.text is not None:
            match = re.search(self.text, text, re.IGNORECASE)
            return f"the words “{clean_line(match[0], _LONGEST).strip()}”" if match else None
        name = self.header or ""
        if re.search(self.pattern, headers.get(name, ""), re.IGNORECASE) is None:
            return None
        return f"the header {name}: {clean_line(headers[name], _LONGEST)}"


class _Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a JSON error of somebody else is made of."""

    who: Literal["edge", "gateway", "site"]
    words: str
    product: str | None = None
    has: dict[str, Literal["object", "list", "number", "any"]] = {}
    only: tuple[str, ...] = ()
    problem: bool = False
    says: str | None = None

    def fits(self, document: Mapping[str, Any]) -> bool:
        """Return whether a document is of this shape."""
        if self.problem and len({"type", "title", "detail"} & document.keys()) < 2:
            return False
        if self.only and not document.keys() <= set(self.only):
            return False
        if any(
            n not in document or not isinstance(document[n], _TYPES[t]) for n, t in self.has.items()
        ):
            return False
        said = f"{document.get('title', '')} {document.get('detail', '')}"
        return self.says is None or re.search(self.says, said, re.IGNORECASE) is not None


class _Fingerprints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sign: tuple[_Sign, ...]
    shape: tuple[_Shape, ...]


@cache
def _fingerprints() -> _Fingerprints:
    file = files("pinned_tui.api_spec") / "fingerprints.toml"
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), _Fingerprints)


def sign_headers() -> frozenset[str]:
    """Return the names of the headers that signs are looked for in."""
    return frozenset(sign.header for sign in _fingerprints().sign if sign.header is not None)


@dataclass(frozen=True, slots=True)
class ResponderSign:
    """One sign that was found.

    Attributes:
        who: Whom it speaks for.
        product: The product that writes it, as far as that is known.
        words: What was seen, to be read in a sentence.
    """

    who: str
    product: str | None
    words: str


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
    found = _find_signs(status, headers, document, text)
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
    foreign = [sign for sign in found if sign.product is not None or sign.who == GATEWAY]
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


_OAUTH = frozenset({
    "invalid_token", "invalid_request", "insufficient_scope", "invalid_client", "invalid_grant",
    "unauthorized_client", "access_denied", "unauthorized",
})  # fmt: skip
"""Codes of RFC 6749 and RFC 6750, as the text of ``error``; and a common one beside them."""


def _find_signs(
    status: int,
    headers: Mapping[str, str],
    document: Any,  # noqa: ANN401 - any JSON value
    text: str,
) -> tuple[ResponderSign, ...]:
    """Return the signs of the one that most likely answered, the weightiest first."""
    found = list(_signs(status, headers, document, text))
    return tuple(sign for sign in found if sign.who == found[0].who)[:3] if found else ()


def _signs(
    status: int,
    headers: Mapping[str, str],
    document: Any,  # noqa: ANN401 - any JSON value
    text: str,
) -> Iterator[ResponderSign]:
    for sign in _fingerprints().sign:
        # In a success only what replaces a whole page is a sign.
        if status < 400 and (document is not None or not sign.with_success):
            continue
        words = sign.find(headers, text)
        if words is not None:
            yield ResponderSign(sign.who, sign.product, words)
    if status < 400 or not isinstance(document, dict):
        return
    error = document.get("error")
    if isinstance(error, str) and (error in _OAUTH or "error_description" in document):
        words = f"OAuth's way to tell an error, “{clean_line(error, _LONGEST)}”"
        yield ResponderSign(GATEWAY, None, words)
    for shape in _fingerprints().shape:
        if shape.fits(document):
            yield ResponderSign(shape.who, shape.product, shape.words)


def in_words(product: str | None, signs: Iterable[str]) -> str | None:
    """Say in a sentence what shows that somebody else than the API answered, if anything does."""
    told = " and ".join(signs)
    if not told:
        return None
    if product is None:
        return f"What speaks against the API is {told}."
    return f"It looks like a response from {product}: {told}."
