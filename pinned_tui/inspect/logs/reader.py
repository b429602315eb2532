"""Reads log lines: JSON, logfmt, access logs and plain text, each line for itself. Pure.

A line that tells of a request opens it; what follows, until the next one, may add to it: the status
on a line of its own, a header, a body in JSON.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from pinned_tui.inspect.errors_in_text import CUES
from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.inspect.http_message import HttpBody, HttpRequest
from pinned_tui.inspect.logs.columns import Columns
from pinned_tui.inspect.logs.cues import NextCue
from pinned_tui.inspect.logs.fields import FieldRoles, Names, decoded, fields_of, weigh
from pinned_tui.inspect.logs.plain_text import PlainLine, body_in, read_access, read_plain
from pinned_tui.inspect.logs.requests import Builder
from pinned_tui.inspect.logs.responses import NO_RESPONSE, says_success
from pinned_tui.inspect.model import InspectionContext, Span
from pinned_tui.inspect.secrets import CredentialCollector
from pinned_tui.inspect.traffic.model import LoggedExchange, Traffic

_LOGFMT = re.compile(r'([A-Za-z_@][\w.@-]{0,63})=("(?:[^"\\]|\\.){0,20000}"|[^\s"]{0,4000})')
_STARTS_LOGFMT = re.compile(r"\s{0,8}[A-Za-z_@][\w.@-]{0,63}=\S")
_LIST = re.compile(r"\s*(?:\[\s*)?\{")
_WRAPPED = re.compile(
    r'\s*\{(?:[^\[\]{}]{0,2000})"(?:logs|entries|records|events|messages|hits|items|results|data)"'
    r"\s*:\s*\["
)
_NEXT = re.compile(r"[\s,]*")
_CUES = ("events", "/api/public/v1", "pinned.events", "channels", "classifications", "media")
_ADDRESSES = ("/api/public/v1", "pinned.events")
_ANY = (*CUES, "vents", "VENTS", "channels", "classifications", "media", "public/v1", "\\u")
"""Without any of them, a line is about something else whatever it is: no route of the API is in it,
not its host in any usual spelling, no error of it, and no letter that JSON may write in another
way."""

_OF_BODIES = ('"channelId"', '"startAt"', '"timezone"', '"title"', '"error"', '"doc')
_ATTACHED_WITHIN = 40
_MOST_UNREAD = 500
_LONGEST_HEAD = 4000
_LONGEST_LINE = 1_000_000
_DECODER = json.JSONDecoder(strict=False)


class LogReader:
    """Reads one log."""

    def __init__(
        self,
        text: str,
        context: InspectionContext,
        credentials: CredentialCollector,
        excerpt: InputExcerpt | None = None,
    ) -> None:
        self._text = text
        self._excerpt = excerpt
        self._context = context
        self._builder = Builder(context.now, credentials)
        self._names = Names()
        self._columns: Columns | None = None
        self._traffic = Traffic(payload_of=self._payload_of, request_of=self._request_of)
        self._open: LoggedExchange | None = None
        self._last: LoggedExchange | None = None
        self._by_trace: dict[str, LoggedExchange] = {}
        self._payloads: dict[int, tuple[int, int]] = {}

    def read(self) -> Traffic:
        """Return the requests to the API in the log."""
        rows = self._rows() if self._is_list() else None
        if rows is None:
            self._read_lines()
        else:
            for line, start, end, row in rows:
                self._take_record(row, line, start, end)
        return self._traffic

    def _is_list(self) -> bool:
        """Tell a JSON list, or objects over several lines, from one object a line."""
        text = self._text
        if _WRAPPED.match(text):
            return True
        opening = _LIST.match(text)
        if opening is None:
            return False
        if "[" in opening[0]:
            return True
        first = text[opening.start() : text.find("\n", opening.end())].strip()
        return first == "{"

    def _rows(self) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
        text = self._text
        wrapped = _WRAPPED.match(text)
        at = wrapped.end() if wrapped else _skip(text, 0)
        if text[at : at + 1] == "[":
            at = _skip(text, at + 1)
        at = _skip(text, at)
        line, counted = 1, 0
        number = 0
        while text[at : at + 1] == "{":
            try:
                row, end = _DECODER.raw_decode(text, at)
            except (ValueError, RecursionError):
                self._traffic.cut = True
                return
            line, counted = line + text.count("\n", counted, at), at
            if isinstance(row, dict):
                yield self._line(line), at, end, row
            at = _skip(text, end)
            number += 1
            if number % 500 == 0:
                self._context.say(at / len(text))

    def _read_lines(self) -> None:
        text, at, number = self._text, 0, 0
        cues = NextCue(text, _ANY)
        head = text[:_LONGEST_HEAD].lstrip().partition("\n")[0]
        self._columns = Columns.declared_by(head, self._names)
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            number += 1
            if self._waits_for_nothing(at, end, self._line(number)) and cues.after(at) >= end:
                self._traffic.passed_over += 1 if text[at:end].strip() else 0
            else:
                line = text[at : min(end, at + _LONGEST_LINE)]
                self._take_line(line, self._line(number), at)
            at = end + 1
            if number % 2000 == 0:
                self._context.say(min(at / len(text), 1.0))

    def _waits_for_nothing(self, start: int, end: int, number: int) -> bool:
        """Return whether a line that names nothing of the API can add nothing to what was read."""
        opened, last = self._open, self._last
        if self._by_trace or (
            last is not None and last.failed and last.status is not None and not last.hopeful
        ):
            return False
        if opened is None or number - opened.line > _ATTACHED_WITHIN:
            return True
        text = self._text  # a record is on its own, unless it is a body that goes on with one
        return text.startswith('{"', start, end) and all(
            text.find(sign, start, end) < 0 for sign in _OF_BODIES
        )

    def _line(self, own: int) -> int:
        """Return the number in the input of a line of the text."""
        return own if self._excerpt is None else self._excerpt.line(own)

    def _take_line(self, line: str, number: int, start: int) -> None:
        if not line.strip():
            return
        record = _record(line)
        if record is None and self._columns is not None:
            record = self._columns.record(line)
        end = start + len(line.rstrip())
        if record is not None:
            self._take_record(record, number, start, end)
            return
        plain = None
        if _STARTS_LOGFMT.match(line) and (self._matters(line) or self._by_trace):
            pairs = _logfmt(line)
            if len(pairs) > 2:
                self._take_record(pairs, number, start, end)
                return
        if self._matters(line):
            plain = read_access(line) or read_plain(line)
        if plain is not None and plain.url is not None and plain.method is not None:
            self._take_plain(plain, line, number, start, end)
        elif not self._attach(line, number, start, plain):
            self._pass_over(start, end)

    def _matters(self, line: str) -> bool:
        """Return whether a line is worth a closer look; most lines of most logs are not."""
        opened = self._open
        return any(cue in line for cue in _CUES) or opened is not None

    def _take_plain(self, plain: PlainLine, line: str, number: int, start: int, end: int) -> None:
        fields: FieldRoles = {"url": plain.url, "method": plain.method, "message": line}
        fields.update(plain.fields)
        fields["time"] = self._builder.moments.find(plain.at or line)
        body = body_in(line)
        document = decoded(line[body:]) if body is not None else None
        if isinstance(document, dict):
            self._sort_document(document, fields)
        seen = self._builder.make(fields, number, start, end)
        self._keep(seen, fields, start + body if body is not None else None, start, end)

    def _sort_document(self, document: dict[str, Any], fields: FieldRoles) -> None:
        """Take JSON at the end of a line for what it is: a body, a response, or more fields."""
        if _is_payload(document):
            fields.setdefault("body", document)
        elif document.keys() & {"doc", "docs", "error"}:
            fields["response"] = document
        else:
            for role, value in fields_of(document, self._names).items():
                if fields.get(role) is None:
                    fields[role] = value

    def _take_record(self, record: Mapping[str, Any], number: int, start: int, end: int) -> None:
        fields = fields_of(record, self._names)
        if fields.get("status") is None or not isinstance(fields.get("url"), str | dict):
            self._weigh(record, fields, start, end)
        message = fields.get("message")
        if not isinstance(fields.get("url"), str | dict) and isinstance(message, str):
            self._read_message(message, fields)
        trace = fields.get("trace") or fields.get("request_id")
        seen = self._builder.make(fields, number, start, end)
        if seen is not None:
            self._keep(seen, fields, start, start, end)
            return
        opened = self._open
        if opened is not None and opened.method == "GET" and "totalDocs" in record:
            self._builder.add_response(opened, {**fields, "status": opened.status})
            return
        earlier = self._by_trace.get(str(trace)) if trace is not None else None
        if earlier is not None and earlier.status is None and not fields.get("url"):
            self._builder.add_response(earlier, fields)
            self._builder.add_request(earlier, fields)
        else:
            self._note_success(message)
            self._pass_over(start, end)

    def _weigh(self, record: Mapping[str, Any], fields: FieldRoles, start: int, end: int) -> None:
        """Read fields by their values where no name tells them, in a record about the API."""
        if any(self._text.find(cue, start, end) >= 0 for cue in _ADDRESSES):
            weigh(record, fields)

    def _pass_over(self, start: int, end: int) -> None:
        """Count what is about something else; what may tell of an error is looked at once more."""
        traffic = self._traffic
        traffic.passed_over += 1
        if len(traffic.unread) < _MOST_UNREAD and any(
            self._text.find(cue, start, end) >= 0 for cue in CUES
        ):
            traffic.unread.append((start, end))

    def _read_message(self, message: str, fields: FieldRoles) -> None:
        """Read a request out of the text of a record, where no field has its address."""
        plain = read_plain(message) if any(cue in message for cue in _CUES) else None
        if plain is None or plain.url is None:
            return
        fields["url"] = plain.url
        for role, value in (("method", plain.method), *plain.fields.items()):
            if fields.get(role) is None:
                fields[role] = value
        body = body_in(message)
        document = decoded(message[body:]) if body is not None else None
        if isinstance(document, dict):
            self._sort_document(document, fields)

    def _keep(
        self,
        seen: LoggedExchange | None,
        fields: FieldRoles,
        body: int | None,
        start: int,
        end: int,
    ) -> None:
        if seen is None:
            self._open = None
            self._pass_over(start, end)
            return
        if seen.digest is not None and body is not None:
            self._payloads[seen.line] = (body, end)
        earlier = self._same_request(seen, fields)
        if earlier is not None:
            self._join(earlier, seen)
            return
        self._traffic.seen.append(seen)
        self._last = seen
        self._open = seen
        trace = fields.get("trace") or fields.get("request_id")
        if seen.status is None and trace is not None and isinstance(trace, str | int):
            self._by_trace[str(trace)[:200]] = seen

    def _same_request(self, seen: LoggedExchange, fields: FieldRoles) -> LoggedExchange | None:
        """Return the request that ``seen`` answers, where both have a line of their own."""
        if seen.status is None and not seen.cut_off:
            return None
        trace = fields.get("trace") or fields.get("request_id")
        earlier = self._by_trace.pop(str(trace)[:200], None) if trace is not None else None
        opened = self._open
        if earlier is None and opened is not None and seen.digest is None and seen.key is None:
            near = seen.line - opened.line <= 3
            earlier = opened if near and opened.status is None and not opened.cut_off else None
        same = earlier is not None and earlier.place.route == seen.place.route
        return earlier if same and earlier is not None and earlier.method == seen.method else None

    @staticmethod
    def _join(earlier: LoggedExchange, response: LoggedExchange) -> None:
        """Add to a request what the line of its response says."""
        if earlier.at is not None and response.at is not None:
            earlier.took = earlier.took or max(response.at - earlier.at, 0.0)
        for name in (
            "status",
            "event_id",
            "request_id",
            "code",
            "wait_s",
            "response",
            "key",
            "digest",
        ):
            if getattr(earlier, name) is None:
                setattr(earlier, name, getattr(response, name))
        for name in ("total", "count", "limit", "page", "source", "title"):
            if getattr(earlier, name) is None:
                setattr(earlier, name, getattr(response, name))
        earlier.cut_off = earlier.cut_off or response.cut_off
        earlier.key_visible = earlier.key_visible or response.key_visible
        earlier.hopeful = earlier.hopeful or response.hopeful

    def _attach(self, line: str, number: int, start: int, plain: PlainLine | None) -> bool:
        """Add a line without a request of its own to the request before it, if it belongs there."""
        opened = self._open
        if opened is None or number - opened.line > _ATTACHED_WITHIN:
            self._open = None
            return False
        if opened.failed and opened.status is not None and number - opened.line <= 2:
            self._note_success(line)
        added = False
        fields: FieldRoles = dict(plain.fields) if plain is not None else {}
        body = body_in(line)
        document = decoded(line[body:]) if body is not None else None
        if isinstance(document, dict):
            self._sort_document(document, fields)
            added = bool(document.keys() & {"doc", "docs", "error"})
            if "totalDocs" in document and not added and opened.method == "GET":
                self._builder.add_response(opened, {**fields, "status": opened.status})
                return True
        if fields.get("body") is not None and opened.digest is None and body is not None:
            self._builder.add_request(opened, {"body": fields["body"]})
            self._payloads[opened.line] = (start + body, start + len(line.rstrip()))
            added = True
        if fields.get("key") and opened.key is None:
            self._builder.add_request(opened, {"key": fields["key"]})
            added = True
        return self._attach_response(opened, line, fields, number, added=added)

    def _attach_response(
        self, opened: LoggedExchange, line: str, fields: FieldRoles, number: int, *, added: bool
    ) -> bool:
        unanswered = opened.status is None and not opened.cut_off
        if unanswered and fields.get("status") is not None:
            at = self._builder.moments.find(line)
            if opened.at is not None and at is not None and opened.took is None:
                opened.took = max(at - opened.at, 0.0)
            self._builder.add_response(opened, fields)
            return True
        if unanswered and NO_RESPONSE.search(line[:400].lower()) and number - opened.line <= 5:
            opened.cut_off = True
            return True
        if added:
            rest: FieldRoles = {n: fields[n] for n in ("response", "retry", "error") if n in fields}
            if rest:
                self._builder.add_response(opened, {**rest, "status": opened.status})
        return added

    def _note_success(self, message: Any) -> None:  # noqa: ANN401 - any JSON value
        last = self._last
        if last is not None and last.status is not None and last.failed and says_success(message):
            last.hopeful = True

    def _request_of(self, seen: LoggedExchange) -> HttpRequest | None:
        """Return method and address, all that most logs have of a request."""
        if not (seen.place.is_api or seen.beside):
            return None
        url = seen.place.url
        at = self._text.find(url, seen.start, seen.end)
        span = Span(at, at + len(url)) if at >= 0 else None
        return HttpRequest(
            seen.method, url, body=None if seen.method in {"GET", "HEAD"} else HttpBody(None),
            url_span=span, origin="log", span=seen.span, open_ended=True,
        )  # fmt: skip

    def _payload_of(self, seen: LoggedExchange) -> Any:  # noqa: ANN401 - any JSON value
        place = self._payloads.get(seen.line)
        value = decoded(self._text[slice(*place)]) if place else None
        if value is None and place:
            value = _record(self._text[slice(*place)])
        if not isinstance(value, dict):
            return None
        if _is_payload(value):
            return value
        fields = fields_of(value, self._names)
        body = fields.get("body")
        if body is None and isinstance(fields.get("message"), str):
            start = body_in(fields["message"])
            body = fields["message"][start:] if start is not None else None
        return decoded(body)


def read_log(
    text: str,
    context: InspectionContext,
    credentials: CredentialCollector,
    excerpt: InputExcerpt | None = None,
) -> Traffic:
    """Return the requests to the API in log lines, which may be cut out of a larger log."""
    return LogReader(text, context, credentials, excerpt).read()


def _skip(text: str, at: int) -> int:
    match = _NEXT.match(text, at)
    return match.end() if match else at


def _record(line: str) -> dict[str, Any] | None:
    """Return the JSON object that a line is, also behind the prefix of a container's log."""
    at = line.find("{", 0, 120)
    if at < 0 or not line.rstrip().endswith("}"):
        return None
    if at > 0 and not _is_prefix(line[:at]):
        return None
    try:
        value = msgspec.json.decode(line[at:].strip())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and not _is_body(value) else None


_PREFIX = re.compile(r"[\s\ufeff]*(?:\S{1,60}[ \t]+){0,4}\S{0,40}\s*\Z")


def _is_prefix(text: str) -> bool:
    """Return whether what is before an object is only time, host or stream."""
    has_request = any(word in text for word in ("POST", "GET", "PATCH", "/", "body", "payload"))
    return not has_request and _PREFIX.match(text) is not None


_TELLING = frozenset({"method", "status", "url", "path", "level", "msg", "message", "time", "ts"})


def _is_body(value: dict[str, Any]) -> bool:
    """Tell the body of a request or a response at the end of a line from a record of its own."""
    if _is_payload(value):
        return True
    is_response = isinstance(value.get("error"), dict) or value.keys() & {"doc", "docs"}
    return bool(is_response) and not (_TELLING & value.keys())


def _is_payload(value: dict[str, Any]) -> bool:
    return len(
        {"channelId", "startAt", "timezone", "title", "classifications"} & value.keys()
    ) > 1 and not ({"method", "status", "url", "path", "level"} & value.keys())


def _logfmt(line: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for match in _LOGFMT.finditer(line):
        value = match[2]
        if value.startswith('"'):
            value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        pairs.setdefault(match[1], value)
    return pairs
