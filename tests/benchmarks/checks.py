"""How long a check takes, as a ratio to how long the API takes for one answer.

A check that asks what it can side by side takes few answers' worth, however many it asks for. The
best of some rounds counts: the latency is the same in each, the rest is what the machine does
meanwhile.
"""

import asyncio
import random
import time
from dataclasses import dataclass

import msgspec

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.core.clock import SystemClock
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Outcome
from tests.checks.follower import Follower
from tests.matrix.model import Expected, Situation, World
from tests.matrix.servers import scenario_of

LATENCY_MS = 200
ROUNDS = 7


@dataclass(frozen=True)
class Timed:
    """A check, and the most answers' worth of time that it may take."""

    title: str
    world: World
    ask: RawCheckRequest
    limit: float


CHECKS = (
    Timed(
        "full check of a small account",
        World(),
        RawCheckRequest(None, channel="101", event="5001", everything=True),
        3.5,
    ),
    Timed(
        "25 pages of channels",
        World(more_channels=2_400),
        RawCheckRequest(None, channel="101"),
        5.0,
    ),
    Timed(
        "25 pages, and no answer tells of rate limits",
        World(more_channels=2_400, behaviour={"rate_fields": "none"}),
        RawCheckRequest(None, channel="101"),
        6.0,
    ),
)


async def _measured(timed: Timed) -> tuple[float, int]:
    row = Situation(name=timed.title, world=timed.world, expect=Expected(cause="healthy"))
    own = {row.name: scenario_of(row)}
    behaviour = msgspec.convert(row.world.behaviour, Behaviour)
    with Sandbox(row.name, rng=random.Random(7), behaviour=behaviour, own=own) as sandbox:
        secret = sandbox.secrets()["key-1"]
        sandbox.latency_ms = LATENCY_MS
        ask = RawCheckRequest(secret, channel=timed.ask.channel, event=timed.ask.event,
                  everything=timed.ask.everything)  # fmt: skip
        times = []
        for _ in range(1 + ROUNDS):
            clock = SystemClock()
            began = time.perf_counter()
            session = new_session(ask, base_url=sandbox.base_url, clock=clock)
            session = await run_check(session, ask, clock=clock, listener=Follower(), environ={})
            times.append(time.perf_counter() - began)
            if session.outcome is not Outcome.HEALTHY:
                raise RuntimeError(f"{timed.title}: {session.first_cause}")
        return min(times[1:]), session.requests_sent


def main() -> bool:
    """Print the table; tell whether a ratio is above its limit."""
    missed = False
    print(f"\n{'':<64}{'ours':>8}{'answer':>8}{'ratio':>8}{'limit':>8}")
    for timed in CHECKS:
        seconds, sent = asyncio.run(_measured(timed))
        ratio = seconds / (LATENCY_MS / 1000)
        missed = missed or ratio > timed.limit
        answer = LATENCY_MS / 1000
        title = f"{timed.title}, {sent} requests"
        figures = f"{seconds:>7.3f}s{answer:>7.3f}s{ratio:>8.2f}{timed.limit:>8.2f}"
        print(f"{title:<64}{figures}", flush=True)
    return missed
