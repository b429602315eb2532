"""Reads traces and events: spans and breadcrumbs whose attributes describe an HTTP request.

Understood are the attribute names of OpenTelemetry, the older ones too, which Jaeger, Zipkin and
Datadog share, in whatever object or list of pairs an exporter puts them; and Sentry's breadcrumbs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pinned_tui.inspect.errors_in_text import errors_in
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.places import inside
from pinned_tui.inspect.formats.source import Source, child
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.json_source.nodes import Node, walk
from pinned_tui.inspect.request.target import HostKind, target_of

_SHARE = 0.9
_MOST_NODES = 100_000
_MOST_SPANS = 500
_MOST_ATTRIBUTES = 300
_HOLDERS = ("attributes", "tags", "meta", "metrics", "data")
_URL = ("url.full", "http.url", "url")
_PATH = ("http.target", "url.path")
_HOST = ("server.address", "http.host", "net.peer.name", "peer.hostname", "net.host.name")
_METHOD = ("http.request.method", "http.method", "method")
_STATUS = ("http.response.status_code", "http.status_code", "status_code")
_HEADER = "http.request.header."


@dataclass(frozen=True, slots=True)
class _Span:
    entry: Entry
    of_api: bool


def claim(source: Source) -> float:
    """Claim a document with a span of a request to the API; the API's own error says more."""
    if not any(span.of_api for span in _spans(source)):
        return 0.0
    return 0.0 if any(one.response.text for one in errors_in(source.text)) else _SHARE


def read(source: Source) -> FileReading:
    """Return the requests that the spans describe, with the status of the response."""
    return FileReading(tuple(span.entry for span in _spans(source)))


def _spans(source: Source) -> Iterator[_Span]:
    if source.json is None:
        return
    count = 0
    for number, (_, node) in enumerate(walk(source.json)):
        if number >= _MOST_NODES or count >= _MOST_SPANS:
            return
        if node.members and (span := _span(source.text, node)) is not None:
            count += 1
            yield span


def _span(text: str, node: Node) -> _Span | None:
    """Return what an object describes, if its attributes are those of an HTTP request."""
    attributes = dict(_attributes(node))
    status = _first(attributes, _STATUS)
    url = _first(attributes, _URL)
    address = _text(url)
    if url is None or "/" not in address:
        path, host = _first(attributes, _PATH), _first(attributes, _HOST)
        if path is None:
            return None
        url = path
        address = f"https://{_text(host)}{_text(path)}" if host is not None else _text(path)
    if status is None or not _text(status).isdigit() or not 100 <= int(_text(status)) < 600:
        return None
    method = _first(attributes, _METHOD)
    headers = tuple(
        Header(name.removeprefix(_HEADER).replace("_", "-"), _text(one), None, inside(text, one))
        for name, one in attributes.items()
        if name.startswith(_HEADER)
    )
    request = HttpRequest(
        _text(method).upper() if method is not None else None,
        address,
        headers,
        url_span=inside(text, url),
        # A trace has no bodies: what was sent is not known.
        body=HttpBody(None),
        span=inside(text, url),
        origin="log",
        open_ended=True,
    )
    response = HttpResponse(int(_text(status)), span=inside(text, status))
    target = target_of(request)
    of_api = target is not None and target.concerns_api and target.kind is not HostKind.UNKNOWN
    return _Span(Entry(request, response), of_api)


def _attributes(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the attributes of an object by name, in whichever form an exporter writes them."""
    for holder in (node, *(child(node, name) for name in _HOLDERS)):
        if holder is None:
            continue
        for name, member in list(holder.members.items())[:_MOST_ATTRIBUTES]:
            yield name, _plain(member.node)
        for pair in holder.items[:_MOST_ATTRIBUTES]:
            named, value = child(pair, "key"), child(pair, "value")
            if named is not None and value is not None:
                yield str(named.value), _plain(value)


def _plain(node: Node) -> Node:
    """Return the value itself of ``{"stringValue": "…"}`` and of a list of one."""
    for _ in range(4):
        inner = node.items[:1] or [member.node for member in node.members.values()][:1]
        single = len(node.items) == 1 or (
            len(node.members) == 1 and next(iter(node.members)).endswith(("Value", "values"))
        )
        if not single:
            break
        node = inner[0]
    return node


def _first(attributes: dict[str, Node], names: tuple[str, ...]) -> Node | None:
    found = (attributes.get(name) for name in names)
    return next((one for one in found if one is not None and _text(one)), None)


def _text(node: Node | None) -> str:
    plain = node is not None and isinstance(node.value, str | int) and node.value is not True
    return str(node.value) if node is not None and plain else ""
