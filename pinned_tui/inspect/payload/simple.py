"""Looks at the body of a create request before it is sent. Pure.

Documented as required on the vendor's page *Create events*: ``channelId``, ``title``, ``startAt``,
``timezone``, ``classifications`` and ``approxLocation.city.placeId``.
"""

import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pinned_tui.privacy.clean import clean_line

REQUIRED = (
    "channelId",
    "title",
    "startAt",
    "timezone",
    "classifications",
    "approxLocation.city.placeId",
)


@dataclass(frozen=True, slots=True)
class PayloadFault:
    """What is wrong with a payload.

    Attributes:
        cause: An id of the catalogue.
        subject: The path of the field, or the place in the text for one that can't be parsed.
        found: The offending value, cleaned.
        suggestion: What may be meant instead.
        detail: One sentence for the person.
    """

    cause: str
    subject: str | None
    detail: str
    found: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload as far as it could be read; ``fields`` is None where it is no JSON object."""

    fields: dict[str, Any] | None
    faults: tuple[PayloadFault, ...]


def read_payload(content: bytes) -> Payload:
    """Parse the body of a create request and look for required fields that are not there."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        detail = f"The body is not UTF-8: byte {error.start + 1} does not fit."
        return Payload(None, (PayloadFault("body-not-utf8", f"byte {error.start + 1}", detail),))
    if not text.strip():
        return Payload(None, (PayloadFault("body-empty", None, "The body is empty."),))
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        detail = f"The body is no valid JSON: {error.msg} at {place}."
        return Payload(None, (PayloadFault("body-malformed-json", place, detail),))
    except (ValueError, RecursionError):
        detail = "The body is no JSON that the API could read."
        return Payload(None, (PayloadFault("body-malformed-json", None, detail),))
    if isinstance(value, str):
        detail = "The body is a JSON text that holds JSON: it was encoded twice."
        return Payload(None, (PayloadFault("body-double-encoded", None, detail),))
    if not isinstance(value, dict):
        kind = "a list" if isinstance(value, list) else "no object"
        detail = f"The body is {kind}; the API expects one object with the event's fields."
        return Payload(None, (PayloadFault("body-wrapped", None, detail),))
    if not _writable(value):
        detail = "A text in the body holds half a character (a lone surrogate)."
        return Payload(None, (PayloadFault("body-malformed-json", None, detail),))
    return Payload(value, (*_missing(value), *_no_channel_number(value)))


def _writable(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether the texts in ``value`` can be written as UTF-8 again."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_channel_number(fields: dict[str, Any]) -> list[PayloadFault]:
    value = fields.get("channelId")
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return []
    if isinstance(value, str) and not value.strip():
        return []
    shown = clean_line(json.dumps(value, ensure_ascii=False), limit=80)
    if isinstance(value, str) and not value.strip().isdigit():
        detail = f"channelId is {shown}; the API takes the channel's number only."
        return [PayloadFault("channel-id-not-numeric", "channelId", detail, shown)]
    number = value.strip() if isinstance(value, str) else None
    detail = f"channelId is {shown}; it must be a number without quotes."
    return [PayloadFault("field-wrong-type", "channelId", detail, shown, number)]


def _missing(fields: dict[str, Any]) -> list[PayloadFault]:
    faults = []
    for path in REQUIRED:
        value: Any = fields
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is None or (isinstance(value, str | list) and not _filled(value)):
            detail = f"The required field {path} is not there, or empty."
            faults.append(PayloadFault("field-missing", path, detail))
    return faults


def _filled(value: str | list[Any]) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def unknown_classifications(
    fields: dict[str, Any], slugs: frozenset[str]
) -> tuple[PayloadFault, ...]:
    """Hold the payload's classifications against the list of public ``slugs``."""
    given = fields.get("classifications")
    if not isinstance(given, list):
        return ()
    faults = []
    for place, slug in enumerate(given):
        if not isinstance(slug, str) or slug in slugs:
            continue
        shown = clean_line(slug, limit=80)
        near = get_close_matches(slug.strip().lower().replace(" ", "-"), sorted(slugs), n=1)
        detail = f"“{shown}” is not one of the API's classification slugs."
        suggestion = near[0] if near else None
        faults.append(
            PayloadFault(
                "classification-unknown", f"classifications[{place}]", detail, shown, suggestion
            )
        )
    return tuple(faults)
