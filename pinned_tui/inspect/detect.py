"""What is this? Tells the kinds of input apart by how they begin and how their lines are built.

A guess that is wrong costs the user more than none, so each kind asks for something that the
others don't have. Where nothing fits, the answer is that nothing was recognised.
"""

import json
import re
from typing import Any

from pinned_tui.inspect.commands import starts
from pinned_tui.inspect.described import has_wrong_header
from pinned_tui.inspect.errors_in_text import has_error
from pinned_tui.inspect.event_documents import documents_in
from pinned_tui.inspect.event_shape import is_body, may_be_broken_body, names_an_event, parsed
from pinned_tui.inspect.header_errors import header_fault
from pinned_tui.inspect.http_message import is_header_name, is_telling
from pinned_tui.inspect.known_formats import is_api_description
from pinned_tui.inspect.logs.columns import declares_columns
from pinned_tui.inspect.model import InputKind, InputText
from pinned_tui.inspect.network_errors import has_network_error
from pinned_tui.redaction.secret_strength import weigh

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT|TRACE"
_REQUEST = re.compile(
    rf"^[ \t]*(?:> )?(?:{_METHODS}) \S+(?: HTTP/\d(?:\.\d)?)?[ \t]*\r?$", re.MULTILINE
)
_RESPONSE = re.compile(r"^[ \t]*(?:< )?HTTP/\d(?:\.\d)? [1-9]\d{2}\b", re.MULTILINE)
_HEADER = re.compile(r"^(?::?[A-Za-z][A-Za-z0-9-]*|Request (?:URL|Method)|Status Code):[ \t]*\S.*$")
_AUTHORIZATION = re.compile(r"\s*authorization[ \t]*:", re.IGNORECASE)
_ACCESS = re.compile(r'^\S+ \S+ \S+ \[[^\]\n]+\] "', re.MULTILINE)
_MOMENT = (
    r"(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d/\w{3}/\d{4}:\d\d|\w{3} [ \d]\d \d\d:\d\d:\d\d"
    r"|\d{4}/\d\d/\d\d \d\d:\d\d|\b\d\d:\d\d:\d\d\b)"
)
_LEVEL = "trace|debug|info|notice|warn|warning|error|fatal|critical"
_BRACKETED = re.compile(rf"\s*\[(?:{_MOMENT}|(?:{_LEVEL})\])", re.IGNORECASE)
"""A line that begins with its time or its level in brackets, as of Laravel or Monolog."""

_LEVELLED = re.compile(rf"(?:{_LEVEL})(?:[:\]] |:[a-z_][\w.]*:)", re.IGNORECASE)
_TIMED = re.compile(rf"^.{{0,40}}?{_MOMENT}", re.MULTILINE)
_LOGFMT = re.compile(r"""^(?:[\w.-]+=(?:"(?:[^"\\\n]|\\.)*"|\S*)[ \t]*){3,}\r?$""", re.MULTILINE)
_SPOKEN = re.compile(rf"\b(?:{_METHODS})\b|\bHTTP/|\bstatus\b|\b[1-5]\d\d\b")
_LOOKED_AT = 64 * 1024
_LONGEST_KEY = 4096
_LONGEST_STAND_IN = 200
_MOST_LAYERS = 4
_MOST_AROUND = 8
_STAND_IN = re.compile(r"\{\{[^{}:\"\n]{1,100}\}\}|\{[A-Za-z_][\w.-]{0,60}\}|\[object \w{1,30}\]")
_KEY_SIGNS = re.compile(r"[\w.~+/=-]+", re.ASCII)
_SETTINGS = re.compile(r"(?:[A-Za-z_]\w*[ ]?=[^\n]*\n?){2,}")
"""Lines of an env file, of which none is the key of the API."""

_EXCEPTION = re.compile(
    r"[\w.:$\\]{0,200}(?:Error|Exception|Failure|Warning|Panic)\b\s*:", re.ASCII
)
"""How an error of a program begins, which has a colon as the name of a key has."""

_LOG_FIELDS = frozenset(
    {
        *("timestamp", "time", "ts", "@timestamp", "level", "msg", "message", "method", "status"),
        *("status_code", "statusCode", "path", "url", "uri", "route", "request", "response"),
        *("event", "req", "res", "httpRequest", "headers", "idempotency_key", "idempotencyKey"),
    }
)
_RESPONSE_TEXTS = frozenset({"message", "error", "errors", "detail"})
_RESPONSE_FIELDS = _RESPONSE_TEXTS | {
    *("statusCode", "status", "status_code", "code", "requestId", "request_id", "timestamp"),
    *("path", "success", "ok", "details", "__type", "error_description", "title", "type"),
}
_HAR = re.compile(r"""\s*\{\s*"log"\s*:\s*\{""")
_LIST = re.compile(r"\s*\[\s*\{")
_EVENT_FIELDS = frozenset(
    {
        *("channelId", "channel_id", "title", "startAt", "endAt", "timezone", "classifications"),
        *("approxLocation", "offers"),
    }
)


