"""Which observations count: those of the latest run, with what belongs to it."""

import re
from collections.abc import Iterable

import pytest

from pinned_tui.session import Observation, Purpose, Run, Session, Status, Target, Tool

AT = "2026-11-23T12:00:00.000Z"


def session(*runs: tuple[Purpose, Iterable[str]]) -> Session:
    """Return a session whose runs each saw what their ``probe.fact`` texts say."""
    seen = [
        Observation(
            id=f"obs-{number}-{place}", run=f"run-{number}", probe=re.split("[./]", fact)[0],
            code=fact.partition("/")[2] or fact, status=Status.PASS, summary=fact,
        )
        for number, (_, facts) in enumerate(runs, start=1)
        for place, fact in enumerate(facts)
    ]  # fmt: skip
    return Session(
        id="s", tool=Tool(version="0"), started_at=AT,
        target=Target(base_url="https://pinned.events"), observations=tuple(seen),
        runs=tuple(
            Run(id=f"run-{number}", purpose=purpose, started_at=AT)
            for number, (purpose, _) in enumerate(runs, start=1)
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "counted"),
    [
        ([], []),
        ([("check", ["a.1"]), ("check", ["a.2"])], ["a.2"]),
        ([("check", ["a.1"]), ("verify", ["b.2"])], ["b.2"]),
        ([("inspect", ["i.1"]), ("check", ["a.2"])], ["i.1", "a.2"]),
        ([("inspect", ["i.1"]), ("check", ["a.2"]), ("verify", ["a.3"])], ["a.3"]),
        ([("check", ["a.1"]), ("inspect", ["i.2"])], ["i.2"]),
        ([("check", ["a.1", "b.1"]), ("further", ["b.2", "c.2"])], ["a.1", "b.2", "c.2"]),
        (
            [("check", ["a.1", "b.1"]), ("further", ["b.2"]), ("further", ["c.3"])],
            ["a.1", "b.2", "c.3"],
        ),
        ([("inspect", ["i.1"]), ("check", ["a.2"]), ("further", ["b.3"])], ["i.1", "a.2", "b.3"]),
        (
            [("check", ["a.1"]), ("verify", ["a.2", "b.2"]), ("further", ["b.3"])],
            ["a.2", "b.3"],
        ),
        ([("check", ["a.1"]), ("further", ["a.2"]), ("verify", ["b.3"])], ["b.3"]),
        (
            [("check", ["a.1"]), ("further", ["a/run.interrupted"])],
            ["a.1", "a/run.interrupted"],
        ),
    ],
)
def test_a_further_look_adds_to_the_run_before_it(
    runs: list[tuple[Purpose, list[str]]], counted: list[str]
) -> None:
    assert [one.summary for one in session(*runs).latest()] == counted
