"""Reads what services that show a request as they received it export: webhook.site and the like.

The host of such a request is the service's, on purpose. Its headers and its body are those that the
API would have received, so they are judged as if they had been sent there.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, NAMESPACE
from pinned_tui.inspect.event_shape import is_body, may_be_broken_body, names_an_event, parsed
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.places import body_at, inside, written
from pinned_tui.inspect.formats.source import Source, child, text_of
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, header_names
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.raw_http import METHODS

_HOSTS = re.compile(
    r"webhook\.site|requestbin|pipedream|m\.pipedream\.net|httpbin|httpbun|postman-echo|mockbin"
    r"|beeceptor|requestcatcher|hookbin|typedwebhook|webhook\.cool|echo\.free|smee\.io|ngrok"
    r"|requestinspector|svix\.com|mocky|echo-server",
    re.IGNORECASE,
)
_CONTENT = (
    ("content",), ("bodyRaw",), ("body_raw",), ("rawBody",), ("raw_body",), ("postData", "text"),
    ("data",), ("body",), ("payload",), ("rawContent",), ("json",),
)  # fmt: skip
_ROUTE = re.compile(rf"{re.escape(NAMESPACE)}[^?#\s]*")
_MOST_REQUESTS = 200
_DEEPEST = 5
_LONGEST_FORM = 20_000
_NOTHING = Variables({}, re.compile(r"(?P<name>(?!))"))
"""What a service received has no variables left: braces in it were sent."""


def claim(source: Source) -> float:
    """Claim requests with headers, where the service is named that received them."""
    root = source.json
    if root is None or (_HOSTS.search(source.text) is None and not _like_httpbin(root)):
        return 0.0
    found = next(_requests(root, 0), None)
    return 1.0 if found is not None else 0.0


def read(source: Source) -> FileReading:
    """Return the requests that may be meant for the API."""
    root = source.json
    found = list(_requests(root, 0))[:_MOST_REQUESTS] if root is not None else []
    entries = [entry for node in found if (entry := _entry(source.text, node)) is not None]
    return FileReading(tuple(entries))


def _like_httpbin(node: Node) -> bool:
    return {"args", "headers", "url"} <= node.members.keys()


def _requests(node: Node, depth: int) -> Iterator[Node]:
    """Yield what has headers by name and says that it was received."""
    if depth > _DEEPEST:
        return
    headers = child(node, "headers")
    if headers is not None and (headers.members or _is_table(headers)):
        told = {"method", "url", "path", "uri", "origin", "args"} & node.members.keys()
        if (told or len(node.members) == 1) and "status" not in node.members:
            yield node
            return
    inner = [member.node for member in node.members.values()] + node.items
    for one in inner[:_MOST_REQUESTS]:
        if one.members or one.items:
            yield from _requests(one, depth + 1)


def _is_table(node: Node) -> bool:
    return bool(node.items) and all(child(one, "value") is not None for one in node.items[:50])


def _entry(text: str, node: Node) -> Entry | None:
    place = child(node, "method")
    method = (text_of(node, "method") or text_of(node, "httpMethod") or "").upper()
    body = _body(text, node)
    request = HttpRequest(
        method if method in METHODS else "POST" if body is not None else None,
        text_of(node, "url") or text_of(node, "path") or text_of(node, "uri"),
        tuple(_headers(text, child(node, "headers"))),
        body,
        method_span=inside(text, place) if place is not None else None,
        origin="echo",
        span=node.span,
    )
    meant = meant_for_api(request)
    return Entry(meant) if meant is not None else None


def is_echo(request: HttpRequest) -> bool:
    """Return whether a request went to a service that shows what it receives."""
    host = request.header("Host")
    named = f"{(request.url or '').partition('?')[0]} {host.value if host is not None else ''}"
    return _HOSTS.search(named) is not None


def meant_for_api(request: HttpRequest) -> HttpRequest | None:
    """Return a request as the API would have received it; None where it is about something else.

    Without a route of the API in its address, it is a create request if its body is an event, or
    was meant to be one.
    """
    route = _ROUTE.search(request.url or "")
    names = {one.name.lower() for one in request.headers}
    carries_key = bool(names & ({"authorization", "x-api-key"} | header_names().like_key))
    creates = request.body is not None and (_is_event(request.body) or "idempotency-key" in names)
    if not (route or creates or (carries_key and request.body is None)):
        return None
    path = route[0] if route else f"{NAMESPACE}/events" if creates else None
    headers = tuple(one for one in request.headers if one.name.lower() != "host")
    url = f"{DEFAULT_BASE_URL}{path}" if path else None
    return replace(request, url=url, url_span=None, headers=headers)


def _is_event(body: HttpBody) -> bool:
    text = body.text or ""
    value = parsed(text)
    if isinstance(value, str):  # JSON within JSON
        value = parsed(value)
    fields = parse_qs(text[:_LONGEST_FORM]) if value is None and "=" in text else {}
    return is_body(value) or names_an_event(fields) or may_be_broken_body(text)


def _headers(text: str, node: Node | None) -> Iterator[Header]:
    if node is None:
        return
    rows = [(name, member.node, member.key_start) for name, member in node.members.items()]
    rows += [
        (text_of(one, "name") or text_of(one, "key") or "", value, one.start)
        for one in node.items
        if (value := child(one, "value")) is not None
    ]
    for name, value, _ in rows:
        for one in value.items or [value]:
            if name:
                yield Header(name, written(one), None, inside(text, one))


def _body(text: str, node: Node) -> HttpBody | None:
    """Return the body as it was received; some services show the value that they parsed."""
    for place in _CONTENT:
        found = child(node, *place)
        if found is None or found.value in ("", None) or found.value == {}:
            continue
        if not isinstance(found.value, str):
            if not found.members and not found.items:
                continue
            return HttpBody(text[found.start : found.end], span=found.span, start=found.start)
        return body_at(text, found, _NOTHING)
    form = child(node, "form")
    if form is not None and form.members:
        return HttpBody(urlencode(dict.fromkeys(form.members, "")), span=form.span,
                        offsets=[form.start])  # fmt: skip
    return None
