r"""Reads what HTTP clients log of their sockets: each write as a string, each line with a prefix.

Apache HttpClient logs ``>> "GET / HTTP/1.1[\r][\n]"``, Python's http.client ``send: b'GET / …'``,
Ruby's Net::HTTP ``<- "GET / …"``, OkHttp and Feign ``--> GET https://…`` with the headers below it,
wget the request between two lines of its own. Put together, these are messages as they go over the
wire. A log of many requests is no transcript: what they tell together matters more.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.network_errors import network_fault
from pinned_tui.inspect.raw_http import parse_exchange

_MOST_LINES = 2000
_MOST_REQUESTS = 3
_LONGEST = 200_000
_CHUNK = re.compile(
    r"(?P<side>(?:>>|<<|->|<-)(?=[ \t]*b?[\"'])|\b(?:send|reply):)[ \t]*b?(?P<quote>[\"'])"
)
_RECEIVED = re.compile(r"header: (?P<text>[\w-]+:.*)")
_ARROW = re.compile(
    r"(?P<arrow>-{2,4}>|<-{2,4}) (?P<text>(?:[A-Z]{3,7} \S+(?: HTTP/\S+| \(.*\))?"
    r"|(?:HTTP/\d(?:\.\d)? )?[1-5]\d\d\b.*|END\b.*|HTTP FAILED\b.*|ERROR \S.*))\Z"
)
_DUMPED = re.compile(
    r"(?:[\w.\[\]:]{3,60}:\d{1,5}: |[ \t]*(?P<arrow><<) )"
    r"(?P<text>[A-Z]{3,7} https?://\S+(?: HTTP/\S+)?|HTTP/\d(?:\.\d)? [1-5]\d\d\b.*)[ \t]*\Z"
)
"""A request and a response as mitmdump prints them."""

_MARK = re.compile(r"---(?P<part>request|response) (?P<edge>begin|end)---\Z")
_PIECE = re.compile(
    r"\[\\r\]|(?P<line>\[\\n\])|\[0x(?P<octet>[0-9a-fA-F]{1,2})\]|\\(?P<sign>[nrt\"'\\])"
    r"|\\x(?P<hex>[0-9a-fA-F]{2})|[\s\S]"
)
_SIGNS = {"n": "\n", "r": "", "t": "\t"}
_STATUS = re.compile(r"(?:HTTP/\d(?:\.\d)? )?(?P<status>[1-5]\d\d)\b(?P<reason>[^\n(]{0,60})")
_STARTS = re.compile(r"HTTP/\d|[A-Z]{3,7} \S+ HTTP/\d")
_HEADER = re.compile(r"[A-Za-z][\w-]{0,60}:(?: |\Z)")
_CHUNK_SIZE = re.compile(r"^[0-9a-fA-F]{1,8}[ \t]*(?:\n|\Z)", re.MULTILINE)
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class _Transcript:
    """The messages put together.

    Attributes:
        places: For each character, where it stands in the source.
        lines: How many lines of the source they explain.
        socket: Whether all that was sent is in it, since it was logged at the socket.
    """

    parts: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    lines: int = 0
    of: int = 0
    socket: bool = False
    arrow: str = ""
    in_body: bool = False

    def add(self, text: str, places: Iterable[int]) -> None:
        """Add a text whose characters stand at ``places``."""
        self.parts.append(text)
        self.places.extend(places)

    def end_line(self, place: int) -> None:
        """End a line that the source has no sign for."""
        self.add("\n", range(place, place + 1))


def claim(source: Source) -> float:
    """Claim a text by the share of its lines that are of a transcript."""
    found = _read(source.text)
    requests, responses = parse_exchange("".join(found.parts)) if found.lines else ((), ())
    requests = tuple(one for one in requests if one.url is not None and one.method != "CONNECT")
    if not requests or len(requests) > _MOST_REQUESTS:
        return 0.0
    if len(responses) < len(requests) and network_fault(source.text) is not None:
        return 0.0  # why there was no response says more than the request
    return found.lines / max(found.of, 1)


def read(source: Source) -> FileReading:
    """Return the requests with the responses to them."""
    found = _read(source.text)
    requests, responses = parse_exchange("".join(found.parts))
    entries: list[Entry] = []
    for request in requests:
        if request.method == "CONNECT":
            continue  # asks a proxy for a connection, and is none of the API's
        following = [one for one in requests if _start(one) > _start(request)]
        end = min(map(_start, following), default=len(found.places))
        replies = [one for one in responses if _start(request) <= _start(one) < end]
        reply = _response(replies[-1], found) if replies else None
        entries.append(Entry(_request(request, found), reply))
    return FileReading(tuple(entries))


def _start(message: HttpRequest | HttpResponse) -> int:
    return message.span.start if message.span is not None else 0


def _read(text: str) -> _Transcript:
    found = _Transcript()
    prefix, open_part = "", ""
    for start, line in _lines(text[:_LONGEST]):
        found.of += bool(line.strip())
        bare = line.strip()
        if (mark := _MARK.fullmatch(bare)) is not None:
            open_part = mark["part"] if mark["edge"] == "begin" else ""
            found.socket = True
            found.lines += 1
        elif open_part:
            found.add(line, range(start, start + len(line)))
            found.end_line(start + len(line))
            found.lines += bool(bare)
        elif (chunk := _CHUNK.search(line)) is not None and bare.endswith(chunk["quote"]):
            found.socket = True
            _add_chunk(chunk, line.rstrip()[chunk.end() : -1], start + chunk.end(), found)
        elif (received := _RECEIVED.match(line)) is not None and found.socket:
            at = start + received.start("text")
            found.add(received["text"] + "\n", range(at, at + len(received["text"]) + 1))
            found.lines += 1
        elif (arrow := _ARROW.search(line)) is not None:
            prefix = line[: arrow.start()]
            _add_arrow(arrow, start, found)
        elif (dumped := _DUMPED.match(line)) is not None:
            prefix = ""
            _add_arrow(dumped, start, found)
        elif found.arrow and _alike(line, prefix):
            _add_below(line[len(prefix) :], start + len(prefix), found)
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for number, line in enumerate(text.split("\n")):
        if number >= _MOST_LINES:
            return
        yield at, line.rstrip("\r")
        at += len(line) + 1


def _add_chunk(chunk: re.Match[str], written: str, start: int, found: _Transcript) -> None:
    """Add what was written to the socket or read from it, with its escapes resolved."""
    text: list[str] = []
    places: list[int] = []
    for piece in _PIECE.finditer(written):
        meant = _meant(piece)
        text.append(meant)
        places.extend([start + piece.start()] * len(meant))
    whole = "".join(text)
    found.lines += 1
    if found.parts and not found.parts[-1].endswith("\n") and _STARTS.match(whole):
        found.end_line(start)
    found.add(whole, places)
    if chunk["side"] == "reply:" and not whole.endswith("\n"):
        found.end_line(start)


def _meant(piece: re.Match[str]) -> str:
    if piece["line"]:
        return "\n"
    if piece["octet"] or piece["hex"]:
        return chr(int(piece["octet"] or piece["hex"], 16))
    if piece["sign"]:
        return _SIGNS.get(piece["sign"], piece["sign"])
    return "" if piece[0].startswith("[\\r") else piece[0]


def _add_arrow(arrow: re.Match[str], start: int, found: _Transcript) -> None:
    """Begin or end a message of OkHttp's or Feign's notation."""
    found.lines += 1
    found.in_body = False
    text, at = arrow["text"], start + arrow.start("text")
    if text.startswith(("END", "HTTP FAILED", "ERROR")):
        found.arrow = ""
        return
    found.arrow = arrow["arrow"] or ">"
    if found.parts:
        found.end_line(at)
    status = _STATUS.match(text)
    if found.arrow.startswith("<") and status is not None:
        line = f"HTTP/1.1 {status['status']}"
        found.add(line, [at + status.start("status")] * len(line))
    else:
        line = re.sub(r" \(.*", "", text)
        found.add(line, range(at, at + len(line)))
    found.end_line(at + len(text))


def _add_below(line: str, at: int, found: _Transcript) -> None:
    """Add a line below an arrow: a header, or the body, which an empty line may stand before."""
    found.lines += bool(line.strip())
    at += len(line) - len(line.lstrip())
    line = line.lstrip()
    if not found.in_body and not _HEADER.match(line):
        found.in_body = True
        if line.strip():
            found.end_line(at)
    found.add(line, range(at, at + len(line)))
    found.end_line(at + len(line))


def _alike(line: str, prefix: str) -> bool:
    """Return whether a line begins as the one of the arrow did, but for the digits of a time."""
    return _DIGIT.sub("0", line[: len(prefix)]) == _DIGIT.sub("0", prefix)


def _moved(span: Span | None, found: _Transcript) -> Span | None:
    if span is None or not found.places:
        return None
    last = len(found.places) - 1
    start = found.places[min(span.start, last)]
    return Span(start, max(found.places[min(max(span.end - 1, 0), last)] + 1, start))


def _headers(headers: tuple[Header, ...], found: _Transcript) -> tuple[Header, ...]:
    return tuple(
        replace(one, span=_moved(one.span, found), value_span=_moved(one.value_span, found))
        for one in headers
    )


def _request(request: HttpRequest, found: _Transcript) -> HttpRequest:
    body = request.body
    if body is not None and body.text is not None:
        places = found.places[body.start : body.start + len(body.text)]
        body = HttpBody(body.text, span=_moved(body.span, found), offsets=places)
    elif not found.socket:
        body = HttpBody(None)  # logged without bodies
    return replace(
        request,
        headers=_headers(request.headers, found),
        body=body,
        method_span=_moved(request.method_span, found),
        url_span=_moved(request.url_span, found),
        span=_moved(request.span, found),
        open_ended=not found.socket,
    )


def _body(response: HttpResponse) -> str:
    """Return a body without what it was sent in: the sizes of its chunks, or a compression."""
    if (response.header("content-encoding") or "identity").lower() != "identity":
        return ""
    if "chunked" in (response.header("transfer-encoding") or "").lower():
        return _CHUNK_SIZE.sub("", response.text).strip("\n")
    return response.text


def _response(response: HttpResponse, found: _Transcript) -> HttpResponse:
    return replace(
        response,
        text=_body(response),
        headers=_headers(response.headers, found),
        body_start=None,
        complete=True,
        span=_moved(response.span, found),
    )
