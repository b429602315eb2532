"""Requests that an object describes without their responses, as echo services do. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pinned_tui.inspect.bodies import is_body
from pinned_tui.inspect.http import Header, HttpBody, HttpRequest
from pinned_tui.inspect.log.record import Names, decoded, fields_of, header_pairs
from pinned_tui.inspect.model import InspectionContext, Span
from pinned_tui.inspect.request.findings import RequestFindings
from pinned_tui.inspect.request.rules import inspect_request
from pinned_tui.inspect.request.target import HostKind, target_of

_MOST = 50
_LONGEST_OBJECT = 1_000_000
_KEYED = frozenset({"authorization", "x-api-key", "idempotency-key"})


def inspect_described(text: str, looking: InspectionContext) -> RequestFindings:
    """Judge the headers and the bodies of the requests that JSON in ``text`` describes.

    Such an object is about the API only where its body is an event: what else is sent to an echo
    service is none of ours.
    """
    findings = RequestFindings()
    names = Names()
    for record in _records(text):
        request = _request(record, names, text)
        if request is not None:
            findings.extend(inspect_request(request, looking))
    return findings


def _records(text: str) -> Iterator[Mapping[str, Any]]:
    body = text.lstrip("\ufeff").strip()
    if body[:1] not in {"{", "["} or len(body) > _LONGEST_OBJECT:
        return
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    rows = value if isinstance(value, list) else [value]
    yield from (row for row in rows[:_MOST] if isinstance(row, Mapping))


def _request(record: Mapping[str, Any], names: Names, text: str) -> HttpRequest | None:
    fields = fields_of(record, names)
    headers = tuple(
        Header(name, value, _place(text, value))
        for name, value in header_pairs(fields.get("headers"))
    )
    if not any(header.name.lower() in _KEYED for header in headers):
        return None
    body = _body(record, fields.get("body"))
    method, url = fields.get("method"), fields.get("url")
    request = HttpRequest(
        method.upper() if isinstance(method, str) else None,
        url if isinstance(url, str) else None,
        headers=headers, body=HttpBody(body) if body is not None else None, origin="har",
    )  # fmt: skip
    target = target_of(request)
    if target is not None and target.kind in {HostKind.API, HostKind.NEAR}:
        return request
    return replace(request, method=None, url=None) if body is not None else None


def _body(record: Mapping[str, Any], named: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the body that is an event, under whatever name it stands."""
    for value in (named, *list(record.values())[:200]):
        document = decoded(value)
        if document is not None and value is not record and is_body(document):
            return value if isinstance(value, str) else json.dumps(value)
    return None


def _place(text: str, value: str) -> Span | None:
    at = text.find(json.dumps(value)[1:-1]) if value else -1
    return Span(at, at + len(value)) if at >= 0 else None
