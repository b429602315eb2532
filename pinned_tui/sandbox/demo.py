"""The demo: the sandbox as the TUI knows it, through :class:`pinned_tui.core.demo.Demo`."""

import asyncio
import random
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from pinned_tui.core.demo import FixResult, Situation, SituationCard
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.clock import SandboxClock
from pinned_tui.sandbox.scenarios import load_scenario, scenario_names
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.sandbox.stage import card, cards


class SandboxDemo:
    """Fulfils :class:`pinned_tui.core.demo.Demo` with a sandbox of its own.

    The sandbox runs from ``with`` to the end of the block, or from the first situation that is
    entered to :meth:`close`. None of the asynchronous methods blocks the event loop.
    """

    def __init__(
        self,
        chosen: str | None = None,
        *,
        clock: SandboxClock | None = None,
        port: int = 0,
        rng: random.Random | None = None,
    ) -> None:
        """Prepare the demo.

        Args:
            chosen: The scenario to stay with, or None to follow the person's symptom.
            clock: Times the sandbox.
            port: Where the sandbox's API listens; 0 for any free port.
            rng: Where secrets and request ids come from.

        Raises:
            UnknownScenarioError: there is no scenario ``chosen``.
        """
        self._chosen = chosen
        first = chosen if chosen is not None else scenario_names()[0]
        self._sandbox = Sandbox(first, clock=clock, port=port, rng=rng)

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox behind the demo."""
        return self._sandbox

    @property
    def base_url(self) -> str:
        """Where the sandbox's API listens.

        Raises:
            SandboxError: the sandbox isn't running.
        """
        return self._sandbox.base_url

    @property
    def cards(self) -> tuple[SituationCard, ...]:
        """All situations, in the order in which they are offered."""
        return cards()

    @property
    def chosen(self) -> str | None:
        """The situation asked for on the command line; None: follow the person's symptom."""
        return self._chosen

    def situation_for(self, section: str | None) -> SituationCard:
        """Return the situation that goes with a section of the guide.

        Args:
            section: The section's id; None for a person who is not sure what they see.

        Raises:
            ValueError: the guide has no such section.
        """
        by_section = _situations()
        if section not in by_section:
            raise ValueError(f"The guide has no section {section!r}.")
        return card(by_section[section])

    async def enter(self, name: str) -> Situation:
        """Put the sandbox into the situation ``name``, from the beginning.

        Raises:
            UnknownScenarioError: there is no such situation.
            SandboxError: the sandbox can't start.
        """
        return await asyncio.to_thread(self._enter, name)

    async def fix(self) -> FixResult:
        """Mend the situation, as its person would."""
        return await asyncio.to_thread(self._sandbox.fix)

    async def create_key(self) -> Secret:
        """Stand in for the Developer Portal: create a replacement key for the same owner."""
        return await asyncio.to_thread(self._sandbox.create_key)

    async def revoke_old_key(self) -> None:
        """Stand in for the Developer Portal: revoke the key that was replaced."""
        await asyncio.to_thread(self._sandbox.revoke_old_key)

    def old_secret(self) -> Secret:
        """Return the secret of the replaced key, to prove that it no longer works."""
        return self._sandbox.old_secret()

    def close(self) -> None:
        """Stop the sandbox."""
        self._sandbox.stop()

    def __enter__(self) -> Self:
        self._sandbox.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _enter(self, name: str) -> Situation:
        self._sandbox.start()
        return self._sandbox.enter(name)


def _situations() -> Mapping[str | None, str]:
    """Return the scenario that is offered for each section of the guide."""
    by_section: dict[str | None, str] = {}
    for name in scenario_names():
        scenario = load_scenario(name)
        by_section.update((section, name) for section in scenario.leads)
        if scenario.not_sure:
            by_section[None] = name
    return by_section
