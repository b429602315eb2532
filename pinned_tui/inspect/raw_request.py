"""Pasted HTTP requests as they go over the wire, or their headers alone."""

import re
from dataclasses import replace

from pinned_tui.inspect.fixes import Gathering, RawWriter, TextChange
from pinned_tui.inspect.formats.echo_service import is_echo, meant_for_api
from pinned_tui.inspect.http_message import HttpRequest, HttpResponse, is_header_name
from pinned_tui.inspect.model import InputKind, InputText, Inspection, InspectionContext, Span
from pinned_tui.inspect.raw_http import parse_exchange
from pinned_tui.inspect.request.rules import inspect_request
from pinned_tui.inspect.request.target import goes_elsewhere

_MOST_REQUESTS = 500
_DEFINED = re.compile(r"^@([\w-]{1,80})[ \t]*=", re.MULTILINE)
_REFERENCE = re.compile(r"\{\{[ \t]*([\w-]{1,80})[ \t]*\}\}")


def inspect(input_text: InputText, context: InspectionContext) -> Inspection:
    """Inspect the requests in a text; the responses to them are another inspection's."""
    text = input_text.text
    requests, responses = parse_exchange(text)
    requests = _without_others(requests)
    gathering = Gathering(InputKind.REQUEST)
    changes: list[TextChange] = []
    defined = frozenset(_DEFINED.findall(text))
    for request in requests[:_MOST_REQUESTS]:
        if not _is_request(request):
            continue
        request = _filled_in(request, defined)
        if is_echo(request):
            request = meant_for_api(request) or request
        context.say((request.span.start if request.span else 0) / max(len(text), 1))
        findings = inspect_request(request, context)
        gathering.add(request, findings)
        changes += RawWriter(text, request).changes(findings.edits)
    if changes:  # the old responses do not belong to the corrected requests
        changes += [_without(response, text) for response in responses if response.span is not None]
    return gathering.inspection(text, changes, "http")


def _without_others(requests: tuple[HttpRequest, ...]) -> tuple[HttpRequest, ...]:
    """Return the requests to the API; where none is, one to elsewhere may be meant for it."""
    ours = tuple(one for one in requests if not goes_elsewhere(one))
    return ours or requests


def _without(response: HttpResponse, text: str) -> TextChange:
    span = response.span or Span(0, 0)
    return TextChange(Span(text.rfind("\n", 0, span.start) + 1, span.end), "")


def _filled_in(request: HttpRequest, defined: frozenset[str]) -> HttpRequest:
    """Mark what a ``.http`` file's own variables fill in: they are no placeholders."""
    if not defined:
        return request
    headers = tuple(
        replace(header, filled=_places_of(defined, header.value)) for header in request.headers
    )
    return replace(request, headers=headers, url_filled=_places_of(defined, request.url or ""))


def _places_of(defined: frozenset[str], text: str) -> tuple[Span, ...]:
    return tuple(Span(*match.span()) for match in _REFERENCE.finditer(text) if match[1] in defined)


def _is_request(request: HttpRequest) -> bool:
    """Tell requests from a line of prose that has a colon, and from one that asks for a tunnel."""
    if request.method == "CONNECT":
        return False
    return request.url is not None or any(is_header_name(one.name) for one in request.headers)
