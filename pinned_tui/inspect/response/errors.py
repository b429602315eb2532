"""What a pasted response means: the rows of the table of causes that it meets, as faults. Pure.

Which cause a response has is decided by :mod:`pinned_tui.api_spec.error_causes`. Added here is what
the paste alone shows: where it stands, and which scope, channel or event its request names.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.error_causes import (
    INVALID,
    CauseRow,
    ErrorSigns,
    find_cause,
    is_documented,
    route_kind,
    status_of_code,
    what_is_said,
)
from pinned_tui.api_spec.errors import Issue, read_issues
from pinned_tui.api_spec.rate_limit import http_date, read_rate_limit
from pinned_tui.api_spec.response_origin import in_words
from pinned_tui.api_spec.routes import NAMESPACE, ROUTES
from pinned_tui.api_spec.urls import leads_to
from pinned_tui.core.clock import timestamp
from pinned_tui.core.labels import moment, wait
from pinned_tui.inspect.endpoint import methods_of
from pinned_tui.inspect.model import Fault, InspectionContext, Span
from pinned_tui.inspect.response.context import ResponseContext, parsed_body
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import SCOPES, Certainty

_SCOPE = re.compile(r"\b(?:channels|events|media):(?:read|create|update|delete|write)\b")
_CHANNEL = re.compile(r"\bchannel(?:Id)?\b\D{0,12}(\d{1,15})\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"'`“«]([^\"'`”»]{1,80})[\"'`”»]|slug:? ([\w-]{1,80})\b")
_NO_SLUGS = frozenset({"use", "is", "in", "was", "not"})
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body|<h1)", re.IGNORECASE)
_MOST_ISSUES = 20
_PATHS = sorted({route.path for route in ROUTES if "{" not in route.path})

Values = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a paste shows beyond the cause: subject, values, and how its sentence goes on."""

    subject: str | None = None
    found: str | None = None
    suggestion: str | None = None
    tail: str = ""
    values: Values = field(default_factory=dict)


def faults_of(response: ResponseContext, context: InspectionContext) -> Iterator[Fault]:
    """Yield what the table of causes says of a response, one fault for each thing it names.

    Args:
        response: A failure, a redirect, or a success that is not as the API's pages promise.
        context: The present moment, for a Retry-After that is a date.
    """
    error = response.error
    issue: Issue = (error.field, error.issue) if error else (None, None)
    named: tuple[Issue, ...] = (issue,)
    if error is not None and _status(response) in INVALID:
        named = read_issues(response.document)[:_MOST_ISSUES] or named
    for one in named:
        row = find_cause(_signs(response, one))
        if row is not None:
            yield _fault(response, row, one, context)


def _status(response: ResponseContext) -> int:
    """Return the status that counts: the code decides where a success carries an error."""
    status = response.status or 0
    if response.error is not None and status < 400:
        return status_of_code().get(response.error.code, 400)
    return status


def _signs(response: ResponseContext, issue: Issue) -> ErrorSigns:
    error, route, status = response.error, response.route, _status(response)
    location = response.headers.get("location")
    asked = response.request.url if response.request else None
    return ErrorSigns(
        who=response_origin.API if error is not None else response.who,
        status=status,
        code=error.code if error else None,
        documented=is_documented(error),
        route=route_kind(response.method, response.place.route if response.place else None),
        scoped=route is not None and route.scope is not None,
        field=issue[0] or "",
        says=issue[1] if issue[1] and status in INVALID else what_is_said(error, status),
        blocks=response_origin.is_block_page(response.headers, response.head),
        leads=leads_to(location, asked) if location is not None else None,
    )


def _fault(
    response: ResponseContext, row: CauseRow, issue: Issue, context: InspectionContext
) -> Fault:
    cause, adds, others = row.cause, row.adds, row.alternatives
    seen = _seen(response, row, issue, context)
    if row.stage == "key" and _has_no_key(response):
        cause, adds, others = "auth-header-missing", say("response.more.no-key"), ()
    if "{}" in adds:
        adds = adds.replace("{}", seen.subject) if seen.subject else ""
    detail = _beginning(response) + adds + seen.tail
    own: Values = {row.subject: seen.subject} if row.subject in {"scope", "event"} else {}
    partial = (say("response.or.partial"),) if response.who == response_origin.BROKEN else ()
    return Fault(
        cause,
        row.certainty,
        detail if detail.endswith((".", "!", "?")) else f"{detail}.",
        subject=seen.subject,
        found=seen.found,
        suggestion=seen.suggestion,
        span=_span(response, row, issue),
        alternatives=(*others, *partial),
        values={**_values(response), **own, **seen.values},
    )


