"""How long the sandbox takes to answer."""

import asyncio
import contextlib


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
