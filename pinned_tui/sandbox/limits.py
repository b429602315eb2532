"""Rate limits in fixed windows, one for each key and one for each owner."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime

from pinned_tui.clock import Clock
from pinned_tui.sandbox.behaviour import Behaviour


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
        self._spent: dict[str, float] = {}

    def find_spent(self, subject: str, seconds: float) -> None:
        """Let the next request of ``subject`` find its window used up for ``seconds`` more."""
        self._spent[subject] = seconds

    def clear(self) -> None:
        """Start every window anew."""
        self._windows.clear()
        self._spent.clear()

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
        if name in self._spent:
            self._windows[name] = _Window(ends_at=now + self._spent.pop(name), used=limit)
        window = self._windows.get(name)
        if window is None or window.ends_at <= now:
            window = self._windows[name] = _Window(ends_at=now + window_s, used=0)
        return window


def rate_headers(
    reading: LimitState, behaviour: Behaviour, clock: Clock
) -> tuple[tuple[str, str], ...]:
    """Write the rate-limit fields of an answer, and ``Retry-After`` where it was refused."""
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


def _usual(reading: LimitState, reset: int, _: int) -> HeaderFields:
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
    "X-RateLimit": _usual,
    "RateLimit": _earlier_draft,
    "RateLimit-Policy": _later_draft,
    "none": lambda *_: (),
}
