"""Log lines and HAR entries as tests need them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

URL = "https://pinned.events/api/public/v1/events"
BEGIN = datetime(2026, 11, 28, 10, tzinfo=UTC)
BODY: dict[str, Any] = {
    "channelId": 42,
    "title": "Jazz Night",
    "startAt": "2027-03-01T19:00:00+01:00",
    "timezone": "Europe/Vienna",
    "classifications": ["music"],
    "approxLocation": {"city": {"placeId": "p1"}},
}
FIRST = "3f2b8c1e-7d4a-4e9b-a1c2-5d6e7f8a9b0c"
SECOND = "9a8b7c6d-1e2f-4a3b-8c4d-5e6f7a8b9c0d"


def moment(seconds: float) -> str:
    return (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def row(
    seconds: float, status: int | None = 201, key: str | None = "cms-1-create", **more: Any
) -> dict[str, Any]:
    """A create request as a logger in JSON writes it."""
    made = {"ts": moment(seconds), "method": "POST", "url": URL, "status": status}
    if key is not None:
        made["idempotency_key"] = key
    return {**made, **more}


def error(code: str, **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": "No.", "requestId": "req_1", **more}}


def ndjson(*rows: dict[str, Any]) -> str:
    return "\n".join(json.dumps(one) for one in rows) + "\n"


def entry(
    seconds: float = 0,
    status: int = 201,
    body: Any = BODY,
    answer: Any = None,
    headers: dict[str, str] | None = None,
    url: str = URL,
    method: str = "POST",
    **more: Any,
) -> dict[str, Any]:
    """A HAR entry."""
    sent = {"Authorization": "Bearer [hidden]", "User-Agent": "importer/1", **(headers or {})}
    return {
        "startedDateTime": moment(seconds),
        "time": 120,
        "request": {
            "method": method,
            "url": url,
            "headers": [{"name": name, "value": value} for name, value in sent.items()],
            "postData": {"mimeType": "application/json", "text": json.dumps(body)},
        },
        "response": {
            "status": status,
            "headers": [],
            "content": {"mimeType": "application/json", "text": json.dumps(answer)},
        },
        **more,
    }


def har(*entries: dict[str, Any], indent: int | None = 1) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}}, indent=indent)