def detect(input_text: InputText) -> InputKind | None:
    """Name the kind of ``input_text``, or None where nothing recognises it."""
    text = input_text.text.lstrip("\ufeff")
    head = text[:_LOOKED_AT]
    if not head.strip() or is_api_description(head):
        return None
    if _is_stand_in(head):
        return InputKind.KEY
    if head.lstrip()[0] in '{["':
        kind = _large_kind(text, head) or _json_kind(text, head)
        if kind is not None or isinstance(parsed(text), dict | list):
            return kind or _error_kind(text) or _settings_kind(text)
    kind = _command_kind(head) or _http_kind(head) or _log_kind(head)
    kind = kind or _error_kind(text) or _log_kind(head, records=True)
    return kind or _settings_kind(text) or _loose_kind(text)


def _settings_kind(text: str) -> InputKind | None:
    """Tell settings by the key or the address of the API among them."""
    from pinned_tui.inspect.formats.settings_rules import kind_of_settings

    return kind_of_settings(text)


def _error_kind(text: str) -> InputKind | None:
    """Take text for a response where an error of the API is all that can be made out in it.

    So is an error for which no response came, where the text is about the API.
    """
    told = has_error(text) or has_network_error(text) or header_fault(text) is not None
    return InputKind.ANSWER if told or has_wrong_header(text) else None


def _large_kind(text: str, head: str) -> InputKind | None:
    """Tell HAR files and lists of log rows by their beginning, without reading all of them."""
    if len(text) <= _LOOKED_AT:
        return None
    if _HAR.match(head):
        return InputKind.HAR
    start = _LIST.match(head)
    if start is None:
        return None
    try:
        row, _ = json.JSONDecoder().raw_decode(head, start.end() - 1)
    except (ValueError, RecursionError):
        return None
    return InputKind.LOG if isinstance(row, dict) and _is_log_row(row) else None


def _json_kind(text: str, head: str) -> InputKind | None:
    """Tell apart what begins as JSON does."""
    value = parsed(text)
    if value is not None:
        return _kind_of_value(value)
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    whole = [parsed(line) for line in lines[: max(len(lines) - 1, 1)]]
    objects = [each for each in whole if isinstance(each, dict)]
    if len(lines) > 1 and objects and len(objects) * 2 >= len(whole):
        return InputKind.LOG
    if re.search(r'"log"\s*:\s*\{', head[:2000]) and '"entries"' in head:
        return InputKind.HAR
    if re.match(r'\s*\{\s*"error"\s*:', head):
        return InputKind.ANSWER
    if _ACCESS.search(head) or _BRACKETED.match(head):
        return None
    return InputKind.PAYLOAD if may_be_broken_body(head) else None


def _kind_of_value(value: Any) -> InputKind | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        if rows and all(_is_log_row(row) for row in rows[:20]):
            return InputKind.LOG
        if documents_in(value):
            return InputKind.ANSWER
        return InputKind.PAYLOAD if is_body(value) else None
    if isinstance(value, str):
        return InputKind.PAYLOAD if is_body(_inner(value)) else None
    if not isinstance(value, dict):
        return None
    log = value.get("log")
    if isinstance(log, dict) and "entries" in log:
        return InputKind.HAR
    return _kind_of_object(value)


