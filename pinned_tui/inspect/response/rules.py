"""Looks at an answer: first who gave it, then what it means.

Raw answers, exchanges and the entries of HAR files all come through :func:`inspect_answer`, so
that a status means the same wherever it stands. Nothing is concluded on a key, a scope or a channel
from what the API itself did not say (page *Errors*; RFC 9110 for what the statuses mean).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.errors import read_document, read_list
from pinned_tui.api_spec.origin_signs import in_words
from pinned_tui.api_spec.urls import leads_to
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
from pinned_tui.inspect.response.errors import meaning
from pinned_tui.inspect.response.notes import left_unexplained, notes_on
from pinned_tui.inspect.secrets import found_in_text, secrets_of
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_BLOCKED = re.compile(
    r"captcha|challenge|checking your browser|access denied|blocked|attention required"
    r"|web application firewall|\bwaf\b|ray id",
    re.IGNORECASE,
)
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body|<h1)", re.IGNORECASE)
_LOGIN = re.compile(
    r"captive|hotspot|wi-?fi|network login|accept (?:the )?terms"
    r"|<input[^>]{0,200}type=[\"']?password",
    re.IGNORECASE,
)
_POSSIBLE = Certainty.POSSIBLE
_TUNNEL = re.compile(r"connection established", re.IGNORECASE)
_HEAD = 4096

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
    strong = tuple(fault for fault in faults if known or fault.certainty is not _POSSIBLE)
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
    elif status == 407:
        yield _simple(reading, "net-proxy-auth", Certainty.CONFIRMED, "A proxy asks for a login.")
    elif reading.error is not None:
        yield from meaning(reading, looking)
    elif status is None:
        yield from _unknown(reading)
    elif reading.bare:
        yield from meaning(reading, looking) if status >= 400 else _redirect(reading)
    elif status >= 400:
        yield _foreign_failure(reading, looking)
    elif status >= 300:
        yield from _redirect(reading)
    elif status >= 200:
        yield from _success(reading)


def _interrupted(reading: ResponseContext) -> Fault:
    length = clean_line(reading.headers.get("content-length", ""), 20)
    octets = len(reading.answer.text.encode("utf-8", "replace"))
    return _simple(
        reading,
        "net-interrupted",
        Certainty.LIKELY,
        f"The answer announces {length or 'more'} bytes, and only {octets:,} of them are there.",
        alternatives=("Only a part of the answer was pasted.",),
    )


def _redirect(reading: ResponseContext) -> Iterator[Fault]:
    location = reading.headers.get("location")
    if reading.who != response_origin.REDIRECT or location is None:
        return
    target = clean_line(location, 300)
    leads = leads_to(location, reading.request.url if reading.request else None)
    home = leads == "home"
    detail = f"The answer {reading.status} sends the client on to {target}."
    yield Fault(
        "net-captive-portal" if leads == "sign-in" else "url-redirected",
        Certainty.CONFIRMED if home else Certainty.LIKELY,
        detail,
        subject=target,
        found=target,
        suggestion=target if home else None,
        span=reading.header_span("location") or reading.whole,
        alternatives=_MOVED if leads == "sign-in" else (),
        values={"status": reading.status, "route": reading.asked},
    )


_MOVED = ("The address has moved, and its owner redirects to another site (url-redirected).",)


def _success(reading: ResponseContext) -> Iterator[Fault]:
    text = reading.answer.text
    if not text.strip() or reading.status in {204, 205}:
        return
    if _HTML.match(text) and _LOGIN.search(text[:_HEAD]):
        yield _simple(
            reading,
            "net-captive-portal",
            Certainty.LIKELY,
            f"The answer {reading.status} is a web page with a login, not JSON.",
        )
    elif reading.who in {response_origin.EDGE, response_origin.PROXY}:
        yield _simple(
            reading,
            _REFUSED_BY.get(reading.who, "edge-blocked"),
            Certainty.LIKELY,
            f"The answer {reading.status} is a block page, not JSON.",
        )
    elif reading.document is None and reading.who == response_origin.BROKEN:
        yield _malformed(reading)
    elif not _as_promised(reading):
        kind = _kind_of_body(reading)
        yield _simple(
            reading,
            "response-not-api",
            Certainty.LIKELY,
            f"The status is {reading.status}, but the body is {kind}.",
            actual=kind,
        )
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
        "The event in this answer is a draft, not published.",
        subject=str(number) if isinstance(number, str | int) else None,
        found="draft",
        span=reading.place_of("status"),
        values={"event_title": clean_line(title, 120) if isinstance(title, str) else None},
    )


def _as_promised(reading: ResponseContext) -> bool:
    return (
        read_list(reading.document, page=1) is not None
        or read_document(reading.document) is not None
    )


def _malformed(reading: ResponseContext) -> Fault:
    return _simple(
        reading,
        "response-malformed",
        Certainty.LIKELY,
        "The body begins as JSON does, and is not valid JSON: it is cut short or damaged.",
        alternatives=("Only a part of the answer was pasted.",),
    )


def _foreign_failure(reading: ResponseContext, looking: InspectionContext) -> Fault:
    """Judge an error that is not in the API's format: what is in front of the API, or elsewhere."""
    status = reading.status or 0
    kind = _kind_of_body(reading)
    blocked = _BLOCKED.search(reading.answer.text[:_HEAD]) is not None
    detail = f"The answer {status} is {kind}, not the API's error format."
    if status == 429:
        return next(meaning(reading, looking))
    if reading.document is None and reading.who == response_origin.BROKEN:
        return _malformed(reading)
    if status == 404 and not blocked:
        return _simple(reading, "url-wrong-path", Certainty.LIKELY, detail, found=_path(reading))
    if status == 405:
        return next(meaning(reading, looking))
    if status >= 500 and not (status == 503 and blocked) and reading.who not in _ON_THE_WAY:
        return _simple(reading, "edge-error", Certainty.LIKELY, detail)
    others = ("The API itself refuses the key, in an unusual format (key-rejected).",)
    return _simple(
        reading,
        _REFUSED_BY.get(reading.who, "edge-blocked"),
        Certainty.LIKELY,
        detail,
        alternatives=others if status == 401 else (),
    )


