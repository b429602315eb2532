"""Reads what runs of Postman collections print and report: newman's lines and its JSON.

The lines name each request and its status; with ``--verbose`` the bodies stand below in boxes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pinned_tui.inspect.errors_in_text import errors_in
from pinned_tui.inspect.formats.client_request import RequestBuilder, secrets_of, variables_of
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.places import blocks
from pinned_tui.inspect.formats.postman import CollectionReader, response_of
from pinned_tui.inspect.formats.source import LONGEST, Source, child, text_of
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.network_errors import network_fault
from pinned_tui.inspect.raw_http import METHODS

_LINE = re.compile(
    rf"""^.{{0,40}}?\b(?P<method>{"|".join(METHODS)})[ \t]+(?P<url>(?:https?://|/|\{{\{{)\S+)
         (?:[ \t]+\[(?P<told>errored|(?P<status>[1-5]\d\d)\b[ ]?(?P<reason>[^,\]\n]{{0,60}}))
         [^\]\n]{{0,100}}\])?[ \t]*\r?$""",
    re.MULTILINE | re.VERBOSE,
)
_OF_A_RUN = re.compile(
    r"^[ \t]*(?:→|↳|❏|┌|│)|\bnewman\b|\bpostman (?:cli|collection run)\b", re.MULTILINE
)
_VERBOSE = re.compile(r"^[ \t]+(?P<status>[1-5]\d\d) (?P<reason>[^★\n]{1,60}?) ★", re.MULTILINE)
_BOX = re.compile(
    r"^[ \t]*┌ (?P<way>[↑↓])[^\n]*\n(?P<lines>(?:[ \t]*│[^\n]*(?:\n|\Z))*)", re.MULTILINE
)
_BOX_LINE = re.compile(r"^[ \t]*│ ?(?P<text>[^\n]*)", re.MULTILINE)
_MOST_BYTES = 1_000_000
_LONGEST_BLOCK = 20_000


def claim(source: Source) -> float:
    """Claim the lines of a run, of which there is one for each request, or its report."""
    if _executions(source.json) or _results(source.json):
        return 1.0
    text = source.text
    if source.json is not None or len(text) > LONGEST or _OF_A_RUN.search(text) is None:
        return 0.0
    return 1.0 if any(_is_told(text, match) for match in _LINE.finditer(text)) else 0.0


def read(source: Source) -> FileReading:
    """Return the requests of a run with their responses."""
    root = source.json
    if root is not None:
        return _report(source, root)
    entries = []
    faults: list[Fault] = []
    text = source.text
    for match, end in blocks(_LINE, text):
        if not _is_told(text, match):
            continue
        stop = min(end, match.end() + _LONGEST_BLOCK)
        entries.append(_entry(text, match, stop))
        fault = network_fault(text, match.end(), stop) if match["told"] == "errored" else None
        if fault is not None and all(one.cause != fault.cause for one in faults):
            faults.append(fault)
    return FileReading(tuple(entries), faults=tuple(faults))


def _is_told(text: str, match: re.Match[str]) -> bool:
    """Return whether how a request ended stands in its line or below it."""
    below = text.find("\n", match.end()) + 1
    return match["told"] is not None or (below > 0 and _VERBOSE.match(text, below) is not None)


def _entry(text: str, match: re.Match[str], end: int) -> Entry:
    below = _VERBOSE.search(text, match.end(), end)
    told = match if match["status"] else below
    body, content = None, ""
    for box in _BOX.finditer(text, match.end(), end):
        if box["way"] == "↓":
            content = "\n".join(line["text"] for line in _lines(text, box))
        else:
            body = _sent(text, box)
    request = HttpRequest(
        match["method"], match["url"], body=body,
        method_span=Span(*match.span("method")), url_span=Span(*match.span("url")),
        span=Span(*match.span()), open_ended=True,
    )  # fmt: skip
    if told is None:
        return Entry(request)
    status = int(told["status"])
    if not content:
        stated = (one.response for one in errors_in(text[told.start() : end]))
        content = next((one.text for one in stated if one.status in {None, status}), "")
    span = Span(*told.span())
    return Entry(request, HttpResponse(status, told["reason"].strip(), text=content, span=span))


def _lines(text: str, box: re.Match[str]) -> Iterator[re.Match[str]]:
    return _BOX_LINE.finditer(text, *box.span("lines"))


def _sent(text: str, box: re.Match[str]) -> HttpBody | None:
    """Return the body in a box, whose lines have a border in front."""
    pieces: list[str] = []
    places: list[int] = []
    for line in _lines(text, box):
        pieces.append(line["text"] + "\n")
        places += range(line.start("text"), line.end("text") + 1)
    body = "".join(pieces).rstrip("\n")
    span = Span(*box.span("lines"))
    return HttpBody(body, span=span, offsets=places, start=span.start) if body.strip() else None


def _executions(root: Node | None) -> list[Node]:
    listed = child(root, "run", "executions") or child(root, "executions")
    return listed.items if listed is not None else []


def _results(root: Node | None) -> list[Node]:
    """Return the results of a run in Postman's own app."""
    listed = child(root, "results")
    rows = listed.items if listed is not None else []
    return rows if rows and child(rows[0], "responseCode") is not None else []


def _report(source: Source, root: Node) -> FileReading:
    defined: dict[str, str] = {}
    for name in ("globals", "environment"):
        listed = child(root, name, "values") or child(root, name)
        defined |= variables_of(listed.items if listed is not None else [])
    reader = CollectionReader(RequestBuilder(source.text, Variables(defined), "newman"))
    faults: list[Fault] = []
    entries = []
    for one in _executions(root):
        request = child(one, "request") or child(one, "item", "request")
        response = child(one, "response")
        if request is None:
            continue
        # A run adds the headers of helpers and marks them; without one, they were left out.
        read = reader.request(request)
        complete = any(header.name.lower() == "authorization" for header in read.headers)
        told = response_of(response, _stream(response)) if response is not None else None
        entries.append(Entry(replace(read, open_ended=not complete), told))
        failed = child(one, "requestError")
        fault = network_fault(source.text, failed.start, failed.end) if failed is not None else None
        if fault is not None and all(seen.cause != fault.cause for seen in faults):
            faults.append(fault)
    entries += [_result(one) for one in _results(root)]
    return FileReading(tuple(entries), faults=tuple(faults), secrets=secrets_of(defined))


def _stream(response: Node) -> str:
    """Return the body of a response, which a report holds as numbers."""
    data = child(response, "stream", "data")
    octets = [one.value for one in (data.items if data is not None else [])[:_MOST_BYTES]]
    whole = [one for one in octets if isinstance(one, int) and 0 <= one < 256]
    return bytes(whole).decode("utf-8", "replace") or text_of(response, "body") or ""


def _result(node: Node) -> Entry:
    code = child(node, "responseCode", "code")
    request = HttpRequest(
        text_of(node, "method"), text_of(node, "url"), span=node.span, open_ended=True
    )  # fmt: skip
    status = code.value if code is not None and isinstance(code.value, int) else None
    reason = text_of(node, "responseCode", "name") or ""
    headers: tuple[Header, ...] = ()
    return Entry(request, HttpResponse(status, reason, headers, span=node.span))
