"""Judges the body of a request: from bytes to the first fault, if there is one."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import msgspec

from pinned_tui.sandbox.http_types import ApiRequest, invalid_request
from pinned_tui.sandbox.limits import whole_numbers

CLASSIFICATIONS_ROUTE = "GET /api/public/v1/classifications"

_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d([.,]\d+)?)?(?P<offset>[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BodyContext:
    """What a body is judged against.

    Attributes:
        slugs: The public classification slugs.
        media: The media that the key's owner can use.
        body: The event as it would be: the body, on top of the stored event for an update.
    """

    slugs: Set[str]
    media: Set[int]
    body: Mapping[str, Any]


Check = Callable[[Any, BodyContext], str | None]
"""Takes a value of the right type and returns what is wrong with it, or None."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of the body.

    Attributes:
        path: Names joined by dots; ``[]`` stands for each item of a list.
        schema: Its JSON Schema; ``type`` is enforced from here, the rest by ``check``.
        blamed: Path that a fault found by ``check`` is put down to, instead of ``path``.
    """

    path: str
    schema: Mapping[str, Any]
    required: bool = False
    check: Check | None = None
    blamed: str | None = None
    parts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        parts = tuple(self.path.replace("[]", ".[]").split("."))
        object.__setattr__(self, "parts", parts)


@functools.cache
def zones() -> frozenset[str]:
    """Return the IANA time zone identifiers, the same on every machine."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


def _positive(value: int, _: BodyContext) -> str | None:
    return None if value > 0 else "Must be a positive number."


def _at_most(limit: int) -> Check:
    def check(value: str, _: BodyContext) -> str | None:
        return None if len(value) <= limit else f"Must have {limit} characters at most."

    return check


def _one_of(*words: str) -> Check:
    def check(value: str, _: BodyContext) -> str | None:
        return None if value in words else f"Must be one of: {', '.join(words)}."

    return check


def _date_time(value: str, _: BodyContext) -> str | None:
    match = _DATE_TIME.fullmatch(value)
    if match is None:
        return "Must be an ISO 8601 date-time with offset, such as 2027-03-05T19:00:00+01:00."
    if match["offset"] is None:
        return "The date-time has no offset. End it with Z or with an offset such as +01:00."
    return None if instant(value) else "There is no such date or time."


def instant(value: str) -> datetime | None:
    """Read a date-time with offset, or return None where there is no such moment."""
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _end(value: str, known: BodyContext) -> str | None:
    fault = _date_time(value, known)
    if fault is not None:
        return fault
    start, end = instant(str(known.body.get("startAt"))), instant(value)
    if start is not None and end is not None and end <= start:
        return "Must be later than startAt."
    return None


def _zone(value: str, _: BodyContext) -> str | None:
    return None if value in zones() else "Must be an IANA time zone, such as Europe/Vienna."


def _not_empty(value: list[Any], _: BodyContext) -> str | None:
    return None if value else "Must have one item at least."


def _slug(value: str, known: BodyContext) -> str | None:
    if value in known.slugs:
        return None
    return f"Unknown classification slug. Use {CLASSIFICATIONS_ROUTE} for the slugs."


def _country(value: str, _: BodyContext) -> str | None:
    return None if _COUNTRY.fullmatch(value) else "Must be a country code of two capital letters."


def _own_media(value: int, known: BodyContext) -> str | None:
    if value in known.media:
        return None
    return "Must be the ID of media that the owner of this API key uploaded."


def _web_address(value: str, _: BodyContext) -> str | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    good = parts.scheme in {"http", "https"} and bool(parts.netloc) and " " not in value
    return None if good else "Must be a full http or https URL."


STATUSES = ("draft", "published")
AVAILABILITIES = ("available", "limited", "sold_out")

