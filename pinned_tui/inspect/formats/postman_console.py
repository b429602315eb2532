"""Reads what is copied from Postman's console: a request with its headers, and the response."""

import re
from collections.abc import Iterator

from pinned_tui.inspect.formats.client_request import RequestBuilder
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.places import blocks, written
from pinned_tui.inspect.formats.source import LONGEST, Source, child
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.json_source.lexer import offsets
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.json_source.parser import scan
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.raw_http import METHODS

_BEGINS = re.compile(
    rf"^[ \t▶▼>]*(?P<method>{'|'.join(METHODS)})[ \t]+(?P<url>(?:https?://|\{{\{{)[^\s]+?)"
    r"(?P<object>:[ \t]*(?=\{))?(?:[ \t]+(?P<status>[1-5]\d\d)\b[^\n]*)?[ \t]*(?=\{|\r?$)",
    re.MULTILINE,
)
_HEADING = re.compile(
    r"^[ \t▶▼]*(?P<name>Network|Request Headers|Request Body|Response Headers|Response Body)"
    r"[ \t]*:?[ \t▶▼]*\r?$",
    re.MULTILINE,
)
_NAME = re.compile(r'"Request Headers"')
_STATUS = re.compile(
    r"^[ \t]*(?:Status(?: Code)?:?[ \t]*)?(?P<status>[1-5]\d\d)(?:[ \t][A-Za-z ]*)?\r?$",
    re.MULTILINE,
)
_FIELD = re.compile(
    r"""^[ \t]*["']?(?P<name>[A-Za-z][\w-]{0,80})["']?:[ \t]*
        (?P<quote>["']?)(?P<value>[^\n]*?)(?P=quote),?[ \t]*\r?$""",
    re.MULTILINE | re.VERBOSE,
)


def claim(source: Source) -> float:
    """Claim what has a request line and the console's headings below it."""
    if len(source.text) > LONGEST:
        return 0.0
    blocks = list(_blocks(source.text))
    named = [block for block in blocks if block[2]]
    return len(named) / len(blocks) if blocks else 0.0


def read(source: Source) -> FileReading:
    """Return each request with its response."""
    entries = []
    for match, end, _ in _blocks(source.text):
        if match["object"]:
            entries.append(_of_object(source.text, match, end))
        else:
            entries.append(_of_lines(source.text, match, end))
    return FileReading(tuple(entries))


def _blocks(text: str) -> Iterator[tuple[re.Match[str], int, bool]]:
    """Yield the first line of each request, its end, and whether the headings stand below."""
    for match, end in blocks(_BEGINS, text):
        heading = _NAME if match["object"] else _HEADING
        yield match, end, heading.search(text, match.end(), end) is not None


def _of_lines(text: str, match: re.Match[str], end: int) -> Entry:
    headings = list(_HEADING.finditer(text, match.end(), end))
    stops = [one.start() for one in headings[1:]] + [end]
    parts = {one["name"]: Span(one.end(), stop) for one, stop in zip(headings, stops, strict=False)}
    told = _STATUS.search(text, match.end(), headings[0].start()) if headings else None
    status = match["status"] or (told["status"] if told is not None else None)
    body = None
    if (place := parts.get("Request Body")) is not None:
        sent = text[place.start : place.end].strip()
        start = text.find(sent, place.start)
        body = HttpBody(sent, span=Span(start, start + len(sent)), start=start) if sent else None
    headers = _headers(text, parts.get("Request Headers"))
    content = parts.get("Response Body", Span(end, end))
    return _entry(
        match, Span(match.start(), end), headers, body,
        int(status) if status else None, _headers(text, parts.get("Response Headers")),
        text[content.start : content.end].strip(),
    )  # fmt: skip


def _headers(text: str, place: Span | None) -> tuple[Header, ...]:
    if place is None:
        return ()
    return tuple(
        Header(one["name"], one["value"], Span(one.start("name"), one.end("value")),
               Span(*one.span("value")))
        for one in _FIELD.finditer(text, place.start, place.end)
    )  # fmt: skip


def _of_object(text: str, match: re.Match[str], end: int) -> Entry:
    start = match.end()
    found = scan(text[start:end])
    root = found.roots[0] if found.roots else None
    builder = RequestBuilder(text, Variables({}), "postman")

    def rows(name: str) -> tuple[Header, ...]:
        listed = child(root, name)
        members = listed.members if listed is not None else {}
        return tuple(
            Header(key, written(one.node), Span(one.key_start + start, one.node.end + start),
                   Span(one.node.start + 1 + start, one.node.end - 1 + start))
            for key, one in members.items()
        )  # fmt: skip

    sent, received = child(root, "Request Body"), child(root, "Response Body")
    content = _text(received, text, start)
    return _entry(
        match, Span(match.start(), (root.end if root else 0) + start), rows("Request Headers"),
        _sent(builder.text, sent, start), int(match["status"]) if match["status"] else None,
        rows("Response Headers"), content,
    )  # fmt: skip


def _text(node: Node | None, text: str, start: int) -> str:
    if node is None or node.value is None:
        return ""
    return (
        node.value if isinstance(node.value, str) else text[node.start + start : node.end + start]
    )


def _sent(text: str, node: Node | None, start: int) -> HttpBody | None:
    body = _text(node, text, start)
    if node is None or not body.strip():
        return None
    span = node.span.shifted(start)
    if isinstance(node.value, str):
        return HttpBody(body, span=span, offsets=offsets(text, span), start=span.start)
    return HttpBody(body, span=span, start=span.start)


def _entry(
    match: re.Match[str],
    span: Span,
    headers: tuple[Header, ...],
    body: HttpBody | None,
    status: int | None,
    received: tuple[Header, ...],
    content: str,
) -> Entry:
    request = HttpRequest(
        match["method"], match["url"], headers, body,
        Span(*match.span("method")), Span(*match.span("url")),
        origin="postman", span=span, open_ended=not headers,
    )  # fmt: skip
    if status is None and not content:
        return Entry(request)
    return Entry(request, HttpResponse(status, headers=received, text=content, span=span))
