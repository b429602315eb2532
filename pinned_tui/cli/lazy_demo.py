"""The demo without the sandbox, until it is first needed: Home is drawn before that."""

from functools import cached_property
from typing import TYPE_CHECKING

from pinned_tui.core.demo import FixResult, Situation, SituationCard

if TYPE_CHECKING:
    from pinned_tui.redaction.secret import Secret
    from pinned_tui.sandbox.demo import SandboxDemo


class LazyDemo:
    """Fulfils :class:`pinned_tui.core.demo.Demo` and makes the sandbox's demo when it is asked.

    It follows the user's symptom: who asks for a situation by name has it checked at once.
    """

    chosen: str | None = None

    @cached_property
    def _demo(self) -> "SandboxDemo":
        from pinned_tui.sandbox.demo import SandboxDemo

        return SandboxDemo()

    @property
    def cards(self) -> tuple[SituationCard, ...]:
        """All situations, in the order in which they are offered."""
        return self._demo.cards

    def situation_for(self, section: str | None) -> SituationCard:
        """Return the situation that goes with a section; None is *not sure*."""
        return self._demo.situation_for(section)

    async def enter(self, name: str) -> Situation:
        """Put the sandbox into the situation ``name``, from the beginning."""
        return await self._demo.enter(name)

    async def fix(self) -> FixResult:
        """Mend the situation, as its person would."""
        return await self._demo.fix()

    async def create_key(self) -> "Secret":
        """Stand in for the Developer Portal: create a replacement key for the same owner."""
        return await self._demo.create_key()

    async def revoke_old_key(self) -> None:
        """Stand in for the Developer Portal: revoke the key that was replaced."""
        await self._demo.revoke_old_key()

    def old_secret(self) -> "Secret":
        """Return the secret of the replaced key, to prove that it no longer works."""
        return self._demo.old_secret()

    def close(self) -> None:
        """Stop the sandbox, if it was ever needed."""
        if "_demo" in self.__dict__:
            self._demo.close()
