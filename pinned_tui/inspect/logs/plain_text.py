"""Reads one line of plain text: access logs, clients' logs of their requests. Pure."""

import re
from dataclasses import dataclass

from pinned_tui.api_spec.error_causes import status_of_code
from pinned_tui.api_spec.errors import STATUS_OF_CODE
from pinned_tui.api_spec.rate_limit import WRITTEN_DATE
from pinned_tui.inspect.logs.fields import FieldRoles
from pinned_tui.inspect.logs.responses import NO_RESPONSE
from pinned_tui.inspect.secrets import may_be_api_key

_METHOD = re.compile(
    r"\b(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b[\"'\]]?[ :,=|\t]{1,4}"
    r"(?:url=|path=|to )?[\"'<]?(?P<url>https?://[^\s\"'<>,;]{1,4000}|/[^\s\"'<>,;]{0,4000})"
)
_URL = re.compile(r"https?://[^\s\"'<>,;]{1,4000}|(?<![\w/])/api/public/v1[^\s\"'<>,;]{0,4000}")
_SPOKEN = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE|get|post|put|patch)\b")
_HOST = re.compile(r"https?://[\w.-]{1,253}(?::\d{1,5})?(?=[\s\"])")
_VERSION_STATUS = re.compile(r"http/\d(?:\.\d)?[\"']?[ ,]{1,3}([1-5]\d\d)\b")
_NAMED_STATUS = re.compile(
    r"\b(?:status|http)(?:[_ -]?code)?[\"']?(?: was| is|:|=)?[ \"']{0,2}([1-5]\d\d)\b"
)
_ARROW_STATUS = re.compile(
    r"(?:->|=>|→|<--|<-|⇒|\breturned|\bresponded|\bresponse|\bgot|\banswered|\bfailed with"
    r"|(?<!length)(?<!size)(?<!port)(?<!limit)(?<!bytes):)"
    r"[ \t\[(:]{0,3}([1-5]\d\d)\b"
)
_NEXT_STATUS = re.compile(r"[\"']? ?(?:->|=>|→) ?([1-5]\d\d)(?=[ ,;\r\n]|\Z)")
"""Right behind the address and an arrow, as most clients write it."""

_EXISTING = frozenset(
    (
        *(*range(200, 209), 226, *range(300, 309), *range(400, 419), *range(421, 427), 428, 429),
        *(431, 440, 444, 449, 451, 460, 463, 494, 495, 496, 497, 499, *range(500, 509), 510, 511),
        *(*range(520, 528), 530, 561, 598, 599),
    )
)
"""Statuses that are registered, or that load balancers and edges are known to use: a size or a
port is none."""