def _inner(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value that stands in text within text, however often."""
    value: Any = text
    for _ in range(_MOST_LAYERS):
        if not isinstance(value, str):
            break
        value = parsed(value)
    return value


def _kind_of_object(value: dict[str, Any]) -> InputKind | None:
    if _is_problem(value) or _is_bare_message(value) or documents_in(value):
        return InputKind.ANSWER
    if names_an_event(value):
        return InputKind.PAYLOAD
    if _is_schema(value):
        return None
    if isinstance(value.get("error"), dict | str) and not _is_log_row(value):
        return InputKind.ANSWER
    if isinstance(value.get("docs"), list) or isinstance(value.get("doc"), dict):
        return InputKind.ANSWER
    if isinstance(value.get("errors"), list):  # as GraphQL and JSON:API answer
        return InputKind.ANSWER
    if _is_log_row(value) or _lists_rows(value):
        return InputKind.LOG
    return InputKind.PAYLOAD if is_body(value) else None


def _is_schema(value: dict[str, Any]) -> bool:
    """Tell the description of an event from an event: it has the fields, with their types."""
    fields = value.get("properties")
    described = fields.values() if isinstance(fields, dict) else ()
    types = {"type", "$ref", "enum", "anyOf", "oneOf", "allOf", "format"}
    if described and all(isinstance(one, dict) and types & one.keys() for one in described):
        return True
    return bool({"openapi", "swagger"} & value.keys()) and not _EVENT_FIELDS & value.keys()


def _is_problem(value: dict[str, Any]) -> bool:
    """Tell problem details (RFC 9457) from an event, which has a title and a status too."""
    if (_EVENT_FIELDS - {"title"}) & value.keys():
        return False
    members = {"type", "title", "status", "detail", "instance"} & value.keys()
    return len(members) > 1 and isinstance(value.get("status"), int)


def _is_bare_message(value: dict[str, Any]) -> bool:
    """Tell the error of a gateway or a framework: a message and little else."""
    texts = value.keys() & _RESPONSE_TEXTS
    logged = "timestamp" in value and "error" not in value
    return bool(texts) and value.keys() <= _RESPONSE_FIELDS and not logged


def _lists_rows(value: dict[str, Any]) -> bool:
    """Tell the export of a log: rows in a list, with little around them."""
    for name in ("logs", "entries", "records", "events", "messages", "hits", "items", "results"):
        rows = value.get(name)
        if isinstance(rows, list) and rows and len(value) <= _MOST_AROUND:
            return all(isinstance(row, dict) and _is_log_row(row) for row in rows[:20])
    return False


def _is_log_row(row: dict[str, Any]) -> bool:
    return len(_LOG_FIELDS & row.keys()) > 1 and not _EVENT_FIELDS & row.keys()


def _command_kind(head: str) -> InputKind | None:
    if starts.CURL.search(head):
        return InputKind.CURL
    return InputKind.HTTPIE if starts.HTTPIE.search(head) else None


def _http_kind(head: str) -> InputKind | None:
    first = head.lstrip().split("\n", 1)[0]
    if _ACCESS.match(first):
        return None
    request, response = _REQUEST.search(head), _RESPONSE.search(head)
    if request and (not response or request.start() < response.start()):
        return InputKind.REQUEST
    if response:
        return InputKind.RESPONSE
    lines = [line.rstrip("\r") for line in head.strip().split("\n")]
    if _AUTHORIZATION.match(head) or _are_headers(lines):
        return InputKind.REQUEST
    return None


def _are_headers(lines: list[str]) -> bool:
    """Tell headers alone from other lines with a colon: most of them are such that HTTP knows."""
    if len(lines) < 2 or not all(map(_HEADER.match, lines)):
        return False
    names = [line[0] + line[1:].partition(":")[0] for line in lines]
    return any(map(is_telling, names)) and sum(map(is_header_name, names)) * 2 >= len(names)


def _log_kind(head: str, *, records: bool = False) -> InputKind | None:
    """Tell log lines by their times; with ``records``, indented lines belong to those above."""
    if _ACCESS.search(head) or declares_columns(head.lstrip().partition("\n")[0]):
        return InputKind.LOG
    lines = [line for line in head.splitlines()[:50] if line.strip()]
    if records:
        lines = [line for line in lines if line[0] not in " \t}])"] or lines
    timed = sum((_TIMED.match(line) or _LEVELLED.match(line)) is not None for line in lines)
    spoken = sum(_SPOKEN.search(line) is not None for line in lines)
    if timed * 2 >= len(lines) and spoken:
        return InputKind.LOG
    fields = sum(_LOGFMT.match(line) is not None for line in lines)
    return InputKind.LOG if fields * 2 >= len(lines) and spoken else None


def _is_stand_in(head: str) -> bool:
    """Tell what stands for a value and looks like JSON: ``{{key}}``, ``[object Object]``."""
    body = head.strip()
    return len(body) <= _LONGEST_STAND_IN and _STAND_IN.fullmatch(body) is not None


def _loose_kind(text: str) -> InputKind | None:
    """Take one line without blanks in its middle for a key; a key may have a name before it."""
    body = text.strip()
    if len(body) > _LONGEST_KEY or len(body.splitlines()) > 2 or _EXCEPTION.match(body):
        return None
    if _SETTINGS.fullmatch(body):
        return None
    words = body.strip("\"'").split()
    named = re.match(
        r"(?:export\s+|set\s+|\$env:)?[\"']?[\w.-]{1,64}[\"']?\s*[:=]|bearer\s|authorization",
        body,
        re.IGNORECASE,
    )
    if len(words) == 1 or (named and len(words) <= 4):
        return InputKind.KEY
    return InputKind.KEY if len(words) == 2 and _is_wrapped(*words) else None


def _is_wrapped(first: str, second: str) -> bool:
    """Return whether two lines are one key that something broke in two: neither reads as words."""
    plain = all(_KEY_SIGNS.fullmatch(word) for word in (first, second))
    return plain and len(weigh(first).told) >= 8 and len(weigh(second).told) >= 4
