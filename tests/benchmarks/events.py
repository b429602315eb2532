"""Time and memory of looking for duplicates among 10,000 events, against among 1,000.

The pages are made beforehand, so that what is measured is the check. Its work is cleaning and
comparing, and must grow with the events and not faster. Memory is what Python allots at most.
"""

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import Progress, new_session, run_check
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Session
from tests.checks.scripted import CHANNELS, KEY, http, serving

FEW, MANY = 1_000, 10_000
PAGE = 100
ROUNDS = 3
MOST_TIME = 1.5
"""How many times the time for 1,000 of few events 1,000 of many may take."""
MOST_MEMORY_MB = 64.0


class _Told:
    """Counts how often a check told of its progress."""

    def __init__(self) -> None:
        self.lines: set[str] = set()

    def progressed(self, progress: Progress) -> None:
        if "pages of events" in progress.message:
            self.lines.add(progress.message)

    def advanced(self, session: Session) -> None:
        pass


def _event(number: int, twins_from: int) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Evening {number % twins_from}",
        "startAt": "2099-07-01T19:00:00+02:00",
        "timezone": "Europe/Vienna",
        "channelId": 7,
        "status": "published",
        "createdAt": f"2026-11-{number % 28 + 1:02}T09:00:00Z",
        "classifications": ["concert"],
        "description": "About as long as a short description is. " * 8,
        "approxLocation": {"city": {"placeId": "plc_vienna_at", "name": "Vienna"}},
    }


def _pages(count: int) -> Callable[[str], bytes]:
    """Answer a list of ``count`` events, of which the last repeats the first."""
    events = [_event(number, count - 1) for number in range(count)]
    made = [
        http(
            "200 OK",
            {"docs": events[at : at + PAGE], "totalDocs": count, "limit": PAGE,
             "page": at // PAGE + 1},
            "X-RateLimit-Remaining: 5000",
        )
        for at in range(0, count, PAGE)
    ]  # fmt: skip
    return lambda query: made[int(parse_qs(query)["page"][0]) - 1]


@dataclass(frozen=True)
class _Read:
    seconds: float
    memory_mb: float
    requests: int
    told: int


async def _check(base_url: str) -> tuple[Session, _Told]:
    ask, clock, told = (
        RawCheckRequest(Secret(KEY, source="benchmark"), twins=True),
        SystemClock(),
        _Told(),
    )
    session = new_session(ask, base_url=base_url, clock=clock)
    session = await run_check(session, ask, clock=clock, listener=told, environ={})
    if session.first_cause != "duplicates-present":
        raise RuntimeError(f"the duplicates were not found: {session.first_cause}")
    return session, told


async def _measured(count: int) -> _Read:
    async with serving({"/channels": CHANNELS, "/events": _pages(count)}) as base_url:
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            session, told = await _check(base_url)
            times.append(time.perf_counter() - began)
        gc.collect()
        tracemalloc.start()
        await _check(base_url)
        memory_mb = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
    return _Read(min(times), memory_mb, session.requests_sent, len(told.lines))


def main() -> bool:
    """Print the table; tell whether something is above its limit."""
    few, many = asyncio.run(_measured(FEW)), asyncio.run(_measured(MANY))
    growth = many.seconds / MANY / (few.seconds / FEW)
    print(f"\n{'':<64}{'seconds':>8}{'MB':>8}{'told':>8}")
    for count, read in ((FEW, few), (MANY, many)):
        title = f"duplicates among {count:,} events, {read.requests} requests"
        print(f"{title:<64}{read.seconds:>7.2f}s{read.memory_mb:>8.1f}{read.told:>8}")
    limits = f"at most {MOST_TIME:g} times the time an event, {MOST_MEMORY_MB:g} MB"
    print(f"an event of many takes {growth:.2f} times as long as one of few ({limits})", flush=True)
    untold = many.told < MANY / PAGE - 1
    return growth > MOST_TIME or many.memory_mb > MOST_MEMORY_MB or untold
