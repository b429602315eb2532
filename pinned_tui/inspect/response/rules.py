"""Looks at an answer: first who gave it, then what it means.

Raw answers, exchanges and the entries of HAR files all come through :func:`inspect_answer`, so
that a status means the same wherever it stands. Nothing is concluded on a key, a scope or a channel
from what the API itself did not say (page *Errors*; RFC 9110 for what the statuses mean).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.errors import read_document, read_list
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
from pinned_tui.inspect.response.context import WHO, ResponseContext, read_answer
from pinned_tui.inspect.response.errors import faults_of, kind_of_body
from pinned_tui.inspect.response.notes import left_unexplained, notes_on
from pinned_tui.inspect.secrets import found_in_text, secrets_of
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_TUNNEL = re.compile(r"connection established", re.IGNORECASE)

Faults = tuple[Fault, ...]
Notes = tuple[Note, ...]


def inspect(pasted: InputText, looking: InspectionContext) -> Inspection:
    """Inspect a raw answer, alone or with the request that it belongs to."""
    requests, answers = parse_exchange(pasted.text)
    answers = tuple(one for one in answers if not _is_interim(one))
    if not answers:
        summary = "There is no whole answer in it: no status line such as HTTP/1.1 200 OK."
        return Inspection(InputKind.RESPONSE, summary)
    faults: list[Fault] = []
    notes: list[Note] = []
    readings = []
    for number, answer in enumerate(answers):
        request = requests[min(number, len(requests) - 1)] if requests else None
        found, said = inspect_answer(answer, request, looking)
        faults += found
        notes += said
        readings.append(read_answer(answer, request))
    headers = [h for r in requests for h in r.headers] + [h for a in answers for h in a.headers]
    urls = [request.url for request in requests if request.url]
    return Inspection(
        InputKind.RESPONSE,
        " Then: ".join(dict.fromkeys(map(_summary, readings))),
        _once(faults),
        tuple({(note.code, note.summary): note for note in notes}.values()),
        secrets=(*secrets_of(headers, urls), *found_in_text(pasted.text)),
        judged=len(answers),
    )


def with_answers(
    inspection: Inspection, pasted: InputText, looking: InspectionContext
) -> Inspection:
    """Return the inspection of requests with what the answers behind them show.

    What the request itself explains is not told twice: why its key or its body was refused.
    """
    if "HTTP/" not in pasted.text:
        return inspection
    answered = inspect(pasted, looking)
    faults = left_unexplained(answered.faults, inspection.faults)
    told = f" {answered.summary}" if answered.faults or answered.notes else ""
    return replace(
        inspection,
        summary=inspection.summary + told,
        faults=(*inspection.faults, *faults),
        notes=(*inspection.notes, *answered.notes),
        secrets=(*inspection.secrets, *answered.secrets),
        judged=inspection.judged + answered.judged,
    )


def inspect_json(pasted: InputText, looking: InspectionContext) -> Inspection:
    """Inspect the JSON body of an answer that was pasted without its status and headers."""
    text = pasted.text.lstrip("\ufeff")
    start = len(pasted.text) - len(text)
    answer = HttpResponse(None, text=text, body_start=start, span=Span(start, len(pasted.text)))
    faults, notes = inspect_answer(answer, None, looking)
    reading = read_answer(answer, None)
    known = reading.who == response_origin.API or reading.status is not None
    strong = tuple(fault for fault in faults if known or fault.certainty is not Certainty.POSSIBLE)
    return Inspection(
        InputKind.ANSWER,
        _summary(reading),
        strong,
        notes,
        secrets=found_in_text(text),
        judged=1 if known or strong else 0,
    )


def inspect_answer(
    answer: HttpResponse, request: HttpRequest | None, looking: InspectionContext
) -> tuple[Faults, Notes]:
    """Say what is wrong with an answer, and what is worth knowing about it.

    Args:
        answer: The answer; without a status where only a body is there, without a body where only
            a status is.
        request: The request that it belongs to, if that is known.
        looking: The present moment.

    Returns:
        Nothing wrong, for an answer that is as the API's pages promise.
    """
    reading = read_answer(answer, request)
    faults = tuple(_faults(reading, looking))
    return faults, tuple(notes_on(reading, failed=bool(faults)))


def _once(faults: Iterable[Fault]) -> Faults:
    """Keep one fault of each cause and subject."""
    kept: dict[tuple[str, str | None], Fault] = {}
    for fault in faults:
        kept.setdefault((fault.cause, fault.subject), fault)
    return tuple(kept.values())


def _is_interim(answer: HttpResponse) -> bool:
    """Tell whether a further answer follows: 1xx, or the tunnel that a proxy opened."""
    status = answer.status or 0
    return 100 <= status < 200 or (status == 200 and _TUNNEL.search(answer.reason) is not None)


def _faults(reading: ResponseContext, looking: InspectionContext) -> Iterator[Fault]:
    status = reading.status
    if not reading.answer.complete and reading.document is None:
        yield _interrupted(reading)
    elif status is None and reading.error is None:
        yield from _unknown(reading)
    elif reading.error is None and status is not None and status < 300:
        yield from _success(reading, looking)
    elif status is None or status >= 400 or _redirects(reading) or reading.error is not None:
        yield from faults_of(reading, looking)


def _redirects(reading: ResponseContext) -> bool:
    return reading.who == response_origin.REDIRECT and "location" in reading.headers


def _interrupted(reading: ResponseContext) -> Fault:
    length = clean_line(reading.headers.get("content-length", ""), 20)
    octets = len(reading.answer.text.encode("utf-8", "replace"))
    return Fault(
        "net-interrupted",
        Certainty.LIKELY,
        f"The answer announces {length or 'more'} bytes, and only {octets:,} of them are there.",
        span=reading.whole,
        alternatives=("Only part of the response was pasted.",),
        values={
            "status": reading.status,
            "request_id": reading.request_id,
            "route": reading.asked,
        },
    )


def _success(reading: ResponseContext, looking: InspectionContext) -> Iterator[Fault]:
    if not reading.answer.text.strip() or reading.status in {204, 205}:
        return
    if read_list(reading.document, page=1) is None and read_document(reading.document) is None:
        yield from faults_of(reading, looking)
    elif reading.request is None or reading.method == "GET":
        yield from _draft(reading)


def _draft(reading: ResponseContext) -> Iterator[Fault]:
    """Find the state of the one event that an answer is about (guide, *Event not visible*)."""
    doc = read_document(reading.document) or {}
    if str(doc.get("status", "")).strip().lower() != "draft" or "startAt" not in doc:
        return
    number, title = doc.get("id"), doc.get("title")
    yield Fault(
        "event-draft",
        Certainty.CONFIRMED,
        "The event in this response is a draft, not published.",
        subject=str(number) if isinstance(number, str | int) else None,
        found="draft",
        span=reading.place_of("status"),
        values={"event_title": clean_line(title, 120) if isinstance(title, str) else None},
    )


def _unknown(reading: ResponseContext) -> Iterator[Fault]:
    """Judge a body alone that tells no status."""
    if reading.document is None:
        if reading.answer.text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
            yield Fault(
                "response-malformed",
                Certainty.LIKELY,
                "The body begins as JSON does, and is not valid JSON: it is cut short or damaged.",
                span=reading.whole,
                alternatives=("Only part of the response was pasted.",),
            )
        return
    if reading.who != response_origin.API and read_document(reading.document) is None:
        kind = kind_of_body(reading)
        other = isinstance(reading.document, dict) and "errors" in reading.document
        yield Fault(
            "response-not-api",
            Certainty.LIKELY if other else Certainty.POSSIBLE,
            f"This is {kind}, not an answer as the API's pages promise it.",
            span=reading.whole,
            values={"actual": kind},
        )
    yield from _draft(reading)


def _summary(reading: ResponseContext) -> str:
    """Say what the answer is and who gave it."""
    status = f"An answer with status {reading.status}" if reading.given else "The body of an answer"
    who = WHO[reading.who]
    if reading.bare and reading.who not in {response_origin.REDIRECT, response_origin.PROXY}:
        return f"{status}, without its body, so that nothing tells who gave it."
    if reading.status is None and reading.who != response_origin.API:
        return f"{status}; nothing in it tells who gave it."
    listed = read_list(reading.document, page=1)
    if listed is not None and reading.who == response_origin.API:
        total = "" if listed.total is None else f" of {listed.total:,}"
        count = f"{len(listed.docs):,}{total}"
        return f"{status}, from {who}: a list with {count} entries, page {listed.page}."
    code = f": {clean_line(reading.error.code, 80)}" if reading.error else ""
    return f"{status}, from {who}{code}."
