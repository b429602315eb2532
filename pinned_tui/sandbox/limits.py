"""What the API remembers of requests: a log, idempotency keys, and rate-limit windows."""

import hashlib
import math
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any, Literal

import msgspec

from pinned_tui.core.clock import Clock
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.http_types import ApiResponse, conflict

KEPT = 1000
"""How many requests and changes are kept in full; the counters go on beyond."""


class LoggedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request to the API or for its document: no query, header or body, so no secret either.

    Attributes:
        route: Method and path of the route, for example ``GET /events/{id}``.
        key: Id of the API key that authenticated it.
    """

    at: str
    route: str
    status: int
    key: str | None = None


class WorldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One object that a request created or changed; ``key`` is the id of the API key used."""

    at: str
    kind: Literal["event", "media"]
    id: int
    key: str


class RequestLog:
    """The record of one world, from its start."""

    def __init__(self) -> None:
        self.requests: deque[LoggedRequest] = deque(maxlen=KEPT)
        self.created: deque[WorldChange] = deque(maxlen=KEPT)
        self.changed: deque[WorldChange] = deque(maxlen=KEPT)
        self.by_route: Counter[str] = Counter()
        self.by_status: Counter[str] = Counter()

    def receive(self, received: LoggedRequest) -> None:
        """Record one request with its response's status."""
        self.requests.append(received)
        self.by_route[received.route] += 1
        self.by_status[str(received.status)] += 1


_EXACT = 2.0**53
_LARGEST = 2**63 - 1


@dataclass(eq=False, slots=True)
class StoredResponse:
    """One idempotency key in use; ``response`` is None while its create is in progress."""

    payload: str
    expires_at: float
    response: ApiResponse | None = None


class IdempotencyStore:
    """The idempotency keys in use, each owner's apart from the others'."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[tuple[str, str], StoredResponse] = {}
        self.replays = 0

    def in_progress(self) -> int:
        """Count the creates that have begun and neither finished nor run out of time."""
        self._drop_expired()
        return sum(entry.response is None for entry in self._entries.values())

    def begin(
        self, owner: str, key: str, payload: str, behaviour: Behaviour
    ) -> StoredResponse | ApiResponse:
        """Reserve ``key`` for a create of ``payload`` (from :func:`canonical`).

        Returns:
            The entry to settle once the create has succeeded, or the response to replay.

        Raises:
            RefusalError: 409, when the key was used with another payload or is in progress.
        """
        self._drop_expired()
        held = self._entries.get((owner, key))
        if held is None:
            window_s = behaviour.in_progress_window_s
            entry = StoredResponse(payload=payload, expires_at=self._clock.monotonic() + window_s)
            self._entries[owner, key] = entry
            return entry
        if held.payload != payload:
            raise conflict("This key was used with a different payload. Use a new key for it.")
        if held.response is None:
            raise conflict("A request with this key is still in progress. Retry it later.")
        self.replays += 1
        return held.response

    def settle(
        self,
        owner: str,
        key: str,
        entry: StoredResponse,
        response: ApiResponse,
        behaviour: Behaviour,
    ) -> None:
        """Keep the success of ``entry``, unless another create has taken its key meanwhile."""
        if self._entries.setdefault((owner, key), entry) is entry:
            entry.response = response
            entry.expires_at = self._clock.monotonic() + behaviour.succeeded_window_s

    def _drop_expired(self) -> None:
        now = self._clock.monotonic()
        over = [at for at, entry in self._entries.items() if entry.expires_at <= now]
        for at in over:
            del self._entries[at]


def canonical(body: dict[str, Any]) -> str:
    """Return a digest that is the same for payloads of equal meaning.

    The order of keys, white space and the spelling of whole numbers don't count, as in RFC 8785.
    """
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def whole_numbers(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with ``204.0`` written as ``204``: JSON has one kind of number.

    Raises:
        OverflowError: a number is too large to be kept or sent on exactly.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise OverflowError
    if isinstance(value, dict):
        return {key: whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole_numbers(item) for item in value]
    return value


@dataclass(slots=True)
class _Window:
    ends_at: float
    used: int


@dataclass(frozen=True, slots=True)
class LimitState:
    """How a request stands with the window that leaves it least.

    Attributes:
        allowed: False when a window is used up.
        reset_in_s: Seconds until that window starts anew.
    """

    allowed: bool
    limit: int
    remaining: int
    reset_in_s: float


class Limiter:
    """Counts requests by subject, a key or an owner. A refused request uses nothing up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, _Window] = {}
        self._exhausted: dict[str, float] = {}

    def exhaust(self, subject: str, seconds: float) -> None:
        """Let the next request of ``subject`` find its window used up for ``seconds`` more."""
        self._exhausted[subject] = seconds

    def clear(self) -> None:
        """Start every window anew."""
        self._windows.clear()
        self._exhausted.clear()

    def take(self, subjects: Sequence[tuple[str, int]], window_s: float) -> LimitState:
        """Count one request against each of ``subjects`` with its limit, unless one is used up.

        Returns:
            The reading of the window that leaves the fewest requests.
        """
        windows = [(self._window(name, limit, window_s), limit) for name, limit in subjects]
        allowed = all(window.used < limit for window, limit in windows)
        if allowed:
            for window, _ in windows:
                window.used += 1
        tightest, limit = min(windows, key=lambda pair: pair[1] - pair[0].used)
        return LimitState(
            allowed=allowed,
            limit=limit,
            remaining=max(0, limit - tightest.used),
            reset_in_s=tightest.ends_at - self._clock.monotonic(),
        )

    def _window(self, name: str, limit: int, window_s: float) -> _Window:
        now = self._clock.monotonic()
        if name in self._exhausted:
            self._windows[name] = _Window(ends_at=now + self._exhausted.pop(name), used=limit)
        window = self._windows.get(name)
        if window is None or window.ends_at <= now:
            window = self._windows[name] = _Window(ends_at=now + window_s, used=0)
        return window


