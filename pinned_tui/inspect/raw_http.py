"""Reads HTTP messages as people paste them: as they go over the wire, or as tools show them.

Understood are requests and responses with a start line (RFC 9112), also without a version as in
``.http`` files, the pseudo headers of HTTP/2 (RFC 9113, section 8.3), what ``curl -v`` prints, the
*General* lines of a browser's network panel, and headers alone. Line ends may be LF or CRLF.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from pinned_tui.inspect.commands import starts
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.model import Span

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE")

_REQUEST_LINE = re.compile(
    rf"(?P<method>{'|'.join(METHODS)})[ \t]+(?P<target>\S+)"
    r"(?P<version>[ \t]+HTTP/\d(?:\.\d)?)?[ \t]*",
    re.IGNORECASE,
)
_STATUS_LINE = re.compile(
    r"HTTP/\d(?:\.\d)?[ \t]+(?P<status>[1-9]\d{2})(?:[ \t]+(?P<reason>[^\n]{0,200}))?[ \t]*"
)
_HEADER_LINE = re.compile(
    r"(?P<name>:?[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}(?: [0-9A-Za-z-]{1,64})?)[ \t]*:(?!//)[ \t]*"
)
_NOISE = re.compile(r"(?:###|```|~~~|//[ \t]|#[ \t]|@[\w-]+[ \t]*=)")
_ENDS_REQUEST = re.compile(
    r"(?:###|```|~~~)|(?:dial tcp|tls|x509|net/http|curl|wget):"
    r"|(?:\w{1,80}(?:\.|::)){1,12}\w{1,80}(?::[ ]|[ ]with[ ])"
    r"|(?:[\w$]{1,80}[.:\\]{1,2}){0,12}\w{0,80}(?:Error|Exception)\b[^\n]{0,80}?:[ ]"
)
"""What no request goes on with: the next one, the end of a code block, an error of a program."""

_VERBOSE = re.compile(r"^[ \t]*> (?:[A-Z]+ \S+ HTTP/|[\w-]+:)|^[ \t]*< HTTP/", re.MULTILINE)
_PANEL = {"request url": ":url", "request method": ":method", "status code": ":status"}


_MOST_HEADERS = 500


class _Side(Enum):
    """What a line of ``curl -v`` tells by its first character."""

    OUT = auto()
    IN = auto()
    TALK = auto()
    PLAIN = auto()


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    side: _Side


@dataclass(slots=True)
class _Field:
    """A header as far as it has been read; folded lines add parts."""

    name: str
    parts: list[str]
    start: int
    value_start: int
    end: int

    def header(self) -> Header:
        """Return it whole."""
        value = "\n".join(self.parts) if len(self.parts) > 1 else self.parts[0]
        return Header(
            self.name, value.strip(), Span(self.start, self.end), Span(self.value_start, self.end)
        )


@dataclass(slots=True)
class _Message:
    """A message as far as it has been read."""

    start: int
    request: bool
    method: str | None = None
    method_span: Span | None = None
    url: str | None = None
    url_span: Span | None = None
    status: int | None = None
    reason: str = ""
    fields: list[_Field] = field(default_factory=list)
    in_body: bool = False
    body: list[_Line] = field(default_factory=list)
    end: int = 0


def parse_exchange(text: str) -> tuple[tuple[HttpRequest, ...], tuple[HttpResponse, ...]]:
    """Read the requests and the responses in ``text``, each in the order in which they stand there.

    What is no HTTP message is passed over. A response belongs to the request before it.
    """
    requests: list[HttpRequest] = []
    responses: list[HttpResponse] = []
    for message in _Reader(text).messages():
        if message.request:
            requests.append(_request(message, text))
        else:
            responses.append(_response(message, text))
    return tuple(requests), tuple(responses)


class _Reader:
    """Goes through a text line by line and collects the messages in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._verbose = _VERBOSE.search(text) is not None
        self._open: _Message | None = None

    def messages(self) -> Iterator[_Message]:
        """Return the messages in their order."""
        for line in self._lines():
            started = self._started(line)
            if started is not None:
                if self._open is not None:
                    yield self._open
                self._open = started
            elif self._open is not None:
                self._go_on(self._open, line)
            if self._open is not None and self._open.end < 0:
                self._open.end = line.start
                yield self._open
                self._open = None
        if self._open is not None:
            yield self._open

    def _lines(self) -> Iterator[_Line]:
        text, at = self._text, 0
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            stop = end - 1 if end > at and text[end - 1] == "\r" else end
            yield self._line(at, stop)
            at = end + 1

    def _line(self, start: int, end: int) -> _Line:
        side = _Side.PLAIN
        if self._verbose:
            first = start
            while first < end and self._text[first] in " \t":
                first += 1
            sides = {">": _Side.OUT, "<": _Side.IN, "*": _Side.TALK, "|": _Side.PLAIN}
            mark = self._text[first : first + 2].rstrip()
            if mark in sides:
                side, start = sides[mark], min(first + 2, end)
            elif mark in {"{", "}"} and self._text.startswith("[", first + 2):
                side = _Side.TALK
        return _Line(start, end, self._text[start:end], side)

    def _started(self, line: _Line) -> _Message | None:
        """Return the message that begins in ``line``, if one does."""
        if line.side is _Side.TALK:
            return None
        blank = _blanks(line.text)
        pointed = len(line.text) - len(line.text.lstrip(" \t<"))  # as mitmdump marks responses
        if match := _STATUS_LINE.fullmatch(line.text, pointed):
            reason = (match["reason"] or "").strip()
            return _Message(line.start, False, status=int(match["status"]), reason=reason)
        if (match := _REQUEST_LINE.fullmatch(line.text, blank)) and self._may_begin(match):
            return self._requested(match, line)
        if self._open is None and (match := _HEADER_LINE.match(line.text, blank)):
            if starts.CURL.match(line.text) or starts.HTTPIE.match(line.text):
                return None  # PS C:\\import> curl …
            message = _Message(line.start, request=line.side is not _Side.IN)
            _add_header(message, match, line)
            return message
        return None

    def _may_begin(self, match: re.Match[str]) -> bool:
        """Return whether a line that reads like a first line is one; in a body, it is text.

        A method in small letters counts only together with a version.
        """
        sure = match["version"] is not None
        if not sure and not (match["method"].isupper() and _is_target(match["target"])):
            return False
        body = self._open.body if self._open is not None else []
        return sure or not any(earlier.text.strip() for earlier in body)

    def _requested(self, match: re.Match[str], line: _Line) -> _Message:
        return _Message(
            line.start,
            request=True,
            method=match["method"].upper(),
            method_span=Span(*match.span("method")).shifted(line.start),
            url=match["target"],
            url_span=Span(*match.span("target")).shifted(line.start),
        )

    def _go_on(self, message: _Message, line: _Line) -> None:
        """Add ``line`` to the message that is open; one that is at its end gets end -1."""
        if line.side is _Side.TALK:
            return
        if message.in_body:
            if message.request and _ENDS_REQUEST.match(line.text):
                message.end = -1
            elif line.side is _Side.PLAIN:
                message.body.append(line)
            return
        if not line.text.strip():
            message.in_body = True
        elif line.text[0] in " \t" and message.fields and line.side is _Side.PLAIN:
            _go_on_header(message, line)
        elif _ENDS_REQUEST.match(line.text):
            message.end = -1
        elif match := _HEADER_LINE.match(line.text):
            _add_header(message, match, line)
        elif not _NOISE.match(line.text) and line.side is _Side.PLAIN:
            message.in_body = True
            message.body.append(line)


