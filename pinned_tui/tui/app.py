"""The app: themes, the pages' stack, and a failure that shows no secrets."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual._context import active_message_pump
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.await_remove import AwaitRemove
from textual.binding import BindingType
from textual.errors import NoWidget
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.screen import Screen
from textual.signal import Signal
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import WorkerFailed, get_current_worker

from pinned_tui.core.labels import plural
from pinned_tui.tui import themes
from pinned_tui.tui.background import is_there, spawn
from pinned_tui.tui.controller import Controller
from pinned_tui.tui.navigation import Navigation
from pinned_tui.tui.page_stack import Pages, passed
from pinned_tui.tui.screens.home import HomeScreen
from pinned_tui.tui.services import Services
from pinned_tui.tui.shutdown import Shutdown
from pinned_tui.tui.terminal import HANGUP, ControlGuard, is_gone
from pinned_tui.tui.type_ahead import TypeAhead, Typed

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.message_pump import Callback
    from textual.notifications import SeverityLevel

    from pinned_tui.core.crash_report import Crash
    from pinned_tui.tui.inspection import KeptInspection


_READ_PER_SECOND = 15
"""Characters of a message that a user reads in a second."""
_REMOVAL_S = 1.0
"""How long the app hears nothing while a widget is removed."""


async def _awaited(removal: AwaitComplete | AwaitRemove) -> None:
    await removal


class PinnedApp(App[None]):
    """pinned-tui in the terminal."""

    TITLE = "pinned-tui"
    theme: Reactive[str] = Reactive(themes.DARK.name)
    ENABLE_COMMAND_PALETTE = False  # Textual's own searches in tasks, and loses what is typed ahead
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
        # A page that is there from the start does not bring its own style sheets.
        more = ["styles/result.tcss"] if services.opened is not None else []
        self.services = services
        self.controller = Controller(services, spawn=self._spawn, changed=self._session_changed)
        self.pages = Pages(self)
        self.shutdown = Shutdown(self, self.controller, self.pages)
        # Textual asks for the driver at once, and the driver needs the shutdown.
        super().__init__(css_path=["styles/app.tcss", *more], ansi_color=True if no_color else None)
        self._guard = ControlGuard()
        self.typeahead = TypeAhead(self, self.pages)
        self.navigation = Navigation(self, self.controller)
        self.session_changed: Signal[None] = Signal(self, "session-changed")
        self.kept_input: KeptInspection | None = None
        self.crash: Crash | None = None
        wanted = services.environment.get("PINNED_TUI_THEME", "ansi" if no_color else "dark")
        theme = themes.BY_NAME.get(wanted.strip().lower(), themes.DARK.name)
        if theme != self.theme:
            self.theme = theme

    def _spawn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        spawn(self, work)

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

    # -- what comes from the terminal ----------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Act upon keys, pastes and clicks one at a time; Ctrl+C never waits."""
        if not isinstance(event, events.InputEvent | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, events.Key) and event.key == "ctrl+c":
            self.shutdown.by_ctrl_c(event.time, self._copied)
        elif self.typeahead.admits(event, target := self._target(event)):
            try:
                await super().on_event(event)
            finally:
                self.typeahead.done(event, target)
        elif isinstance(event, events.MouseDown):
            self._mouse_down_widget = None

    def call_next(self, callback: "Callback", *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Do ``callback`` after the event at hand, but do not wait for ever for what is removed.

        Textual has the app itself wait for each widget. It hears nothing meanwhile, no Ctrl+C
        either, and where the widget waits for what never comes, it hears nothing any more.
        """
        if isinstance(callback, AwaitComplete | AwaitRemove):
            callback = partial(self._removed, callback)
        super().call_next(callback, *args, **kwargs)

    async def _removed(self, removal: AwaitComplete | AwaitRemove) -> None:
        await asyncio.wait({spawn(self, partial(_awaited, removal))}, timeout=_REMOVAL_S)

    def _target(self, event: Typed) -> Widget:
        """Return the widget that ``event`` is handed to first."""
        if isinstance(event, events.MouseEvent):
            try:
                return self.get_widget_at(event.x, event.y)[0]
            except NoWidget:
                return self.screen
        return self.focused or self.screen

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

    # -- leaving -------------------------------------------------------------------------------

    async def action_quit(self) -> None:
        """Leave in order; Textual's own way would save nothing."""
        self.leave()

    def leave(self) -> None:
        """Quit, after asking when a check is running."""
        self.shutdown.by_user()

    def _copied(self) -> bool:
        """Copy what is selected, on the page or in the field, and return whether there was any."""
        if not self.screen_stack:
            return False
        field, text = self.focused, self.screen.get_selected_text()
        if text:
            self.copy_to_clipboard(text)
            self.screen.clear_selection()
        elif isinstance(field, Input) and (text := field.selected_text):
            field.action_copy()
            field.cursor_position = field.selection.end
        if text:
            self.say(f"Copied {plural(len(text), 'character')}.")
        return bool(text)

    # -- failing -------------------------------------------------------------------------------

    async def on_load(self) -> None:
        """Hear the history, and catch what tasks raise that nobody waits for."""
        asyncio.get_running_loop().set_exception_handler(self._stray)
        self.services.notices.listen(self._notice)

    def on_mount(self) -> None:
        """Let nothing in that is typed before the first page has settled."""
        self.call_after_refresh(gc.enable)
        self.pages.soon(partial(passed, self.screen))

    def _stray(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take note of what failed in a task that nobody waits for; it ends nothing."""
        error = context.get("exception")
        if isinstance(error, Exception):
            crash = self._recorded(error)
            where = f" The details are in {crash.path}." if crash.path else ""
            self.say(f"Something failed in the background.{where}", severity="warning")

    def _handle_exception(self, error: Exception) -> None:
        """End the app because of ``error``, unless what failed is on a page that is gone."""
        if not self._is_of_gone_page(error):
            super()._handle_exception(error)

    def _is_of_gone_page(self, error: Exception) -> bool:
        node: object = active_message_pump.get(None)
        if isinstance(error, WorkerFailed):
            node = get_current_worker().node
        return isinstance(node, Widget) and not is_there(node)

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback, which shows local variables."""
        from pinned_tui.core.crash_report import EXIT_CODE

        if self.crash is None:
            error = self._exception or RuntimeError("a failure without an exception")
            self.crash = self._recorded(error)
        self.shutdown.hurry(EXIT_CODE)  # what failed may hold up the end as well
        self._close_messages_no_wait()

    def get_driver_class(self) -> "type[Driver]":
        """Use Textual's driver for this system, made to survive its terminal and large pastes."""
        return self.shutdown.watched(super().get_driver_class())

    def panic(self, *renderables: "RenderableType") -> None:
        """Leave because of a failure; show nothing of what it would draw."""
        del renderables
        if not self.is_headless and is_gone():
            self.shutdown.by_signal(HANGUP)  # what failed is reading from a terminal that is gone
        else:
            self._fatal_error()

    def _recorded(self, error: BaseException) -> "Crash":
        from pinned_tui.core.crash_report import record

        return record(
            error.error if isinstance(error, WorkerFailed) else error,
            clock=self.services.clock,
            folder=self.services.data_folder,
            secrets=self.services.secrets,
        )
