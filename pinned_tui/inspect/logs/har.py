"""Reads HAR 1.2 files entry by entry, so that only one of them is in memory at a time.

A file that ends too early, as exports of long recordings do, is read as far as it goes. Headers are
looked at by name; nothing of a header's value is kept but the ``Idempotency-Key``.
"""

import base64
import binascii
import json
import re
from array import array
from collections.abc import Sequence
from typing import Any

from pinned_tui.inspect.endpoint import HOST
from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest
from pinned_tui.inspect.logs.fields import FieldRoles, decoded
from pinned_tui.inspect.logs.requests import Builder
from pinned_tui.inspect.model import InspectionContext, Span
from pinned_tui.inspect.secrets import CredentialCollector
from pinned_tui.inspect.traffic.model import LoggedExchange, Traffic

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


_ENTRIES = re.compile(r'(?<!\\)"entries"\s*:\s*\[')
_NEXT = re.compile(r"[\s,]*")
_STATUS = re.compile(r'"status"\s*:\s*(-?\d{1,3})')
_TELLING_HEADERS = ("authorization", "x-api-key", "content-type", "host")
_SMALL = 64 * 1024
_DECODER = json.JSONDecoder(strict=False)


def read_har(
    text: str,
    context: InspectionContext,
    credentials: CredentialCollector,
    excerpt: InputExcerpt | None = None,
) -> Traffic:
    """Return the requests to the API in a HAR file, which may be cut out of a larger one."""
    builder = Builder(context.now, credentials)
    starts: dict[int, int] = {}

    def payload_of(seen: LoggedExchange) -> Any:  # noqa: ANN401 - any JSON value
        return _payload(_DECODER.raw_decode(text, starts[seen.line])[0])

    def request_of(seen: LoggedExchange) -> HttpRequest:
        entry, end = _DECODER.raw_decode(text, starts[seen.line])
        return har_request(_part(entry, "request"), _posted(entry), text, starts[seen.line], end)

    traffic = Traffic(unit="entry", payload_of=payload_of, request_of=request_of)
    opening = _ENTRIES.search(text)
    at = _NEXT.match(text, opening.end()).end() if opening else len(text)  # type: ignore[union-attr]
    number = 0
    while at < len(text) and text[at] == "{":
        try:
            entry, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            traffic.cut = True
            break
        number += 1
        own = number if excerpt is None else excerpt.number(number)
        seen = _seen(entry, builder, own, at, end)
        if seen is None:
            traffic.passed_over += 1
            if len(text) <= _SMALL:
                _note_credentials(entry, credentials)
        else:
            starts[own] = at
            seen.start, seen.end = _status_place(text, at, end)
            _keep_browser(entry, seen, traffic)
            traffic.seen.append(seen)
        at = _NEXT.match(text, end).end()  # type: ignore[union-attr]
        if number % 200 == 0:
            context.say(at / len(text))
    return traffic


def _status_place(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the status of the response stands, to have a place that a user can look at."""
    response = text.find('"response"', start, end)
    match = _STATUS.search(text, response if response >= 0 else start, end)
    return (start, start + 1) if match is None else match.span(1)


def _seen(entry: Any, builder: Builder, number: int, start: int, end: int) -> LoggedExchange | None:  # noqa: ANN401
    request = _part(entry, "request")
    url = request.get("url")
    if not isinstance(url, str):
        return None
    place = builder.place(url)
    if not (place.is_api or place.may_be_api or place.is_beside_api):
        return None
    response = _part(entry, "response")
    fields: FieldRoles = {
        "url": url,
        "method": request.get("method"),
        "headers": request.get("headers"),
        "body": _payload(entry),
        "status": response.get("status"),
        "response_headers": response.get("headers"),
        "response": _content(response),
        "time": entry.get("startedDateTime"),
        "took_ms": entry.get("time"),
        "error": response.get("_error") or entry.get("_error"),
    }
    seen = builder.make(fields, number, start, end)
    if seen is None or (seen.beside and not place.is_api and not seen.keyed):
        return None  # a browser that reads the site, not a client of the API
    seen.shape = _shape(request, seen)
    return seen


def _shape(request: dict[str, Any], seen: LoggedExchange) -> int:
    """Return a number that is the same for requests that differ in nothing that is judged."""
    headers = _headers(request)
    names = tuple(pair.partition("=")[0] for pair in seen.place.query.split("&")[:50])
    telling = tuple(headers.get(name) for name in _TELLING_HEADERS)
    told = (str(request.get("url"))[:6], seen.place.host, seen.place.template, names, telling)
    return hash((*told, "postData" in request))


def _part(holder: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def _payload(entry: Any) -> Any:  # noqa: ANN401 - any JSON value
    text = _posted(entry)
    return decoded(text) if text is not None else None


def _posted(entry: Any) -> str | None:  # noqa: ANN401 - any JSON value
    posted = _part(_part(entry, "request"), "postData")
    text = posted.get("text")
    return _plain(text, posted.get("encoding")) if isinstance(text, str) else None


def _content(response: dict[str, Any]) -> str | None:
    content = _part(response, "content")
    text = content.get("text")
    if not text and str(content.get("mimeType", ""))[:9].lower() == "text/html":
        return "<html>" if content.get("size") else None  # the body was left out of the recording
    return _plain(text, content.get("encoding")) if isinstance(text, str) else None


def _plain(text: str, encoding: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a body as text; HAR writes what is not plain text in base64."""
    if encoding != "base64":
        return text
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _headers(holder: dict[str, Any]) -> dict[str, str]:
    pairs = holder.get("headers")
    entries = pairs[:200] if isinstance(pairs, list) else []
    return {
        str(one.get("name")).lower(): str(one.get("value"))[:4096]
        for one in entries
        if isinstance(one, dict)
    }


def _note_credentials(entry: Any, credentials: CredentialCollector) -> None:  # noqa: ANN401 - any JSON value
    """Collect credentials of requests to others: a small file is shown as one line."""
    request, response = _part(entry, "request"), _part(entry, "response")
    for name, value in (*_headers(request).items(), *_headers(response).items()):
        credentials.add_header(name, value)
    url = request.get("url")
    if isinstance(url, str):
        credentials.add_url(url)
    for holder in (request, response):
        cookies = holder.get("cookies")
        for one in cookies[:100] if isinstance(cookies, list) else []:
            if isinstance(one, dict) and isinstance(one.get("value"), str):
                credentials.add(one["value"])


def _keep_browser(entry: Any, seen: LoggedExchange, traffic: Traffic) -> None:  # noqa: ANN401 - any JSON value
    """Count requests that a page in a browser sent to the API with its own means."""
    headers = _headers(_part(entry, "request"))
    origin = headers.get("origin", "")
    mode, site = headers.get("sec-fetch-mode", ""), headers.get("sec-fetch-site", "")
    foreign = bool(origin) and HOST not in origin
    if foreign and (mode == "cors" or not mode) and site != "same-origin":
        traffic.browsers += 1
        traffic.browser = traffic.browser or seen
