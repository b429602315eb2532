"""The demo's sandbox beside the session: its situation, what was mended in it, and its portal."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from pinned_tui.core.demo import Demo, Situation
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import NOT_REPRODUCED, Outcome

if TYPE_CHECKING:
    from pinned_tui.tui.controller import Controller


class DemoController:
    """What the sandbox is in, on behalf of the session that the controller holds.

    Attributes:
        situation: What the sandbox is in; None outside the demo.
        mended: What *fix it* did last; ``unverified`` until the checks ran again.
        replaced: Whether the portal created a replacement key, and ``revoked`` whether it revoked
            the old one.
    """

    def __init__(self, controller: "Controller") -> None:
        """Begin outside of any situation."""
        self._controller = controller
        self.situation: Situation | None = None
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget what was done for the session before."""
        self.mended: str | None = None
        self.unverified = False
        self.replaced = self.revoked = False

    @property
    def can_fix(self) -> bool:
        """Whether the sandbox can be mended, and something is to be."""
        session = self._controller.session
        if session is None or session.outcome is Outcome.HEALTHY or self.situation is None:
            return False
        if session.first_cause == NOT_REPRODUCED:
            return False
        return self.mended is None and not self.replaced

    async def enter(self, name: str) -> None:
        """Put the sandbox into a situation, and ask what its person would ask."""
        situation = await self._demo.enter(name)
        self._take(situation, needs=frozenset(situation.needs))
        self.begin_anew()

    async def fix(self) -> str | None:
        """Mend the situation, as its person would; tell where there was nothing to mend."""
        mended = await self._demo.fix()
        if not mended.changed:
            return mended.done
        # What was asked for before stays asked for, so that before and after can be compared.
        self._take(
            mended.situation,
            needs=self._controller.asked.needs | frozenset(mended.situation.needs),
        )
        self.mended, self.unverified = mended.done, True
        self._controller.changed()
        return None

    async def create_key(self) -> Secret:
        """Create a replacement key at the portal, for the checks to come."""
        secret = await self._demo.create_key()
        self._controller.note(replace(self._controller.asked, secret=secret))
        self.replaced = True
        self._controller.changed()
        return secret

    async def revoke_old_key(self) -> None:
        """Revoke the replaced key at the portal."""
        await self._demo.revoke_old_key()
        self.revoked = True
        self._controller.changed()

    async def old_key(self) -> Secret:
        """Return the key that was replaced, which only the demo knows."""
        secret = await asyncio.to_thread(self._demo.old_secret)
        self._controller.keep(secret)
        return secret

    def _take(self, situation: Situation, *, needs: frozenset[str]) -> None:
        self.situation = situation
        self._controller.note(
            replace(
                self._controller.asked,
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
        demo = self._controller.services.demo
        if demo is None:
            raise RuntimeError("there is no demo")
        return demo