def _is_target(target: str) -> bool:
    return target.startswith(("/", "http://", "https://", "{{", "$", "<"))


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


def _add_header(message: _Message, match: re.Match[str], line: _Line) -> None:
    """Take over a header line; pseudo headers and lines of a browser's panel give other parts."""
    value = line.text[match.end() :].rstrip()
    start = line.start + match.start("name")
    place = Span(line.start + match.end(), line.start + match.end() + len(value))
    name = _PANEL.get(match["name"].lower(), match["name"])
    if name == ":method":
        message.method, message.method_span = value.upper(), place
    elif name in {":path", ":url"}:
        message.url, message.url_span = value, place
    elif name == ":authority":
        name = "Host"
    elif name == ":status":
        _add_status(message, value)
    if not name.startswith(":") and len(message.fields) < _MOST_HEADERS:
        message.fields.append(_Field(name, [value], start, place.start, place.end))


def _add_status(message: _Message, value: str) -> None:
    match = re.match(r"([1-9]\d{2})\b[ \t]*(.{0,200})", value)
    if match is None:
        return
    if message.url is None and not message.fields:
        message.request = False
        message.status, message.reason = int(match[1]), match[2].strip()


def _go_on_header(message: _Message, line: _Line) -> None:
    """Append a folded line to the header before it, as RFC 9112, section 5.2, describes it."""
    text = line.text.strip()
    message.fields[-1].parts.append(text)
    message.fields[-1].end = line.start + _blanks(line.text) + len(text)