_ANY_STATUS = re.compile(
    r"(?<!length: )(?<!size: )(?<!id )(?<![\w.:=/#-])(?<!:\d\d,)([1-5]\d\d)"
    r"(?![\w.:/%-]|[ ]?(?:ms|s|bytes|B|kB|KB)\b)"
)
_COLUMN = re.compile(
    r"(?<![^\s|,;\t])(?<!:\d\d,)([1-5]\d\d)(?=[\s|,;\t])(?![ ]?(?:ms|s|bytes|kb|b)\b)"
)
_REASONS = {
    "unauthorized": 401, "forbidden": 403, "not found": 404, "too many requests": 429,
    "bad request": 400, "internal server error": 500, "bad gateway": 502,
    "service unavailable": 503, "gateway timeout": 504, "gateway time-out": 504,
}  # fmt: skip
_REASON = re.compile(rf"\b(?:{'|'.join(_REASONS)})\b")
_KEY = re.compile(
    r"\b(?:x-)?idem(?:potency|potent)?[-_ ]?key[\"']?[ ]{0,2}[=:][ ]{0,2}[\"']?"
    r"([^\s\"',;&}\])]{1,300})",
    re.IGNORECASE,
)
_EMPTY_KEY = re.compile(
    r"\bidempotency[-_ ]?key[\"']?[ ]{0,2}[=:][ ]{0,2}"
    r"(?:[\"']{2}|-|none|null|nil|undefined)(?=[\s,;&}\])]|\Z)",
    re.IGNORECASE,
)
_BARE_KEY = re.compile(r"(?<![\w?&-])key[=:][\"']?([^\s\"',;&}\])]{1,300})")
_EVENT_ID = re.compile(
    r"(?<![\w-])(?:event[-_ ]?id|doc\.id|doc_id|eventId|event|id)[\"']?[ ]?[=:#][ ]?[\"']?"
    r"(\d{1,18}|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-f]{24})\b"
)
_REQUEST_ID = re.compile(
    r"\brequest[-_ ]?id[\"']?[ ]{0,2}[=:][ ]{0,2}[\"']?([\w-]{3,100})|\b(req_[A-Za-z0-9]{2,60})\b",
    re.IGNORECASE,
)
_RETRY = re.compile(
    r"\bretry[-_ ]?(?:after|in)(?:[-_]?(?:s|sec|seconds))?[\"']?[ ]{0,2}[=:]?[ ]{0,2}[\"']?"
    rf"(?:({WRITTEN_DATE})|(\d{{1,9}}(?:\.\d{{1,6}})?)[ ]?(ms|s)?)",
    re.IGNORECASE,
)
_CODE = re.compile(rf"\b({'|'.join(status_of_code())})\b")
_SOURCE = re.compile(
    r"\b(?:source|record|external|cms|crm|item)[-_]?id[\"']?[=:][\"']?([\w.:-]{1,80})",
    re.IGNORECASE,
)
_NAMED_TEXT = (
    r"\b{}[\"']?[=:][ ]{{0,2}}(?:\"([^\"\n]{{1,200}})\"|'([^'\n]{{1,200}})'|([^\s\"',;]{{1,80}}))"
)
_TITLE = re.compile(_NAMED_TEXT.format("(?:event[-_ ]?)?title"), re.IGNORECASE)
_JOB = re.compile(_NAMED_TEXT.format("(?:job|task)(?:[-_ ]?(?:id|name))?"), re.IGNORECASE)
_RECORD = re.compile(
    r"\b(?:record|entry|post|item|article|listing|row)[\"']?[=:][ ]?[\"']?([\w.:#/-]{3,80})"
)
_DIGEST = re.compile(
    r"\b(?:payload|body|content|request)(?:[-_ ]?(?:hash|sha(?:-?\d{1,3})?|md5|digest|checksum"
    r"|fingerprint)[\"']?[=:][ ]{0,2}[\"']?|[=:](?=sha-?\d{1,3}:|md5:))"
    r"([0-9A-Za-z+/=_:-]{8,140})",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\btotalDocs[\"']?[=:][ ]?(\d{1,9})\b", re.IGNORECASE)
_COUNT = re.compile(r"\bdocs[=:][ ]?(\d{1,9})\b")
_LOCATION = re.compile(r"\blocation[\"']?[=:][ ]{0,2}[\"']?([^\s\"'<>,;]{1,2000})", re.IGNORECASE)
_NAMES_LOCATION = re.compile(r"location[\"']?\s{0,2}(?:[:=]|->|to)\s{0,2}[\"'<]?\Z")
_SEARCHED = (
    ("event_id", " id=", _EVENT_ID),
    ("event_id", " id:", _EVENT_ID),
    ("event_id", " id #", _EVENT_ID),
    ("event_id", "(id", _EVENT_ID),
    ("event_id", ",id", _EVENT_ID),
    ("event_id", 'id"', _EVENT_ID),
    ("event_id", "event_", _EVENT_ID),
    ("event_id", "event-", _EVENT_ID),
    ("event_id", "event ", _EVENT_ID),
    ("event_id", "event=", _EVENT_ID),
    ("event_id", "event:", _EVENT_ID),
    ("event_id", "event#", _EVENT_ID),
    ("event_id", "eventid", _EVENT_ID),
    ("event_id", "doc", _EVENT_ID),
    ("total", "totaldocs", _TOTAL),
    ("count", "docs", _COUNT),
    ("location", "location", _LOCATION),
    ("code", "invalid_", _CODE),
    ("code", "forbidden", _CODE),
    ("code", "conflict", _CODE),
    ("code", "not_found", _CODE),
    ("code", "_scope", _CODE),
    ("code", "_limited", _CODE),
    ("code", "internal_", _CODE),
    *(("code", code, _CODE) for code in status_of_code() if code not in STATUS_OF_CODE),
    ("source", "rce", _SOURCE),
    ("source", "record", _SOURCE),
    ("source", "external", _SOURCE),
    ("source", "cms", _SOURCE),
    ("source", "crm", _SOURCE),
    ("source", "item", _SOURCE),
)
"""What is looked for where a word shows that it may be there."""
_DIGEST_CUES = ("hash", "sha", "md5", "digest", "checksum", "fingerprint")
_QUIET = ' 0123456789"\r\n'
_TOOK = re.compile(r"(?<![\w.])(\d{1,7}(?:\.\d{1,6})?)[ ]?(ms|s)\b")
_TOOK_CUE = re.compile(r"[\d ]m?s\b")
_CLOSING = ".,;:)]}"
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class PlainLine:
    """What a line of plain text says.

    Attributes:
        method: None where the line names an address without one.
        url: None where it names no address.
        fields: The rest of it, by role.
        at: When, where the format has a place for it.
    """

    method: str | None
    url: str | None
    fields: FieldRoles
    at: str | None = None


_ACCESS = re.compile(
    r"\S{1,200} \S{1,200} [^\[\n]{1,200}\[(?P<at>[^\]\n]{10,40})\] \"(?P<method>[A-Z]{3,7})"
    r" (?P<url>[^\s\"]{1,4000}) HTTP/[\d.]{1,3}\" (?P<status>[1-5]\d\d) (?:\d{1,12}|-)"
    r"(?: \"[^\"\n]{0,4000}\" \"[^\"\n]{0,1000}\")?\s*\Z"
)
"""The common and the combined format of Apache and nginx, with nothing added."""


def read_access(line: str) -> PlainLine | None:
    """Read a line of an access log in one go, or None where it is none, or has more to tell."""
    match = _ACCESS.match(line) if '" ' in line else None
    if match is None:
        return None
    at, method, url, status = match.group("at", "method", "url", "status")
    return PlainLine(method, url, {"status": int(status)}, at)


def read_plain(line: str) -> PlainLine | None:
    """Read ``line``; None where it says nothing about a request."""
    line = line[:_LONGEST]
    asked = _METHOD.search(line)
    if asked is not None:
        method: str | None = asked["method"]
        url, end = asked["url"], asked.end()
        url = _with_host(line[: asked.start()], url)
    else:
        found = _URL.search(line)
        if found is not None and _NAMES_LOCATION.search(line[: found.start()][-20:].lower()):
            found = None
        url, end = (found[0], found.end()) if found else ("", 0)
        spoken = _SPOKEN.search(line) if found else None
        method = spoken[1].upper() if spoken else None
    before, after = line[: end - len(url)] if url else "", line[end:] if url else line
    fields = _fields(line, before, after)
    if not url and not fields:
        return None
    return PlainLine(method, url.rstrip(_CLOSING) or None, fields)


def _with_host(before: str, url: str) -> str:
    """Put the host in front of a path, where the line names it before, as Python's urllib3 does."""
    host = _HOST.search(before) if url.startswith("/") and "://" in before else None
    return host[0] + url if host else url


def _fields(line: str, before: str, after: str) -> FieldRoles:
    fields: FieldRoles = {}
    lowered, behind = line.lower(), after.lower()
    status = _status(before.lower(), behind) if "tunnel" not in behind else None
    if status is not None:
        fields["status"] = int(status)
    elif "tunnel" in behind or NO_RESPONSE.search(behind):
        fields["error"] = "no response"
    if not after.strip(_QUIET):
        return fields
    if "key" in lowered:
        key = _key(line)
        if key is not None or _EMPTY_KEY.search(line):
            fields["key"] = key
    for role, cue, pattern in _SEARCHED:
        if cue in behind and role not in fields:
            match = pattern.search(after)
            if match is not None:
                fields[role] = match[1]
    _add_names(fields, line, lowered)
    cue_at = lowered.find("req")
    request_id = _REQUEST_ID.search(line, cue_at) if cue_at >= 0 else None
    if request_id is not None:
        fields["request_id"] = request_id[1] or request_id[2]
    _add_times(fields, after, lowered, has_status=status is not None)
    return fields


def _add_names(fields: FieldRoles, line: str, lowered: str) -> None:
    """Add what a request is about, wherever the line names it."""
    for role, cue, pattern in (
        ("title", "title", _TITLE),
        ("job", "job", _JOB),
        ("job", "task", _JOB),
    ):
        match = pattern.search(line) if cue in lowered and role not in fields else None
        if match is not None:
            fields[role] = match[1] or match[2] or match[3]
    record = _RECORD.search(line) if "source" not in fields else None
    if record is not None:
        fields["record"] = record[1].rstrip(_CLOSING)
    if any(cue in lowered for cue in _DIGEST_CUES) and (match := _DIGEST.search(line)):
        fields["digest"] = match[1]


def _add_times(fields: FieldRoles, after: str, lowered: str, *, has_status: bool) -> None:
    """Add how long to wait, and how long the response took."""
    retry = _RETRY.search(after) if "retry" in lowered else None
    if retry is not None:
        fields["retry_ms" if retry[3] == "ms" else "retry"] = retry[1] or retry[2]
    took = _TOOK.search(after) if has_status and _TOOK_CUE.search(after) else None
    if took is not None and not (retry and retry.start() <= took.start() < retry.end()):
        fields["took_ms"] = str(float(took[1]) * (1 if took[2] == "ms" else 1000))


def _status(before: str, after: str) -> str | None:
    """Find the status: behind the address by its marks, or in front of it behind an arrow."""
    next_one = _NEXT_STATUS.match(after)
    if next_one is not None and "http" not in after and "status" not in after:
        return next_one[1]
    for pattern in (_VERSION_STATUS, _NAMED_STATUS, _ARROW_STATUS, _ANY_STATUS):
        for match in pattern.finditer(after):
            if int(match[1]) in _EXISTING:
                return match[1]
    for pattern in (_VERSION_STATUS, _NAMED_STATUS, _ARROW_STATUS):
        for match in pattern.finditer(before):
            if ":" not in match[0][:1] and int(match[1]) in _EXISTING:
                return match[1]
    return _spoken_status(before, after)


def _spoken_status(before: str, after: str) -> str | None:
    """Find a status in a column before the address, or as a word behind it."""
    columns = {match[1] for match in _COLUMN.finditer(before) if int(match[1]) in _EXISTING}
    if len(columns) == 1:
        return columns.pop()
    spoken = _REASON.search(after)
    return str(_REASONS[spoken[0]]) if spoken is not None else None


def _key(line: str) -> str | None:
    """Find the Idempotency-Key; a bare ``key=`` counts only where it can't be an API key."""
    cue_at = line.lower().find("idem")
    named = _KEY.search(line, max(cue_at - 2, 0)) if cue_at >= 0 else None
    if named is not None and not _EMPTY_KEY.match(line, named.start()):
        return named[1].rstrip(_CLOSING)
    bare = _BARE_KEY.search(line)
    if bare is None:
        return None
    value = bare[1].rstrip(_CLOSING)
    return None if may_be_api_key(value) else value


def body_in(line: str) -> int | None:
    """Return where a JSON object begins that goes on to the end of ``line``."""
    at = line.find("{")
    return at if at >= 0 and line.rstrip().endswith("}") else None
