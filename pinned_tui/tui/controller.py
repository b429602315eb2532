"""Runs the checks of the session in progress, and stops them."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from pinned_tui import session as sessions
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Purpose, Session
from pinned_tui.tui.demo_controller import DemoController
from pinned_tui.tui.guide_controller import GuideController
from pinned_tui.tui.history_access import HistoryAccess
from pinned_tui.tui.services import Services
from pinned_tui.tui.state import SessionState

if TYPE_CHECKING:
    from pinned_tui.checks.run import Progress


class KeyNames:
    """Names the keys of one session: ``key-1`` is the first that was tried, and so on.

    Before and after a replacement, the requests then show which of the two was sent.
    """

    def __init__(self) -> None:
        """Begin without keys."""
        self._named: list[Secret] = []

    def named(self, secret: Secret) -> Secret:
        """Return ``secret`` under its name in this session."""
        for known in self._named:
            if known == secret:
                return Secret(secret.reveal(), source=secret.source, name=known.name)
        named = Secret(secret.reveal(), source=secret.source, name=f"key-{len(self._named) + 1}")
        self._named.append(named)
        return named


class Controller:
    """What the user has done to the session: new ones, checks, answers, fixes in the demo.

    The screens ask it and hear of changes; it knows nothing of how they draw.

    Attributes:
        state: The session in progress.
        history: The sessions of before, and where this one is saved.
        guide: The way through the questions.
        demo: The sandbox, what was fixed in it, and its portal.
    """

    def __init__(
        self,
        services: Services,
        spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], object],
        changed: Callable[[], None],
    ) -> None:
        """Begin with no session.

        Args:
            services: What it works with.
            spawn: Has the app run what makes a coroutine, to its end; it learns of its exceptions.
            changed: Called after every change of what the screens show.
        """
        self.services = services
        self.history = HistoryAccess(services.history, spawn)
        self.state = SessionState(services, self.history, changed)
        self.guide = GuideController(self.state)
        self.demo = DemoController(self.state)
        self._spawn = spawn
        self._base_url: str | None = None
        self._key_names = KeyNames()
        self._task: asyncio.Task[object] | None = None
        self._stopped = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def running(self) -> bool:
        """Whether a check is running."""
        return self.state.running

    @property
    def base_url(self) -> str:
        """Where the API is: the sandbox in the demo."""
        if self.demo.situation is not None:
            return self.demo.situation.base_url
        return self._base_url or self.services.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._base_url = url

    @property
    def wait_until(self) -> datetime | None:
        """From when on the API may be asked again, where it asked to wait and that is not over.

        It holds whatever is asked next, of the same API. In the demo a fixed situation ends it.
        """
        return None if self.demo.unverified else self.state.wait_until(self.base_url)

    # -- before a check ------------------------------------------------------------------------

    def choose(self, section: str | None) -> None:
        """Begin anew with a section of the guide; None is *not sure*."""
        from pinned_tui.checks.plan import about, symptom_of

        self.stop()
        request = about(self.state.initial_request, symptom_of(section))
        self.state.begin_anew(section, request)
        self.demo.begin_anew()

    async def adopt(self, session: Session, request: RawCheckRequest) -> None:
        """Go on with ``session``, which an inspection was written into.

        Args:
            session: The session in progress with one more run, or a new one.
            request: What a check that follows asks for.
        """
        state = self.state
        await state.load_reference()
        if state.session is None or state.session.id != session.id:
            self.stop()
            state.begin_anew(None, request)
            self.demo.situation = None
            self.demo.begin_anew()
        state.session, state.request = session, request
        state.conclude()
        state.changed()

    async def prepare_check(self) -> None:
        """Prepare a check that follows an inspection; in the demo, in the section's situation."""
        state = self.state
        given = state.request
        state.section = state.session.section if state.session is not None else None
        if self.services.demo is not None:
            await self.demo.enter_for(state.section)
            state.answers_before_fix = 0
        request = state.request
        if given.payload is not None:
            request = replace(request, payload=given.payload, payload_name=given.payload_name)
        state.request = replace(
            request, everything=state.section is None, twins=state.section == "duplicates"
        )

    # -- checks --------------------------------------------------------------------------------

    async def begin(self, request: RawCheckRequest) -> None:
        """Open a session for ``request``, enter the guide and start the checks."""
        from pinned_tui.checks.run import new_session
        from pinned_tui.guide import walker

        state, generation = self.state, self.state.generation
        reference = await state.load_reference()
        self.stop()
        await self.ended()
        if generation != state.generation:
            return  # it took so long that the user has begun anew
        session = new_session(
            request,
            base_url=self.base_url,
            clock=self.services.clock,
            section=state.section,
            chance=self.services.chance,
        )
        if state.session is not None and state.only_inspected:
            session = sessions.replace(state.session, target=session.target)
        if state.section is not None:
            session = walker.enter(reference.guide, session, state.section)
        state.session = session
        self._key_names = KeyNames()
        await self.run("check", request)

    async def run(
        self,
        purpose: Purpose,
        request: RawCheckRequest | None = None,
        deciding: frozenset[str] | None = None,
    ) -> None:
        """Start the checks, in place of those that are running.

        Args:
            purpose: A first check, one that verifies a fix, or a further look.
            request: What to ask for from now on; the same as before by default.
            deciding: Ids of the probes to run, with what they build on; all by default.
        """
        state, generation = self.state, self.state.generation
        self.stop()
        await self.ended()
        if generation != state.generation:
            return
        request = request or state.request
        if request.secret is not None:
            request = replace(request, secret=self._key_names.named(request.secret))
        state.note(request)
        if purpose != "further":
            state.progress = {}
        self.demo.unverified = False
        if purpose == "verify" and state.session is not None:
            state.answers_before_fix = len(state.session.answers)
        state.running, self._stopped = True, False
        self._idle.clear()
        self._spawn(partial(self._check, purpose, deciding))
        state.changed()

    def stop(self) -> None:
        """Stop the running check; what it learned stays."""
        if self.running and not self._stopped:
            self._stopped = True  # a second cancellation would hit its tidying up
            if self._task is not None:
                self._task.cancel()

    async def ended(self) -> None:
        """Wait until no check is running."""
        await self._idle.wait()

    async def settle(self) -> None:
        """Stop what is running and save what was learned, before the program ends."""
        self.stop()
        await self.ended()
        await self.history.flush()

    async def _check(self, purpose: Purpose, deciding: frozenset[str] | None) -> None:
        """Run the checks in a task that can be stopped, and conclude from what they leave."""
        session, _ = self.state.active()
        try:
            if not self._stopped:
                self._task = asyncio.ensure_future(self._run(purpose, deciding))
                await asyncio.wait({self._task})
        finally:
            task, self._task = self._task, None
            self.state.running = False
            self._idle.set()
            self.state.note_wait(session.target.base_url)
            self.state.conclude()
            self.state.changed()
        if task is not None and not task.cancelled():
            task.result()

    async def _run(self, purpose: Purpose, deciding: frozenset[str] | None) -> None:
        from pinned_tui.checks.run import run_check

        session, reference = self.state.active()
        request = self.state.request
        if request.channel is not None:
            known = await self.history.known_channels(session)
            request = replace(request, listed_before=known)
        await run_check(
            session,
            request,
            clock=self.services.clock,
            listener=_CheckListener(self.state, self.state.generation),
            purpose=purpose,
            environ=self.services.environment,
            catalogue=reference.catalogue,
            deciding=deciding,
            secrets=tuple(self.state.secrets),
        )


@dataclass(frozen=True, slots=True)
class _CheckListener:
    """Hears of one check. Once another session has begun, what it still learns is only saved."""

    state: SessionState
    generation: int

    def progressed(self, progress: "Progress") -> None:
        """Take note of where a probe stands."""
        if self.generation == self.state.generation:
            self.state.progress[progress.probe] = progress
            self.state.changed()

    def advanced(self, session: Session) -> None:
        """Take what the check learned."""
        if self.generation == self.state.generation:
            self.state.merge(session)
        else:
            self.state.history.save_soon(session)
