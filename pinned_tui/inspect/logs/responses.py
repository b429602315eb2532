"""Adds the response that a record or a HAR entry shows to its request. Pure."""

import json
import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pinned_tui.api_spec.error_causes import status_of_code
from pinned_tui.api_spec.errors import read_document, read_error, read_list
from pinned_tui.api_spec.rate_limit import http_date
from pinned_tui.inspect.http_message import Header, HttpResponse
from pinned_tui.inspect.logs.fields import FieldRoles, decoded, header_pairs
from pinned_tui.inspect.secrets import CredentialCollector
from pinned_tui.inspect.traffic.model import LoggedExchange
from pinned_tui.redaction.sanitize import clean_line

NO_RESPONSE = re.compile(
    r"timed? ?out|timeout|deadline exceeded|econnre|etimedout|epipe|socket hang ?up|broken ?pipe"
    r"|no (?:response|answer|reply)|aborted|connection (?:was )?(?:reset|refused|closed|lost)"
    r"|unexpected eof|network error|premature"
)
"""What clients say when no response came; to be looked for in small letters."""

_HOPEFUL = ("created", "published", "imported", "synced", "success", "succeeded", "done", "saved")
_DOUBTFUL = re.compile(
    r"fail|error|refus|reject|invalid|unable|could ?n.t|not |conflict|retry|skip|denied|limit|\bun"
)
_PAGE = re.compile(
    r"\ufeff?\s{0,40}(?:<!--.{0,200}-->\s*)?<(?:!doctype html|html|head|body)", re.IGNORECASE
)
_KEPT_HEADERS = ("retry-after", "date", "location", "content-type", "allow", "cf-ray", "server")
_TELLS_FAILURE = frozenset({"error", "message", "code", "status"})
_OF_CODE = {code: status for code, status in status_of_code().items() if "_" in code}
"""The status of an error whose code alone is logged; one word, such as conflict, may be prose."""

_LONGEST = 200
_LONGEST_BODY = 2000
_MOST_RESPONSES = 2000


