"""The ledger in a report: what was to be sent, what was, and the user's consent to it."""

from collections.abc import Callable, Iterator

import pytest

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.core.clock import SystemClock
from pinned_tui.report import markdown, text
from pinned_tui.report.evidence import ledger
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Session
from tests.checks.follower import Follower

Running = Callable[..., "Session"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("healthy") as running:
        yield running


async def checked(sandbox: Sandbox, **asked: object) -> Session:
    ask = RawCheckRequest(secret=sandbox.situation.secret, **asked)  # type: ignore[arg-type]
    clock = SystemClock()
    session = new_session(ask, base_url=sandbox.base_url, clock=clock)
    return await run_check(session, ask, clock=clock, listener=Follower(), environ={})


async def test_it_accounts_for_every_request(sandbox: Sandbox) -> None:
    session = await checked(sandbox, channel="101", event="5001")
    entries = ledger(session)
    assert sum(sum(entry.sent.values()) for entry in entries) == session.requests_sent
    counts = sandbox.state.counts
    assert counts.requests == session.requests_sent
    by_route: dict[str, int] = {}
    for entry in entries:
        for route, count in entry.sent.items():
            by_route[route] = by_route.get(route, 0) + count
    assert by_route == counts.by_route
    assert all(entry.planned is not None for entry in entries)
    assert {entry.consent for entry in entries} == {"not needed"}


async def test_a_refused_probe_is_in_it_with_the_person_s_word(sandbox: Sandbox) -> None:
    session = await checked(sandbox, needs=frozenset({"events:create"}))
    (entry,) = (one for one in ledger(session) if one.probe == "create-scope")
    assert (entry.planned, entry.sent) == ("POST /events", {})
    assert entry.consent == "not agreed to, not sent"
    report = markdown.render(session)
    assert "| create-scope | `POST /events` | nothing | not agreed to, not sent |" in report
    shown = " ".join(text.render(session).split())
    assert "Not agreed to, so not sent: POST /events." in shown
    assert "GET /channels 1" in shown


async def test_an_agreed_probe_is_counted(sandbox: Sandbox) -> None:
    session = await checked(
        sandbox, needs=frozenset({"events:create"}), consented=frozenset({"create-scope"}),
        how="beforehand",
    )  # fmt: skip
    report = markdown.render(session)
    row = "| create-scope | `POST /events` | once `POST /events` | agreed beforehand |"
    assert row in report
    assert "not sent" not in " ".join(text.render(session).split())


def test_any_session_has_a_ledger_that_counts_its_exchanges(any_sessions: list[Session]) -> None:
    for session in any_sessions:
        entries = ledger(session)
        assert sum(sum(entry.sent.values()) for entry in entries) == len(session.exchanges)
