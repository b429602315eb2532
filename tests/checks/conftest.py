"""A check against the sandbox over a real socket."""

import random
from collections.abc import Callable, Iterator

import pytest

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.core.clock import SystemClock
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Session
from tests.checks.follower import Checks, Follower


@pytest.fixture
def sandboxed() -> Iterator[Callable[[str], Sandbox]]:
    started: list[Sandbox] = []

    def start(scenario: str) -> Sandbox:
        sandbox = Sandbox(scenario, rng=random.Random(7))
        sandbox.start()
        started.append(sandbox)
        return sandbox

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def check() -> Checks:
    async def run(
        sandbox: Sandbox,
        ask: RawCheckRequest,
        *,
        after: Session | None = None,
        follower: Follower | None = None,
        further: str | None = None,
    ) -> Session:
        clock = SystemClock()
        session = after or new_session(ask, base_url=sandbox.base_url, clock=clock)
        return await run_check(
            session,
            ask,
            clock=clock,
            listener=follower or Follower(),
            purpose="further" if further else "verify" if after else "check",
            environ={},
            deciding=frozenset({further}) if further else None,
        )

    return run
