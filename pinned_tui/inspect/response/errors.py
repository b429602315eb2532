"""What an answer of the API means: from status and code to a cause. Pure.

Documented on the vendor's pages *Errors*, *Idempotency* and *Rate limits*. Where only a status is
known, as in many logs, the same causes are at most likely.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pinned_tui.api_spec.errors import STATUS_OF_CODE
from pinned_tui.api_spec.rate_limit import http_date, read_rate_limit
from pinned_tui.api_spec.routes import NAMESPACE
from pinned_tui.core.clock import timestamp
from pinned_tui.core.labels import moment, wait
from pinned_tui.inspect.endpoint import is_known_path, methods_of
from pinned_tui.inspect.model import Fault, InspectionContext
from pinned_tui.inspect.response.context import ResponseContext, parsed_body
from pinned_tui.inspect.response.validation import refusals
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import SCOPES, Certainty

_SCOPE = re.compile(r"\b(?:channels|events|media):(?:read|create|update|delete|write)\b")
_CHANNEL = re.compile(r"\bchannel(?:Id)?\b\D{0,12}(\d{1,15})\b", re.IGNORECASE)
_IN_PROGRESS = re.compile(
    r"in.?progress|being processed|still (?:running|processing)|concurrent", re.IGNORECASE
)
_KNOWN_PATHS = ("/channels", "/classifications", "/events", "/media")
_UNSURE = (
    "Something in front of the API answered, and the key has nothing to do with it (edge-blocked).",
)


def meaning(reading: ResponseContext, looking: InspectionContext) -> Iterator[Fault]:
    """Say what a failure of the API means; nothing for a success.

    Args:
        reading: With the API's error envelope, or with nothing known of the body.
        looking: The present moment, for a Retry-After that is a date.
    """
    status = _status(reading)
    if status < 400:
        return
    if status == 429:
        yield _limited(reading, looking)
    elif status >= 500:
        yield _sick(reading)
    elif status in {400, 422}:
        yield from _rejected(reading)
    else:
        yield _BY_STATUS.get(status, _other)(reading)


def _status(reading: ResponseContext) -> int:
    """Return the status that counts: the code decides where a success carries an error."""
    status = reading.status or 0
    if reading.error is not None and status < 400:
        return STATUS_OF_CODE.get(reading.error.code, 400)
    return status


def _sure(reading: ResponseContext, certainty: Certainty = Certainty.CONFIRMED) -> Certainty:
    """Return ``certainty`` for what the API says; a status alone makes it likely at most."""
    return Certainty.LIKELY if reading.error is None else certainty


def _values(reading: ResponseContext) -> dict[str, str | int | None]:
    error = reading.error
    return {
        "status": reading.status if reading.given else _status(reading),
        "code": clean_line(error.code, 80) if error else None,
        "message": clean_line(error.message, 300) if error and error.message else None,
        "request_id": reading.request_id,
        "route": reading.asked,
        "method": reading.method,
    }


def _said(reading: ResponseContext) -> str:
    """Return the beginning of a sentence: who answered what, and to which request."""
    to = f" to {reading.asked}" if reading.asked else ""
    if reading.error is None:
        return f"The answer{to} was {reading.status}"
    status = f"{reading.status} " if reading.given else ""
    return f"The API answered {status}{clean_line(reading.error.code, 80)}{to}"


def _fault(
    reading: ResponseContext,
    cause: str,
    certainty: Certainty,
    detail: str,
    *,
    subject: str | None = None,
    found: str | None = None,
    suggestion: str | None = None,
    alternatives: tuple[str, ...] = (),
    at: str = "code",
    **values: str | int | None,
) -> Fault:
    return Fault(
        cause,
        certainty,
        detail,
        subject=subject,
        found=found,
        suggestion=suggestion,
        span=reading.place_of(at),
        alternatives=alternatives,
        values={**_values(reading), **values},
    )


def _key_rejected(reading: ResponseContext) -> Fault:
    request = reading.request
    keyless = request is not None and not any(map(request.header, ("authorization", "x-api-key")))
    if keyless and request is not None and request.origin == "http" and request.headers:
        return _fault(
            reading,
            "auth-header-missing",
            Certainty.LIKELY,
            f"{_said(reading)}, and the request has neither an Authorization nor an x-api-key"
            " header.",
        )
    return _fault(
        reading,
        "key-rejected",
        Certainty.LIKELY,
        f"{_said(reading)}.",
        alternatives=_UNSURE if reading.error is None else (),
    )


def _forbidden(reading: ResponseContext) -> Fault:
    error = reading.error
    texts = (error.message, error.issue or "", error.field or "") if error else ()
    named = next((m[0] for text in texts if (m := _SCOPE.search(text))), None)
    scope = named if named in SCOPES else (reading.route.scope if reading.route else None)
    code = error.code if error else ""
    if code == "insufficient_scope" or (error is None and scope):
        needed = f"; the route needs the scope {scope}" if scope else ""
        others = () if error else ("The channel is not open to the key's owner.", *_UNSURE)
        return _fault(
            reading, "scope-missing", _sure(reading), f"{_said(reading)}{needed}.",
            subject=scope, scope=scope, alternatives=others,
        )  # fmt: skip
    channel = _channel(reading)
    concerns_channel = channel or (error and error.field in {None, "channelId"})
    if code == "forbidden" and concerns_channel and not _reads_lists(reading):
        shown = f" for channel {channel}" if channel else ""
        return _fault(
            reading, "channel-not-accessible", Certainty.LIKELY, f"{_said(reading)}{shown}.",
            subject=channel,
        )  # fmt: skip
    return _fault(reading, "forbidden-unexplained", Certainty.LIKELY, f"{_said(reading)}.")


def _reads_lists(reading: ResponseContext) -> bool:
    """Tell whether the request reads a list, in which no channel is named."""
    return reading.method == "GET" and reading.place is not None and not reading.place.event_id


def _channel(reading: ResponseContext) -> str | None:
    """Find the channel in the request's body or in what the API says."""
    body = reading.request.body if reading.request else None
    document = parsed_body(body.text) if body and body.text else None
    value: Any = document.get("channelId") if isinstance(document, dict) else None
    if isinstance(value, int | str) and not isinstance(value, bool):
        return clean_line(str(value)[:60], 60)
    texts = (reading.error.message, reading.error.issue or "") if reading.error else ()
    return next((m[1] for text in texts if (m := _CHANNEL.search(text))), None)


