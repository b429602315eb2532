"""Lets requests through: as many at once as the API says that it can take.

Rate-limit fields tell how many requests are left; half of them may be on their way at the same
time, so that none of them can be the one too many. Where the responses say nothing, few go at once.
Where one is left at most, those that can be done without don't go: pages after the first one. So
reading a list uses up no limit that the API tells of.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of a check.

    Attributes:
        request_s: Seconds for one request, from the name look-up to the last byte.
        check_s: Seconds for the whole check.
        name_s: Seconds for looking up the host name.
        connect_s: Seconds for a connection to come about.
        wire_bytes: Bytes of one body as it comes over the wire.
        decoded_bytes: Bytes of one body after decompression.
        pages: Pages of one list.
        pages_of_events: Pages of the list of events where duplicates are looked for.
        parallel: Pages of one list at the same time.
        at_once: Requests at the same time, of all lists and probes, where the API tells that
            there are enough left (:mod:`pinned_tui.client.throttle`).
        at_once_untold: The same where it tells nothing.
    """

    request_s: float = 10.0
    check_s: float = 30.0
    name_s: float = 5.0
    connect_s: float = 5.0
    wire_bytes: int = 8 * 1024 * 1024
    decoded_bytes: int = 16 * 1024 * 1024
    pages: int = 50
    pages_of_events: int = 200
    parallel: int = 24
    at_once: int = 32
    at_once_untold: int = 10


@dataclass(slots=True)
class ThrottlePass:
    """One request's way through the gate; ``word`` is how often the API had spoken by then."""

    word: int


class Throttle:
    """Counts the requests on their way and holds back those that would be too many.

    Args:
        most: The most at once, whatever is left.
        untold: The most at once as long as no response has said how many are left.
    """

    def __init__(self, *, most: int, untold: int) -> None:
        self._most = most
        self._untold = min(untold, most)
        self._left: int | None = None
        self._word = 0
        self._out = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def width(self) -> int:
        """How many may be on their way at once, by what is known now; one always may."""
        if self._left is None:
            return self._untold
        return max(1, min(self._most, self._left // 2))

    @property
    def spent(self) -> bool:
        """Whether one request is left at most, by what is known now."""
        return self._left is not None and self._left <= 1

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[ThrottlePass]:
        """Wait for a place and hold it for the length of one request."""
        while self._out >= self.width:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        self._out += 1
        try:
            yield ThrottlePass(self._word)
        finally:
            self._out -= 1
            self._wake()

    def tell(self, left: int | None, passed: ThrottlePass) -> None:
        """Take the API's word on how many requests are left; None where a response says nothing.

        Responses overtake each other. A larger number counts only from a request sent after
        the smaller one was known; else it is an older word.
        """
        if left is None:
            return
        if self._left is None or left < self._left or passed.word == self._word:
            self._left = left
            self._word += 1

    def _wake(self) -> None:
        """Let all who wait look again, in their order: one of them may have gone away meanwhile."""
        waiting, self._waiting = self._waiting, deque()
        for turn in waiting:
            if not turn.done():
                turn.set_result(None)
