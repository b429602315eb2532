"""The fields of an event's body: one table for the validation and for the OpenAPI document.

What is required and of which type is documented (page *create events*); lengths and the sets of
words are ours where the documents give one example only.
"""

import functools
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

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
