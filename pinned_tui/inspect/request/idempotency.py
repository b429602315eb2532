"""Rules about the ``Idempotency-Key`` of one create request.

The vendor's page *Idempotency*: keys come of the source's own ID and the action, such as
``cms-post-123-create``, never of the clock or a random source. One request alone can't show that a
key stays the same over retries; what can be told is what the key is made of.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from pinned_tui.inspect.http_message import Header, HttpRequest, header_names
from pinned_tui.inspect.model import Fault, InspectionContext, Span
from pinned_tui.inspect.request.findings import (
    RequestEdit,
    RequestFindings,
    RequestPart,
    headers_seen,
)
from pinned_tui.inspect.request.target import RequestTarget
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import may_be_key
from pinned_tui.session import Certainty

NAME = "Idempotency-Key"

_LIKE = 0.85
_SURE, _LIKELY, _POSSIBLE = Certainty.CONFIRMED, Certainty.LIKELY, Certainty.POSSIBLE

_RANDOM_SOURCE = re.compile(
    r"uuidgen|uuid(?:v4|4)?\(\)|newguid|new-guid|\$random|%random%|get-random|openssl rand|urandom"
    r"|random_?uuid|(?:\{[{%]|<<)\s*[$#]?(?:random|guid|uuid|faker\s+'guid)"
    r"|secrets\.token|nanoid|makeuuid|/random/uuid",
    re.IGNORECASE,
)
_CLOCK_SOURCE = re.compile(
    r"\$\(\s*date\b[^)]*\)|`\s*date\b[^`]*`|get-date|%time%|epochseconds|epochrealtime"
    r"|(?:\{[{%]|<<)\s*[$#]?(?:timestamp|isotimestamp|now\b|(?:local)?datetime)"
    r"|date\.now|time\.time|datetime\.|unixtime",
    re.IGNORECASE,
)
_DAY_SOURCE = re.compile(
    r"date\s+(?:-u\s+)?['\"]?\+(?:%F|%Y-?%m-?%d|%Y%j)['\"]?\s*[)`]|%date%|yyyy-?mm-?dd['\")]",
    re.IGNORECASE,
)
_UUID = re.compile(
    r"(?:urn:uuid:)?\{?[0-9a-f]{8}-?[0-9a-f]{4}-?(?P<version>[0-9a-f])[0-9a-f]{3}"
    r"-?(?P<variant>[0-9a-f])[0-9a-f]{3}-?[0-9a-f]{12}\}?",
    re.IGNORECASE,
)
_HEX = re.compile("[0-9a-f]{16,}", re.IGNORECASE)
_DIGESTS = (32, 40, 56, 64, 96, 128)
_CHANCE = re.compile(r"[A-Za-z0-9_+/=-]{16,64}")
_ATTEMPT = re.compile(
    r"(?<![a-z])(?:attempt|retry|retries|try)s?[-_.:#= ]?[0-9]{1,4}(?![0-9])", re.IGNORECASE
)
_EPOCH = re.compile(r"(?<![0-9])(?:1[5-9][0-9]{8}(?:[0-9]{3}|[0-9]{6}|[0-9]{9})?)(?![0-9])")
_MOMENT = re.compile(
    r"(?<![0-9])(?P<date>20[0-9]{2}(?P<sign>[-/_.]?)[01][0-9](?P=sign)[0-3][0-9])"
    r"(?P<time>[-T_ :.]?[0-2][0-9](?::?|[-_.]?)[0-5][0-9](?:[:._-]?[0-5][0-9])?(?![0-9]{2}))?"
)
_ROW = re.compile(
    r"(?<![a-z])(?:row|line|index|idx|record|zeile|ligne|fila)[-_#.:= ]?[0-9]+", re.IGNORECASE
)
_FRESH = timedelta(days=550)


def inspect_idempotency(
    request: HttpRequest, target: RequestTarget | None, context: InspectionContext
) -> RequestFindings:
    """Look at the idempotency key of a create request."""
    findings = RequestFindings()
    header = request.header(NAME)
    if header is None:
        _missing(request, target, findings)
        header = next(filter(_is_near, request.headers), None)
    elif not header.value.strip():
        _missing(request, target, findings)
    if header is not None and header.value.strip():
        _value(request, header, context, findings)
    return findings


def inspect_idempotency_name(request: HttpRequest) -> RequestFindings:
    """Look at the header's name alone, where nothing tells whether the request creates."""
    findings = RequestFindings()
    if request.header(NAME) is None and any(map(_is_near, request.headers)):
        _missing(request, None, findings)
    return findings


