"""Reads the form of a step that sends a request, as it is copied from a page or written down.

Zapier, Make, IFTTT and Power Automate label the same few fields. What stands behind a label, or on
the lines below it, is its value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.formats.variables import MUSTACHE
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, is_header_name
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.raw_http import METHODS
from pinned_tui.inspect.secrets import secrets_of

_LABELS = {
    "url": "url|uri|endpoint url|webhook url",
    "method": "method|http method|request method",
    "headers": "headers|additional headers|request headers|custom headers",
    "body": "data|body|request content|request body|raw body|json body",
    "type": "content type|payload type|body type|body content type",
    "": r"data pass-?through\??|unflatten\??|basic auth|wrap request in array\??|file|queries"
    r"|cookie|query string params?|query string|query parameters|parse response|follow redirect"
    r"|authentication|action|event|evaluate all states as errors.*|app|send as json|timeout"
    r"|specify body|send headers|send body|send query parameters",
}
_LABEL = re.compile(
    r"[ \t]*(?:"
    + "|".join(f"(?P<{name or 'other'}>{words})" for name, words in _LABELS.items())
    + r")[ \t]*(?:\(?(?:required|optional)\)?|\*)?[ \t]*(?:(?P<sign>[:=\t])[ \t]*(?P<value>.*))?",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"[ \t]*[\"']?(?P<name>[A-Za-z][\w-]{0,60})[\"']?[ \t]*(?:[|:=\t])[ \t]*(?P<value>.*)"
)
_FILLED = re.compile(rf"{MUSTACHE.pattern}|@\{{[^{{}}\n]{{0,500}}\}}|<<<.{{1,200}}>>>")
_ROW = re.compile(
    r"(?:item|header|row)?[ \t]*\d{1,2}|key|name|value|\+?[ \t]*add .{1,20}", re.IGNORECASE
)
_BLOCK = re.compile(r"^[ \t]*[\w:-]{1,60}[ \t]*\{[ \t]*\r?$", re.MULTILINE)
"""What opens a block in the files of API clients and in code, which have the same labels."""

_LONGEST = 200_000
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int


def claim(source: Source) -> float:
    """Claim a text with an address and two more fields of such a form, each by its label."""
    if len(source.text) > _LONGEST or _BLOCK.search(source.text):
        return 0.0
    fields, named = _fields(source.text)
    url = " ".join(one.text for one in fields.get("url", ())).strip()
    if "://" not in url and not MUSTACHE.match(url):
        return 0.0
    if named < _ENOUGH or not {"headers", "body", "method"} & fields.keys():
        return 0.0
    lines = source.text.splitlines()
    before = next((n for n, line in enumerate(lines) if _LABEL.fullmatch(line)), 0)
    return 1.0 - before / max(len(lines), 1)


def read(source: Source) -> FileReading:
    """Return the request of the form."""
    fields, _ = _fields(source.text)
    request = _request(fields)
    found = secrets_of(request.headers, [request.url or ""])
    return FileReading(
        (Entry(request),), language="http", secrets=tuple(one.reveal() for one in found)
    )


def _fields(text: str) -> tuple[dict[str, list[_Line]], int]:
    """Return the lines of each field, and how many labels there are."""
    fields: dict[str, list[_Line]] = {}
    current: list[_Line] = []
    at = named = 0
    body = False
    for line in text.split("\n"):
        bare = line.rstrip("\r")
        match = _LABEL.fullmatch(bare) if not (body and bare[:1] in ' \t{}[]"') else None
        if match is not None:
            named += 1
            name = next((one for one in _LABELS if one and match[one]), "")
            current = fields.setdefault(name, [])
            body = name == "body"
            if match["value"]:
                current.append(_Line(match["value"], at + match.start("value")))
        elif bare.strip():
            current.append(_Line(bare, at))
        at += len(line) + 1
    return fields, named


def _request(fields: dict[str, list[_Line]]) -> HttpRequest:
    url = _single(fields.get("url", []))
    method = _single(fields.get("method", []))
    named = (method.text.strip().upper() if method else "") or None
    headers = list(_headers(fields.get("headers", [])))
    kind = _single(fields.get("type", []))
    body = _body(fields.get("body", []))
    if not any(one.name.lower() == "content-type" for one in headers) and body is not None:
        given = kind.text.strip() if kind is not None else ""
        if "/" in given:
            headers.append(Header("Content-Type", given))
        else:
            headers.append(Header("Content-Type", "", implied=True, filled=(Span(0, 0),)))
    return HttpRequest(
        named if named in METHODS else None,
        url.text.strip() if url else None,
        tuple(headers),
        body,
        method_span=_span(method),
        url_span=_span(url),
        origin="workflow",
        url_filled=_filled(url.text.strip()) if url else (),
        open_ended="headers" not in fields,
    )


def _single(lines: list[_Line]) -> _Line | None:
    return lines[0] if lines else None


def _span(line: _Line | None) -> Span | None:
    if line is None:
        return None
    shift = len(line.text) - len(line.text.lstrip())
    return Span(line.start + shift, line.start + max(len(line.text.rstrip()), shift + 1))


def _filled(text: str) -> tuple[Span, ...]:
    return tuple(Span(*one.span()) for one in _FILLED.finditer(text))


def _headers(lines: list[_Line]) -> Iterator[Header]:
    """Yield headers: a name and its value on a line, or on two lines that follow each other."""
    waiting: str | None = None
    for line in lines:
        text = line.text.strip()
        pair = _PAIR.fullmatch(line.text)
        if waiting is not None and not _ROW.fullmatch(text):
            yield Header(waiting, text, _span(line), _span(line), filled=_filled(text))
            waiting = None
        elif pair is not None and not _ROW.fullmatch(pair["name"]):
            value = pair["value"].strip().strip(",").strip("\"'")
            at = line.start + pair.start("value")
            place = Span(at, at + max(len(pair["value"].rstrip()), 1))
            yield Header(pair["name"], value, _span(line), place, filled=_filled(value))
        elif is_header_name(text) or text.lower() in {"authorization", "idempotency-key"}:
            waiting = text


def _body(lines: list[_Line]) -> HttpBody | None:
    text = "\n".join(line.text for line in lines)
    if not text.strip():
        return None
    places = [at for line in lines for at in range(line.start, line.start + len(line.text) + 1)]
    span = Span(lines[0].start, lines[-1].start + len(lines[-1].text))
    return HttpBody(text, span=span, offsets=places, start=span.start, filled=_filled(text))