class ResponseAdder:
    """Adds responses to requests; responses that are alike are kept once.

    Args:
        credentials: Takes the credentials that are found on the way.
        kept: Returns the one copy of a text that is kept.
    """

    def __init__(self, credentials: CredentialCollector, kept: Callable[[str, int], str]) -> None:
        self._credentials = credentials
        self._kept = kept
        self._responses: dict[tuple[Any, ...], HttpResponse] = {}
        self._bare: dict[int, HttpResponse] = {}

    def add(self, seen: LoggedExchange, fields: FieldRoles) -> None:
        """Add what ``fields`` say of the response to ``seen``."""
        headers = self._headers(fields)
        status, word = status_of(fields.get("status"))
        seen.status = status if status is not None else seen.status
        if seen.status is None and not seen.cut_off:
            seen.cut_off = _says_cut_off(fields)
        if headers:
            seen.replayed = headers.get("idempotent-replayed", "").lower() == "true"
        raw = fields.get("response")
        document = _document(raw, fields.get("error"))
        if document is not None:
            self._add_document(seen, document)
        elif seen.method == "GET" and seen.succeeded:
            _add_list(seen, fields)
        self._add_names(seen, fields, fields.get("code") or word, headers)
        if seen.status in {429, 503}:
            _add_wait(seen, fields, headers)
        if seen.failed:
            seen.hopeful = seen.hopeful or says_success(fields.get("message"))
        if seen.status is not None and 200 <= seen.status < 300 and document is None:
            seen.is_page = _is_page(raw, headers)
        if seen.status is not None and (seen.status >= 300 or seen.is_page):
            text = raw if isinstance(raw, str) and document is None else ""
            text = text or ("<html>" if seen.is_page else "")
            seen.response = self._like(seen, document, text, headers)

    def _headers(self, fields: FieldRoles) -> dict[str, str]:
        headers: dict[str, str] = {}
        location, given = fields.get("location"), fields.get("response_headers")
        if isinstance(location, str):
            headers["location"] = location
        if given is not None:
            headers |= {name.lower(): value for name, value in header_pairs(given)}
            for name, value in headers.items():
                self._credentials.add_header(name, value)
        return headers

    def _add_names(
        self,
        seen: LoggedExchange,
        fields: FieldRoles,
        code: Any,  # noqa: ANN401 - any JSON value
        headers: dict[str, str],
    ) -> None:
        """Add the error's code, the requestId and the event's ID, as far as they are logged."""
        if seen.code is None and isinstance(code, str):
            seen.code = self._kept(code, 80)
        if seen.status is None and not seen.cut_off:
            seen.status = _OF_CODE.get(seen.code or "")
        request_id = fields.get("request_id") or headers.get("x-request-id")
        if seen.request_id is None and isinstance(request_id, str | int):
            seen.request_id = clean_line(str(request_id)[:_LONGEST], 120)
        event_id = fields.get("event_id")
        if isinstance(event_id, str | int) and not isinstance(event_id, bool) and not seen.failed:
            seen.event_id = self._kept(str(event_id), 80)

    def _add_document(self, seen: LoggedExchange, document: Any) -> None:  # noqa: ANN401 - any JSON value
        error = read_error(document)
        if error is not None:
            seen.code = self._kept(error.code, 80)
            seen.request_id = error.request_id and clean_line(error.request_id, 120)
            return
        listed = read_list(document, page=1)
        if listed is not None:
            seen.total, seen.count, seen.limit = listed.total, len(listed.docs), listed.limit
            return
        doc = read_document(document)
        value = doc.get("id") if doc is not None else None
        if isinstance(value, str | int) and not isinstance(value, bool):
            seen.event_id = self._kept(str(value), 80)

    def bare(self, status: int) -> HttpResponse:
        """Return the response of which only the status is known."""
        known = self._bare.get(status)
        if known is None:
            known = self._bare[status] = HttpResponse(status)
        return known

    def _like(
        self,
        seen: LoggedExchange,
        document: Any,  # noqa: ANN401 - any JSON value
        text: str = "",
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        """Return the response of a failed request, to be judged; like responses are one."""
        headers = headers or {}
        error = read_error(document)
        body = ""
        about: tuple[str | None, ...]
        if error is not None:
            about = (error.code, error.message[:_LONGEST], error.field, error.issue)
        elif document is not None or text:
            about = ("foreign", text[:_LONGEST], type(document).__name__, headers.get("location"))
        else:
            about = ("bare", seen.code, None, headers.get("location"))
        at = (seen.status, *about, bool(error and error.request_id))
        known = self._responses.get(at)
        if known is None and len(self._responses) < _MOST_RESPONSES:
            if document is not None:
                body = _written(document)
            elif text:
                body = text[:_LONGEST_BODY]
            elif seen.code and seen.status is not None:
                body = json.dumps({"error": {"code": seen.code, "message": ""}})
            kept = tuple(Header(n, headers[n][:1000]) for n in _KEPT_HEADERS if n in headers)
            known = HttpResponse(seen.status, headers=kept, text=body)
            self._responses[at] = known
        return known or HttpResponse(seen.status)


def _is_page(raw: Any, headers: dict[str, str]) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether a response is a web page, by its body or, if that is not logged, its type."""
    if isinstance(raw, str) and raw.strip():
        return _PAGE.match(raw) is not None
    return headers.get("content-type", "").lower().startswith("text/html")


def _document(raw: Any, error: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the response's body; some clients put it into the error that they log."""
    document = decoded(raw) if raw is not None else None
    if document is None and isinstance(error, dict):
        return error if "error" in error else {"error": error}
    return document


def _add_wait(seen: LoggedExchange, fields: FieldRoles, headers: dict[str, str]) -> None:
    value = headers.get("retry-after", fields.get("retry"))
    seconds = seconds_of(value)
    if seconds is None and isinstance(value, str) and (at := _moment_of(value)) is not None:
        date = http_date(headers.get("date"))
        began = date.timestamp() if date else seen.responded_at
        seconds = max(at.timestamp() - began, 0.0) if began is not None else None
    if seconds is None:
        milliseconds = seconds_of(fields.get("retry_ms"))
        seconds = milliseconds / 1000 if milliseconds is not None else None
    if seconds is not None:
        seen.wait_s = min(seconds, 366 * 86_400.0)


def _moment_of(text: str) -> datetime | None:
    """Read the moment to wait for: an HTTP date, or one as programs write it."""
    date_said = http_date(text)
    if date_said is not None:
        return date_said
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _add_list(seen: LoggedExchange, fields: FieldRoles) -> None:
    """Add what is logged of a list in fields of their own."""
    for name in ("total", "count", "limit", "page"):
        number = seconds_of(fields.get(name)) if name in fields else None
        if number is not None:
            setattr(seen, name, int(number))


def _written(document: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a failure's document again; a large one is no error of the API's."""
    try:
        text = json.dumps(document)
    except (TypeError, ValueError, RecursionError):
        return "{}"
    return text if len(text) <= _LONGEST_BODY else "{}"


def status_of(value: Any) -> tuple[int | None, str | None]:  # noqa: ANN401 - any JSON value
    """Return a status, or the word that stands in its place."""
    if isinstance(value, bool):
        return None, None
    if isinstance(value, int):
        return (value, None) if 100 <= value <= 599 else (None, None)
    if isinstance(value, str):
        digits = value.strip()[:3]
        if digits.isascii() and digits.isdigit() and 100 <= int(digits) <= 599:
            return int(digits), None
        word = value.strip()
        return None, word if "_" in word and len(word) < 40 else None
    return None, None


def _says_cut_off(fields: FieldRoles) -> bool:
    if not (fields.keys() & _TELLS_FAILURE):
        return False
    texts = (fields.get("error"), fields.get("message"), fields.get("code"))
    said = [text for text in texts if isinstance(text, str)]
    said += [str(one.get("message", ""))[:400] for one in texts if isinstance(one, dict)]
    return fields.get("status") == 0 or any(
        NO_RESPONSE.search(text[:2000].lower()) for text in said
    )


def says_success(message: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether a message tells of success and of nothing else."""
    if not isinstance(message, str):
        return False
    text = message[:400].lower()
    return any(word in text for word in _HOPEFUL) and _DOUBTFUL.search(text) is None


def seconds_of(value: Any) -> float | None:  # noqa: ANN401 - any JSON value
    """Return a number of seconds that may be written with its unit."""
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s|sec|seconds)?\s*", value)
        if match is None:
            return None
        return float(match[1]) / (1000 if match[2] == "ms" else 1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if 0 <= value < 10**9 else None
