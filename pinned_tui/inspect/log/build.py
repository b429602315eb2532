"""Makes a request of what a record or a HAR entry says. Pure."""

import json
import math
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pinned_tui.contract.envelope import read_document, read_error, read_list
from pinned_tui.contract.ratelimit import http_date
from pinned_tui.inspect.http import Header, HttpAnswer
from pinned_tui.inspect.log.canonical import digest, source_of
from pinned_tui.inspect.log.model import Seen
from pinned_tui.inspect.log.moments import Moments
from pinned_tui.inspect.log.record import (
    Fields,
    decoded,
    header_pairs,
    is_key_header,
    is_misspelled_key_header,
)
from pinned_tui.inspect.place import Place, read_place
from pinned_tui.inspect.secrets import Credentials
from pinned_tui.privacy.clean import clean_line

NO_ANSWER = re.compile(
    r"timed? ?out|timeout|econnre|etimedout|epipe|socket hang ?up|broken ?pipe|no response|aborted"
    r"|connection (?:was )?(?:reset|refused|closed|lost)|unexpected eof|network error|premature"
)
"""What clients say when no answer came; to be looked for in small letters."""

_HOPEFUL = ("created", "published", "imported", "synced", "success", "succeeded", "done", "saved")
_DOUBTFUL = re.compile(
    r"fail|error|refus|reject|invalid|unable|could ?n.t|not |conflict|retry|skip|denied|limit|\bun"
)
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_KEPT_HEADERS = ("retry-after", "date", "location", "content-type", "allow", "cf-ray", "server")
_LONGEST = 200
_LONGEST_BODY = 2000
_MOST_ANSWERS = 2000


