"""The app: themes, the pages' stack, and a failure that shows no secrets."""

import asyncio
import gc
from collections.abc import Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.screen import Screen
from textual.signal import Signal
from textual.worker import Worker, WorkerFailed

from pinned_tui.session import Session
from pinned_tui.tui import themes
from pinned_tui.tui.actions import on_page
from pinned_tui.tui.controller import Controller
from pinned_tui.tui.guard import ControlGuard
from pinned_tui.tui.journey import Journey
from pinned_tui.tui.lasting import is_gone, lasting
from pinned_tui.tui.pasting import take_pastes_whole
from pinned_tui.tui.screens.home import HomeScreen
from pinned_tui.tui.services import Services
from pinned_tui.tui.signals import HANGUP, leave_on_signals
from pinned_tui.tui.widgets.masked_input import mask_the_palette

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.notifications import SeverityLevel

    from pinned_tui.crash import Crash


_READ_PER_SECOND = 15
"""Characters of a message that a person reads in a second."""


class PinnedApp(App[None]):
    """pinned-tui in the terminal."""

    TITLE = "pinned-tui"
    theme: Reactive[str] = Reactive(themes.DARK.name)
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = []
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as above
        (0, "-narrow"),
        (76, "-normal"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as above
        (0, "-short"),
        (24, "-tall"),
        (40, "-very-tall"),
    ]

    def __init__(self, services: Services) -> None:
        """Draw for ``services``."""
        no_color = "NO_COLOR" in services.environment
        # Without colours, Textual would draw in greys unless the colours are the terminal's own.
        themes.register()
        mask_the_palette()
        # A page that is there from the start does not bring its own style sheets.
        more = ["styles/result.tcss"] if services.opened is not None else []
        super().__init__(css_path=["styles/app.tcss", *more], ansi_color=True if no_color else None)
        self._guard = ControlGuard()
        self.services = services
        self.controller = Controller(services, spawn=self._spawn, changed=self._session_changed)
        self.journey = Journey(self, self.controller)
        self.session_changed: Signal[None] = Signal(self, "session-changed")
        self.crash: Crash | None = None
        self._interrupted = False
        wanted = services.environment.get("PINNED_TUI_THEME", "ansi" if no_color else "dark")
        theme = themes.BY_NAME.get(wanted.strip().lower(), themes.DARK.name)
        if theme != self.theme:
            self.theme = theme

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> Worker[None]:
        return self.run_worker(coroutine)

    def _session_changed(self) -> None:
        self.session_changed.publish(None)

    # -- pages ---------------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[Any]:
        """Begin at Home, or with the session that was opened."""
        if self.services.opened is not None:
            from pinned_tui.tui.screens.session import SessionScreen

            return SessionScreen(self.services.opened)
        return HomeScreen()

    @property
    def mode_tag(self) -> str:
        """What the top line says about the mode."""
        if self.services.demo is not None:
            return "demo: local sandbox"
        return "read-only" if self.services.opened is not None else ""

    def go_back(self) -> None:
        """Leave the page on top; on the last one, quit."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.leave()

    def go_home(self) -> None:
        """Leave all pages but the first, and the running check with them."""
        self.controller.stop()
        self.run_worker(self._go_home(), exclusive=True, group="home")

    async def _go_home(self) -> None:
        # On the app's own task: a page can't wait for its own end.
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    def show_help(self, page: str) -> None:
        """Show what ``page`` is for, and its keys."""
        from pinned_tui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(page))

    def show_history(self) -> None:
        """Open the list of past sessions."""
        from pinned_tui.tui.screens.history import HistoryScreen

        self.push_screen(HistoryScreen())

    def show_inspect(self) -> None:
        """Open the page that anything can be pasted into, for the session in hand if there is one.

        From Home it is for a session of its own.
        """
        from pinned_tui.tui.screens.inspect import InspectScreen

        at_home = len(self.screen_stack) == 1
        self.push_screen(InspectScreen(None if at_home else self.controller.session))

    def show_export(self, session: Session | None) -> None:
        """Offer to write the report of ``session``."""
        from pinned_tui.tui.screens.export import ExportScreen

        if session is not None:
            self.push_screen(ExportScreen(session))

    def show_exchanges(self, session: Session | None) -> None:
        """Show the requests of ``session``."""
        from pinned_tui.tui.screens.exchanges import ExchangesScreen

        if session is not None:
            self.push_screen(ExchangesScreen(session))

    def show_why(self, session: Session | None, *, at_work: bool = False) -> None:
        """Show why ``session`` came to its verdict; more can be run in the one at work only."""
        from pinned_tui.tui.screens.why import WhyScreen

        if session is not None:
            ways = self.journey.ways_to_tell() if at_work else ()
            self.push_screen(WhyScreen(session, ways))

    def open_past(self, session_id: str) -> None:
        """Open a session of the history, read-only."""
        self.run_worker(self._open_past(session_id), exclusive=True, group="open")

    async def _open_past(self, session_id: str) -> None:
        from pinned_tui.history.entry import HistoryError

        try:
            session = await asyncio.to_thread(self.services.history.get, session_id)
        except HistoryError as error:
            self.say(str(error), severity="warning")
        else:
            self.show_session(session)

    async def delete_past(self, session_id: str) -> None:
        """Delete a session of the history."""
        from pinned_tui.history.entry import HistoryError

        try:
            await asyncio.to_thread(self.services.history.delete, session_id)
        except HistoryError as error:
            self.say(str(error), severity="warning")

    def show_session(self, session: Session) -> None:
        """Open ``session``, read-only."""
        from pinned_tui.tui.screens.session import SessionScreen

        self.push_screen(SessionScreen(session))

    # -- looks ---------------------------------------------------------------------------------

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Name the colour of what matters less, for themes that have none of their own."""
        return {"muted": "ansi_bright_black"}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the guard against control characters to Textual's own filters."""
        return [*super().get_line_filters(), self._guard]

    def next_theme(self) -> None:
        """Change between dark, light and the terminal's own colours."""
        at = themes.ORDER.index(self.theme) if self.theme in themes.ORDER else -1
        self.theme = themes.ORDER[(at + 1) % len(themes.ORDER)]
        self.say(f"Theme: {self.theme.removeprefix('pinned-')}")

    def say(
        self, message: str, *, title: str = "", severity: "SeverityLevel" = "information"
    ) -> None:
        """Show a message for as long as it takes to read; its text is never markup."""
        seconds = max(3.0, len(message) / _READ_PER_SECOND)
        self.notify(message, title=title, severity=severity, markup=False, timeout=seconds)

    def _notice(self, message: str) -> None:
        # Comes from the thread that saves, or from this one.
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(lambda: self.say(message, severity="warning"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer the actions of the page in the command palette."""
        page = getattr(screen, "PAGE", None)
        if page is None:
            return
        for action in on_page(page):
            if action.id in {"palette", "choose_symptom"}:
                continue
            if screen.check_action(action.id, ()):
                yield SystemCommand(
                    f"{action.label} ({action.key_name})",
                    action.description,
                    lambda name=action.id: screen.call_next(screen.run_action, name),
                )

    # -- leaving -------------------------------------------------------------------------------

    def leave(self) -> None:
        """Quit, after asking when a check is running."""
        if not self.controller.running:
            self.run_worker(self._leave_now(), exclusive=True, group="leave")
            return
        from pinned_tui.tui.screens.confirm import ConfirmScreen

        def decided(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._leave_now(), exclusive=True, group="leave")

        self.push_screen(
            ConfirmScreen(
                "Quit while a check is running?",
                "The check stops here. What was learnt so far is kept in the history.",
                yes="Quit",
                no="Keep checking",
            ),
            decided,
        )

    async def _leave_now(self, code: int = 0) -> None:
        await self.controller.settle()
        self.exit(return_code=code)

    def interrupted(self, code: int) -> None:
        """Leave because of a signal; the session is saved, the terminal restored."""
        if not self._interrupted:
            self._interrupted = True
            self.run_worker(self._leave_now(code), group="leave")

    # -- failing -------------------------------------------------------------------------------

    async def on_load(self) -> None:
        """Hear the history, and catch what tasks raise that nobody waits for."""
        self.services.notices.listen(self._notice)
        asyncio.get_running_loop().set_exception_handler(self._stray)

    def on_mount(self) -> None:
        """Hear the signals, once the terminal is taken over."""
        self.call_after_refresh(gc.enable)
        if not self.is_headless:
            leave_on_signals(asyncio.get_running_loop(), self.interrupted)

    def _stray(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            self._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback, which shows local variables."""
        self._remember(self._exception or RuntimeError("a failure without an exception"))
        self._close_messages_no_wait()

    def get_driver_class(self) -> "type[Driver]":
        """Use Textual's driver for this system, made to survive its terminal and large pastes."""
        driver = super().get_driver_class()
        take_pastes_whole(driver)
        return lasting(driver, self._terminal_gone)

    def _terminal_gone(self) -> None:
        # Comes from the thread that writes.
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.interrupted, HANGUP)

    def panic(self, *renderables: "RenderableType") -> None:
        """Leave because of a failure; show nothing of what it would draw."""
        del renderables
        if not self.is_headless and is_gone():
            self.interrupted(HANGUP)  # what failed is reading from a terminal that is gone
        else:
            self._fatal_error()

    def _remember(self, error: BaseException) -> None:
        if self.crash is not None:
            return
        from pinned_tui.crash import record

        self.crash = record(
            error.error if isinstance(error, WorkerFailed) else error,
            clock=self.services.clock,
            folder=self.services.data_folder,
            secrets=self.controller.secrets,
        )
