"""Why this verdict and not another, in checks over real sockets, and the probe that would tell."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pinned_tui.checks.plan import asking_too, planned
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import concluded
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.sandbox.scenarios import scenario_names
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Answer, Outcome
from pinned_tui.session import replace as replace_session
from tests.checks.follower import Checks, ask_for

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
    ask = RawCheckRequest(sandbox.situation.secret, needs=frozenset({"events:create"}))
    first = await check(sandbox, ask)
    (row,) = (one for one in first.considered if one.standing == "open")
    assert (row.cause, row.subject) == ("scope-missing", "events:create")
    assert row.next is not None
    assert row.next.cost == "consent"
    assert row.next.probe is not None
    wider = asking_too(ask, row.next.probe)
    assert wider is not None
    agreed = replace(wider, consented=frozenset({row.next.probe}))
    second = await check(sandbox, agreed, after=first, further=row.next.probe)
    by_scope = {one.subject: one.standing for one in second.considered}
    assert not any(one.standing == "open" for one in second.considered)
    assert by_scope["channels:read"] == "ruled out"
    assert second.outcome is Outcome.HEALTHY
    assert second.run is not None
    assert set(second.run.probes) == {"key", "network", "authentication", "create-scope"}
    assert second.run.requests_sent == 2, "one that it builds on, and its own"


async def test_what_was_found_before_a_further_look_still_counts(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("wrong-channel")
    ask = replace(ask_for(sandbox.situation), needs=frozenset({"events:create"}))
    first = await check(sandbox, ask)
    assert first.first_cause == "channel-not-accessible"
    agreed = replace(ask, consented=frozenset({"create-scope"}))
    second = await check(sandbox, agreed, after=first, further="create-scope")
    assert second.first_cause == "channel-not-accessible"
    assert second.channels == first.channels
    known = {scope for scope, state in second.scopes.items() if state != "not probed"}
    assert known > {scope for scope, state in first.scopes.items() if state != "not probed"}
    assert second.target.channel_id == first.target.channel_id
    third = await check(sandbox, agreed, after=second)
    assert third.run is not None
    assert {"channels", "create-scope"} <= set(third.run.probes)


async def test_where_no_check_can_tell_the_question_is_named(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("duplicate-events")
    session = await check(sandbox, replace(ask_for(sandbox.situation), twins=True))
    row = next(one for one in session.considered if one.cause == "idempotency-key-missing")
    assert row.next is not None
    assert (row.next.cost, row.next.question) == ("asks", "copies-header")
    answer = Answer(step="copies-header", option="sent", by="person", at=session.started_at)
    told = concluded(replace_session(session, answers=(answer,)), load_catalogue())
    row = next(one for one in told.considered if one.cause == "idempotency-key-missing")
    assert row.next is None, "it was answered"


async def test_where_no_question_tells_it_is_said_where_to_look(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("revoked-key")
    session = await check(sandbox, ask_for(sandbox.situation))
    row = next(one for one in session.considered if one.cause == "key-header-stripped")
    assert row.next is not None
    assert (row.next.cost, row.next.question, row.next.probe) == ("asks", None, None)
    assert "another network" in row.next.title


def test_a_question_is_widened_no_further_than_a_probe_needs() -> None:
    from pinned_tui.redaction.secret import Secret

    ask = RawCheckRequest(Secret("k" * 40, source="test"))
    assert asking_too(ask, "controls") == ask
    update = asking_too(ask, "update-scope")
    assert update == replace(ask, needs=frozenset({"events:update"}))
    assert asking_too(ask, "payload") is None, "only the person has the payload"
    assert asking_too(ask, "event") is None, "only the person knows the event"
    links = asking_too(replace(ask, event="5"), "links")
    assert links is not None
    assert "links" in {card.id for card in planned(links)}
    assert not links.everything
