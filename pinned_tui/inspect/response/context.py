"""A response as it is judged: its body parsed, the error in it, and who sent it. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.errors import STATUS_OF_CODE, read_error
from pinned_tui.api_spec.response_origin import Responder
from pinned_tui.api_spec.routes import Route
from pinned_tui.inspect.endpoint import Endpoint, find_route, read_place
from pinned_tui.inspect.http_message import HttpRequest, HttpResponse
from pinned_tui.inspect.model import Span
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import ApiError

_HEAD = 4096

_STATUS_IN_WORDS = {
    "unauthorized": 401,
    "forbidden": 403,
    "not found": 404,
    "method not allowed": 405,
    "too many requests": 429,
    "internal server error": 500,
    "bad gateway": 502,
    "service unavailable": 503,
    "gateway timeout": 504,
    "gateway time-out": 504,
}


@dataclass(frozen=True, slots=True)
class ResponseContext:
    """What a response shows before it is judged.

    Attributes:
        http: The response as it stands in the input.
        request: The request that it belongs to, where that is known.
        status: The status; concluded from the body where only that was pasted, or None.
        given: Whether the status stands in the input.
        headers: By lower-case name; the first of each.
        document: The parsed body, None where it isn't JSON.
        error: The API's error envelope, if the body is one.
        by: Who sent it, and what shows that.
        place: Where the request went, or None where that is not known.
        bare: Whether nothing is known of the body.
    """

    http: HttpResponse
    request: HttpRequest | None
    status: int | None
    given: bool
    headers: Mapping[str, str]
    document: Any
    error: ApiError | None
    by: Responder
    place: Endpoint | None
    bare: bool

    @property
    def who(self) -> str:
        """One of the constants of :mod:`pinned_tui.api_spec.response_origin`."""
        return self.by.who

    @property
    def head(self) -> str:
        """The beginning of the body."""
        return self.http.text[:_HEAD]

    @property
    def method(self) -> str | None:
        """The method of the request, where it is known."""
        return self.request.method if self.request else None

    @property
    def route(self) -> Route | None:
        """The route of the contract that the request went to, if it is one."""
        return find_route(self.method, self.place) if self.place else None

    @property
    def asked(self) -> str | None:
        """The request in words, such as ``POST /events``."""
        if self.place is None:
            return None
        return clean_line(f"{self.method or ''} {self.place.route}".strip(), 120)

    @property
    def request_id(self) -> str | None:
        """The API's requestId, or the ID that an edge assigned."""
        if self.error is not None and self.error.request_id:
            return clean_line(self.error.request_id, 200)
        names = ("x-request-id", "request-id")
        value = next((self.headers[name] for name in names if self.headers.get(name)), None)
        text = "" if self.who == response_origin.API else self.http.text[:_HEAD]
        value = value or response_origin.edge_id(self.headers, text)
        return clean_line(value, 200) if value else None

    def place_of(self, name: str) -> Span | None:
        """Return where the value of ``name`` stands in the body, or the status line."""
        start = self.http.body_start
        if start is not None:
            text = self.http.text[:_HEAD]
            match = re.search(rf'"{re.escape(name)}"[ \t]*:[ \t]*("[^"\n]*"|[^\s,}}]+)', text)
            if match:
                return Span(*match.span(1)).shifted(start)
        return self.whole

    def header_span(self, *names: str) -> Span | None:
        """Return where the first header of one of these names stands."""
        spans = (h.value_span for h in self.http.headers if h.name.lower() in names)
        return next((span for span in spans if span), None)

    @property
    def whole(self) -> Span | None:
        """Where the response begins in the input."""
        span = self.http.span
        if span is None:
            return None
        reason = f"HTTP/1.1 {self.status} {self.http.reason}" if self.given else ""
        return Span(span.start, min(span.end, span.start + len(reason))) if reason else span


def read_response(http: HttpResponse, request: HttpRequest | None) -> ResponseContext:
    """Parse the body of a response and find out who sent it. Never fails."""
    headers: dict[str, str] = {}
    for header in http.headers:
        headers.setdefault(header.name.lower(), header.value)
    document = parsed_body(http.text)
    error = read_error(document)
    status = http.status or _status_in_body(document, error)
    place = read_place(request.url) if request and request.url else None
    if place is not None and not place.host and request is not None:
        host = request.header("host")
        if host is not None:
            place = read_place(f"https://{host.value}{request.url}")
    by = Responder(response_origin.OTHER)
    if status is not None:
        by = response_origin.identify(status, headers, document, http.text[:_HEAD], error)
    elif error is not None or _is_list_or_document(document):
        by = Responder(response_origin.API)
    bare = not http.text.strip() and headers.get("content-length", "").strip() != "0"
    if bare and status is not None and status >= 400 and status != 407:
        by = Responder(response_origin.UNKNOWN)
    return ResponseContext(
        http, request, status, http.status is not None, headers, document, error, by, place, bare,
    )  # fmt: skip


def parsed_body(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value that a body is, or None."""
    body = text.lstrip("\ufeff").strip()
    if not body or body[0] not in '{["':
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_list_or_document(document: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(document, dict) and ("docs" in document or "doc" in document)


def _status_in_body(document: Any, error: ApiError | None) -> int | None:  # noqa: ANN401
    """Return the status that a body alone shows: by the API's code, a number in it, or words."""
    if error is not None:
        return STATUS_OF_CODE.get(error.code, 400)
    if not isinstance(document, dict):
        return None
    if _is_list_or_document(document):
        return 200
    for name in ("status", "statusCode", "status_code", "code"):
        value = document.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value < 600:
            return value
    for name in ("title", "error", "message", "detail"):
        value = document.get(name)
        word = value.strip(" .!").lower() if isinstance(value, str) else ""
        if word in _STATUS_IN_WORDS:
            return _STATUS_IN_WORDS[word]
    return None
