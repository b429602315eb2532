"""Reads the headers that a browser's network panel copies: sections with a title of their own.

Firefox and Chrome's raw view copy ``Name: value`` lines, Chrome's other view the name in one line
and the value in the next. The sections tell the headers of the request from those of the response.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.http_message import (
    Header,
    HttpBody,
    HttpRequest,
    HttpResponse,
    is_header_name,
)
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.request.auth import BROWSER
from pinned_tui.inspect.sentences import say
from pinned_tui.session import Certainty

_LONGEST = 64 * 1024
_FEWEST = 4
_SECTION = re.compile(
    r"[▼▶\s]*(?P<what>General|Request Headers|Response Headers)(?:[ \t]*\(.{1,40}\))?[ \t]*:?[ \t]*"
    r"(?:\d+ headers?|View source|Raw|view parsed)?[ \t]*",
    re.IGNORECASE,
)
_WARNING = re.compile(
    r"[⚠\s]*(?:Provisional headers are shown|Disable cache|Learn more).*", re.IGNORECASE
)
_FIELD = re.compile(r"(?P<name>:?[A-Za-z][\w-]*(?: [A-Za-z]+){0,2}):(?:[ \t]+(?P<value>.*)|\Z)")
_STATUS_LINE = re.compile(r"HTTP/\d(?:\.\d)?[ \t]+(?P<status>[1-5]\d\d)\b.*")
_NAME_ALONE = re.compile(r"^[ \t]*:?[a-z][\w-]*:?[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_REQUEST_LINE = re.compile(r"(?P<method>[A-Z]{3,7})[ \t]+(?P<url>\S+)[ \t]+HTTP/\d(?:\.\d)?")
_OF_RESPONSES = re.compile(
    r"access-control-allow-.*|server|date|set-cookie|www-authenticate|vary|etag|age|retry-after"
    r"|x-ratelimit-.*|strict-transport-security|cf-.*|content-length|alt-svc|x-request-id",
    re.IGNORECASE,
)
_OF_REQUESTS = re.compile(
    r":method|:path|:authority|accept|authorization|x-api-key|origin|referer|user-agent|host"
    r"|sec-.*|idempotency-key|accept-.*|cookie",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Panel:
    request: list[Header] = field(default_factory=list)
    response: list[Header] = field(default_factory=list)
    method: Header | None = None
    url: Header | None = None
    status: int | None = None
    status_span: Span | None = None
    lines: int = 0
    of: int = 0
    titled: bool = False
    provisional: bool = False


def claim(source: Source) -> float:
    """Claim a text by the share of its lines that are a panel's."""
    if len(source.text) > _LONGEST:
        return 0.0
    panel = _read(source.text)
    enough = panel.lines >= _FEWEST and len(panel.request) > 1
    told = panel.titled or panel.url is not None
    return panel.lines / max(panel.of, 1) if enough and told else 0.0


def read(source: Source) -> FileReading:
    """Return the one request of the panel with its response."""
    panel = _read(source.text)
    url = panel.url.value if panel.url is not None else None
    first = panel.url or panel.request[0]
    request = HttpRequest(
        panel.method.value.upper() if panel.method is not None else None,
        url,
        tuple(panel.request),
        HttpBody(None),
        url_span=panel.url.value_span if panel.url is not None else None,
        method_span=panel.method.value_span if panel.method is not None else None,
        span=first.span,
        origin="har",
        open_ended=panel.provisional,
    )
    response = None
    if panel.status is not None:
        response = HttpResponse(
            panel.status, headers=tuple(panel.response), span=panel.status_span or first.span
        )
    return FileReading((Entry(request, response, faults=tuple(_from_page(request))),))


def _from_page(request: HttpRequest) -> Iterator[Fault]:
    """Say of a request with a key that a browser sent it, where its headers do not."""
    keyed = request.header("authorization") or request.header("x-api-key")
    marked = any(request.header(name) is not None for name in BROWSER)
    if keyed is not None and not marked:
        detail = say("prose.client-in-browser.panel")
        yield Fault("client-in-browser", Certainty.LIKELY, detail, span=request.span)


def _read(text: str) -> _Panel:
    """Go through the lines, each header to its section, or to where only it can belong."""
    panel = _Panel()
    section = ""
    for name, value in _fields(text, panel):
        if value is None:
            section = name.lower()
            panel.titled = True
            continue
        header = Header(name, value[0], Span(value[2], value[1].end), value[1])
        plain = name.lower()
        if plain == "status code" or plain == ":status":
            match = re.match(r"\D{0,4}([1-5]\d\d)\b", header.value)
            panel.status = int(match[1]) if match else panel.status
            panel.status_span = header.value_span
        elif plain in {"request method", ":method"}:
            panel.method = header
        elif plain == "request url" or (plain == ":path" and panel.url is None):
            panel.url = header
        elif plain == ":authority":
            panel.request.append(Header("Host", header.value, header.span, header.value_span))
        elif plain in {"remote address", "referrer policy", ":scheme", "version", "transferred"}:
            continue
        elif section.startswith("response") or (
            not section.startswith("request")
            and not _OF_REQUESTS.fullmatch(plain)
            and (_OF_RESPONSES.fullmatch(plain) or not panel.request)
        ):
            panel.response.append(header)
        else:
            panel.request.append(header)
    return panel


_Value = tuple[str, Span, int]


def _fields(text: str, panel: _Panel) -> Iterator[tuple[str, _Value | None]]:
    """Yield names with their values, and the titles of sections with None."""
    waiting: tuple[str, int] | None = None
    alternating = len(_NAME_ALONE.findall(text)) > 1
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        bare = line.strip()
        first = start + len(line) - len(line.lstrip())
        panel.of += bool(bare)
        if not bare:
            continue
        place = Span(first, first + len(bare))
        if waiting is not None:
            panel.lines += 1
            yield waiting[0], (bare, place, waiting[1])
            waiting = None
        elif (title := _SECTION.fullmatch(bare)) is not None:
            panel.lines += 1
            yield title["what"], None
        elif _WARNING.fullmatch(bare):
            panel.lines += 1
            panel.provisional = panel.provisional or "rovisional" in bare
        elif (status := _STATUS_LINE.fullmatch(bare)) is not None:
            panel.lines += 1
            yield ":status", (status["status"], place, first)
        elif (sent := _REQUEST_LINE.fullmatch(bare)) is not None:
            panel.lines += 1
            yield ":method", (sent["method"], place, first)
            yield ":path", (sent["url"], place, first)
        elif (pair := _FIELD.fullmatch(bare)) is not None and is_header_name(pair["name"]):
            panel.lines += 1
            value = (pair["value"] or "").strip()
            end = first + len(bare)
            if value or not alternating:
                yield pair["name"], (value, Span(end - len(value), end), first)
            else:
                waiting = (pair["name"], first)
        elif is_header_name(bare.rstrip(":")) or bare.lower() in _PLAIN_NAMES:
            panel.lines += 1
            waiting = (bare.rstrip(":"), first)


_PLAIN_NAMES = frozenset({"referrer policy"})
