"""Why this verdict and not another, in checks over real sockets, and the probe that would tell."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pinned_tui.ask import Ask
from pinned_tui.planning import asking_too, planned
from pinned_tui.sandbox.scenarios import scenario_names
from pinned_tui.sandbox.server import Sandbox
from tests.checkup.follower import Checks, ask_for

Sandboxed = Callable[[str], Sandbox]


@pytest.mark.parametrize("name", scenario_names())
async def test_every_situation_says_what_was_considered(
    name: str, sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed(name)
    session = await check(sandbox, ask_for(sandbox.situation))
    if session.verdicts:
        assert session.considered[0].cause == session.first_cause
        assert session.considered[0].standing == "fits"
    else:
        assert {one.standing for one in session.considered} <= {"ruled out"}
    passed = {one.id for one in session.observations if one.status == "pass"}
    for one in session.considered:
        if one.standing == "ruled out" and one.cause != "key-header-stripped":
            assert set(one.against) <= passed


async def test_the_next_probe_is_run_and_tells(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("healthy")
    ask = Ask(sandbox.situation.secret, needs=frozenset({"events:create"}))
    first = await check(sandbox, ask)
    (row,) = (one for one in first.considered if one.standing == "open")
    assert (row.cause, row.subject) == ("scope-missing", "events:create")
    assert row.next is not None
    assert row.next.cost == "consent"
    wider = asking_too(ask, row.next.probe)
    assert wider is not None
    agreed = replace(wider, consented=frozenset({row.next.probe}))
    second = await check(sandbox, agreed, after=first)
    by_scope = {one.subject: one.standing for one in second.considered}
    assert not any(one.standing == "open" for one in second.considered)
    assert by_scope["channels:read"] == "ruled out"


def test_a_question_is_widened_no_further_than_a_probe_needs() -> None:
    from pinned_tui.privacy.secret import Secret

    ask = Ask(Secret("k" * 40, source="test"))
    assert asking_too(ask, "controls") == ask
    update = asking_too(ask, "update-scope")
    assert update == replace(ask, needs=frozenset({"events:update"}))
    assert asking_too(ask, "payload") is None, "only the person has the payload"
    assert asking_too(ask, "event") is None, "only the person knows the event"
    links = asking_too(replace(ask, event="5"), "links")
    assert links is not None
    assert "links" in {card.id for card in planned(links)}
    assert not links.everything
