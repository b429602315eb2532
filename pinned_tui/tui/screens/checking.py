"""*Not sure*: all checks run, and then the guide is entered where they point."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from pinned_tui.tui.keymap import bindings
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.widgets.checks import CheckLine, CheckList
from pinned_tui.tui.widgets.text import words


class CheckingScreen(Page):
    """Shows the checks while they run; the app goes on when they have ended."""

    PAGE = "checking"
    BINDINGS: ClassVar[list[BindingType]] = bindings("checking")

    def __init__(self) -> None:
        """Begin to wait."""
        super().__init__()
        self._goes_on = False

    def content(self) -> ComposeResult:
        """Yield the list of checks."""
        with PageBody(id="body"):
            yield Static(words("Running all read-only checks"), classes="title")
            yield CheckLine(classes="after")
            yield CheckList()

    def on_mount(self) -> None:
        """Follow the session."""
        self.context.session_changed.subscribe(self, self._session_changed)
        self._session_changed(None)

    @on(events.ScreenResume)
    def _up_to_date(self) -> None:
        """Go on too where the checks ended under a page that lay over this one."""
        self._session_changed(None)

    def _session_changed(self, _: None) -> None:
        if not self.is_current or self._goes_on:
            return
        state = self.state
        progress = list(state.progress.values())
        self.query_one(CheckLine).show(progress, running=state.running)
        self.query_one(CheckList).show(progress)
        self.frame_changed()
        if not state.running and state.session is not None and state.session.runs:
            self._goes_on = True
            self.context.pages.follow(self._go_on)

    async def _go_on(self) -> None:
        await self.navigation.enter_where_evidence_points(self)
        self._goes_on = False  # where another page lies over this one, once that is closed

    def place(self) -> str:
        """Name the page."""
        return "Check everything · checking"

    def can(self, action: str) -> bool | None:
        """Offer to stop while the checks run."""
        if action == "stop_checks":
            return self.state.running
        if action == "back":
            return not self.state.running
        return True

    def action_stop_checks(self) -> None:
        """Stop the running checks and go on with what they found."""
        self.controller.stop()
