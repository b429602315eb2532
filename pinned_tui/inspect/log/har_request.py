"""Reads the request of a HAR entry again, whole and with the places of its parts. Pure.

What is kept of an entry while a file is read is little; the few requests that are looked at closely
are read from the file once more.
"""

import json
from array import array
from collections.abc import Sequence
from typing import Any

from pinned_tui.inspect.http import Header, HttpBody, HttpRequest
from pinned_tui.inspect.model import Span

_MOST_HEADERS = 200
_LONGEST_BODY = 200_000
_SHORT_ESCAPES = frozenset('"\\/bfnrt')


def har_request(
    request: dict[str, Any], body: str | None, text: str, start: int, end: int
) -> HttpRequest:
    """Return the request of an entry.

    Args:
        request: The member ``request`` of the entry.
        body: The body that was posted, as text.
        text: The HAR file.
        start: Where the entry begins in it.
        end: Where the entry ends in it.
    """
    at = max(text.find('"request"', start, end), start)
    method, url = request.get("method"), request.get("url")
    return HttpRequest(
        method.upper() if isinstance(method, str) else None,
        url if isinstance(url, str) else None,
        headers=_placed_headers(request, text, at, end),
        body=_body(body, text, at, end) if body is not None else None,
        url_span=_literal(text, url, at, end) if isinstance(url, str) else None,
        method_span=_literal(text, method, at, end) if isinstance(method, str) else None,
        origin="har",
        span=Span(start, start + 1),
    )


def _placed_headers(request: dict[str, Any], text: str, start: int, end: int) -> tuple[Header, ...]:
    given = request.get("headers")
    headers = []
    for one in given[:_MOST_HEADERS] if isinstance(given, list) else []:
        name = one.get("name") if isinstance(one, dict) else None
        value = one.get("value") if isinstance(one, dict) else None
        if not isinstance(name, str) or not isinstance(value, str) or name.startswith(":"):
            continue
        named = _literal(text, name, start, end)
        span = _literal(text, value, named.end if named else start, end)
        headers.append(Header(name, value, span, span))
    posted = request.get("postData")
    told = posted.get("mimeType") if isinstance(posted, dict) else None
    if isinstance(told, str) and told and all(h.name.lower() != "content-type" for h in headers):
        headers.append(Header("Content-Type", told, implied=True))
    return tuple(headers)


def _literal(text: str, value: str, start: int, end: int) -> Span | None:
    """Return where ``value`` stands between its quotes, as the file writes it."""
    for ascii_only in (False, True):
        written = json.dumps(value, ensure_ascii=ascii_only)
        at = text.find(written, start, end)
        if at >= 0:
            return Span(at + 1, at + len(written) - 1)
    return None


def _body(body: str, text: str, start: int, end: int) -> HttpBody:
    span = _literal(text, body, start, end) if len(body) <= _LONGEST_BODY else None
    if span is None:
        posted = text.find('"postData"', start, end)
        whole = Span(posted, posted + len('"postData"')) if posted >= 0 else Span(start, start + 1)
        return HttpBody(body, span=whole, offsets=array("q", [whole.start]))
    return HttpBody(body, span=span, offsets=_offsets(text, span))


def _offsets(text: str, span: Span) -> Sequence[int]:
    """Return where each character of a JSON string stands, of which some are escaped."""
    offsets, at = array("q"), span.start
    while at < span.end:
        offsets.append(at)
        if text[at] != "\\":
            at += 1
        elif text[at + 1] in _SHORT_ESCAPES:
            at += 2
        else:
            pair = text[at + 6 : at + 8] == "\\u" and text[at + 2 : at + 4].lower() in _HIGH_HALVES
            at += 12 if pair else 6
    return offsets


_HIGH_HALVES = frozenset({"d8", "d9", "da", "db"})
