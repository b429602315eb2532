"""Requests as people paste them, for the tests of their inspection."""

import json
from datetime import UTC, datetime

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import Inspection, InspectionContext, read_text

NOW = datetime(2026, 6, 12, 10, 0, tzinfo=UTC)
KEY = "pe_q7Zr4tKw91xVbNm2Lp8s"
API = "https://pinned.events/api/public/v1"
EVENT = {
    "channelId": 101,
    "title": "Chamber Music at Noon",
    "startAt": "2026-07-02T12:00:00+02:00",
    "timezone": "Europe/Vienna",
    "classifications": ["concert"],
    "approxLocation": {"city": {"placeId": "plc_vienna_at"}},
}
BODY = json.dumps(EVENT)
BEARER = f"-H 'Authorization: Bearer {KEY}'"
JSON = "-H 'Content-Type: application/json'"
STABLE = "-H 'Idempotency-Key: cms-post-123-create'"
CREATE = f"curl -X POST {API}/events {BEARER} {JSON}"
"""A create request that lacks only its idempotency key and its body."""


def inspected(text: str) -> Inspection:
    return look(read_text(text), InspectionContext(now=NOW))


def create(idempotency: str, quote: str = "'") -> str:
    """Return a create request with that idempotency key."""
    return f"{CREATE} -H {quote}Idempotency-Key: {idempotency}{quote} -d '{BODY}'"


def raw(*headers: str, method: str = "POST", path: str = "/events", body: str = BODY) -> str:
    """Return a raw request with those headers beside the host."""
    lines = [f"{method} /api/public/v1{path} HTTP/1.1", "Host: pinned.events", *headers, "", body]
    return "\n".join(lines)
