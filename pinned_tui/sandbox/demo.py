"""The demo: the sandbox as the TUI knows it, through :class:`pinned_tui.core.demo.Demo`.

It is the one object between the two, and makes the sandbox when that is first needed: importing it
takes long, and Home is drawn before.
"""

import asyncio
import random
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pinned_tui.core.demo import FixResult, Situation, SituationCard

if TYPE_CHECKING:
    from pinned_tui.redaction.secret import Secret
    from pinned_tui.sandbox.clock import SandboxClock
    from pinned_tui.sandbox.server import Sandbox


class SandboxDemo:
    """Fulfils :class:`pinned_tui.core.demo.Demo` with a sandbox of its own.

    The sandbox runs from ``with`` to the end of the block, or from the first situation that is
    entered to :meth:`close`. None of the asynchronous methods blocks the event loop.
    """

    def __init__(
        self,
        chosen: str | None = None,
        *,
        clock: "SandboxClock | None" = None,
        port: int = 0,
        rng: random.Random | None = None,
    ) -> None:
        """Prepare the demo.

        Args:
            chosen: The scenario to stay with, or None to follow the user's symptom.
            clock: Times the sandbox.
            port: Where the sandbox's API listens; 0 for any free port.
            rng: Where secrets and request ids come from.

        Raises:
            UnknownScenarioError: the scenario ``chosen`` is unknown.
        """
        self.chosen = chosen
        self._clock, self._port, self._rng = clock, port, rng
        if chosen is not None:
            _ = self.sandbox  # whether there is such a scenario is known at once

    @cached_property
    def sandbox(self) -> "Sandbox":
        """The sandbox behind the demo."""
        from pinned_tui.sandbox.scenarios import scenario_names
        from pinned_tui.sandbox.server import Sandbox

        first = self.chosen or scenario_names()[0]
        return Sandbox(first, clock=self._clock, port=self._port, rng=self._rng)

    @property
    def base_url(self) -> str:
        """Where the sandbox's API listens.

        Raises:
            SandboxError: the sandbox isn't running.
        """
        return self.sandbox.base_url

    @property
    def cards(self) -> tuple[SituationCard, ...]:
        """All situations, in the order in which they are offered."""
        from pinned_tui.sandbox.stage import cards

        return cards()

    def situation_for(self, section: str | None) -> SituationCard:
        """Return the situation that goes with a section of the guide.

        Args:
            section: The section's id; None for a user who is not sure what they see.

        Raises:
            ValueError: the guide has no such section.
        """
        from pinned_tui.sandbox.scenarios import situations
        from pinned_tui.sandbox.stage import card

        by_section = situations()
        if section not in by_section:
            raise ValueError(f"The guide has no section {section!r}.")
        return card(by_section[section])

    async def enter(self, name: str) -> Situation:
        """Put the sandbox into the situation ``name``, from the beginning.

        Raises:
            UnknownScenarioError: the situation is unknown.
            SandboxError: the sandbox can't start.
        """

        def enter() -> Situation:
            self.sandbox.start()
            return self.sandbox.enter(name)

        return await asyncio.to_thread(enter)

    async def fix(self) -> FixResult:
        """Fix the situation, as the user of its story would."""
        return await asyncio.to_thread(self.sandbox.fix)

    async def create_key(self) -> "Secret":
        """Stand in for the Developer Portal: create a replacement key for the same owner."""
        return await asyncio.to_thread(self.sandbox.create_key)

    async def revoke_old_key(self) -> None:
        """Stand in for the Developer Portal: revoke the key that was replaced."""
        await asyncio.to_thread(self.sandbox.revoke_old_key)

    def old_secret(self) -> "Secret":
        """Return the secret of the replaced key, to prove that it no longer works."""
        return self.sandbox.old_secret()

    def close(self) -> None:
        """Stop the sandbox, if it was ever needed."""
        if "sandbox" in self.__dict__:
            self.sandbox.stop()

    def __enter__(self) -> Self:
        self.sandbox.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
