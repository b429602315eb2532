"""The clock that moves, moments relative to a start, and rate windows."""

import math
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.sandbox.clock import FARTHEST_S, SandboxClock
from pinned_tui.sandbox.limits import Limiter
from pinned_tui.sandbox.relative_time import parse, resolve
from pinned_tui.sandbox.world import FailureRule, World
from tests.sandbox.sandbox_support import START, StoodStill


def test_the_clock_runs_like_its_base_and_moves_on() -> None:
    clock = SandboxClock(StoodStill())
    clock.advance(90)
    clock.advance(0.5)
    assert clock.now() == START + timedelta(seconds=90.5)
    assert clock.monotonic() == 1090.5
    clock.rewind()
    assert (clock.now(), clock.monotonic(), clock.ahead_s) == (START, 1000.0, 0.0)


@pytest.mark.parametrize("seconds", [-1, -0.001, math.nan, math.inf, FARTHEST_S + 1])
def test_the_clock_does_not_go_back_or_astray(seconds: float) -> None:
    clock = SandboxClock(StoodStill())
    with pytest.raises(ValueError, match="clock moves"):
        clock.advance(seconds)
    assert clock.ahead_s == 0


def test_by_default_it_runs_like_the_machines() -> None:
    clock = SandboxClock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=5)


@given(
    start=st.datetimes(
        datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        datetime(2040, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    days=st.integers(-400, 400),
    hour=st.integers(5, 23),
    zone=st.sampled_from(["Europe/Vienna", "UTC", "America/New_York", "Pacific/Kiritimati"]),
)
def test_a_relative_moment_keeps_its_wall_time(
    start: datetime, days: int, hour: int, zone: str
) -> None:
    moment = parse(f"{days:+d}d {hour:02}:30 {zone}").at(start)
    assert (moment.hour, moment.minute) == (hour, 30)
    today = start.astimezone(ZoneInfo(zone)).date()
    assert moment.date() - today == timedelta(days=days)
    assert datetime.fromisoformat(moment.isoformat()) == moment


@pytest.mark.parametrize(
    "text", ["14d 19:00 UTC", "+14d 19 UTC", "+14d 19:00", "+1w 19:00 UTC", "", "2026-06-12"]
)
def test_what_is_no_relative_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not written like"):
        parse(text)


def test_only_whole_expressions_are_resolved() -> None:
    value = {"a": ["+1d 08:00 UTC", "see +1d 08:00 UTC", 5], "b": None}
    assert resolve(value, START) == {
        "a": ["2026-06-13T08:00:00.000Z", "see +1d 08:00 UTC", 5],
        "b": None,
    }


@given(
    limit=st.integers(1, 5),
    steps=st.lists(st.sampled_from(["take", "wait"]), max_size=40),
)
def test_no_window_lets_more_through_than_its_limit(limit: int, steps: list[str]) -> None:
    clock = SandboxClock(StoodStill())
    limiter, let_through = Limiter(clock), list[float]()
    for step in steps:
        if step == "wait":
            clock.advance(3)
            continue
        reading = limiter.take([("key", limit)], window_s=10)
        assert 0 <= reading.remaining < limit
        assert 0 < reading.reset_in_s <= 10
        if reading.allowed:
            let_through.append(clock.monotonic())
    first = let_through[0] if let_through else 0.0
    assert sum(moment < first + 10 for moment in let_through) <= limit


def test_the_tightest_window_is_told() -> None:
    limiter = Limiter(SandboxClock(StoodStill()))
    reading = limiter.take([("key", 5), ("owner", 3)], window_s=60)
    assert (reading.limit, reading.remaining) == (3, 2)


def test_failures_run_out() -> None:
    world = World(clock=StoodStill(), rng=random.Random(1), failing=FailureRule(left=2))
    assert [world.fails("before") for _ in range(3)] == [True, True, False]
    world.failing = FailureRule(left=1, when="after")
    assert (world.fails("before"), world.fails("after"), world.fails("after")) == (
        False,
        True,
        False,
    )
