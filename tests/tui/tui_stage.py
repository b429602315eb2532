"""The real app before the real sandbox, on a clock that stands still, for the tests of the TUI."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from textual._compositor import Compositor
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from pinned_tui.history.fallback import FallbackStore
from pinned_tui.sandbox.clock import SandboxClock
from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.session import Session
from pinned_tui.tui.app import PinnedApp
from pinned_tui.tui.screens.home import HomeScreen
from pinned_tui.tui.services import Notices, Services
from pinned_tui.tui.widgets.choices import Choices

STANDING = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)


class StandingClock:
    """A clock whose date stands still, and on which every look takes 7 ms."""

    def __init__(self) -> None:
        self.at = STANDING
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        self.seconds += 0.007
        return self.seconds


def services(folder: Path, **changes: Any) -> Services:
    clock = StandingClock()
    notices = Notices()
    given: dict[str, Any] = {
        "clock": clock,
        "history": FallbackStore(folder / "history.sqlite3", clock=clock, notice=notices),
        "base_url": "https://pinned.events",
        "data_folder": folder,
        "notices": notices,
        "report_folder": folder,
        "chance": random.Random(7),
    }
    return Services(**(given | changes))


def demo(chosen: str | None = None) -> SandboxDemo:
    return SandboxDemo(chosen, clock=SandboxClock(StandingClock()), rng=random.Random(7))


@dataclass
class Stage:
    """A running app with its pilot."""

    app: PinnedApp
    pilot: Pilot[None]

    @property
    def page(self) -> str:
        return getattr(self.app.screen, "PAGE", type(self.app.screen).__name__)

    async def press(self, *keys: str) -> None:
        """Press one key after the other, each once the one before has done all that it does."""
        for key in keys:
            await self.ready()
            await self.pilot.press(key)
            await self.ready()

    async def ready(self) -> None:
        """Wait until no page is on its way, and what asks can be seen."""
        await self.until(
            lambda: (
                not self.app.pages.moving
                and not self.app.typeahead.busy
                and getattr(self.app.screen, "painted", True)
            )
        )

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size and wait until everything has settled in it."""
        await self.pilot.resize_terminal(width, height)
        await self.until(lambda: tuple(self.app.screen.size) == (width, height))
        await self.pilot.pause()

    async def until(self, reached: Callable[[], bool], what: str = "") -> None:
        """Wait for a state, not for a time; the limit only ends a test that has failed."""
        async with asyncio.timeout(20):
            while not reached():
                await self.pilot.pause()
                await asyncio.sleep(0.005)
        await self.pilot.pause()

    async def on(self, page: str) -> None:
        await self.until(lambda: self.page == page, page)

    async def idle(self) -> None:
        """Wait until the check that was started has ended and is saved."""
        await self.until(
            lambda: (
                self.app.controller.state.session is not None
                and bool(self.app.controller.state.session.runs)
                and not self.app.controller.running
            )
        )

    async def idle_history(self) -> None:
        """Wait until Home has read the past sessions."""
        home = self.app.screen_stack[0]
        assert isinstance(home, HomeScreen)
        await home.recent.settled()
        await self.pilot.pause()

    async def at(self, step: str) -> None:
        """Wait until the walk is at ``step`` of the guide."""
        await self.until(lambda: self.session.step == step, step)

    async def walk(self) -> None:
        """Answer every question as it is marked, up to the verdict; type nothing on the way."""
        for _ in range(12):
            if self.page == "verdict":
                return
            before = self.app.controller.state.session
            if any(not field.value for field in self.app.screen.query("#typed").results(Input)):
                self.app.screen.query_one("#options", Choices).action_mark_next()
                await self.pilot.pause()
            await self.press("enter")
            await self.until(partial(self._moved, before))
            await self.idle()
        raise AssertionError("the walk did not come to a verdict")

    def _moved(self, before: Session | None) -> bool:
        return self.app.controller.state.session is not before or self.page == "verdict"

    async def prove(self) -> None:
        """On the verdict: mend the situation and verify the fix."""
        session = self.app.controller.state.session
        runs = len(session.runs) if session is not None else 0
        await self.press("f")
        await self.until(lambda: self.app.controller.demo.fixed is not None)
        await self.press("v")
        while len(self.session.runs) == runs:
            await self.until(lambda: len(self.session.runs) > runs or self.page == "ConfirmScreen")
            if self.page == "ConfirmScreen":
                await self.press("y")
        await self.idle()

    @property
    def session(self) -> Session:
        session = self.app.controller.state.session
        assert session is not None
        return session

    def text(self) -> str:
        """All that the screen shows, as lines of text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(s.text for s in strip).rstrip() for strip in strips)

    def said(self) -> str:
        """What the messages at the edge of the screen say."""
        return "\n".join(one.message for one in self.app._notifications)

    def told(self, selector: str) -> str:
        return str(self.app.screen.query_one(selector, Static).visual)


@asynccontextmanager
async def staged(
    given: Services, size: tuple[int, int] = (80, 24), *, painting: bool = False
) -> AsyncIterator[Stage]:
    """Run the app without a terminal; ``painting`` draws each of its frames though none is seen."""
    app = PinnedApp(given)
    with contextlib.nullcontext() if painting else _no_frames():
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            stage = Stage(app, pilot)
            yield stage
            if app.is_running and app.screen_stack:
                stage.text()  # the last page, at least, can be drawn


@contextlib.contextmanager
def _no_frames() -> Iterator[None]:
    """Draw no frame, which took half of all processor time: without a terminal none is shown.

    What a test looks at is drawn for it (:meth:`Stage.text`), and so is a whole screen for a
    picture. All pages are painted in the snapshots, on the real terminals, and in the storm.
    """
    render = Compositor.render_update

    def render_update(
        self: Compositor,
        full: bool = False,
        screen_stack: list[Screen[Any]] | None = None,
        simplify: bool = False,
    ) -> Any:
        if full:
            return render(self, full, screen_stack, simplify)
        self._dirty_regions.clear()
        return None

    with mock.patch.object(Compositor, "render_update", render_update):
        yield
