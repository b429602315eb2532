"""A check against the sandbox over a real socket."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pinned_tui.checks import run
from pinned_tui.checks.model import ProbeObservation
from pinned_tui.checks.observations import NOT_KNOWN
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.core.clock import SystemClock
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Session
from pinned_tui.session.codes import fault_of
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


@pytest.fixture(autouse=True)
def by_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every probe of every test report what the table of codes has, and nothing else."""
    make = run._Course._observation

    def checked(course: run._Course, number: int, probe: str, seen: ProbeObservation) -> Any:
        assert fault_of(seen.code, probe, seen.data) is None
        assert NOT_KNOWN not in seen.summary, seen
        return make(course, number, probe, seen)

    monkeypatch.setattr(run._Course, "_observation", checked)


@pytest.fixture
def check() -> Checks:
    async def carry_out(
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

    return carry_out