def _is_near(header: Header) -> bool:
    plain = re.sub("[^a-z]", "", header.name.lower())[:40]
    if "idempot" not in plain and "idemp" not in plain:
        return False
    return plain in header_names().like_idempotency_key or bool(
        get_close_matches(plain, ["idempotencykey", "xidempotencykey"], 1, _LIKE)
    )


def _missing(request: HttpRequest, target: RequestTarget | None, findings: RequestFindings) -> None:
    near = next(filter(_is_near, request.headers), None)
    if near is not None and near.name.lower() != NAME.lower():
        shown = clean_line(near.name, 40)
        findings.faults.append(
            Fault(
                "idempotency-header-misspelled",
                _SURE,
                say("request.idempotency-header-misspelled.seen", header=shown),
                found=shown,
                suggestion=NAME,
                span=near.span,
            )
        )
        change = say("request.idempotency-header-misspelled.change", header=shown, expected=NAME)
        findings.edits.append(
            RequestEdit(RequestPart.HEADER, change, near, NAME, near.value, filled=near.filled)
        )
    elif headers_seen(request):
        route = f"POST {target.route}" if target is not None and target.route else None
        findings.faults.append(
            Fault(
                "idempotency-key-missing",
                _SURE,
                say("request.idempotency-key-missing.absent", header=NAME),
                span=request.method_span or request.url_span,
                values={"route": route},
            )
        )


def _value(
    request: HttpRequest, header: Header, context: InspectionContext, findings: RequestFindings
) -> None:
    """Find what the key is made of."""
    text = header.value.strip()[:1000]
    fault = (
        _source(request, header, text)
        or _attempt(text)
        or _uuid(text)
        or _clock(request, text, context)
        or _row(text)
        or _nonce(text)
    )
    if fault is not None:
        findings.faults.append(replace(fault, span=_place(header, fault.found)))


def _place(header: Header, found: str | None) -> Span | None:
    span = header.value_span
    if span is None or span.end - span.start != len(header.value):
        return span or header.span
    at = header.value.find(found) if found else -1
    return Span(span.start + at, span.start + at + len(found or "")) if at >= 0 else span


def _source(request: HttpRequest, header: Header, text: str) -> Fault | None:
    """Judge a key that a shell or a client puts together when it sends."""
    random, clock = _RANDOM_SOURCE.search(text), _CLOCK_SOURCE.search(text)
    made = random or clock or _DAY_SOURCE.search(text)
    if made is None:
        return None
    shown = clean_line(made[0], 60)
    left_as_is = request.shell is not None and not header.filled and "{{" not in made[0]
    if left_as_is and re.search("[$`%]", text):
        detail = say("request.idempotency-key-constant.unfilled", source=shown)
        return Fault("idempotency-key-constant", _LIKELY, detail, found=shown)
    if random is not None:
        detail = say("request.idempotency-key-random.source", source=shown)
        return Fault("idempotency-key-random", _SURE, detail, found=shown)
    if _DAY_SOURCE.search(text):
        detail = say("request.idempotency-key-row-based.day", source=shown)
        return Fault("idempotency-key-row-based", _POSSIBLE, detail, found=shown)
    detail = say("request.idempotency-key-time-based.source", source=shown)
    return Fault("idempotency-key-time-based", _SURE, detail, found=shown)