EVENT_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("channelId", {"type": "integer", "minimum": 1}, required=True, check=_positive),
    FieldSpec("title", {"type": "string", "maxLength": 200}, required=True, check=_at_most(200)),
    FieldSpec(
        "startAt", {"type": "string", "format": "date-time"}, required=True, check=_date_time
    ),
    FieldSpec("endAt", {"type": "string", "format": "date-time"}, check=_end),
    FieldSpec(
        "timezone",
        {"type": "string", "description": "IANA time zone identifier."},
        required=True,
        check=_zone,
    ),
    FieldSpec("classifications", {"type": "array", "minItems": 1}, required=True, check=_not_empty),
    FieldSpec(
        "classifications[]",
        {"type": "string", "description": f"A slug from {CLASSIFICATIONS_ROUTE}."},
        required=True,
        check=_slug,
        blamed="classifications",
    ),
    FieldSpec("approxLocation", {"type": "object"}),
    FieldSpec("approxLocation.city", {"type": "object"}),
    FieldSpec("approxLocation.city.placeId", {"type": "string"}, required=True),
    FieldSpec("approxLocation.city.name", {"type": "string"}),
    FieldSpec(
        "approxLocation.city.countryCode",
        {"type": "string", "pattern": f"^{_COUNTRY.pattern}$"},
        check=_country,
    ),
    FieldSpec("status", {"type": "string", "enum": list(STATUSES)}, check=_one_of(*STATUSES)),
    FieldSpec("locationName", {"type": "string", "maxLength": 200}, check=_at_most(200)),
    FieldSpec(
        "coverImage",
        {"type": "integer", "description": "ID of media uploaded by the key's owner."},
        check=_own_media,
    ),
    FieldSpec("offers", {"type": "array"}),
    FieldSpec("offers[]", {"type": "object"}, required=True),
    FieldSpec(
        "offers[].name", {"type": "string", "maxLength": 200}, required=True, check=_at_most(200)
    ),
    FieldSpec(
        "offers[].url", {"type": "string", "format": "uri"}, required=True, check=_web_address
    ),
    FieldSpec(
        "offers[].availability",
        {"type": "string", "enum": list(AVAILABILITIES)},
        check=_one_of(*AVAILABILITIES),
    ),
)
"""Every field that is judged, in the order in which faults are reported."""

SUPPORTED = tuple(field.path for field in EVENT_FIELDS if len(field.parts) == 1)
"""The names at the top of a body that the sandbox keeps; it accepts and drops all others."""


_ABSENT = object()

_TYPES: Mapping[str, tuple[type, str]] = {
    "integer": (int, "Must be a whole number, without quotes."),
    "string": (str, "Must be a string."),
    "object": (dict, "Must be an object."),
    "array": (list, "Must be a list."),
}


def read_body(call: ApiRequest) -> dict[str, Any]:
    """Return the JSON object that ``call`` carries.

    Raises:
        RefusalError: 400, naming ``Content-Type`` or ``body``.
    """
    media_type = (call.header("content-type") or "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise invalid_request("Content-Type", "Must be application/json.")
    if call.body is None:
        raise invalid_request("body", "Is too large.")
    if not call.body.strip():
        raise invalid_request("body", "Is empty.")
    try:
        value = whole_numbers(msgspec.json.decode(call.body))
    except OverflowError:
        raise invalid_request("body", "Has a number that is too large.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid_request("body", "Is not valid JSON in UTF-8.") from None
    if not isinstance(value, dict):
        raise invalid_request("body", "Must be a JSON object.")
    return value


def judge(
    body: Mapping[str, Any], known: BodyContext, *, partial: bool = False, by_index: bool = False
) -> None:
    """Look for the first fault of ``body``, in the order of the table of fields.

    Args:
        body: The body of the request.
        known: What its values are judged against.
        partial: Whether fields may be left out, as in an update.
        by_index: Whether faults are put down to the item of a list where the documented
            behaviour is to name the list.

    Raises:
        RefusalError: 400 with the fault's field and issue.
    """
    for spec in EVENT_FIELDS:
        if partial and spec.parts[0] not in body:
            continue
        for path, value in _places(body, spec.parts):
            issue = _type_fault(spec, value)
            if issue is not None:
                raise invalid_request(path, issue)
            if value is _ABSENT or value is None or spec.check is None:
                continue
            issue = spec.check(value, known)
            if issue is not None:
                blamed = path if by_index or spec.blamed is None else spec.blamed
                raise invalid_request(blamed, issue)


def _type_fault(field: FieldSpec, value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if value is _ABSENT or value is None:
        return "Is required." if field.required else None
    kind, issue = _TYPES[field.schema["type"]]
    if not isinstance(value, kind) or isinstance(value, bool):
        return issue
    if field.required and isinstance(value, str) and not value.strip():
        return "Is required and must not be blank."
    return None


def _places(value: Any, parts: Sequence[str], path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield every place that ``parts`` names in ``value``: its path as written, and what is there.

    A name that is missing yields ``_ABSENT``, under the whole path that was looked for.
    """
    if not parts:
        yield path, value
        return
    part, rest = parts[0], parts[1:]
    if part == "[]":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _places(item, rest, f"{path}[{index}]")
        return
    inner = value.get(part, _ABSENT) if isinstance(value, dict) else _ABSENT
    yield from _places(inner, rest, f"{path}.{part}" if path else part)
