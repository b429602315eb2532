"""Inspects a response: first who sent it, then what it means.

Raw responses, exchanges and the entries of HAR files all come through :func:`inspect_response`, so
that a status means the same wherever it stands. Nothing is concluded on a key, a scope or a channel
from what the API itself did not say (page *Errors*; RFC 9110 for what the statuses mean).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.errors import read_document, read_list
from pinned_tui.inspect.event_documents import documents_in
from pinned_tui.inspect.event_documents import faults_of as event_faults
from pinned_tui.inspect.http_message import HttpRequest, HttpResponse
from pinned_tui.inspect.model import (
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Note,
    Span,
)
from pinned_tui.inspect.raw_http import parse_exchange
from pinned_tui.inspect.request.target import goes_elsewhere
from pinned_tui.inspect.response.context import ResponseContext, read_response
from pinned_tui.inspect.response.errors import faults_of, kind_of_body
from pinned_tui.inspect.response.notes import left_unexplained, notes_on
from pinned_tui.inspect.secrets import found_in_text, secrets_of
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_TUNNEL = re.compile(r"connection established", re.IGNORECASE)

Faults = tuple[Fault, ...]
Notes = tuple[Note, ...]


def inspect(pasted: InputText, context: InspectionContext) -> Inspection:
    """Inspect a raw response, alone or with the request that it belongs to."""
    requests, responses = parse_exchange(pasted.text)
    responses = tuple(one for one in responses if not _is_interim(one))
    if not responses:
        return Inspection(InputKind.RESPONSE, say("response.summary.none"))
    faults: list[Fault] = []
    notes: list[Note] = []
    summaries = []
    asked = [_request_of(http, number, requests) for number, http in enumerate(responses)]
    if any(one is not None and not goes_elsewhere(one) for one in asked):
        paired = [
            (http, one)
            for http, one in zip(responses, asked, strict=True)
            if one is None or not goes_elsewhere(one)
        ]
    else:
        paired = list(zip(responses, asked, strict=True))
    for http, request in paired:
        response = read_response(http, request)
        found = tuple(_faults(response, context))
        faults += found
        notes += notes_on(response, failed=bool(found))
        summaries.append(_summary(response))
    headers = [h for one in requests for h in one.headers]
    headers += [h for one in responses for h in one.headers]
    urls = [request.url for request in requests if request.url]
    return Inspection(
        InputKind.RESPONSE,
        _in_order(summaries),
        _once(faults),
        tuple({(note.code, note.summary): note for note in notes}.values()),
        secrets=(*secrets_of(headers, urls), *found_in_text(pasted.text)),
        judged=len(paired),
    )


def _request_of(
    http: HttpResponse, number: int, requests: Sequence[HttpRequest]
) -> HttpRequest | None:
    """Return the request that a response belongs to: the last before it, or the one by count."""
    if not requests:
        return None
    place = http.span.start if http.span is not None else None
    before = [one for one in requests if place is not None and one.span and one.span.start < place]
    return before[-1] if before else requests[min(number, len(requests) - 1)]


def with_responses(
    inspection: Inspection, pasted: InputText, context: InspectionContext
) -> Inspection:
    """Return the inspection of requests with what the responses behind them show.

    What the request itself explains is not reported twice: why its key or its body was refused.
    """
    if "HTTP/" not in pasted.text:
        return inspection
    responses = inspect(pasted, context)
    faults = left_unexplained(responses.faults, inspection.faults)
    more = f" {responses.summary}" if responses.faults or responses.notes else ""
    return replace(
        inspection,
        summary=inspection.summary + more,
        faults=(*inspection.faults, *faults),
        notes=(*inspection.notes, *responses.notes),
        secrets=(*inspection.secrets, *responses.secrets),
        judged=inspection.judged + responses.judged,
    )


def inspect_json(pasted: InputText, context: InspectionContext) -> Inspection:
    """Inspect the JSON body of a response that was pasted without its status and headers."""
    text = pasted.text.lstrip("\ufeff")
    start = len(pasted.text) - len(text)
    http = HttpResponse(None, text=text, body_start=start, span=Span(start, len(pasted.text)))
    response = read_response(http, None)
    faults = tuple(_faults(response, context))
    notes = tuple(notes_on(response, failed=bool(faults)))
    documents = documents_in(response.document)
    known = bool(documents) or response.who == response_origin.API or response.status is not None
    strong = tuple(fault for fault in faults if known or fault.certainty is not Certainty.POSSIBLE)
    return Inspection(
        InputKind.ANSWER,
        _summary(response)
        if response.who == response_origin.API
        else _summary_of(documents, response),
        strong,
        notes,
        secrets=found_in_text(text),
        judged=1 if known or strong else 0,
    )


def _summary_of(documents: Sequence[object], response: ResponseContext) -> str:
    """Describe a body alone, which may be an export of events."""
    if not documents or response.who == response_origin.API:
        return _summary(response)
    if len(documents) == 1:
        return say("documents.summary.one")
    return say("documents.summary.several", count=len(documents))


def inspect_response(
    http: HttpResponse, request: HttpRequest | None, context: InspectionContext
) -> tuple[Faults, Notes]:
    """Return what is wrong with a response, and what is worth knowing about it.

    Args:
        http: The response; without a status where only a body is there, without a body where only
            a status is.
        request: The request that it belongs to, if that is known.
        context: The present moment.

    Returns:
        No faults, for a response that is as the API's pages promise.
    """
    response = read_response(http, request)
    faults = tuple(_faults(response, context))
    return faults, tuple(notes_on(response, failed=bool(faults)))


def _once(faults: Iterable[Fault]) -> Faults:
    """Keep one fault of each cause and subject."""
    kept: dict[tuple[str, str | None], Fault] = {}
    for fault in faults:
        kept.setdefault((fault.cause, fault.subject), fault)
    return tuple(kept.values())


def _is_interim(http: HttpResponse) -> bool:
    """Return whether a further response follows: 1xx, or the tunnel that a proxy opened."""
    status = http.status or 0
    return 100 <= status < 200 or (status == 200 and _TUNNEL.search(http.reason) is not None)


def _faults(response: ResponseContext, context: InspectionContext) -> Iterator[Fault]:
    status = response.status
    if not response.http.complete and response.document is None:
        yield _interrupted(response)
    elif status is None and response.error is None:
        yield from _unknown(response, context)
    elif response.error is None and status is not None and status < 300:
        yield from _success(response, context)
    elif status is None or status >= 400 or _redirects(response) or response.error is not None:
        yield from faults_of(response, context)


def _redirects(response: ResponseContext) -> bool:
    return response.who == response_origin.REDIRECT and "location" in response.headers


def _interrupted(response: ResponseContext) -> Fault:
    length = clean_line(response.headers.get("content-length", ""), 20)
    octets = f"{len(response.http.text.encode('utf-8', 'replace')):,}"
    detail = (
        say("response.net-interrupted.seen", length=length, octets=octets)
        if length
        else say("response.net-interrupted.unknown-length", octets=octets)
    )
    return Fault(
        "net-interrupted",
        Certainty.LIKELY,
        detail,
        span=response.whole,
        alternatives=(say("response.or.partial"),),
        values={
            "status": response.status,
            "request_id": response.request_id,
            "route": response.asked,
        },
    )


def _success(response: ResponseContext, context: InspectionContext) -> Iterator[Fault]:
    if not response.http.text.strip() or response.status in {204, 205}:
        return
    if read_list(response.document, page=1) is None and read_document(response.document) is None:
        yield from faults_of(response, context)
    elif response.request is None or response.method == "GET":
        yield from _of_events(response, context)


def _of_events(response: ResponseContext, context: InspectionContext) -> Iterator[Fault]:
    """Find what keeps the events of a response from being seen (guide, *Event not visible*)."""
    start = response.http.body_start or 0
    for fault in event_faults(documents_in(response.document), response.http.text, context.now):
        span = fault.span.shifted(start) if fault.span is not None else None
        yield replace(fault, span=span)


def _unknown(response: ResponseContext, context: InspectionContext) -> Iterator[Fault]:
    """Yield the faults of a body alone that shows no status."""
    if response.document is None:
        if response.http.text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
            yield Fault(
                "response-malformed",
                Certainty.LIKELY,
                say("response.response-malformed.seen"),
                span=response.whole,
                alternatives=(say("response.or.partial"),),
            )
        return
    read = read_document(response.document) or documents_in(response.document)
    if response.who != response_origin.API and not read:
        kind = kind_of_body(response)
        other = isinstance(response.document, dict) and "errors" in response.document
        yield Fault(
            "response-not-api",
            Certainty.LIKELY if other else Certainty.POSSIBLE,
            say("response.response-not-api.seen", body=kind),
            span=response.whole,
            values={"actual": kind},
        )
    yield from _of_events(response, context)


def _in_order(summaries: Iterable[str]) -> str:
    """Return the summaries of the responses of one input, each once."""
    first, *others = dict.fromkeys(summaries)
    return " ".join((first, *(say("response.summary.next", summary=one) for one in others)))


def _summary(response: ResponseContext) -> str:
    """Describe a response: what it is, and who sent it."""
    subject = (
        say("response.summary.status", status=response.status or 0)
        if response.given
        else say("response.summary.body")
    )
    who = say(f"response.who.{response.who}")
    if response.bare and response.who not in {response_origin.REDIRECT, response_origin.PROXY}:
        return say("response.summary.bare", response=subject)
    if response.status is None and response.who != response_origin.API:
        return say("response.summary.unknown", response=subject)
    listed = read_list(response.document, page=1)
    if listed is not None and response.who == response_origin.API:
        count = f"{len(listed.docs):,}"
        if listed.total is None:
            return say(
                "response.summary.list", response=subject, who=who, count=count, page=listed.page
            )
        return say(
            "response.summary.part-of-list",
            response=subject,
            who=who,
            count=count,
            total=f"{listed.total:,}",
            page=listed.page,
        )
    if response.error:
        code = clean_line(response.error.code, 80)
        return say("response.summary.code", response=subject, who=who, code=code)
    return say("response.summary.from", response=subject, who=who)
