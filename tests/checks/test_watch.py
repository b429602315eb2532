"""Watching: what is repeated, how often, until when; over real sockets, on a clock of its own."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from pinned_tui.checks.plan import planned
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.cli.check import Once, WatchPace, watch, what_decides
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Outcome, Session
from tests.checks.follower import Checks, Follower, ask_for
from tests.checks.scripted import checked, error, http, serving
from tests.samples import TurnedClock

Sandboxed = Callable[[str], Sandbox]
Sleep = Callable[[float], Awaitable[None]]


class Night:
    """A clock that only sleeping moves; something may happen in the n-th sleep."""

    def __init__(self, happens: Callable[[], object] = lambda: None, at: int = 0) -> None:
        self.clock = TurnedClock(SystemClock().now())
        self.slept: list[float] = []
        self.said: list[str] = []
        self._happens, self._at = happens, at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.turn(timedelta(seconds=seconds))
        if len(self.slept) == self._at:
            self._happens()


def looks(ask: RawCheckRequest) -> Once:
    async def once(session: Session, deciding: frozenset[str] | None) -> Session:
        return await run_check(
            session, ask, clock=SystemClock(), listener=Follower(), purpose="verify", environ={},
            deciding=deciding,
        )  # fmt: skip

    return once


async def watched(
    session: Session,
    ask: RawCheckRequest,
    night: Night,
    pace: WatchPace = WatchPace(),  # noqa: B008 - frozen
) -> Session:
    return await watch(
        session, looks(ask), pace=pace, clock=night.clock, tell=night.said.append,
        sleep=night.sleep,
    )  # fmt: skip


async def test_it_repeats_what_decides_and_then_everything_once(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("missing-scope")
    ask = ask_for(sandbox.situation)
    first = await check(sandbox, ask)
    night = Night(sandbox.fix, at=3)
    last = await watched(first, ask, night)
    assert last.outcome is Outcome.HEALTHY
    assert night.slept == [30, 30, 30]
    assert [run.purpose for run in last.runs] == ["check", *["verify"] * 4]
    *repeated, whole = last.runs[1:]
    assert all(set(run.probes) == set(repeated[0].probes) for run in repeated)
    assert all(run.requests_sent <= 2 for run in repeated)
    assert set(whole.probes) == set(first.runs[0].probes)
    assert sum(run.requests_sent for run in last.runs) == last.requests_sent
    assert "Next look in 30 s" in night.said[0]
    assert night.said[-1].startswith("✓ Fixed: ")
    assert [told_look(line) for line in night.said[:-1]] == [1, 2, 3, 4, 5]
    assert "what was found passes" in night.said[3]
    assert "healthy" in night.said[4]


def told_look(line: str) -> int:
    """Return which look a line is about; it says the time too."""
    found = re.match(r"look (\d+) at \d\d:\d\d:\d\d UTC: ", line)
    assert found, line
    return int(found[1])


async def test_it_ends_after_the_time_that_was_given(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("revoked-key")
    ask = ask_for(sandbox.situation)
    night = Night()
    last = await watched(await check(sandbox, ask), ask, night, WatchPace(every_s=20, at_most_s=65))
    assert last.outcome is Outcome.PROBLEM
    assert night.slept == [20, 20, 20]
    assert re.match(r"stopped watching at .* UTC, after 1 min and 4 looks: ", night.said[-1])
    assert night.said[-1].endswith("the 1 min 5 s of --watch-for are over, and nothing has changed")


async def test_a_wait_longer_than_the_time_that_was_given_ends_it_and_is_told() -> None:
    limited = http("429 Too Many", error("rate_limited"), "Retry-After: 7200")
    async with serving({"*": limited}) as base_url:
        first = await checked(base_url)
    night = Night()
    ask = RawCheckRequest(secret=Secret("k" * 40, source="test"))
    assert await watched(first, ask, night, WatchPace(every_s=10, at_most_s=600)) == first
    (said,) = night.said
    assert "after 0 s and 1 look: the API asks to wait 2 h" in said
    assert "of the 10 min of --watch-for 10 min are left" in said


async def test_what_the_api_asks_to_wait_is_waited(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("rate-limited")
    ask = ask_for(sandbox.situation)
    first = await check(sandbox, ask)
    assert sandbox.state.counts.requests == 1
    night = Night(sandbox.fix, at=1)
    last = await watched(first, ask, night, WatchPace(every_s=10))
    assert 10 < night.slept[0] <= 21
    assert "as the API asks" in night.said[0]
    assert last.outcome is Outcome.HEALTHY


async def test_an_unreachable_api_is_watched_too(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("unreachable")
    ask = ask_for(sandbox.situation)
    first = await check(sandbox, ask)
    assert what_decides(first) == {"network"}


async def test_what_is_on_this_machine_or_with_the_person_is_not_watched(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("healthy")
    for ask in (
        RawCheckRequest(secret=Secret("changeme", source="test")),
        RawCheckRequest(secret=sandbox.situation.secret, needs=frozenset({"media:create"})),
        RawCheckRequest(secret=sandbox.situation.secret, refused_elsewhere=True),
    ):
        first = await check(sandbox, ask)
        assert first.outcome is not Outcome.HEALTHY
        night = Night()
        assert await watched(first, ask, night) == first
        assert night.slept == []
        assert "nothing to watch" in night.said[0]


async def test_a_healthy_session_is_not_watched(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("healthy")
    ask = ask_for(sandbox.situation)
    first = await check(sandbox, ask)
    night = Night()
    assert await watched(first, ask, night) == first
    assert night.said == []


def everything(sandbox: Sandbox) -> RawCheckRequest:
    ask = RawCheckRequest(
        secret=sandbox.situation.secret, channel="101", event="5001", everything=True,
        open_links=True, payload=b'{"channelId": 101}',
        needs=frozenset({"events:create", "events:update", "media:create"}),
    )  # fmt: skip
    return replace(ask, consented=frozenset(c.id for c in planned(ask) if c.id != "links"))


PROBES = [card.id for card in planned(RawCheckRequest(
    secret=Secret("k" * 40, source="test"), channel="1", event="5", everything=True,
    open_links=True, payload=b"{}",
    needs=frozenset({"events:create", "events:update", "media:create"}),
))]  # fmt: skip


@pytest.mark.parametrize("probe", PROBES)
async def test_each_probe_can_be_run_with_only_what_it_builds_on(
    probe: str, sandboxed: Sandboxed
) -> None:
    """None may wait for the finding of a probe that is not run."""
    sandbox = sandboxed("healthy")
    ask = everything(sandbox)
    session = new_session(ask, base_url=sandbox.base_url, clock=SystemClock())
    looked = await looks(ask)(session, frozenset({probe}))
    codes = {one.code for one in looked.observations}
    assert not codes & {"run.deadline", "run.crashed"}
    assert probe in looked.runs[0].probes
