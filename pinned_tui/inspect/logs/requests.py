"""Makes a request of what a record or a HAR entry says. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pinned_tui.inspect.endpoint import Endpoint, read_place
from pinned_tui.inspect.event_shape import is_body
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest
from pinned_tui.inspect.logs.fields import (
    FieldRoles,
    Names,
    decoded,
    fields_of,
    header_pairs,
    is_key_header,
    is_misspelled_key_header,
)
from pinned_tui.inspect.logs.responses import (
    ResponseAdder,
    says_success,
    seconds_of,
    status_of,
)
from pinned_tui.inspect.model import InspectionContext, Span
from pinned_tui.inspect.request.findings import RequestFindings
from pinned_tui.inspect.request.rules import inspect_request
from pinned_tui.inspect.request.target import HostKind, target_of
from pinned_tui.inspect.secrets import CredentialCollector
from pinned_tui.inspect.traffic.canonical import digest, source_of
from pinned_tui.inspect.traffic.model import LoggedExchange
from pinned_tui.inspect.traffic.timestamps import TimestampReader
from pinned_tui.redaction.sanitize import clean_line

_MOST = 50
_LONGEST_OBJECT = 1_000_000
_KEYED = frozenset({"authorization", "x-api-key", "idempotency-key"})


def inspect_described(text: str, context: InspectionContext) -> RequestFindings:
    """Judge the headers and the bodies of the requests that JSON in ``text`` describes.

    Such an object is about the API only where its body is an event: what else is sent to an echo
    service is none of ours.
    """
    findings = RequestFindings()
    names = Names()
    for record in _records(text):
        request = _request(record, names, text)
        if request is not None:
            findings.extend(inspect_request(request, context))
    return findings


def _records(text: str) -> Iterator[Mapping[str, Any]]:
    body = text.lstrip("\ufeff").strip()
    if body[:1] not in {"{", "["} or len(body) > _LONGEST_OBJECT:
        return
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    rows = value if isinstance(value, list) else [value]
    yield from (row for row in rows[:_MOST] if isinstance(row, Mapping))


def _request(record: Mapping[str, Any], names: Names, text: str) -> HttpRequest | None:
    fields = fields_of(record, names)
    headers = tuple(
        Header(name, value, _place(text, value))
        for name, value in header_pairs(fields.get("headers"))
    )
    if not any(header.name.lower() in _KEYED for header in headers):
        return None
    body = _body(record, fields.get("body"))
    method, url = fields.get("method"), fields.get("url")
    request = HttpRequest(
        method.upper() if isinstance(method, str) else None,
        url if isinstance(url, str) else None,
        headers=headers, body=HttpBody(body) if body is not None else None, origin="har",
    )  # fmt: skip
    target = target_of(request)
    if target is not None and target.kind in {HostKind.API, HostKind.NEAR}:
        return request
    return replace(request, method=None, url=None) if body is not None else None


def _body(record: Mapping[str, Any], named: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the body that is an event, under whatever name it stands."""
    for value in (named, *list(record.values())[:200]):
        document = decoded(value)
        if document is not None and value is not record and is_body(document):
            return value if isinstance(value, str) else json.dumps(value)
    return None


def _place(text: str, value: str) -> Span | None:
    at = text.find(json.dumps(value)[1:-1]) if value else -1
    return Span(at, at + len(value)) if at >= 0 else None


_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_HASHED = re.compile(
    r"(?:sha-?(?:1|256|512)|md5|crc32|xxh\d+):[0-9A-Za-z+/=]{6,128}", re.IGNORECASE
)
_TAG = re.compile(r"([A-Za-z]{2,20})[-_:#/](?:[A-Za-z]{1,12}[-_:#/])?\d{2,12}")
_PARTS = """
    worker node host pod server thread process queue shard instance job line app service region zone
    env stage version task cron runner client proxy agent tier cluster partition
"""
_NO_SOURCES = frozenset(_PARTS.split())
"""What also stands in a field called ``source``: the part of a system that writes the log."""