def _content(message: _Message, text: str) -> tuple[int, int]:
    """Return where the body is, without the empty lines around it."""
    lines = message.body
    first, last = 0, len(lines)
    while first < last and not lines[first].text.strip():
        first += 1
    while last > first and not lines[last - 1].text.strip():
        last -= 1
    if first == last:
        return (lines[0].start, lines[0].start) if lines else (len(text), len(text))
    return lines[first].start, lines[last - 1].end


def _request(message: _Message, text: str) -> HttpRequest:
    start, end = _content(message, text)
    body = None
    if end > start:
        file = re.fullmatch(r"<@?[ \t]+(\S.*)", text[start:end])
        if file is not None:
            body = HttpBody(None, file=file[1], span=Span(start, end))
        else:
            body = _body(message, text, Span(start, end))
    places = [end] if body else []
    places += [place.end for place in (message.url_span, message.method_span) if place]
    places += [field.end for field in message.fields]
    return HttpRequest(
        method=message.method,
        url=message.url,
        headers=tuple(field.header() for field in message.fields),
        body=body,
        method_span=message.method_span,
        url_span=message.url_span,
        origin="http",
        span=Span(message.start, max(places, default=message.start)),
    )


def _body(message: _Message, text: str, place: Span) -> HttpBody:
    """Return a body; Insomnia's timeline has a mark in front of each of its lines."""
    lines = [line for line in message.body if place.start <= line.start <= place.end]
    if not any(text[line.start - 2 : line.start] == "| " for line in lines):
        return HttpBody(text[place.start : place.end], span=place, start=place.start)
    places = [at for line in lines for at in range(line.start, line.end + 1)]
    content = "\n".join(line.text for line in lines)
    return HttpBody(content, span=place, offsets=places, start=place.start)


def _response(message: _Message, text: str) -> HttpResponse:
    start, end = _content(message, text)
    places = [end] if end > start else [field.end for field in message.fields]
    return HttpResponse(
        status=message.status,
        reason=message.reason,
        headers=tuple(field.header() for field in message.fields),
        text=text[start:end],
        body_start=start if end > start else None,
        complete=_is_complete(message, text[start:end]),
        span=Span(message.start, max(places, default=message.start)),
    )


def _is_complete(message: _Message, body: str) -> bool:
    """Return whether the body has the announced length (RFC 9112, section 6.3).

    No body at all says only that none was pasted. Line ends that became shorter on the way are
    allowed for; the length of a compressed body says nothing about its text.
    """
    names = {field.name.lower(): field.parts[0].strip() for field in message.fields}
    length = names.get("content-length", "")
    if not body or not re.fullmatch(r"[0-9]{1,15}", length) or "content-encoding" in names:
        return True
    octets = len(body.encode("utf-8", "replace"))
    return octets + body.count("\n") + 2 >= int(length)
