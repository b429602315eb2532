"""What becomes of a look at an input: guarded, kept, and taken into a session. Draws nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pinned_tui.inspect.model import InputKind, StoppedError
from pinned_tui.inspecting import Handed, asking_for, new_inspection
from pinned_tui.session import Session
from pinned_tui.tui.controller import Controller
from pinned_tui.tui.looking import InputBuffer, InspectionProgress, InspectionResult, Inspector

if TYPE_CHECKING:
    from pinned_tui.ask import RawCheckRequest
    from pinned_tui.privacy.secret import Secret

_PATIENCE_S = 0.3
"""From when on a wait is shown."""


@dataclass(frozen=True, slots=True)
class KeptInspection:
    """What is in the field of Inspect, for when the page is opened again. It is never written.

    Attributes:
        held: Gives the input, with its secrets.
        kind: What the user said that it is.
        inspections: The looks at it.
    """

    held: Callable[[], InputBuffer]
    kind: InputKind | None
    inspections: "InspectionKeeper"


class InspectionKeeper:
    """The looks at one input after the other, for a session at work or for one of their own."""

    def __init__(self, controller: Controller, at_work: Session | None) -> None:
        """Work for ``controller``.

        Args:
            controller: What holds the session and the secrets.
            at_work: The session that what is found is for, if there is one already.
        """
        self._controller = controller
        self._at_work = at_work
        self.begun: Session | None = None
        self.example = False
        self.added: list[Secret] = []
        self.eye: Inspector | None = None

    @property
    def joins(self) -> bool:
        """Whether what is found is for a session that is at work already."""
        return self._at_work is not None

    async def ready(self) -> Inspector:
        """Read the words of the causes, the first time, and return what looks."""
        if self.eye is None:
            books = await self._controller.read_books()
            self.eye = Inspector(self._controller.services.clock, books.catalogue, self._begin)
        return self.eye

    def anew(self, *, example: bool = False) -> None:
        """Have the looks to come be about another input; an example is not kept."""
        self.begun, self.example = None, example

    def go_on_with(self, before: "InspectionKeeper") -> None:
        """Have the looks to come be about the input that ``before`` looked at last."""
        self.begun, self.example, self.added = before.begun, before.example, before.added

    def _begin(self) -> Session:
        """Return the session that every look at the same input is written into."""
        if self.begun is None:
            services = self._controller.services
            self.begun = new_inspection(
                base_url=self._controller.base_url, clock=services.clock, chance=services.chance
            )
        return self.begun

    async def look(
        self, held: Callable[[], InputBuffer], kind: InputKind | None, waited: Callable[[int], None]
    ) -> InspectionResult | None:
        """Look in a thread, which ends soon after this is cancelled.

        Args:
            held: Gives the input, in that thread.
            kind: What the person says that it is.
            waited: Told how many per cent are done, once it takes long.
        """
        eye = await self.ready()
        loop = asyncio.get_running_loop()
        long, done = False, 0

        def told(percent: int) -> None:
            nonlocal done
            done = percent
            if long:
                waited(percent)

        stop = InspectionProgress(told=lambda percent: loop.call_soon_threadsafe(told, percent))
        task = asyncio.ensure_future(asyncio.to_thread(lambda: eye.look(held(), kind, stop.say)))
        try:
            ended, _ = await asyncio.wait({task}, timeout=_PATIENCE_S)
            if not ended:
                long = True
                waited(done)
            return await task
        except StoppedError:
            return None
        finally:
            long = False
            stop.asked.set()
            task.cancel()

    def guard(self, looked: InspectionResult) -> None:
        """Let nothing that leaves the program hold a secret of the input as it is now."""
        secrets = self._controller.secrets
        secrets[:] = [one for one in secrets if not any(one is own for own in self.added)]
        before = len(secrets)
        for secret in looked.inspection.secrets:
            self._controller.keep(secret)
        self.added = secrets[before:]

    def keep(self, looked: InspectionResult) -> None:
        """Keep what was found in the history, unless it is for the session at work."""
        if not self.example and not self.joins and looked.inspection.kind is not None:
            self._controller.keeper.keep(looked.session)

    async def into_session(self, looked: InspectionResult) -> "tuple[Session, RawCheckRequest]":
        """Return the session that goes on with ``looked``, and what a check would ask for."""
        eye, held = await self.ready(), looked.held
        session = looked.session
        if self.joins and self._controller.session is not None:
            session = eye.written(self._controller.session, held, looked.inspection)
        handed = Handed(held.text, held.name, held.pasted.size)
        self.added = []  # the session goes on, and its secrets stay guarded
        return session, asking_for(self._asked(), handed, looked.inspection)

    def _asked(self) -> "RawCheckRequest":
        if self.joins and self._controller.ask is not None:
            return self._controller.ask
        services = self._controller.services
        return replace(services.given, secret=services.secret, payload=None, payload_name=None)
