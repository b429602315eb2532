"""Pasted HTTP requests as they go over the wire, or their headers alone."""

from pinned_tui.inspect.gathering import Gathering
from pinned_tui.inspect.http import HttpRequest
from pinned_tui.inspect.model import Inspection, Kind, Looking, Pasted
from pinned_tui.inspect.raw_http import parse_exchange
from pinned_tui.inspect.request.rules import inspect_request
from pinned_tui.inspect.rewriting import Change, RawWriter


def inspect(pasted: Pasted, looking: Looking) -> Inspection:
    """Inspect the requests in a text; the answers to them are another inspection's."""
    text = pasted.text
    requests, _ = parse_exchange(text)
    gathering = Gathering(Kind.REQUEST)
    changes: list[Change] = []
    for request in requests:
        if not _is_request(request):
            continue
        looking.say((request.span.start if request.span else 0) / max(len(text), 1))
        findings = inspect_request(request, looking)
        gathering.add(request, findings)
        changes += RawWriter(text, request).changes(findings.edits)
    return gathering.inspection(text, changes, "http")


def _is_request(request: HttpRequest) -> bool:
    """Tell requests from a line of prose that has a colon."""
    return request.url is not None or len(request.headers) > 0
