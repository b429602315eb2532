"""How the app ends: asked to by a key or by Ctrl+C, made to by a signal, or because it hangs."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from pinned_tui.tui.background import spawn
from pinned_tui.tui.controller import Controller
from pinned_tui.tui.page_stack import Pages
from pinned_tui.tui.terminal import (
    AGAIN_S,
    HANGUP,
    ForcedExit,
    Terminal,
    lasting,
    take_pastes_whole,
)

if TYPE_CHECKING:
    from textual.driver import Driver

_NOT_HEARD = 130
"""The exit code after Ctrl+C where leaving in order is not possible, as shells count it."""


class Shutdown:
    """Ends the app in order: the check is stopped, the session saved, the terminal given back.

    Attributes:
        terminal: The terminal as it was found.
        under_way: Whether the app is ending.
    """

    def __init__(self, app: App[Any], controller: Controller, pages: Pages) -> None:
        """Be ready to end ``app``, from before it has an event loop."""
        self.terminal = Terminal()
        self.under_way = False
        self._app = app
        self._controller = controller
        self._pages = pages
        self._asking = False
        self._interrupted_at = -AGAIN_S
        self._forced_exit = ForcedExit(self._end_by_force)

    def watched(self, driver: "type[Driver]") -> "type[Driver]":
        """Return ``driver`` made to survive its terminal and large pastes, and to hear Ctrl+C."""
        take_pastes_whole(driver)
        return lasting(
            driver, partial(self.by_signal, HANGUP), self.terminal, self._forced_exit.pressed
        )

    def by_ctrl_c(self, at: float, copy: Callable[[], bool]) -> None:
        """Do what Ctrl+C asks for: copy what is selected, else leave once it is pressed again.

        Args:
            at: When it was pressed, on Textual's clock.
            copy: Copies what is selected, and returns whether there was any.
        """
        self._forced_exit.heard(at)
        if copy():
            return
        again, self._interrupted_at = at - self._interrupted_at <= AGAIN_S, at
        if again:
            self.by_user()
        else:
            self._app.notify("Press Ctrl+C again to quit.", markup=False, timeout=AGAIN_S)

    def by_user(self) -> None:
        """Leave, after asking when a check is running; asked to twice, at once."""
        if self._controller.running and not self._asking:
            self._asking = True
            spawn(self._app, self._leave_if_agreed)
        else:
            self._leave(0)

    async def _leave_if_agreed(self) -> None:
        from pinned_tui.tui.screens.dialogs import ConfirmScreen

        question = ConfirmScreen(
            "Quit while a check is running?",
            "The check stops here. What it has found so far stays in the history.",
            yes="Quit",
            no="Keep checking",
        )
        try:
            if await self._pages.ask(question):
                self._leave(0)
        finally:
            self._asking = False

    def by_signal(self, code: int) -> None:
        """Leave with ``code`` because of a signal.

        It may come at any time, from any thread: before there is an event loop nothing is to be
        put in order, and after its end the program is ending anyway.
        """
        loop = self._app._loop  # noqa: SLF001 - there is no public name for it
        if loop is not None:
            self.hurry(code)
            loop.call_soon_threadsafe(self._leave, code)
        elif not self.under_way:
            raise SystemExit(code)

    def hurry(self, code: int) -> None:
        """End by force with ``code`` where leaving in order takes too long."""
        if not self._app.is_headless:
            self.terminal.end_by_force_after(code)

    def _end_by_force(self) -> None:
        """Leave because Ctrl+C is not heard; with the session as it was saved last."""
        self.terminal.end_by_force_after(_NOT_HEARD, 0.0)

    def _leave(self, code: int) -> None:
        if not self.under_way:
            self.under_way = True
            self.hurry(code)
            spawn(self._app, partial(self._settle_and_exit, code))

    async def _settle_and_exit(self, code: int) -> None:
        await self._controller.settle()
        self._app.exit(return_code=code)
