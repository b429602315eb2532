"""What a check asks, sends and leaves alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from pinned_tui.checks.plan import planned
from pinned_tui.checks.request import CheckRequestError, RawCheckRequest, understand
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Certainty, Outcome, ScopeState, Status
from tests.checks.follower import Checks, Follower, ask_for
from tests.checks.scripted import EVENTS, KEY, checked, error, http, serving

Sandboxed = Callable[[str], Sandbox]


def key_of(sandbox: Sandbox) -> Secret:
    secret = sandbox.situation.secret
    assert secret is not None
    return secret


async def test_a_missing_scope_that_nobody_asked_for_is_healthy(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("missing-scope")
    session = await check(sandbox, RawCheckRequest(secret=key_of(sandbox)))
    assert session.outcome is Outcome.HEALTHY
    assert session.verdicts == ()
    assert session.scopes["events:read"] is ScopeState.MISSING
    assert session.scopes["channels:read"] is ScopeState.PRESENT
    assert session.scopes["media:create"] is ScopeState.NOT_PROBED
    assert list(session.scopes) == [
        "channels:read", "events:create", "events:read", "events:update", "media:create",
    ]  # fmt: skip


async def test_after_a_429_nothing_further_is_sent(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("rate-limited")
    session = await check(
        sandbox, RawCheckRequest(secret=key_of(sandbox), channel="101", everything=True)
    )
    assert session.requests_sent == 1
    assert sandbox.state.counts.requests == 1
    assert session.first_cause == "rate-limited"


async def test_without_a_key_nothing_is_sent(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("healthy")
    for secret in (None, Secret("  \t", source="test")):
        session = await check(sandbox, RawCheckRequest(secret=secret, channel="101"))
        assert session.first_cause == "key-missing"
        assert session.outcome is Outcome.PROBLEM
        assert session.requests_sent == 0
    assert sandbox.state.counts.requests == 0


@pytest.mark.parametrize(
    ("shape", "cause"),
    [
        (" {}", "key-whitespace"),
        ("{}\n", "key-whitespace"),
        ("{}\r\n", "key-whitespace"),
        ("{}\u00a0", "key-whitespace"),
        ("{} and_more", "key-whitespace"),
        ('"{}"', "key-quoted"),
        ("Bearer {}", "key-includes-scheme"),
        ("PINNED_EVENTS_API_KEY={}", "key-includes-name"),
        ("{}\u200b", "key-invisible-characters"),
    ],
)
async def test_a_malformed_key_is_named_and_not_sent(
    sandboxed: Sandboxed, check: Checks, shape: str, cause: str
) -> None:
    sandbox = sandboxed("healthy")
    secret = Secret(shape.format(key_of(sandbox).reveal()), source="test")
    session = await check(sandbox, RawCheckRequest(secret=secret))
    assert session.first_cause == cause
    assert session.outcome is Outcome.PROBLEM
    assert sandbox.state.counts.requests == 0


async def test_a_slug_or_name_is_mapped_to_its_number(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("healthy")
    channel = sandbox.state.channels[0]
    names = (channel.slug, channel.name.upper(), f"https://pinned.events/c/{channel.slug}/")
    for given in (*names, f'"{channel.id}"'):
        session = await check(sandbox, RawCheckRequest(secret=key_of(sandbox), channel=given))
        verdict = session.verdicts[0]
        assert verdict.cause == "channel-id-not-numeric"
        assert verdict.suggestion == channel.id
        assert session.target.channel_id == channel.id
        assert session.outcome is Outcome.PROBLEM


async def test_a_name_that_no_channel_has(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("healthy")
    session = await check(
        sandbox, RawCheckRequest(secret=key_of(sandbox), channel="no-such-channel")
    )
    assert session.first_cause == "channel-id-not-numeric"
    assert session.verdicts[0].suggestion is None


async def test_an_event_that_is_not_there(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("healthy")
    session = await check(sandbox, RawCheckRequest(secret=key_of(sandbox), event="999999"))
    assert session.first_cause == "event-not-found"
    assert session.verdicts[0].subject == "999999"


async def test_an_event_in_another_channel(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("healthy")
    session = await check(
        sandbox, RawCheckRequest(secret=key_of(sandbox), event="5001", channel="102")
    )
    assert session.first_cause == "event-wrong-channel"
    assert session.verdicts[0].found == "101"


async def test_a_write_scope_without_consent_is_not_probed_and_not_settled(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("healthy")
    ask = RawCheckRequest(secret=key_of(sandbox), needs=frozenset({"events:create"}))
    session = await check(sandbox, ask)
    assert session.outcome is Outcome.INCONCLUSIVE
    assert session.scopes["events:create"] is ScopeState.NOT_PROBED
    assert {x.request.method for x in session.exchanges} == {"GET"}
    assert [c.given for c in session.consents] == [False]


@pytest.mark.parametrize("scope", ["events:create", "events:update", "media:create"])
async def test_a_consented_probe_tells_and_leaves_nothing(
    sandboxed: Sandboxed, check: Checks, scope: str
) -> None:
    sandbox = sandboxed("healthy")
    ask = RawCheckRequest(secret=key_of(sandbox), needs=frozenset({scope}))
    consented = frozenset(card.id for card in planned(ask) if card.consent)
    session = await check(
        sandbox, RawCheckRequest(ask.secret, needs=ask.needs, consented=consented)
    )
    assert session.scopes[scope] in {ScopeState.PRESENT, ScopeState.MISSING}
    assert session.outcome is not Outcome.INCONCLUSIVE
    assert [c.given for c in session.consents] == [True]
    assert sandbox.state.created == ()
    assert sandbox.state.changed == ()


async def test_a_payload_with_gaps_is_named_without_sending_it(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("healthy")
    payload = b'{"title": "X", "channelId": 101, "timezone": " ", "classifications": []}'
    ask = RawCheckRequest(secret=key_of(sandbox), payload=payload, consented=frozenset({"payload"}))
    session = await check(sandbox, ask)
    found = [v.subject for v in session.verdicts if v.cause == "field-missing"]
    assert found == ["startAt", "timezone", "classifications", "approxLocation.city.placeId"]
    assert {x.request.method for x in session.exchanges} == {"GET"}


async def test_an_unknown_slug_gets_the_nearest_one(sandboxed: Sandboxed, check: Checks) -> None:
    sandbox = sandboxed("validation-error")
    assert sandbox.situation.payload is not None
    payload = sandbox.situation.payload.replace(b'"concert"', b'"concerts"')
    ask = RawCheckRequest(secret=key_of(sandbox), payload=payload)
    session = await check(sandbox, ask)
    verdict = session.verdicts[0]
    assert verdict.cause == "classification-unknown"
    assert verdict.suggestion == "concert"
    assert verdict.found == "concerts"


async def test_cancelling_keeps_what_was_learnt(sandboxed: Sandboxed) -> None:
    sandbox = sandboxed("healthy")
    ask = RawCheckRequest(secret=key_of(sandbox), channel="101")
    session = new_session(ask, base_url=sandbox.base_url, clock=SystemClock())
    follower = Follower()
    reached = asyncio.Event()

    class Impatient(Follower):
        def progressed(self, progress: object) -> None:
            if getattr(progress, "probe", "") == "authentication":
                reached.set()

        def advanced(self, session: object) -> None:
            follower.sessions.append(session)  # type: ignore[arg-type]

    task = asyncio.create_task(
        run_check(session, ask, clock=SystemClock(), listener=Impatient(), environ={})
    )
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    left = follower.sessions[-1]
    assert left.outcome is Outcome.INCONCLUSIVE
    assert left.finished_at is not None
    assert any(o.code == "run.interrupted" for o in left.observations)
    assert any(o.code == "key.present" for o in left.observations)


async def test_progress_is_told_and_ends_for_every_probe(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("revoked-key")
    follower = Follower()
    session = await check(sandbox, ask_for(sandbox.situation), follower=follower)
    assert session.run is not None
    last = {step.probe: step.state for step in follower.steps}
    assert set(last) == set(session.run.probes)
    assert last["authentication"] == "done"
    assert last["channels"] == "skipped"
    assert all(state in {"done", "skipped"} for state in last.values())
    skipped = [o for o in session.latest() if o.code == "run.skipped"]
    assert all(o.status is Status.SKIP for o in skipped)


@pytest.mark.parametrize(
    "ask",
    [
        RawCheckRequest(None, channel=""),
        RawCheckRequest(None, channel="-1"),
        RawCheckRequest(None, channel="0"),
        RawCheckRequest(None, channel="4.2"),
        RawCheckRequest(None, channel="a\x1b[2J"),
        RawCheckRequest(None, channel="x" * 300),
        RawCheckRequest(None, event="12/../3"),
        RawCheckRequest(None, event=""),
        RawCheckRequest(None, event="a b"),
        RawCheckRequest(None, event="https://pinned.events/e/1"),
        RawCheckRequest(None, needs=frozenset({"event:read"})),
    ],
)
def test_what_cannot_be_meant_is_refused(ask: RawCheckRequest) -> None:
    with pytest.raises(CheckRequestError) as caught:
        understand(ask)
    assert "\x1b" not in str(caught.value)
    assert "such as" in str(caught.value) or "scopes are" in str(caught.value)


async def test_a_channel_that_was_listed_before_is_lost_and_not_merely_absent(
    sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed("wrong-channel")
    situation = sandbox.situation
    ask = replace(ask_for(situation), listed_before={204: "2026-11-01T08:00:00.000Z"})
    session = await check(sandbox, ask)
    verdict = session.verdicts[0]
    assert verdict.cause == "channel-access-lost"
    assert verdict.certainty is Certainty.LIKELY
    assert verdict.subject == "204"
    assert "2026-11-01" in verdict.summary
    assert any("looks similar" in text for text in verdict.alternatives)


async def test_what_waits_for_its_turn_is_not_sent_after_a_429() -> None:
    limited = http("429 Too Many", error("rate_limited"), "Retry-After: 30")
    pages = {"docs": [{"id": 1}], "page": 1, "limit": 1, "totalDocs": 9, "totalPages": 9}
    busy = {"/channels": http("200 OK", pages), "*": limited}
    ask = RawCheckRequest(
        Secret(KEY, source="test"), channel="9", event="5", payload=b"{}", everything=True,
        consented=frozenset({"create-scope"}),
    )  # fmt: skip
    async with serving(busy) as base_url:
        session = await checked(base_url, ask, Budget(at_once=1))
    answers = [x.response.status for x in session.exchanges if x.response]
    assert answers.count(429) == 1
    assert answers[-1] == 429
    assert session.requests_sent == len(session.exchanges) == len(answers)
    assert [verdict.cause for verdict in session.verdicts][:1] == ["rate-limited"]
    known = {exchange.id for exchange in session.exchanges}
    assert all(set(seen.exchanges) <= known for seen in session.observations)


async def test_a_channel_is_not_called_absent_while_entries_of_the_list_are_unreadable() -> None:
    docs: list[object] = [{"id": 7, "name": "Seven"}, {"name": "no ID"}, "8"]
    channels = http("200 OK", {"docs": docs, "limit": 100, "totalDocs": 3, "page": 1})
    async with serving({"/channels": channels, "/events": EVENTS}) as base_url:
        session = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), channel="8"))
        found = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), channel="7"))
    assert session.first_cause == "check-incomplete"
    assert session.outcome is Outcome.INCONCLUSIVE
    assert session.requests_sent == 2
    assert found.outcome is Outcome.HEALTHY


async def test_a_list_of_no_documents_is_malformed_and_not_empty() -> None:
    texts = http("200 OK", {"docs": ["7", "8"], "totalDocs": 2, "limit": 100, "page": 1})
    refused = http("401 Unauthorized", error("invalid_api_key"))
    answers = {"/channels": texts, "keyless /channels": refused, "/events": EVENTS}
    async with serving(answers) as base_url:
        session = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), channel="7"))
    assert session.first_cause == "response-malformed"
    assert session.outcome is Outcome.INCONCLUSIVE
    assert session.requests_sent == 3


def test_a_slip_of_the_clipboard_is_no_channel() -> None:
    with pytest.raises(CheckRequestError) as caught:
        understand(RawCheckRequest(None, channel=KEY))
    assert KEY not in str(caught.value)