_NO_RECORDS = _NO_SOURCES | frozenset({"row", "line", "item", "entry", "no", "nr", "number"})
_RECORD_ID = re.compile(r"(?=[^\d]*\d)(?!\d{1,2}\Z)(?!\d+/\d+\Z)\w[\w.:#/-]{1,79}(?<!/)", re.ASCII)
_A_DATE = re.compile(r"\d{4}-?\d\d-?\d\d(?!\d)|\d{1,2}:\d\d|https?:|\d{1,3}(?:\.\d{1,3}){3}")
_WORD_BEFORE = re.compile(r"([A-Za-z]{1,20})[-_:#/. ]?\d")

_RICH = frozenset(
    {
        *(
            "headers",
            "body",
            "source",
            "tag",
            "record",
            "title",
            "start",
            "response_headers",
            "response",
        ),
        *("digest", "job"),
        *("error", "code", "location", "retry", "retry_ms", "total", "count", "limit", "page"),
    }
)
"""What a line may say that takes a closer look."""

_LONGEST = 200
_SHORTEST_HASH = 8


class Builder:
    """Makes requests; addresses and responses that are alike are kept once.

    Args:
        now: The present moment, for times that leave something out.
        credentials: Takes the credentials that are found on the way.
    """

    def __init__(self, now: datetime, credentials: CredentialCollector) -> None:
        self.moments = TimestampReader(now)
        self.credentials = credentials
        self._places: dict[tuple[str, str], Endpoint] = {}
        self._responses = ResponseAdder(credentials, self.kept)
        self._texts: dict[str, str] = {}

    def place(self, url: str, host: Any = None) -> Endpoint:  # noqa: ANN401 - any JSON value
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

    def make(self, fields: FieldRoles, line: int, start: int, end: int) -> LoggedExchange | None:
        """Return the request that ``fields`` tell of; None where it is not one to the API."""
        url, method = _address(fields)
        if url is None:
            return None
        place = self.place(url, fields.get("host"))
        beside = place.is_beside_api and "://" in url
        if not (place.is_api or place.may_be_api or beside):
            return None
        if "?" in url or "@" in url:
            self.credentials.add_url(url)
        seen = LoggedExchange(line, start, end, method or _guessed(fields), place)
        seen.beside = beside
        seen.at = self.moments.read(fields.get("time"))
        seen.took = _took(fields)
        if _RICH.isdisjoint(fields) and self._add_little(seen, fields):
            return seen
        self.add_request(seen, fields)
        self.add_response(seen, fields)
        return seen

    def _add_little(self, seen: LoggedExchange, fields: FieldRoles) -> bool:
        """Add what ``fields`` say in the many lines that say little; False where that is nothing.

        It comes to the same as adding request and response, in a fraction of the time.
        """
        status = fields.get("status")
        if not isinstance(status, int) or not 200 <= status <= 599:
            return False
        seen.status = status
        key, event_id, request_id = (fields.get(n) for n in ("key", "event_id", "request_id"))
        if isinstance(key, str) and key.strip():
            seen.key = self.kept(key)
        seen.key_visible = "key" in fields
        seen.event_id = seen.place.event_id
        if isinstance(event_id, str) and status < 400:
            seen.event_id = self.kept(event_id, 80)
        if isinstance(request_id, str):
            seen.request_id = clean_line(request_id[:_LONGEST], 120)
        if status >= 300:
            seen.response = self._responses.bare(status)
            seen.hopeful = status >= 400 and says_success(fields.get("message"))
        return True

    def add_request(self, seen: LoggedExchange, fields: FieldRoles) -> None:
        """Add what ``fields`` say of the request to ``seen``."""
        if fields.get("headers") is not None:
            self._add_headers(seen, list(header_pairs(fields["headers"])))
        if "key" in fields:
            seen.key_visible = True
            value = fields["key"]
            if isinstance(value, str | int) and str(value).strip() and seen.key is None:
                seen.key = self.kept(str(value))
        seen.event_id = seen.event_id or seen.place.event_id
        body = fields.get("body")
        if body is None and isinstance(fields.get("message"), dict):
            body = fields["message"]
        if body is not None and seen.method in {"POST", "PATCH", "PUT"}:
            self.add_payload(seen, decoded(body))
        hashed = isinstance(body, str) and _HASHED.fullmatch(body.strip()) is not None
        named = fields.get("digest") or (body if hashed else None)
        if seen.digest is None and isinstance(named, str) and len(named.strip()) >= _SHORTEST_HASH:
            seen.digest = named.strip().lower()[:_LONGEST].encode("utf-8", "replace")
        if seen.creates:
            record = _record_of(fields)
            seen.record = self.kept(record) if record is not None else None
            if seen.source is None:
                self._add_source(seen, fields)

    def add_payload(self, seen: LoggedExchange, payload: Any) -> None:  # noqa: ANN401 - any JSON value
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

    def _add_source(self, seen: LoggedExchange, fields: FieldRoles) -> None:
        if seen.record is not None:
            seen.source = seen.record
            seen.title = clean_line(seen.source, 60)
        elif fields.get("title") is not None and fields.get("start") is not None:
            made = {
                "title": fields.get("title"),
                "startAt": fields.get("start"),
                "channelId": fields.get("channel"),
            }
            seen.source, seen.title = source_of(made, self.moments)
        elif isinstance(fields.get("title"), str) and fields["title"].strip():
            job = fields.get("job")
            words = " ".join(fields["title"].lower().split())
            seen.hint = self.kept(f"{words}\x1f{job if isinstance(job, str | int) else ''}")
            seen.title = clean_line(fields["title"], 60)

    def _add_headers(self, seen: LoggedExchange, pairs: list[tuple[str, str]]) -> None:
        names = set()
        for name, value in pairs:
            names.add(name.lower())
            if is_key_header(name):
                seen.key = self.kept(value) if value.strip() else None
            elif is_misspelled_key_header(name):
                seen.misspelled = clean_line(name, 60)
            else:
                self.credentials.add_header(name, value)
        seen.keyed = bool(names & {"authorization", "x-api-key"})
        whole = bool(names & {"authorization", "x-api-key", "user-agent", "host", ":authority"})
        seen.key_visible = seen.key_visible or (whole and len(names) > 1)

    def add_response(self, seen: LoggedExchange, fields: FieldRoles) -> None:
        """Add what ``fields`` say of the response to ``seen``."""
        self._responses.add(seen, fields)

    def kept(self, text: str, longest: int = _LONGEST) -> str:
        """Return ``text``, cut, as the one copy of it that is kept."""
        return self._texts.setdefault(text[:longest], text[:longest])