def _not_found(reading: ResponseContext) -> Fault:
    place = reading.place
    if place is not None and not is_known_path(place):
        near = get_close_matches(place.route, _KNOWN_PATHS, n=1, cutoff=0.5)
        return _fault(
            reading, "url-wrong-path", _sure(reading),
            f"{_said(reading)}, which is not one of the API's routes.",
            found=clean_line(place.route, 200), suggestion=NAMESPACE + near[0] if near else None,
        )  # fmt: skip
    if place is None or place.event_id:
        event = clean_line(place.event_id, 80) if place and place.event_id else None
        others = () if event else ("The address is not one of the API's routes (url-wrong-path).",)
        return _fault(
            reading, "event-not-found", Certainty.LIKELY, f"{_said(reading)}.",
            subject=event, event=event, alternatives=others,
        )  # fmt: skip
    if reading.error is not None and reading.error.field == "channelId":
        channel = _channel(reading)
        return _fault(
            reading, "channel-not-accessible", Certainty.LIKELY, f"{_said(reading)}.",
            subject=channel,
        )  # fmt: skip
    return _fault(
        reading, "url-wrong-path", Certainty.LIKELY, f"{_said(reading)}.",
        found=clean_line(place.route, 200),
    )  # fmt: skip


def _wrong_method(reading: ResponseContext) -> Fault:
    allowed = clean_line(reading.headers.get("allow", ""), 80)
    known = ", ".join(methods_of(reading.place)) if reading.place else ""
    expected = allowed or known or None
    takes = f"; it takes {expected}" if expected else ""
    return _fault(
        reading, "method-wrong", _sure(reading), f"{_said(reading)}{takes}.",
        subject=reading.method, expected=expected,
    )  # fmt: skip


