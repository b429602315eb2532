"""What the tests of the check share."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Protocol

from pinned_tui.checks.plan import planned
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import Progress
from pinned_tui.core.demo import Situation
from pinned_tui.sandbox.scenarios import load_scenario
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Session


class Follower:
    """Keeps what a check told while it ran."""

    def __init__(self) -> None:
        self.steps: list[Progress] = []
        self.sessions: list[Session] = []

    def progressed(self, progress: Progress) -> None:
        self.steps.append(progress)

    def advanced(self, session: Session) -> None:
        self.sessions.append(session)


class Checks(Protocol):
    def __call__(
        self,
        sandbox: Sandbox,
        ask: RawCheckRequest,
        *,
        after: Session | None = None,
        follower: Follower | None = None,
        further: str | None = None,
    ) -> Awaitable[Session]:
        """Check; after a session, verify it, or look further with one probe."""
        ...


def ask_for(situation: Situation) -> RawCheckRequest:
    """Ask what the situation's person would ask, with their consent."""
    ask = RawCheckRequest(
        secret=situation.secret,
        channel=situation.channel,
        event=situation.event,
        needs=frozenset(situation.needs),
        payload=situation.payload,
        payload_name=situation.payload_name,
    )
    if load_scenario(situation.card.name).check.allow_write_probes:
        ids = frozenset(card.id for card in planned(ask) if card.consent)
        ask = replace(ask, consented=ids, how="beforehand")
    return ask
