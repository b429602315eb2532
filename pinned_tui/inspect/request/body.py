"""Rules about what a request sends: its content type, and the body of a create or an update.

The vendor's page *Create events* asks for ``Content-Type: application/json``.
"""

import re
from collections.abc import Iterator

from pinned_tui.inspect.http_message import HttpBody, HttpRequest
from pinned_tui.inspect.model import Fault, InspectionContext, Span
from pinned_tui.inspect.payload.body import inspect_body
from pinned_tui.inspect.request.findings import (
    RequestEdit,
    RequestFindings,
    RequestPart,
    headers_seen,
)
from pinned_tui.inspect.request.target import RequestTarget
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

JSON = "application/json"

_JSON = re.compile(r"application/json[ \t]*(?:;.*)?", re.IGNORECASE | re.DOTALL)
_FORM = re.compile(r"\s*[\w.\[\]-]{1,60}=")


def writes_event(request: HttpRequest, target: RequestTarget | None) -> bool:
    """Return whether the request creates or changes an event."""
    return creates_event(request, target) or (
        target is not None and request.method in {"PATCH", "PUT"} and target.route == "/events/{id}"
    )


def creates_event(request: HttpRequest, target: RequestTarget | None) -> bool:
    """Return whether the request creates an event."""
    if target is None or target.route != "/events":
        return False
    return request.method == "POST" or (request.method == "GET" and request.body is not None)


def inspect_content(
    request: HttpRequest, target: RequestTarget | None, context: InspectionContext
) -> RequestFindings:
    """Look at content type and body of a request that creates or changes an event."""
    findings = RequestFindings()
    if not writes_event(request, target) or target is None:
        return findings
    body = request.body
    route = f"{request.method} {target.route}"
    if body is None:
        _empty(request, route, findings)
        return findings
    _content_type(request, findings)
    if body.text is None or _FORM.match(body.text):
        return findings
    if not body.text.strip():
        _empty(request, route, findings)
        return findings
    _event(body, context, findings, partial=target.id is not None, shell=request.shell)
    return findings


def _empty(request: HttpRequest, route: str, findings: RequestFindings) -> None:
    """Find a request without a body; in pasted HTTP it may just not have been pasted."""
    length = request.header("Content-Length")
    certainty = Certainty.CONFIRMED
    if request.origin in {"http", "har"} and request.body is None:
        if length is None or length.value.strip() != "0":
            if length is not None or not request.headers:
                return
            certainty = Certainty.POSSIBLE
    elif request.open_ended:
        certainty = Certainty.LIKELY
    findings.faults.append(
        Fault(
            "body-empty",
            certainty,
            say("request.body-empty.request"),
            span=request.method_span or request.url_span,
            values={"route": route},
        )
    )


def _content_type(request: HttpRequest, findings: RequestFindings) -> None:
    header = request.header("Content-Type")
    if header is None and not headers_seen(request):
        return
    if header is not None and (header.filled or _JSON.fullmatch(header.value.strip())):
        return
    certainty = Certainty.CONFIRMED
    if header is None:
        found = say("request.body-content-type.nothing")
        detail = say("request.body-content-type.absent")
        certainty = Certainty.LIKELY if request.origin == "http" else certainty
    elif header.implied:
        found = clean_line(header.value, 80)
        detail = say("request.body-content-type.added-by-client", found=found)
    else:
        found = clean_line(header.value, 80)
        detail = say("request.body-content-type.written", found=found)
    findings.faults.append(
        Fault(
            "body-content-type",
            certainty,
            detail,
            found=found,
            suggestion=JSON,
            span=header.span if header is not None else _body_span(request),
        )
    )
    if header is None or header.implied:
        change = say("request.body-content-type.add-change", expected=JSON)
        findings.edits.append(RequestEdit(RequestPart.HEADER, change, None, "Content-Type", JSON))
    else:
        change = say("request.body-content-type.change", expected=JSON)
        findings.edits.append(RequestEdit(RequestPart.HEADER, change, header, header.name, JSON))


def _body_span(request: HttpRequest) -> Span | None:
    return request.body.span if request.body is not None else None


def _event(
    body: HttpBody,
    context: InspectionContext,
    findings: RequestFindings,
    *,
    partial: bool,
    shell: str | None,
) -> None:
    """Look at the event in the body; what a shell fills in is not judged."""
    text = body.text or ""
    seen = inspect_body(text, context, partial=partial)
    findings.secrets += seen.secrets
    faults = list(_placed(body, seen.faults))
    has_variables = bool(body.filled) or any(place.filled for place in body.places.values())
    about_form = {fault.cause for fault in faults if fault.cause.startswith("body-")}
    if has_variables and about_form:
        # A shell's variable may bring any text; one of a client stands for a value.
        if shell is not None or about_form != {"body-malformed-json"}:
            return
        faults = [_at(fault, fault.span, Certainty.LIKELY) for fault in faults]
    findings.faults += faults
    findings.notes += seen.notes
    if seen.corrected is not None and not has_variables:
        change = " ".join(seen.changes) or say("request.body.change")
        findings.edits.append(RequestEdit(RequestPart.BODY, change, value=seen.corrected))


def _placed(body: HttpBody, faults: tuple[Fault, ...]) -> Iterator[Fault]:
    """Return the faults with their places in the pasted text, without those about variables."""
    for fault in faults:
        if body.places:
            place = _nearest(body, fault.path or fault.subject)
            if place is None or not place[1]:
                yield _at(fault, place[0] if place else body.span)
        elif fault.span is None:
            if not body.filled or fault.cause == "field-missing":
                yield _at(fault, body.span)
        elif not any(p.start < fault.span.end and fault.span.start < p.end for p in body.filled):
            yield _at(fault, body.locate(fault.span))


def _nearest(body: HttpBody, path: str | None) -> tuple[Span, bool] | None:
    """Return the place of the field at ``path``, or of the nearest one around it."""
    while path:
        if path in body.places:
            place = body.places[path]
            return place.span, place.filled
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return None


def _at(fault: Fault, span: Span | None, most: Certainty = Certainty.CONFIRMED) -> Fault:
    return Fault(
        fault.cause,
        most if fault.certainty is Certainty.CONFIRMED else fault.certainty,
        fault.detail,
        fault.subject,
        fault.found,
        fault.suggestion,
        span,
        fault.path,
        fault.alternatives,
        fault.values,
    )