class Builder:
    """Makes requests; addresses and answers that are alike are kept once.

    Args:
        now: The present moment, for times that leave something out.
        credentials: Takes the credentials that are found on the way.
    """

    def __init__(self, now: datetime, credentials: Credentials) -> None:
        self.moments = Moments(now)
        self.credentials = credentials
        self._places: dict[tuple[str, str], Place] = {}
        self._answers: dict[tuple[Any, ...], HttpAnswer] = {}
        self._texts: dict[str, str] = {}

    def place(self, url: str, host: Any = None) -> Place:  # noqa: ANN401 - any JSON value
        """Take an address apart; the host may be logged on its own."""
        given = host if isinstance(host, str) else ""
        at = (url, given)
        place = self._places.get(at)
        if place is None:
            whole = url
            if given and "://" not in url:
                base = given if "://" in given else f"https://{given}"
                whole = f"{base.rstrip('/')}/{url.lstrip('/')}"
            place = read_place(whole[:4000])
            if len(self._places) > 5000:
                self._places.clear()
            self._places[at] = place
        return place

    def make(self, fields: Fields, line: int, start: int, end: int) -> Seen | None:
        """Return the request that ``fields`` tell of; None where it is not one to the API."""
        url, method = _address(fields)
        if url is None:
            return None
        place = self.place(url, fields.get("host"))
        if not (place.is_api or place.may_be_api):
            return None
        self.credentials.add_url(url)
        seen = Seen(line, start, end, method or _guessed(fields), place)
        seen.at = self.moments.read(fields.get("time"))
        seen.took = _took(fields)
        self.add_request(seen, fields)
        self.add_answer(seen, fields)
        return seen

    def add_request(self, seen: Seen, fields: Fields) -> None:
        """Add what ``fields`` say of the request to ``seen``."""
        if fields.get("headers") is not None:
            self._add_headers(seen, list(header_pairs(fields["headers"])))
        if "key" in fields:
            seen.key_told = True
            value = fields["key"]
            if isinstance(value, str | int) and str(value).strip() and seen.key is None:
                seen.key = self.kept(str(value))
        seen.event_id = seen.event_id or seen.place.event_id
        body = fields.get("body")
        if body is None and isinstance(fields.get("message"), dict):
            body = fields["message"]
        if body is not None and seen.method in {"POST", "PATCH", "PUT"}:
            self.add_payload(seen, decoded(body))
        if seen.source is None and seen.creates:
            self._add_source(seen, fields)

    def add_payload(self, seen: Seen, payload: Any) -> None:  # noqa: ANN401 - any JSON value
        """Add the payload that was sent, as a digest."""
        if not isinstance(payload, dict):
            return
        inner = payload.get("event")
        if len(payload) == 1 and isinstance(inner, dict):
            payload = inner
        seen.digest = digest(payload)
        if seen.creates:
            source, title = source_of(payload, self.moments)
            seen.source, seen.title = source and self.kept(source, 700), title

    def _add_source(self, seen: Seen, fields: Fields) -> None:
        given = fields.get("source")
        if isinstance(given, str | int) and str(given).strip():
            seen.source = self.kept(str(given))
            seen.title = clean_line(seen.source, 60)
        elif fields.get("title") is not None and fields.get("start") is not None:
            made = {
                "title": fields.get("title"),
                "startAt": fields.get("start"),
                "channelId": fields.get("channel"),
            }
            seen.source, seen.title = source_of(made, self.moments)

    def _add_headers(self, seen: Seen, pairs: list[tuple[str, str]]) -> None:
        names = set()
        for name, value in pairs:
            names.add(name.lower())
            if is_key_header(name):
                seen.key = self.kept(value) if value.strip() else None
            elif is_misspelled_key_header(name):
                seen.misspelled = clean_line(name, 60)
            else:
                self.credentials.add_header(name, value)
        whole = bool(names & {"authorization", "x-api-key", "user-agent", "host", ":authority"})
        seen.key_told = seen.key_told or (whole and len(names) > 1)

    def add_answer(self, seen: Seen, fields: Fields) -> None:
        """Add what ``fields`` say of the answer to ``seen``."""
        headers: dict[str, str] = {}
        if fields.get("answer_headers") is not None:
            headers = {n.lower(): v for n, v in header_pairs(fields["answer_headers"])}
            for name, value in headers.items():
                self.credentials.add_header(name, value)
        status, word = _status(fields.get("status"))
        seen.status = status if status is not None else seen.status
        error = fields.get("error")
        seen.cut_off = seen.cut_off or _says_cut_off(fields, seen.status)
        seen.replayed = headers.get("idempotent-replayed", "").lower() == "true"
        raw = fields.get("answer")
        document = decoded(raw)
        if document is None and isinstance(error, dict):
            document = error if "error" in error else {"error": error}
        self._add_document(seen, document)
        code = fields.get("code") or word
        if seen.code is None and isinstance(code, str):
            seen.code = self.kept(code, 80)
        request_id = fields.get("request_id") or headers.get("x-request-id")
        if seen.request_id is None and isinstance(request_id, str | int):
            seen.request_id = clean_line(str(request_id)[:_LONGEST], 120)
        event_id = fields.get("event_id")
        if isinstance(event_id, str | int) and not isinstance(event_id, bool) and not seen.failed:
            seen.event_id = self.kept(str(event_id), 80)
        self._add_wait(seen, fields, headers)
        if seen.failed:
            seen.hopeful = seen.hopeful or says_success(fields.get("message"))
        if seen.status is not None and seen.status >= 300:
            text = raw if isinstance(raw, str) and document is None else ""
            seen.answer = self.answer(seen, document, text, headers)

    def _add_document(self, seen: Seen, document: Any) -> None:  # noqa: ANN401 - any JSON value
        error = read_error(document)
        if error is not None:
            seen.code = self.kept(error.code, 80)
            seen.request_id = error.request_id and clean_line(error.request_id, 120)
            return
        listed = read_list(document, page=1)
        if listed is not None:
            seen.total, seen.count, seen.limit = listed.total, len(listed.docs), listed.limit
            return
        doc = read_document(document)
        value = doc.get("id") if doc is not None else None
        if isinstance(value, str | int) and not isinstance(value, bool):
            seen.event_id = self.kept(str(value), 80)

    def _add_wait(self, seen: Seen, fields: Fields, headers: dict[str, str]) -> None:
        value = headers.get("retry-after", fields.get("retry"))
        seconds = _seconds(value)
        if seconds is None and isinstance(value, str) and (at := http_date(value)) is not None:
            date = http_date(headers.get("date"))
            began = date.timestamp() if date else seen.answered_at
            seconds = max(at.timestamp() - began, 0.0) if began is not None else None
        if seconds is None:
            milliseconds = _seconds(fields.get("retry_ms"))
            seconds = milliseconds / 1000 if milliseconds is not None else None
        if seconds is not None and seen.status in {429, 503}:
            seen.wait_s = min(seconds, 366 * 86_400.0)

    def answer(
        self,
        seen: Seen,
        document: Any,  # noqa: ANN401 - any JSON value
        text: str = "",
        headers: dict[str, str] | None = None,
    ) -> HttpAnswer:
        """Return the answer of a failed request, to be judged; like answers are one."""
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
        known = self._answers.get(at)
        if known is None and len(self._answers) < _MOST_ANSWERS:
            if document is not None:
                body = _written(document)
            elif text:
                body = text[:_LONGEST_BODY]
            elif seen.code and seen.status is not None:
                body = json.dumps({"error": {"code": seen.code, "message": ""}})
            kept = tuple(Header(n, headers[n][:1000]) for n in _KEPT_HEADERS if n in headers)
            known = HttpAnswer(seen.status, headers=kept, text=body)
            self._answers[at] = known
        return known or HttpAnswer(seen.status)

    def kept(self, text: str, longest: int = _LONGEST) -> str:
        """Return ``text``, cut, as the one copy of it that is kept."""
        return self._texts.setdefault(text[:longest], text[:longest])


