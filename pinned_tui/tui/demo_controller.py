"""The demo's sandbox beside the session: its situation, what was fixed in it, and its portal."""

import asyncio
from dataclasses import replace

from pinned_tui.core.demo import Demo, Situation
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import NOT_REPRODUCED, Outcome
from pinned_tui.tui.state import SessionState


class DemoController:
    """Puts the sandbox into situations, and fixes them, for the session in progress.

    Attributes:
        situation: What the sandbox is in; None outside the demo.
        fixed: What *fix it* did last; ``unverified`` until the checks ran again.
        replaced: Whether the portal created a replacement key, and ``revoked`` whether it revoked
            the old one.
    """

    def __init__(self, state: SessionState) -> None:
        """Begin outside of any situation."""
        self._state = state
        self.situation: Situation | None = None
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget what was done for the session before."""
        self.fixed: str | None = None
        self.unverified = False
        self.replaced = self.revoked = False

    @property
    def can_fix(self) -> bool:
        """Whether there is something to fix, and the sandbox can fix it."""
        session = self._state.session
        if session is None or session.outcome is Outcome.HEALTHY or self.situation is None:
            return False
        if session.first_cause == NOT_REPRODUCED:
            return False
        return self.fixed is None and not self.replaced

    async def enter_for(self, section: str | None) -> None:
        """Enter the situation of the command line, else that of ``section``; none in no demo."""
        demo = self._state.services.demo
        if demo is not None:
            card = await asyncio.to_thread(demo.situation_for, section)
            await self.enter(demo.chosen or card.name)

    async def enter(self, name: str) -> None:
        """Put the sandbox into a situation, and ask what the user in it would ask."""
        situation = await self._demo.enter(name)
        self._take(situation, needs=frozenset(situation.needs))
        self.begin_anew()

    async def fix(self) -> str | None:
        """Fix the situation, as the user in it would; return why not, where nothing was to fix."""
        result = await self._demo.fix()
        if not result.changed:
            return result.done
        # What was asked for before stays asked for, so that before and after can be compared.
        needs = self._state.request.needs | frozenset(result.situation.needs)
        self._take(result.situation, needs=needs)
        self.fixed, self.unverified = result.done, True
        self._state.changed()
        return None

    async def create_key(self) -> Secret:
        """Create a replacement key at the portal, for the checks to come."""
        secret = await self._demo.create_key()
        self._state.note(replace(self._state.request, secret=secret))
        self.replaced = True
        self._state.changed()
        return secret

    async def revoke_old_key(self) -> None:
        """Revoke the replaced key at the portal."""
        await self._demo.revoke_old_key()
        self.revoked = True
        self._state.changed()

    async def old_key(self) -> Secret:
        """Return the key that was replaced, which only the demo knows."""
        secret = await asyncio.to_thread(self._demo.old_secret)
        self._state.guard(secret)
        return secret

    def _take(self, situation: Situation, *, needs: frozenset[str]) -> None:
        self.situation = situation
        self._state.note(
            replace(
                self._state.request,
                secret=situation.secret,
                channel=situation.channel,
                event=situation.event,
                needs=needs,
                payload=situation.payload,
                payload_name=situation.payload_name,
            )
        )

    @property
    def _demo(self) -> Demo:
        demo = self._state.services.demo
        if demo is None:
            raise RuntimeError("there is no demo")
        return demo
