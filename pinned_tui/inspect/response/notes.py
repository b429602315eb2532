"""What is worth knowing about a response, and which of its faults its request explains. Pure."""

import re
from collections.abc import Iterable, Iterator

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.errors import read_document, read_list
from pinned_tui.api_spec.rate_limit import http_date
from pinned_tui.core.clock import timestamp
from pinned_tui.core.labels import moment, plural, wait
from pinned_tui.inspect.model import Fault, Note
from pinned_tui.inspect.response.context import ResponseContext
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_PARAMETER = re.compile(r"[\w-]*\b(q|w|r|t|limit|remaining|reset)=\"?(\d{1,15})")
_EPOCH_FROM = 1_000_000_000
_HIT = re.compile(r"\bhit\b", re.IGNORECASE)


def notes_on(response: ResponseContext, *, failed: bool) -> Iterator[Note]:
    """Yield the notes on a response.

    Args:
        response: The response.
        failed: Whether a fault was found in it.
    """
    yield from _retry_after(response)
    yield from _limits(response)
    yield from _cached(response)
    yield from _replayed(response)
    yield from _more_pages(response)
    if not failed:
        yield from _draft(response)
    error = response.error
    if failed and error is not None and error.request_id is None and not response.request_id:
        yield Note(
            "request-id-missing",
            say("response.request-id-missing.seen"),
            response.whole,
        )


def _retry_after(response: ResponseContext) -> Iterator[Note]:
    value = response.headers.get("retry-after")
    if value is None:
        return
    text, span = value.strip(), response.header_span("retry-after")
    shown = clean_line(text, 60)
    date = http_date(response.headers.get("date"))
    if text.isascii() and text.isdigit() and len(text) < 10:
        after = wait(int(text))
        if date is None:
            summary = say("response.retry-after.seconds", value=shown, wait=after)
        else:
            until = _moment(date.timestamp() + int(text))
            summary = say(
                "response.retry-after.seconds-until", value=shown, wait=after, until=until
            )
    elif (at := http_date(text)) is not None:
        until = moment(timestamp(at))
        if date is None:
            summary = say("response.retry-after.date", until=until)
        else:
            after = wait(max((at - date).total_seconds(), 0))
            summary = say("response.retry-after.date-wait", until=until, wait=after)
    else:
        summary = say("response.retry-after.invalid", value=shown)
    yield Note("retry-after", summary, span)


def _moment(seconds: float) -> str:
    from datetime import UTC, datetime

    try:
        return moment(timestamp(datetime.fromtimestamp(seconds, UTC)))
    except (ValueError, OverflowError, OSError):
        return say("response.rate-limit-fields.beyond-time")


def _limits(response: ResponseContext) -> Iterator[Note]:
    """Explain ``RateLimit`` of the IETF's draft, its older forms, and ``X-RateLimit-*``."""
    names = [n for n in response.headers if n.removeprefix("x-").startswith("ratelimit")]
    if not names:
        return
    said: dict[str, int] = {}
    for name in names:
        value = response.headers[name][:400]
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
    summary = (
        say("response.rate-limit-fields.seen", fields=fields, limits=", ".join(words))
        if words
        else say("response.rate-limit-fields.unknown", fields=fields)
    )
    yield Note(
        "rate-limit-fields",
        summary,
        response.header_span(*names),
    )


def _limit_words(said: dict[str, int]) -> Iterator[str]:
    if "limit" in said:
        requests = plural(said["limit"], "request")
        yield (
            say(
                "response.rate-limit-fields.allowed-within",
                requests=requests,
                window=wait(said["w"]),
            )
            if "w" in said
            else say("response.rate-limit-fields.allowed", requests=requests)
        )
    if "remaining" in said:
        yield say("response.rate-limit-fields.left", count=f"{said['remaining']:,}")
    reset = said.get("reset")
    if reset is not None:
        later = reset >= _EPOCH_FROM
        milliseconds = reset >= _EPOCH_FROM * 1000
        at = reset / 1000 if milliseconds else reset
        yield (
            say("response.rate-limit-fields.full-at", until=_moment(at))
            if later
            else say("response.rate-limit-fields.full-after", wait=wait(reset))
        )


def _cached(response: ResponseContext) -> Iterator[Note]:
    if (response.status or 0) >= 400 and response.error is None:
        return
    age = response.headers.get("age", "").strip()
    marks = [
        name
        for name in (
            "x-cache",
            "cf-cache-status",
            "x-vercel-cache",
            "x-proxy-cache",
            "cache-status",
        )
        if _HIT.search(response.headers.get(name, ""))
    ]
    old = age.isascii() and age.isdigit() and int(age[:12]) > 0
    if not (old or marks):
        return
    yield Note(
        "response-cached",
        say("response.response-cached.age", age=clean_line(age, 12))
        if old
        else say("response.response-cached.hit", header=marks[0]),
        response.header_span("age", *marks),
    )


def _replayed(response: ResponseContext) -> Iterator[Note]:
    for name in ("idempotent-replayed", "idempotency-replayed", "x-idempotent-replayed"):
        if response.headers.get(name, "").strip().lower() == "true":
            yield Note(
                "idempotent-replay",
                say("response.idempotent-replay.seen"),
                response.header_span(name),
            )


def _more_pages(response: ResponseContext) -> Iterator[Note]:
    listed = read_list(response.document, page=1) if response.who == response_origin.API else None
    if listed is not None and listed.total is not None and listed.page < listed.pages:
        left = listed.pages - listed.page
        yield Note(
            "list-has-more",
            say(
                "response.list-has-more.seen",
                page=listed.page,
                pages=f"{listed.pages:,}",
                more=plural(left, "page"),
            ),
            response.place_of("totalDocs"),
        )


def _draft(response: ResponseContext) -> Iterator[Note]:
    document = read_document(response.document) if response.who == response_origin.API else None
    if document is not None and document.get("status") == "draft":
        yield Note(
            "event-draft",
            say("response.event-draft.note"),
            response.place_of("status"),
        )


_REFUSED_KEY = frozenset({"key-rejected", "auth-header-missing"})
_NO_IDEMPOTENCY_KEY = frozenset({"idempotency-key-missing", "idempotency-header-misspelled"})
OF_BODY = (
    "body-", "field-", "datetime-", "timezone-", "end-", "start-", "classification-", "cover-",
    "offer-", "status-", "channel-id-",
)  # fmt: skip
"""How the ids of the causes begin that are about the body of a request."""


def left_unexplained(faults: Iterable[Fault], own: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return what a response shows beyond what is wrong with its request by itself.

    Args:
        faults: What the response shows.
        own: What the request shows.
    """
    sure = [fault for fault in own if fault.certainty is not Certainty.POSSIBLE]
    causes = {fault.cause for fault in sure}
    fields = {fault.subject for fault in sure if fault.subject}
    of_key = any(cause.startswith(("auth-", "key-")) for cause in causes)
    of_body = any(cause.startswith(OF_BODY) for cause in causes)
    of_request = of_body or not causes.isdisjoint(_NO_IDEMPOTENCY_KEY)
    return tuple(
        fault
        for fault in faults
        if fault.cause not in causes
        and not (of_key and fault.cause in _REFUSED_KEY)
        and not (of_body and fault.subject in fields)
        and not (of_request and _is_vague(fault))
    )


def _is_vague(fault: Fault) -> bool:
    return fault.cause == "payload-rejected" and fault.subject is None
