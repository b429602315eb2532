"""The sandbox's time: a clock that can be moved on, and how long a request takes."""

import asyncio
import contextlib
import math
from datetime import datetime, timedelta

from pinned_tui.core.clock import Clock, SystemClock

FARTHEST_S = 10 * 365 * 86400
"""How far the clock can be moved in all, in seconds: ten years, well within every calendar."""


class SandboxClock:
    """A :class:`~pinned_tui.core.clock.Clock` that can be moved.

    Everything the sandbox times is timed by it: idempotency and rate-limit windows, the expiry
    of keys, the dates of events and of responses.
    """

    def __init__(self, base: Clock | None = None) -> None:
        """Run like ``base``, by default the machine's own clock."""
        self._base = base if base is not None else SystemClock()
        self._ahead_s = 0.0

    @property
    def ahead_s(self) -> float:
        """Seconds by which it has been moved on."""
        return self._ahead_s

    def now(self) -> datetime:
        """Return the sandbox's moment as an aware UTC datetime."""
        return self._base.now() + timedelta(seconds=self._ahead_s)

    def monotonic(self) -> float:
        """Return seconds for measuring spans.

        They go back on :meth:`rewind` only, together with everything that was timed by them.
        """
        return self._base.monotonic() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Move it on by ``seconds``.

        Raises:
            ValueError: ``seconds`` is negative, no number, or beyond :data:`FARTHEST_S` in all.
        """
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(f"The clock moves forward only, by 0 seconds or more, not {seconds}.")
        if self._ahead_s + seconds > FARTHEST_S:
            raise ValueError(f"The clock moves {FARTHEST_S} seconds (ten years) at most in all.")
        self._ahead_s += seconds

    def rewind(self) -> None:
        """Set it back to the time it runs like, for a world that starts afresh."""
        self._ahead_s = 0.0


class Latency:
    """A latency that can be changed while requests wait for it.

    Every change lets go of those that wait, so that a test can hold a request in progress with a
    long latency and release it at will. Used on one event loop.
    """

    def __init__(self) -> None:
        self._latency_ms = 0
        self._changed = asyncio.Event()

    @property
    def latency_ms(self) -> int:
        """Milliseconds that the work of a request takes."""
        return self._latency_ms

    def change(self, latency_ms: int) -> None:
        """Take ``latency_ms`` for the next requests and release those that wait."""
        self._latency_ms = latency_ms
        self._changed.set()
        self._changed = asyncio.Event()

    async def work(self) -> None:
        """Take the time that the work of one request takes."""
        if self._latency_ms:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), self._latency_ms / 1000)