def _attempt(text: str) -> Fault | None:
    match = _ATTEMPT.search(text)
    if match is None:
        return None
    shown = clean_line(match[0], 40)
    detail = say("request.idempotency-key-time-based.attempt", attempt=shown)
    return Fault("idempotency-key-time-based", _SURE, detail, found=shown)


def _uuid(text: str) -> Fault | None:
    """Judge a key that is a UUID as a whole (RFC 9562); within a key it may be a record's ID."""
    match = _UUID.fullmatch(text)
    if match is None or match["variant"].lower() not in "89ab":
        return None
    version = match["version"]
    stored = (say("request.idempotency-key-random.or-stored"),)
    if version == "4":
        detail = say("request.idempotency-key-random.uuid")
        return Fault("idempotency-key-random", _LIKELY, detail, alternatives=stored)
    if version in "167":
        detail = say("request.idempotency-key-random.uuid-of-time", version=version)
        return Fault("idempotency-key-random", _POSSIBLE, detail, alternatives=stored)
    return None


def _nonce(text: str) -> Fault | None:
    """Judge a key without words; one that has the length of a digest may be made of the source."""
    if _UUID.fullmatch(text):
        return None
    is_hex = _HEX.fullmatch(text) is not None and not text.isdigit() and not text.isalpha()
    chance = _CHANCE.fullmatch(text) is not None and re.search("[0-9]", text) is not None
    if not is_hex and not (chance and re.search("[A-Z]", text) and may_be_key(text)):
        return None
    certainty, alternatives = _LIKELY, [say("request.idempotency-key-random.or-stored")]
    if is_hex and len(text) in _DIGESTS:
        certainty = _POSSIBLE
        alternatives.append(say("request.idempotency-key-random.or-digest"))
    detail = say("request.idempotency-key-random.characters", count=len(text))
    return Fault("idempotency-key-random", certainty, detail, alternatives=tuple(alternatives))


def _clock(request: HttpRequest, text: str, context: InspectionContext) -> Fault | None:
    """Judge a key with a moment in it; the time of the event itself is a stable part."""
    body = (request.body.text or "")[:200_000] if request.body is not None else ""
    for match in _EPOCH.finditer(text):
        seconds = int(match[0][:10])
        if match[0] in body or not _is_recent(datetime.fromtimestamp(seconds, UTC), context):
            continue
        detail = say("request.idempotency-key-time-based.epoch", number=match[0])
        alternatives = (say("request.idempotency-key-time-based.or-record"),)
        return Fault(
            "idempotency-key-time-based", _LIKELY, detail, found=match[0], alternatives=alternatives
        )
    for match in _MOMENT.finditer(text):
        if match["time"] and _was_now(match, body, context):
            shown = clean_line(match[0], 40)
            detail = say("request.idempotency-key-time-based.minute", time=shown)
            alternatives = (say("request.idempotency-key-time-based.or-stable"),)
            return Fault(
                "idempotency-key-time-based",
                _LIKELY,
                detail,
                found=shown,
                alternatives=alternatives,
            )
    return None


def _is_recent(moment: datetime, context: InspectionContext) -> bool:
    return context.now - _FRESH <= moment <= context.now + timedelta(days=1)


def _day(match: re.Match[str]) -> datetime | None:
    digits = re.sub("[^0-9]", "", match["date"])
    try:
        return datetime(int(digits[:4]), int(digits[4:6]), int(digits[6:8]), tzinfo=UTC)
    except ValueError:
        return None


def _was_now(match: re.Match[str], body: str, context: InspectionContext) -> bool:
    """Return whether the moment can be the one of sending: not the event's own, nor to come."""
    day = _day(match)
    return day is not None and f"{day:%Y-%m-%d}" not in body and _is_recent(day, context)


def _row(text: str) -> Fault | None:
    row = _ROW.search(text)
    if row is None:
        return None
    detail = say("request.idempotency-key-row-based.row", row=clean_line(row[0], 40))
    return Fault("idempotency-key-row-based", _POSSIBLE, detail, found=clean_line(text, 80))
