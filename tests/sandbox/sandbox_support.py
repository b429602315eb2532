"""A client for the sandbox that says in one line what a test sends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from pinned_tui.sandbox.http_types import RefusalError
from pinned_tui.sandbox.openapi import NAMESPACE
from pinned_tui.sandbox.server import Sandbox

START = datetime(2026, 6, 12, 10, 0, tzinfo=UTC)
NOWHERE = 9007199254740991
"""A channel that can't exist: creates sent there tell what they would be answered."""


class StoodStill:
    """A clock that stands still, so that only the test moves the sandbox's."""

    def now(self) -> datetime:
        return START

    def monotonic(self) -> float:
        return 1000.0


@dataclass
class Api:
    """Speaks to one sandbox over HTTP with one key."""

    sandbox: Sandbox
    http: httpx.Client
    secret: str | None

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.secret is None else {"Authorization": f"Bearer {self.secret}"}

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **rest: Any,
    ) -> httpx.Response:
        sent = self.headers if headers is None else dict(headers)
        url = self.sandbox.base_url + NAMESPACE + path
        return self.http.request(method, url, headers=sent, **rest)

    def get(self, path: str, **rest: Any) -> httpx.Response:
        return self.send("GET", path, **rest)

    def create(
        self, body: Mapping[str, Any], *, idempotency_key: str | None = None, **rest: Any
    ) -> httpx.Response:
        extra = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        return self.send("POST", "/events", headers=self.headers | extra, json=body, **rest)

    def control(self, method: str, path: str, **rest: Any) -> httpx.Response:
        return self.http.request(method, f"{self.sandbox.base_url}/_sandbox/{path}", **rest)

    def allow(self, *scopes: str) -> "Api":
        """Return the same with a key of the same owner that has ``scopes``."""
        answer = self.control("POST", "keys", json={"replaces": "key-1", "scopes": list(scopes)})
        return Api(self.sandbox, self.http, answer.json()["key"]["secret"])

    def of_key(self, key_id: str) -> "Api":
        """Return the same with the key ``key_id`` of the scenario."""
        return Api(self.sandbox, self.http, self.sandbox.secrets()[key_id].reveal())


def good_event(**changes: Any) -> dict[str, Any]:
    """Return the body of a create request that is accepted, with ``changes``."""
    event = {
        "channelId": 101,
        "title": "Chamber Music at Noon",
        "startAt": "2026-07-02T12:00:00+02:00",
        "timezone": "Europe/Vienna",
        "classifications": ["concert"],
        "approxLocation": {"city": {"placeId": "plc_vienna_at"}},
    }
    return event | changes


def error_of(answer: httpx.Response) -> dict[str, Any]:
    """Return the error of an envelope that holds nothing else."""
    body: dict[str, Any] = answer.json()
    assert list(body) == ["error"]
    error: dict[str, Any] = body["error"]
    return error


def fault_of(answer: httpx.Response) -> tuple[str, str]:
    """Return field and issue of a 400."""
    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (400, "invalid_request")
    return error["details"]["field"], error["details"]["issue"]


def refusal_of(action: Callable[[], object]) -> RefusalError | None:
    """Return what ``action`` is refused with, or None where it is let through."""
    try:
        action()
    except RefusalError as refusal:
        return refusal
    return None