def _conflict(reading: ResponseContext) -> Fault:
    error = reading.error
    texts = f"{error.message} {error.issue or ''}" if error else ""
    header = reading.request.header("idempotency-key") if reading.request else None
    key = clean_line(header.value, 80) if header else None
    if _IN_PROGRESS.search(texts):
        return _fault(
            reading, "idempotency-in-progress", Certainty.LIKELY,
            f"{_said(reading)}, and says that the first request is still being worked on.",
            subject=key,
        )  # fmt: skip
    return _fault(
        reading, "idempotency-payload-changed", Certainty.LIKELY, f"{_said(reading)}.",
        subject=key,
    )  # fmt: skip


def _too_early(reading: ResponseContext) -> Fault:
    """425 says that it may be a repetition of what is still being worked on (RFC 8470)."""
    header = reading.request.header("idempotency-key") if reading.request else None
    return _fault(
        reading, "idempotency-in-progress", Certainty.LIKELY, f"{_said(reading)}: too early.",
        subject=clean_line(header.value, 80) if header else None,
    )  # fmt: skip


def _limited(reading: ResponseContext, looking: InspectionContext) -> Fault:
    date = http_date(reading.headers.get("date"))
    limit = read_rate_limit(reading.headers, received_at=date or looking.now)
    seconds = limit.retry_after_s if limit else None
    absolute = http_date(reading.headers.get("retry-after"))
    until = absolute and timestamp(absolute)
    if until is None and date is not None and limit is not None:
        until = limit.retry_at
    told = None if seconds is None or (absolute and not date) else wait(seconds)
    by_api = reading.error is not None or reading.bare
    waits = f" and says to wait {told}" if told else ""
    waits = waits or (f" and says to wait until {moment(until)}" if until else "")
    return _fault(
        reading,
        "rate-limited" if by_api else "rate-limited-by-edge",
        _sure(reading),
        f"{_said(reading)}{waits}.",
        subject=until or (f"{told} after the answer" if told else None),
        alternatives=_UNSURE if reading.bare else (),
        retry_at=moment(until) if until else None,
        wait=told,
    )


def _sick(reading: ResponseContext) -> Fault:
    date = http_date(reading.headers.get("date"))
    when = moment(timestamp(date)) if date else None
    if reading.error is None and reading.status in {502, 503, 504}:
        return _fault(
            reading, "edge-error", Certainty.LIKELY, f"{_said(reading)}.",
            alternatives=("The API itself reports the error (server-error).",),
        )  # fmt: skip
    return _fault(
        reading, "server-error", _sure(reading), f"{_said(reading)}.",
        subject=reading.request_id, when=when,
        alternatives=() if reading.error else ("A gateway reports the error (edge-error).",),
    )  # fmt: skip


def _rejected(reading: ResponseContext) -> Iterator[Fault]:
    if reading.error is None:
        yield _fault(reading, "payload-rejected", Certainty.LIKELY, f"{_said(reading)}.")
        return
    for one in refusals(reading.error, reading.document):
        about = f" about {one.field}" if one.field else ""
        issue = f"{about}: {one.issue}" if one.issue else about
        yield _fault(
            reading,
            one.cause,
            one.certainty,
            f"{_said(reading)}{issue}" + ("" if issue.endswith((".", "!", "?")) else "."),
            subject=one.field,
            found=one.found or (one.issue if one.cause == "payload-rejected" else None),
            at="field" if one.field else "code",
            field=one.field,
            issue=one.issue,
        )


def _no_json(reading: ResponseContext) -> Fault:
    return _fault(reading, "body-content-type", Certainty.LIKELY, f"{_said(reading)}.")


def _other(reading: ResponseContext) -> Fault:
    return _fault(reading, "payload-rejected", Certainty.LIKELY, f"{_said(reading)}.")


_BY_STATUS: Mapping[int, Callable[[ResponseContext], Fault]] = {
    401: _key_rejected,
    403: _forbidden,
    404: _not_found,
    405: _wrong_method,
    409: _conflict,
    415: _no_json,
    425: _too_early,
}