def _record_of(fields: FieldRoles) -> str | None:
    """Return the ID of the record of the source that a request is about, where it is logged."""
    given = (
        fields.get("source") or _record_named(fields.get("tag")) or _record_id(fields.get("record"))
    )
    return str(given) if isinstance(given, str | int) and str(given).strip() else None


def _record_named(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return a ``source`` that is a record's ID, such as ``cms-991``, and no part of a system."""
    match = _TAG.fullmatch(value) if isinstance(value, str) else None
    return None if match is None or match[1].lower() in _NO_SOURCES else match[0]


def _record_id(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return what a field such as ``record`` or ``post`` holds, where that is an ID.

    A short number may be a place in a list, and so may the number of a row; a date or an address
    is no ID, nor is the name of a part of a system.
    """
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if _RECORD_ID.fullmatch(text) is None or _A_DATE.match(text):
        return None
    part = _WORD_BEFORE.match(text)
    return None if part is not None and part[1].lower() in _NO_RECORDS else text


def _address(fields: FieldRoles) -> tuple[str | None, str | None]:
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


def _guessed(fields: FieldRoles) -> str:
    """Guess a method that was not logged: what carries a body or creates is a POST."""
    return (
        "POST"
        if fields.get("body") is not None or status_of(fields.get("status"))[0] == 201
        else "GET"
    )


_UNITS: Iterable[tuple[str, float]] = (("ms", 0.001), ("us", 1e-6), ("µs", 1e-6), ("s", 1.0))


def _took(fields: FieldRoles) -> float | None:
    """Return the seconds that a request took; a bare number of over 100 is in milliseconds."""
    if "took_ms" not in fields and "took" not in fields:
        return None
    exact = seconds_of(fields.get("took_ms"))
    if exact is not None:
        return exact / 1000
    value = fields.get("took")
    if isinstance(value, str):
        for unit, factor in _UNITS:
            number = seconds_of(value.removesuffix(unit).strip()) if value.endswith(unit) else None
            if number is not None:
                return number * factor
    number = seconds_of(value)
    if number is None:
        return None
    return number / 1000 if number > 100 else number
