"""Judges the body of a request: from bytes to the first fault, if there is one.

:data:`EVENT_SCHEMA` says what JSON Schema can say; the sandbox's OpenAPI document serves it. The
rest takes what the API knows: its classifications, the owner's media, the stored event.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from pinned_tui.sandbox.http_types import ApiRequest, invalid_request
from pinned_tui.sandbox.limits import whole_numbers

CLASSIFICATIONS_ROUTE = "GET /api/public/v1/classifications"
STATUSES = ("draft", "published")
AVAILABILITIES = ("available", "limited", "sold_out")

Json = dict[str, Any]
Path = tuple[str | int, ...]
"""Where a value stands in a body: names, and places in lists."""

_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d([.,]\d+)?)?(?P<offset>[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_TEXT: Json = {"type": "string"}
_SHORT_TEXT: Json = {"type": "string", "maxLength": 200}
_MOMENT: Json = {"type": "string", "format": "date-time"}

EVENT_SCHEMA: Json = {
    "type": "object",
    "properties": {
        "channelId": {"type": "integer", "minimum": 1},
        "title": _SHORT_TEXT,
        "startAt": _MOMENT,
        "endAt": _MOMENT,
        "timezone": {"type": "string", "description": "IANA time zone identifier."},
        "classifications": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "description": f"A slug from {CLASSIFICATIONS_ROUTE}."},
        },
        "approxLocation": {
            "type": "object",
            "properties": {
                "city": {
                    "type": "object",
                    "properties": {
                        "placeId": _TEXT,
                        "name": _TEXT,
                        "countryCode": {"type": "string", "pattern": "^[A-Z]{2}$"},
                    },
                    "required": ["placeId"],
                }
            },
            "required": ["city"],
        },
        "status": {"type": "string", "enum": list(STATUSES)},
        "locationName": _SHORT_TEXT,
        "coverImage": {
            "type": "integer",
            "description": "ID of media uploaded by the key's owner.",
        },
        "offers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": _SHORT_TEXT,
                    "url": {"type": "string", "format": "uri"},
                    "availability": {"type": "string", "enum": list(AVAILABILITIES)},
                },
                "required": ["name", "url"],
            },
        },
    },
    "required": ["channelId", "title", "startAt", "timezone", "classifications", "approxLocation"],
}
"""A whole event as a create request sends it. Faults are reported in the order of its fields."""

SUPPORTED = tuple(EVENT_SCHEMA["properties"])
"""The names at the top of a body that the sandbox keeps; it accepts and drops all others."""


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


@dataclass(frozen=True, slots=True)
class BodyFault:
    """One thing that is wrong with a body.

    Attributes:
        path: Where it was found.
        blamed: What the response names instead, where that is something else.
    """

    path: Path
    issue: str
    blamed: Path | None = None

    def order(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return by what faults are sorted: the field's place in the schema, then the item's."""
        schema, fields = EVENT_SCHEMA, []
        for part in self.path:
            if isinstance(part, int):
                schema = schema["items"]
            else:
                fields.append(list(schema["properties"]).index(part))
                schema = schema["properties"][part]
        return fields, [part for part in self.path if isinstance(part, int)]


@functools.cache
def zones() -> frozenset[str]:
    """Return the IANA time zone identifiers, the same on every machine."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


def instant(value: str) -> datetime | None:
    """Read a date-time with offset, or return None where no such moment exists."""
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def read_body(call: ApiRequest) -> Json:
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
    """Look for the first fault of ``body``, in the order of the schema's fields.

    Args:
        body: The body of the request.
        known: What its values are judged against.
        partial: Whether fields may be left out, as in an update.
        by_index: Whether faults are put down to the item of a list where the documented
            behaviour is to name the list.

    Raises:
        RefusalError: 400 with the fault's field and issue.
    """
    schema = EVENT_SCHEMA
    if partial:
        schema = schema | {"required": [name for name in schema["required"] if name in body]}
    faults = [*_faults_of_form(dict(body), schema), *_faults_of_content(body, known)]
    if faults:
        first = min(faults, key=BodyFault.order)  # of two at one place, that of its form
        blamed = first.path if by_index or first.blamed is None else first.blamed
        raise invalid_request(_path_text(blamed), first.issue)


def _faults_of_form(body: Json, schema: Json) -> Iterator[BodyFault]:
    """Yield what the schema says against ``body``, of each value what is most basic first."""
    errors: Errors = _Validator(schema).iter_errors(body)
    for error in sorted(errors, key=lambda error: list(_ISSUES).index(str(error.validator))):
        yield BodyFault(tuple(error.absolute_path), _ISSUES[str(error.validator)](error))


def _faults_of_content(body: Mapping[str, Any], known: BodyContext) -> Iterator[BodyFault]:
    """Yield what is wrong with ``body`` beyond its schema."""
    zone, end, cover = body.get("timezone"), body.get("endAt"), body.get("coverImage")
    if isinstance(zone, str) and zone not in zones():
        yield BodyFault(("timezone",), "Must be an IANA time zone, such as Europe/Vienna.")
    begins, ends = instant(str(known.body.get("startAt"))), instant(str(end))
    if begins is not None and ends is not None and ends <= begins:
        yield BodyFault(("endAt",), "Must be later than startAt.")
    classifications = body.get("classifications")
    for index, slug in enumerate(classifications if isinstance(classifications, list) else ()):
        place: Path = ("classifications", index)
        if isinstance(slug, str) and not slug.strip():
            yield BodyFault(place, _BLANK)
        elif isinstance(slug, str) and slug not in known.slugs:
            issue = f"Unknown classification slug. Use {CLASSIFICATIONS_ROUTE} for the slugs."
            yield BodyFault(place, issue, blamed=place[:1])
    if isinstance(cover, int) and cover not in known.media:
        issue = "Must be the ID of media that the owner of this API key uploaded."
        yield BodyFault(("coverImage",), issue)


def _path_text(path: Path) -> str:
    """Write a path as the API does: ``offers[0].url``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