def _written(document: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a failure's document again; a large one is no error of the API's."""
    try:
        text = json.dumps(document)
    except (TypeError, ValueError, RecursionError):
        return "{}"
    return text if len(text) <= _LONGEST_BODY else "{}"


def _address(fields: Fields) -> tuple[str | None, str | None]:
    """Return address and method; some loggers write both in one field."""
    url, method = fields.get("url"), fields.get("method")
    if isinstance(url, dict):
        url = next(
            (url[n] for n in ("full", "original", "path") if isinstance(url.get(n), str)), None
        )
    if not isinstance(url, str) or not url:
        return None, None
    first, _, rest = url.partition(" ")
    if rest and first.upper() in _METHODS:
        return rest.split(" ", 1)[0], first.upper()
    named = method.upper().strip() if isinstance(method, str) else None
    return url, named if named in _METHODS else None


def _guessed(fields: Fields) -> str:
    """Guess a method that was not logged: what carries a body or creates is a POST."""
    return (
        "POST"
        if fields.get("body") is not None or _status(fields.get("status"))[0] == 201
        else "GET"
    )


def _status(value: Any) -> tuple[int | None, str | None]:  # noqa: ANN401 - any JSON value
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


def _says_cut_off(fields: Fields, status: int | None) -> bool:
    if status is not None:
        return False
    texts = (fields.get("error"), fields.get("message"), fields.get("code"))
    said = [text for text in texts if isinstance(text, str)]
    said += [str(one.get("message", ""))[:400] for one in texts if isinstance(one, dict)]
    return fields.get("status") == 0 or any(NO_ANSWER.search(text[:2000].lower()) for text in said)


def says_success(message: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a message tells of success and of nothing else."""
    if not isinstance(message, str):
        return False
    text = message[:400].lower()
    return any(word in text for word in _HOPEFUL) and _DOUBTFUL.search(text) is None


def _seconds(value: Any) -> float | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s|sec|seconds)?\s*", value)
        if match is None:
            return None
        return float(match[1]) / (1000 if match[2] == "ms" else 1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if 0 <= value < 10**9 else None


_UNITS: Iterable[tuple[str, float]] = (("ms", 0.001), ("us", 1e-6), ("µs", 1e-6), ("s", 1.0))


def _took(fields: Fields) -> float | None:
    """Return the seconds that a request took; a bare number of over 100 is in milliseconds."""
    exact = _seconds(fields.get("took_ms"))
    if exact is not None:
        return exact / 1000
    value = fields.get("took")
    if isinstance(value, str):
        for unit, factor in _UNITS:
            number = _seconds(value.removesuffix(unit).strip()) if value.endswith(unit) else None
            if number is not None:
                return number * factor
    number = _seconds(value)
    if number is None:
        return None
    return number / 1000 if number > 100 else number