def _has_no_key(response: ResponseContext) -> bool:
    """Return whether the whole request is there, and no header with a key in it."""
    request = response.request
    if request is None or request.origin != "http" or not request.headers:
        return False
    return not any(map(request.header, ("authorization", "x-api-key")))


def _values(response: ResponseContext) -> Values:
    error = response.error
    values: Values = {
        "status": response.status if response.given else _status(response),
        "request_id": response.request_id,
        "route": response.asked,
    }
    if error is None and response.who != response_origin.UNKNOWN:
        actual = kind_of_body(response) if (response.status or 0) < 300 else None
        signs = in_words(response.by.product, response.by.signs)
        return values | {"actual": actual, "signs": signs}
    return values | {
        "code": clean_line(error.code, 80) if error else None,
        "message": clean_line(error.message, 300) if error and error.message else None,
        "method": response.method,
    }


def _beginning(response: ResponseContext) -> str:
    """Return the beginning of a sentence: who returned what, and for which request."""
    route, status, who = response.asked, response.status or 0, response.who
    if response.error is not None:
        code = clean_line(response.error.code, 80)
        error = f"{status} {code}" if response.given else code
        if route:
            return say("response.beginning.error-for", error=error, route=route)
        return say("response.beginning.error", error=error)
    if who == response_origin.UNKNOWN:
        if route:
            return say("response.beginning.status-for", status=status, route=route)
        return say("response.beginning.status", status=status)
    if status == 407:
        return say("response.beginning.proxy-login")
    if who == response_origin.REDIRECT:
        target = clean_line(response.headers.get("location", ""), 300)
        return say("response.beginning.redirect", status=status, target=target)
    if who == response_origin.BROKEN:
        return say("response.beginning.broken")
    if status >= 400:
        return say("response.beginning.not-error", status=status, body=kind_of_body(response))
    if who == response_origin.PORTAL:
        return say("response.beginning.login-page", status=status)
    if who in {response_origin.EDGE, response_origin.PROXY}:
        return say("response.beginning.block-page", status=status)
    return say("response.beginning.not-success", status=status, body=kind_of_body(response))


def _seen(
    response: ResponseContext, row: CauseRow, issue: Issue, context: InspectionContext
) -> _Seen:
    """Return what the paste shows of the subject of a row."""
    if response.who == response_origin.REDIRECT and response.error is None:
        target = clean_line(response.headers.get("location", ""), 300)
        sure = row.certainty is Certainty.CONFIRMED
        return _Seen(target, found=target, suggestion=target if sure else None)
    if row.cause == "url-wrong-path":
        return _path(response, row)
    match row.subject:
        case "retry":
            return _wait(response, context)
        case "field":
            return _issue(row, issue, what_is_said(response.error, _status(response)))
        case "method":
            return _method(response)
        case "request_id":
            date = http_date(response.headers.get("date"))
            when = moment(timestamp(date)) if date else None
            # Of an edge each response has another ID, and a log would list every one of them.
            by_edge = response.error is None and response.who != response_origin.UNKNOWN
            return _Seen(None if by_edge else response.request_id, values={"when": when})
        case None:
            return _Seen()
        case named:
            return _Seen(_NAMED[named](response))


def _method(response: ResponseContext) -> _Seen:
    allowed = clean_line(response.headers.get("allow", ""), 80)
    known = ", ".join(methods_of(response.place)) if response.place else ""
    takes = allowed or known
    tail = say("response.more.methods", methods=takes) if takes else ""
    return _Seen(response.method, tail=tail, values={"expected": takes or None})


def _path(response: ResponseContext, row: CauseRow) -> _Seen:
    if response.place is None:
        return _Seen()
    route = response.place.route
    near = get_close_matches(route, _PATHS, n=1, cutoff=0.5) if "foreign" in row.route else []
    return _Seen(found=clean_line(route, 200), suggestion=NAMESPACE + near[0] if near else None)