def _date_time(value: str) -> str | None:
    match = _DATE_TIME.fullmatch(value)
    if match is None:
        return "Must be an ISO 8601 date-time with offset, such as 2027-03-05T19:00:00+01:00."
    if match["offset"] is None:
        return "The date-time has no offset. End it with Z or with an offset such as +01:00."
    return None if instant(value) else "There is no such date or time."


def _web_address(value: str) -> str | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    good = parts.scheme in {"http", "https"} and bool(parts.netloc) and " " not in value
    return None if good else "Must be a full http or https URL."


_REQUIRED = "Is required."
_BLANK = "Is required and must not be blank."
_FORMATS: Mapping[str, Callable[[str], str | None]] = {
    "date-time": _date_time,
    "uri": _web_address,
}
_TYPES: Mapping[str, str] = {
    "integer": "Must be a whole number, without quotes.",
    "string": "Must be a string.",
    "object": "Must be an object.",
    "array": "Must be a list.",
}
_ISSUES: Mapping[str, Callable[[ValidationError], str]] = {
    "type": lambda error: (
        _REQUIRED if error.instance is None else _TYPES[str(error.validator_value)]
    ),
    "required": lambda error: error.message,
    "minimum": lambda _: "Must be a positive number.",
    "minItems": lambda _: "Must have one item at least.",
    "maxLength": lambda error: f"Must have {error.validator_value} characters at most.",
    "pattern": lambda _: "Must be a country code of two capital letters.",
    "enum": lambda error: f"Must be one of: {', '.join(cast('list[str]', error.validator_value))}.",
    "format": lambda error: error.message,
}
"""What the API says for each keyword of JSON Schema, the most basic keyword first."""


Errors = Iterator[ValidationError]


def _properties(validator: Any, fields: Json, value: object, _: Json) -> Errors:  # noqa: ANN401
    """Look at the fields that are there; null stands for one that is left out."""
    for name, field in fields.items():
        if isinstance(value, dict) and value.get(name) is not None:
            yield from validator.descend(value[name], field, path=name, schema_path=name)


def _required(_: object, names: Sequence[str], value: object, schema: Json) -> Errors:
    if not isinstance(value, dict):
        return
    for name in names:
        given = value.get(name)
        if given is None:
            yield ValidationError(_REQUIRED, path=_way_to_required(name, schema))
        elif isinstance(given, str) and not given.strip():
            yield ValidationError(_BLANK, path=(name,))


def _pattern(_: object, wanted: str, value: object, _schema: Json) -> Errors:
    # In JSON Schema, "$" is the end; in Python's re, a line feed may follow it.
    if isinstance(value, str) and not re.fullmatch(wanted.strip("^$"), value):
        yield ValidationError("does not match")


def _format(_: object, name: str, value: object, _schema: Json) -> Errors:
    issue = _FORMATS[name](value) if isinstance(value, str) else None
    if issue is not None:
        yield ValidationError(issue)


def _way_to_required(name: str, schema: Json) -> Sequence[str]:
    """Return the path from a missing object down to what is required in it."""
    way, inner = [name], schema["properties"][name]
    while inner.get("required"):
        way.append(inner["required"][0])
        inner = inner["properties"][way[-1]]
    return way


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"properties": _properties, "required": _required, "pattern": _pattern, "format": _format},
)
