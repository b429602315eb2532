"""Payloads to inspect: one that is healthy, and ways to change it."""

import json
from datetime import UTC, datetime
from typing import Any

from pinned_tui.inspect.model import Fault, InspectionContext
from pinned_tui.inspect.payload import BodyInspection, inspect_body
from pinned_tui.session import Certainty

NOW = datetime(2026, 6, 12, 10, 0, tzinfo=UTC)
LOOKING = InspectionContext(now=NOW)
SLUGS = frozenset({"concert", "classical-music", "jazz", "theatre", "family", "festival"})

DROP = object()
"""In place of a value: the field is left out."""


def event(**changes: Any) -> dict[str, Any]:
    """Return a healthy event, with ``changes``; dots in names are written as ``__``."""
    whole: dict[str, Any] = {
        "channelId": 101,
        "title": "Chamber Music at Noon",
        "startAt": "2026-12-03T12:00:00+01:00",
        "timezone": "Europe/Vienna",
        "classifications": ["concert"],
        "approxLocation": {
            "city": {"placeId": "plc_vienna_at", "name": "Vienna", "countryCode": "AT"}
        },
    }
    for name, value in changes.items():
        if value is DROP:
            del whole[name]
        else:
            whole[name] = value
    return whole


def at(start: str, zone: str, **changes: Any) -> dict[str, Any]:
    """Return an event at a time in a zone, in no country in particular."""
    city = {"city": {"placeId": "plc_somewhere"}}
    return event(startAt=start, timezone=zone, approxLocation=city) | changes


def body(fields: Any, indent: int | None = 2) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=indent)


def inspected(
    text: str | dict[str, Any] | list[Any], looking: InspectionContext = LOOKING
) -> BodyInspection:
    return inspect_body(text if isinstance(text, str) else body(text), looking)


def alarms(found: BodyInspection) -> list[Fault]:
    """Return what is more than possible."""
    return [fault for fault in found.faults if fault.certainty is not Certainty.POSSIBLE]


def causes(found: BodyInspection) -> list[str]:
    return [fault.cause for fault in alarms(found)]
