"""Which faults of an answer those of its request explain already. Pure."""

import re
from collections.abc import Iterable, Iterator

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.errors import read_document, read_list
from pinned_tui.api_spec.rate_limit import http_date
from pinned_tui.core.clock import timestamp
from pinned_tui.core.labels import moment, plural, wait
from pinned_tui.inspect.model import Fault, Note
from pinned_tui.inspect.response.context import ResponseContext
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_PARAMETER = re.compile(r"[\w-]*\b(q|w|r|t|limit|remaining|reset)=\"?(\d{1,15})")
_EPOCH_FROM = 1_000_000_000
_HIT = re.compile(r"\bhit\b", re.IGNORECASE)


def notes_on(reading: ResponseContext, *, failed: bool) -> Iterator[Note]:
    """Return the notes on an answer.

    Args:
        reading: The answer.
        failed: Whether a fault was found in it.
    """
    yield from _retry_after(reading)
    yield from _limits(reading)
    yield from _cached(reading)
    yield from _replayed(reading)
    yield from _more_pages(reading)
    if not failed:
        yield from _draft(reading)
    error = reading.error
    if failed and error is not None and error.request_id is None and not reading.request_id:
        yield Note(
            "request-id-missing",
            "The response has no requestId. Support finds a request by it; note the time in UTC"
            " instead.",
            reading.whole,
        )


def _retry_after(reading: ResponseContext) -> Iterator[Note]:
    value = reading.headers.get("retry-after")
    if value is None:
        return
    text, span = value.strip(), reading.header_span("retry-after")
    shown = clean_line(text, 60)
    date = http_date(reading.headers.get("date"))
    if text.isascii() and text.isdigit() and len(text) < 10:
        told = f"Retry-After: {shown} means {wait(int(text))} after the answer"
        until = date.timestamp() + int(text) if date else None
        told += f", so not before {_moment(until)}." if until is not None else "."
    elif (at := http_date(text)) is not None:
        told = f"Retry-After is a date: not before {moment(timestamp(at))}"
        seconds = (at - date).total_seconds() if date else None
        told += f", {wait(max(seconds, 0))} after the answer." if seconds is not None else "."
    else:
        told = f"Retry-After is {shown}, neither seconds nor an HTTP date (RFC 9110, 10.2.3)."
    yield Note("retry-after", told, span)


def _moment(seconds: float) -> str:
    from datetime import UTC, datetime

    try:
        return moment(timestamp(datetime.fromtimestamp(seconds, UTC)))
    except (ValueError, OverflowError, OSError):
        return "a moment that no clock shows"


def _limits(reading: ResponseContext) -> Iterator[Note]:
    """Explain ``RateLimit`` of the IETF's draft, its older forms, and ``X-RateLimit-*``."""
    names = [n for n in reading.headers if n.removeprefix("x-").startswith("ratelimit")]
    if not names:
        return
    said: dict[str, int] = {}
    for name in names:
        value = reading.headers[name][:400]
        part = name.removeprefix("x-").removeprefix("ratelimit").strip("-")
        number = re.match(r"\s*(\d{1,15})", value)
        if part in {"limit", "remaining", "reset"} and number:
            said.setdefault(part, int(number[1]))
        for key, count in _PARAMETER.findall(value):
            said.setdefault(
                {"q": "limit", "r": "remaining", "t": "reset"}.get(key, key), int(count)
            )
    words = list(_limit_words(said))
    fields = ", ".join(clean_line(name, 40) for name in sorted(names)[:6])
    told = f": {', '.join(words)}" if words else " in a form that is not known here"
    yield Note(
        "rate-limit-fields",
        f"The rate-limit fields ({fields}) say{told}.",
        reading.header_span(*names),
    )


def _limit_words(said: dict[str, int]) -> Iterator[str]:
    if "limit" in said:
        window = f" within {wait(said['w'])}" if "w" in said else ""
        yield f"{plural(said['limit'], 'request')} allowed{window}"
    if "remaining" in said:
        yield f"{said['remaining']:,} left"
    reset = said.get("reset")
    if reset is not None:
        later = reset >= _EPOCH_FROM
        milliseconds = reset >= _EPOCH_FROM * 1000
        at = reset / 1000 if milliseconds else reset
        yield f"full again at {_moment(at)}" if later else f"full again after {wait(reset)}"


def _cached(reading: ResponseContext) -> Iterator[Note]:
    if (reading.status or 0) >= 400 and reading.error is None:
        return
    age = reading.headers.get("age", "").strip()
    marks = [
        name
        for name in (
            "x-cache",
            "cf-cache-status",
            "x-vercel-cache",
            "x-proxy-cache",
            "cache-status",
        )
        if _HIT.search(reading.headers.get(name, ""))
    ]
    old = age.isascii() and age.isdigit() and int(age[:12]) > 0
    if not (old or marks):
        return
    told = f"an Age of {clean_line(age, 12)} seconds" if old else f"{marks[0]}: HIT"
    yield Note(
        "response-cached",
        f"The response has {told}: it comes from a cache, so it may be out of date or meant for"
        " another key.",
        reading.header_span("age", *marks),
    )


def _replayed(reading: ResponseContext) -> Iterator[Note]:
    for name in ("idempotent-replayed", "idempotency-replayed", "x-idempotent-replayed"):
        if reading.headers.get(name, "").strip().lower() == "true":
            yield Note(
                "idempotent-replay",
                "The response is a replay: the API recognised the Idempotency-Key and repeated"
                " its first response. Nothing was created twice.",
                reading.header_span(name),
            )


def _more_pages(reading: ResponseContext) -> Iterator[Note]:
    listed = read_list(reading.document, page=1) if reading.who == response_origin.API else None
    if listed is not None and listed.total is not None and listed.page < listed.pages:
        left = listed.pages - listed.page
        yield Note(
            "list-has-more",
            f"This is page {listed.page} of {listed.pages:,}: {plural(left, 'page')} more can be"
            " read.",
            reading.place_of("totalDocs"),
        )


def _draft(reading: ResponseContext) -> Iterator[Note]:
    document = read_document(reading.document) if reading.who == response_origin.API else None
    if document is not None and document.get("status") == "draft":
        yield Note(
            "event-draft",
            "The event is a draft: it is not shown to the public until its status is published.",
            reading.place_of("status"),
        )


_REFUSED_KEY = frozenset({"key-rejected", "auth-header-missing"})
OF_BODY = (
    "body-", "field-", "datetime-", "timezone-", "end-", "start-", "classification-", "cover-",
    "offer-", "status-", "channel-id-",
)  # fmt: skip
"""How the ids of the causes begin that are about the body of a request."""


def left_unexplained(faults: Iterable[Fault], own: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return what an answer shows beyond what is wrong with its request by itself.

    Args:
        faults: What the answer shows.
        own: What the request shows.
    """
    sure = [fault for fault in own if fault.certainty is not Certainty.POSSIBLE]
    causes = {fault.cause for fault in sure}
    fields = {fault.subject for fault in sure if fault.subject}
    of_key = any(cause.startswith(("auth-", "key-")) for cause in causes)
    of_body = any(cause.startswith(OF_BODY) for cause in causes)
    return tuple(
        fault
        for fault in faults
        if fault.cause not in causes
        and not (of_key and fault.cause in _REFUSED_KEY)
        and not (of_body and (fault.subject in fields or _is_vague(fault)))
    )


def _is_vague(fault: Fault) -> bool:
    return fault.cause == "payload-rejected" and fault.subject is None
