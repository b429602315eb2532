"""Reads what n8n shows of a step that failed: the details as JSON, or the text of its panel.

The response stands there as ``400 - "{…}"``, written as text within text, and the request, where
there is one, as the options of the HTTP client with the key hidden.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.raw_http import METHODS
from pinned_tui.inspect.secrets import secrets_of

_STATED = re.compile(r"\b([1-5]\d\d) - (?=\\{0,8}[\"{])")
_OPTIONS = re.compile(r"\{(?=\s*\"(?:body|headers|method|uri|url|qs|baseURL|data|json)\"\s*:)")
_FURTHER = re.compile(
    r"n8nDetails|nodeType|NodeApiError|rawErrorMessage|^(?:Full message|Error code)\s*$",
    re.MULTILINE,
)
_MOST = 20
_MOST_LAYERS = 4
_LONGEST = 200_000


def claim(source: Source) -> float:
    """Claim what has the marks of such an error and a response in it."""
    if len(source.text) > _LONGEST or not _FURTHER.search(source.text):
        return 0.0
    return 1.0 if next(_responses(source.text), None) is not None else 0.0


def read(source: Source) -> FileReading:
    """Return the response, with the request that it answers."""
    text = source.text
    requests = list(_requests(text))
    responses: dict[tuple[int | None, str], HttpResponse] = {}
    for response in _responses(text):
        responses.setdefault((response.status, response.text), response)
    entries = [
        Entry(requests[number] if number < len(requests) else None, response)
        for number, response in enumerate(responses.values())
    ]
    entries += [Entry(request) for request in requests[len(entries) :]]
    secrets = [
        secret.reveal()
        for request in requests
        for secret in secrets_of(request.headers, [request.url or ""])
    ]
    return FileReading(tuple(entries), secrets=tuple(secrets))


def _responses(text: str) -> Iterator[HttpResponse]:
    for match, _ in zip(_STATED.finditer(text), range(_MOST), strict=False):
        body, end = _decoded(text, match.end())
        if body is not None:
            span = Span(match.start(), end)
            yield HttpResponse(int(match[1]), text=body, span=span)


def _decoded(text: str, at: int) -> tuple[str | None, int]:
    """Return the JSON object at a place, however often it was made a text of, and its end."""
    for layer in range(_MOST_LAYERS):
        # Within a text that is a text itself, each quote has backslashes in front.
        part = text[at : at + 20_000]
        for _ in range(layer):
            part = re.sub(r"\\(.)", _unescaped, part)
        try:
            value, used = json.JSONDecoder(strict=False).raw_decode(part)
        except (ValueError, RecursionError):
            continue
        for _ in range(_MOST_LAYERS):
            if not isinstance(value, str):
                break
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return value, at + used
        if isinstance(value, dict):
            return json.dumps(value), min(at + used * (layer + 1), len(text))
    return None, at


def _unescaped(match: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1])


def _requests(text: str) -> Iterator[HttpRequest]:
    end = 0
    for match, _ in zip(_OPTIONS.finditer(text), range(_MOST), strict=False):
        if match.start() < end:
            continue
        try:
            value, used = json.JSONDecoder().raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        request = _request(value, Span(match.start(), used))
        if request is not None:
            end = used
            yield request


def _request(options: dict[str, Any], span: Span) -> HttpRequest | None:
    url = options.get("uri") or options.get("url")
    method = options.get("method")
    if not isinstance(url, str) or not isinstance(method, str) or method.upper() not in METHODS:
        return None
    headers = options.get("headers")
    body = options.get("body", options.get("data"))
    sent = None
    if body not in (None, "", {}):
        # Where a text is sent "as JSON", the client makes a text of it once more.
        as_json = not isinstance(body, str) or options.get("json") is True
        text = json.dumps(body, ensure_ascii=False) if as_json else str(body)
        sent = HttpBody(text, span=span, offsets=[span.start] * (len(text) + 1))
    return HttpRequest(
        method.upper(),
        url,
        tuple(
            Header(name, str(value), span)
            for name, value in (headers if isinstance(headers, dict) else {}).items()
        ),
        sent,
        origin="workflow",
        span=span,
        open_ended=not isinstance(headers, dict),
    )