def _wait(response: ResponseContext, context: InspectionContext) -> _Seen:
    """Read how long to wait: a time where the response has a date, else a span."""
    date = http_date(response.headers.get("date"))
    limit = read_rate_limit(response.headers, received_at=date or context.now)
    seconds = limit.retry_after_s if limit else None
    absolute = http_date(response.headers.get("retry-after"))
    until = absolute and timestamp(absolute)
    if until is None and date is not None and limit is not None:
        until = limit.retry_at
    span = None if seconds is None or (absolute and not date) else wait(seconds)
    tail, after = "", None
    if span:
        tail = say("response.more.wait", wait=span)
        after = say("response.more.after", wait=span)
    elif until:
        tail = say("response.more.wait-until", until=moment(until))
    return _Seen(
        until or after,
        tail=tail,
        values={"retry_at": moment(until) if until else None, "wait": span},
    )


def _issue(row: CauseRow, issue: Issue, message: str) -> _Seen:
    """Quote the field that the API names, and what it says of it."""
    said = issue[1] or message
    named = clean_line(issue[0], 120) if issue[0] else None
    shown = clean_line(said, 300) if said else None
    found = None
    if row.quotes:
        match = _QUOTED.search(said)
        value = (match[1] or match[2]) if match else None
        found = clean_line(value, 80) if value and value not in _NO_SLUGS else None
    elif row.cause == "payload-rejected":
        found = shown
    tail = ""
    if named and shown:
        tail = say("response.more.field-issue", field=named, issue=shown)
    elif named:
        tail = say("response.more.field", field=named)
    elif shown:
        tail = say("response.more.issue", issue=shown)
    return _Seen(named, found=found, tail=tail, values={"field": named, "issue": shown})


def _texts(response: ResponseContext) -> tuple[str, ...]:
    error = response.error
    return (error.message, error.issue or "", error.field or "") if error else ()


def _scope(response: ResponseContext) -> str | None:
    named = next((m[0] for text in _texts(response) if (m := _SCOPE.search(text))), None)
    return named if named in SCOPES else (response.route.scope if response.route else None)


def _channel(response: ResponseContext) -> str | None:
    """Find the channel in the request's body or in what the API says."""
    body = response.request.body if response.request else None
    document = parsed_body(body.text) if body and body.text else None
    value: Any = document.get("channelId") if isinstance(document, dict) else None
    if isinstance(value, int | str) and not isinstance(value, bool):
        return clean_line(str(value)[:60], 60)
    return next((m[1] for text in _texts(response)[:2] if (m := _CHANNEL.search(text))), None)


def _event(response: ResponseContext) -> str | None:
    event = response.place.event_id if response.place else None
    return clean_line(event, 80) if event else None


def _idempotency_key(response: ResponseContext) -> str | None:
    header = response.request.header("idempotency-key") if response.request else None
    return clean_line(header.value, 80) if header else None


_NAMED: Mapping[str, Callable[[ResponseContext], str | None]] = {
    "scope": _scope,
    "channel": _channel,
    "event": _event,
    "idempotency_key": _idempotency_key,
}
"""The subjects that the request or the words of the error name."""


def _span(response: ResponseContext, row: CauseRow, issue: Issue) -> Span | None:
    if response.error is None and response.who != response_origin.UNKNOWN:
        place = response.header_span("location") if row.leads or "redirect" in row.who else None
        return place or response.whole
    return response.place_of("field" if row.subject == "field" and issue[0] else "code")


def kind_of_body(response: ResponseContext) -> str:
    """Return in words what a body is that the API does not write."""
    return say(f"response.body.{_body_kind(response)}")


def _body_kind(response: ResponseContext) -> str:
    text, document = response.http.text, response.document
    if not text.strip():
        return "empty"
    if isinstance(document, dict):
        problem = {"type", "title", "status", "detail"} & document.keys()
        return "problem" if len(problem) > 1 else "json"
    if document is not None:
        return "list" if isinstance(document, list) else "json"
    return "page" if _HTML.match(text) else "text"
