"""Holds the session while a person works on it: runs checks, serves the demo, saves.

The screens ask it and are told when something changed; it knows nothing of how they draw.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from pinned_tui import session as sessions
from pinned_tui.core.clock import timestamp
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Purpose, Session
from pinned_tui.tui.autosave import Autosave
from pinned_tui.tui.demo_controller import DemoController
from pinned_tui.tui.guide_controller import GuideController, GuidePosition
from pinned_tui.tui.key_names import KeyNames
from pinned_tui.tui.reference_data import ReferenceData, read
from pinned_tui.tui.services import Services
from pinned_tui.tui.state import merged, retry_moment, told_by

if TYPE_CHECKING:
    from pinned_tui.checks.request import RawCheckRequest
    from pinned_tui.checks.run import Progress
    from pinned_tui.guide.walker import StepView


@dataclass
class Controller:
    """One person's work on one session.

    Attributes:
        spawn: Has the app run what makes a coroutine, to its end; it learns of its exceptions.
        changed: Called after every change of what the screens show.
        session: The session as it is now, or None before the first check.
        ask: What the checks ask for; the key is in here and nowhere else.
        section: The guide's section that was chosen; None is *not sure*.
        progress: Where the probes of the running, or the latest, check stand.
        situated: The demo's sandbox, and what was mended in it for this session.
        generation: Counts the sessions at work, so that what comes late of one is known as such.
    """

    services: Services
    spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], object]
    changed: Callable[[], None]
    session: Session | None = None
    ask: "RawCheckRequest | None" = None
    section: str | None = None
    progress: "dict[str, Progress]" = field(default_factory=dict)
    books: ReferenceData | None = None
    generation: int = 0
    _keyring: KeyNames = field(default_factory=KeyNames)
    _base_url: str | None = None
    _waits: dict[str, datetime] = field(default_factory=dict)
    _outdated: int = 0
    _work: "asyncio.Task[object] | None" = None
    _running: bool = False
    _stopped: bool = False
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Begin with nothing running."""
        self._idle.set()
        self.keeper = Autosave(self.services.history, self.spawn)
        self.walk = GuideController(self)
        self.situated = DemoController(self)

    # -- what the screens ask ------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether a check is running."""
        return self._running

    @property
    def now(self) -> str:
        """The moment, as it is written into sessions."""
        return timestamp(self.services.clock.now())

    @property
    def secrets(self) -> list[Secret]:
        """All keys of this run, none of which may get out."""
        return self.services.secrets

    @property
    def base_url(self) -> str:
        """Where the API is: the sandbox in the demo."""
        if self.situated.situation is not None:
            return self.situated.situation.base_url
        return self._base_url or self.services.base_url

    def set_base_url(self, url: str) -> None:
        """Take another place of the API for the checks to come."""
        self._base_url = url

    @property
    def where(self) -> GuidePosition | None:
        """Where the session is in the guide, once there is one."""
        if self.session is None or self.books is None:
            return None
        return GuidePosition(self.books.guide, self.session)

    @property
    def view(self) -> "StepView | None":
        """What to show at the current step; None at the verdict."""
        where = self.where
        return where.view if where is not None else None

    @property
    def can_walk(self) -> bool:
        """Whether there is a section to walk through."""
        return self.session is not None and self.session.section is not None

    @property
    def wait_until(self) -> datetime | None:
        """From when on the API may be asked again, where it asked to wait and that is not over.

        It holds whatever is asked next, of the same API. In the demo a mended situation ends it.
        """
        until = None if self.situated.unverified else self._waits.get(self.base_url)
        return until if until is not None and until > self.services.clock.now() else None

    @property
    def only_inspected(self) -> bool:
        """Whether the session holds looks at inputs and no check yet."""
        runs = self.session.runs if self.session is not None else ()
        return bool(runs) and all(run.purpose == "inspect" for run in runs)

    async def read_books(self) -> ReferenceData:
        """Read the guide and the catalogue, the first time off the event loop."""
        if self.books is None:
            self.books = await read(self.services)
        return self.books

    # -- before a check ------------------------------------------------------------------------

    def choose(self, section: str | None) -> None:
        """Begin anew with a section of the guide; None is *not sure*."""
        from pinned_tui.checks.plan import about, symptom_of

        self.stop()
        self.generation += 1
        self.section = section
        self.session = None
        self.progress = {}
        self._fresh()
        given = replace(self.services.given, secret=self.services.secret)
        self.ask = about(given, symptom_of(section))

    async def adopt(self, session: Session, ask: "RawCheckRequest") -> None:
        """Go on with ``session``, which an inspection was written into.

        Args:
            session: The session in hand with one more run, or a new one.
            ask: What a check that follows asks for.
        """
        await self.read_books()
        if self.session is None or self.session.id != session.id:
            self.stop()
            self.generation += 1
            self.section, self.progress = None, {}
            self.situated.situation = None
            self._fresh()
        self.session, self.ask = session, ask
        self.conclude()
        self.changed()

    async def prepare_check(self) -> None:
        """Prepare a check that follows an inspection; in the demo, in the section's situation."""
        given = self.asked
        self.section = self.session.section if self.session is not None else None
        demo = self.services.demo
        if demo is not None:
            card = await asyncio.to_thread(demo.situation_for, self.section)
            await self.situated.enter(demo.chosen or card.name)
            self._outdated = 0
        if given.payload is not None:
            self.ask = replace(self.asked, payload=given.payload, payload_name=given.payload_name)
        self.ask = replace(
            self.asked, everything=self.section is None, twins=self.section == "duplicates"
        )

    def _fresh(self) -> None:
        self._outdated = 0
        self.situated.begin_anew()

    def keep(self, secret: Secret) -> None:
        """Remember ``secret`` as one that must not get out in a report or a crash file."""
        if not any(known == secret for known in self.secrets):
            self.secrets.append(secret)

    # -- checks --------------------------------------------------------------------------------

    @property
    def asked(self) -> "RawCheckRequest":
        """What the checks ask for, once a section was chosen."""
        if self.ask is None:
            raise RuntimeError("no section was chosen yet")
        return self.ask

    async def begin(self, ask: "RawCheckRequest") -> None:
        """Open a session for ``ask``, enter the guide and start the checks."""
        from pinned_tui.checks.run import new_session
        from pinned_tui.guide import walker

        of = self.generation
        books = await self.read_books()
        self.stop()
        await self.ended()
        if of != self.generation:
            return  # it took so long that the user has begun anew
        session = new_session(
            ask,
            base_url=self.base_url,
            clock=self.services.clock,
            section=self.section,
            chance=self.services.chance,
        )
        if self.session is not None and self.only_inspected:
            session = sessions.replace(self.session, target=session.target)
        if self.section is not None:
            session = walker.enter(books.guide, session, self.section)
        self.session = session
        self._keyring = KeyNames()
        await self.run("check", ask)

    async def run(
        self,
        purpose: Purpose,
        ask: "RawCheckRequest | None" = None,
        deciding: frozenset[str] | None = None,
    ) -> None:
        """Start the checks, in place of those that are running.

        Args:
            purpose: A first check, one that verifies a fix, or a further look.
            ask: What to ask for from now on; the same as before by default.
            deciding: Ids of the probes to run, with what they build on; all by default.
        """
        of = self.generation
        self.stop()
        await self.ended()
        if of != self.generation:
            return
        self.ask = ask or self.asked
        if self.ask.secret is not None:
            secret = self._keyring.named(self.ask.secret)
            self.ask = replace(self.ask, secret=secret)
            self.keep(secret)
        if purpose != "further":
            self.progress = {}
        self.situated.unverified = False
        if purpose == "verify" and self.session is not None:
            self._outdated = len(self.session.answers)
        self._running, self._stopped = True, False
        self._idle.clear()
        self.spawn(partial(self._check, purpose, deciding))
        self.changed()

    def note(self, ask: "RawCheckRequest") -> None:
        """Take ``ask`` for the next check, without beginning one."""
        self.ask = ask
        if ask.secret is not None:
            self.keep(ask.secret)

    def stop(self) -> None:
        """Stop the running check; what it learnt stays."""
        if self._running and not self._stopped:
            self._stopped = True  # asked twice, it would tear up what it puts in order
            if self._work is not None:
                self._work.cancel()

    async def ended(self) -> None:
        """Wait until no check is running."""
        await self._idle.wait()

    async def _check(self, purpose: Purpose, deciding: frozenset[str] | None) -> None:
        """Run the checks in a task that can be stopped, and put in order what they leave."""
        session, _ = self.at_work()
        try:
            if not self._stopped:
                self._work = asyncio.ensure_future(self._run(purpose, deciding))
                await asyncio.wait({self._work})
        finally:
            work, self._work = self._work, None
            self._running = False
            self._idle.set()
            if (until := retry_moment(self.session)) is not None:
                self._waits[session.target.base_url] = until
            self.conclude()
            self.changed()
        if work is not None and not work.cancelled():
            work.result()

    async def _run(self, purpose: Purpose, deciding: frozenset[str] | None) -> None:
        from pinned_tui.checks.run import run_check

        session, books = self.at_work()
        await run_check(
            session,
            await self._recalling(session),
            clock=self.services.clock,
            listener=_Follower(self, self.generation),
            purpose=purpose,
            environ=self.services.environment,
            catalogue=books.catalogue,
            deciding=deciding,
            secrets=tuple(self.secrets),
        )

    async def _recalling(self, session: Session) -> "RawCheckRequest":
        """Return what is asked, with the channels that earlier sessions listed for such a key."""
        if self.asked.channel is None:
            return self.asked
        return replace(self.asked, listed_before=await self.keeper.channels_listed(session))

    def progressed(self, progress: "Progress") -> None:
        """Take note of where a probe stands."""
        self.progress[progress.probe] = progress
        self.changed()

    def advanced(self, session: Session) -> None:
        """Take what the checks learnt; the answers given meanwhile stay."""
        self.session = session if self.session is None else merged(self.session, session)
        self.keeper.keep(self.session)
        self.changed()

    # -- the session at work -------------------------------------------------------------------

    def at_work(self) -> tuple[Session, ReferenceData]:
        """Return the session and the books; it is a mistake to ask before there are any."""
        if self.session is None or self.books is None:
            raise RuntimeError("there is no session at work")
        return self.session, self.books

    def conclude(self) -> None:
        """Bring the verdicts up to date with the answers, and keep the session."""
        from pinned_tui.checks.run import concluded

        if self.session is None or self.books is None:
            return
        if not self._running:
            told = told_by(self.session, self.books.guide, since=self._outdated)
            self.session = concluded(self.session, self.books.catalogue, told)
        self.keeper.keep(self.session)

    # -- keeping -------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Stop what is running and keep what was learnt, before the program ends."""
        self.stop()
        await self.ended()
        await self.keeper.write()


@dataclass(frozen=True, slots=True)
class _Follower:
    """Hears of one check. Once another session is at work, what it still learns is only kept."""

    controller: Controller
    generation: int

    def _is_current(self) -> bool:
        return self.generation == self.controller.generation

    def progressed(self, progress: "Progress") -> None:
        """Take note of where a probe stands."""
        if self._is_current():
            self.controller.progressed(progress)

    def advanced(self, session: Session) -> None:
        """Take what the check learnt."""
        if self._is_current():
            self.controller.advanced(session)
        else:
            self.controller.keeper.keep(session)