_REFUSED_BY: Mapping[str, str] = {
    response_origin.GATEWAY: "gateway-refused",
    response_origin.SITE: "response-not-api",
    response_origin.PROXY: "net-proxy-blocked",
    response_origin.PORTAL: "net-captive-portal",
}


_ON_THE_WAY = {response_origin.PROXY, response_origin.PORTAL}


def _path(reading: ResponseContext) -> str | None:
    return reading.place.route if reading.place else None


def _unknown(reading: ResponseContext) -> Iterator[Fault]:
    """Judge a body alone that tells no status."""
    if reading.document is None:
        if reading.answer.text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
            yield _malformed(reading)
        return
    if reading.who != response_origin.API and read_document(reading.document) is None:
        kind = _kind_of_body(reading)
        other = isinstance(reading.document, dict) and "errors" in reading.document
        yield Fault(
            "response-not-api",
            Certainty.LIKELY if other else Certainty.POSSIBLE,
            f"This is {kind}, not an answer as the API's pages promise it.",
            span=reading.whole,
            values={"actual": kind},
        )
    yield from _draft(reading)


def _kind_of_body(reading: ResponseContext) -> str:
    text, document = reading.answer.text, reading.document
    if not text.strip():
        return "empty"
    if isinstance(document, dict):
        problem = {"type", "title", "status", "detail"} & document.keys()
        return "problem details (RFC 9457)" if len(problem) > 1 else "other JSON"
    if document is not None:
        return "a JSON list" if isinstance(document, list) else "other JSON"
    return "a web page" if _HTML.match(text) else "text that is no JSON"


def _simple(
    reading: ResponseContext,
    cause: str,
    certainty: Certainty,
    detail: str,
    *,
    alternatives: tuple[str, ...] = (),
    found: str | None = None,
    actual: str | None = None,
) -> Fault:
    return Fault(
        cause,
        certainty,
        detail,
        found=found,
        span=reading.whole,
        alternatives=alternatives,
        values={
            "status": reading.status,
            "request_id": reading.request_id,
            "route": reading.asked,
            "actual": actual,
            "signs": in_words(reading.by.product, reading.by.signs),
        },
    )


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