def rate_headers(
    reading: LimitState, behaviour: Behaviour, clock: Clock
) -> tuple[tuple[str, str], ...]:
    """Write the rate-limit fields of an response, and ``Retry-After`` where it was refused."""
    wait_s = max(1, math.ceil(reading.reset_in_s))
    reset_at = clock.now() + timedelta(seconds=wait_s)
    reset = math.ceil(reset_at.timestamp()) if behaviour.reset_form == "epoch" else wait_s
    fields = _FIELDS[behaviour.rate_fields](reading, reset, wait_s)
    if not reading.allowed and behaviour.retry_after_form != "none":
        date = format_datetime(reset_at, usegmt=True)
        wait = date if behaviour.retry_after_form == "date" else str(wait_s)
        fields = (*fields, ("Retry-After", wait))
    return fields


HeaderFields = tuple[tuple[str, str], ...]


def _documented(reading: LimitState, reset: int, _: int) -> HeaderFields:
    return (
        ("X-RateLimit-Limit", str(reading.limit)),
        ("X-RateLimit-Remaining", str(reading.remaining)),
        ("X-RateLimit-Reset", str(reset)),
    )


def _earlier_draft(reading: LimitState, _: int, wait_s: int) -> HeaderFields:
    """Write the three fields of the IETF's drafts up to the seventh."""
    return (
        ("RateLimit-Limit", str(reading.limit)),
        ("RateLimit-Remaining", str(reading.remaining)),
        ("RateLimit-Reset", str(wait_s)),
    )


def _later_draft(reading: LimitState, _: int, wait_s: int) -> HeaderFields:
    """Write the two structured fields of the IETF's drafts from the eighth on."""
    return (
        ("RateLimit-Policy", f'"key";q={reading.limit};w={wait_s}'),
        ("RateLimit", f'"key";r={reading.remaining};t={wait_s}'),
    )


_FIELDS: Mapping[str, Callable[[LimitState, int, int], HeaderFields]] = {
    "X-RateLimit": _documented,
    "RateLimit": _earlier_draft,
    "RateLimit-Policy": _later_draft,
    "none": lambda *_: (),
}
