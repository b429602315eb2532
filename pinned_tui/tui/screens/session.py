"""The session viewer: a kept session, read-only."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalGroup
from textual.widgets import Static

from pinned_tui.core.labels import describe_target, moment
from pinned_tui.report.content import given_in_short, words_of
from pinned_tui.session import Session
from pinned_tui.tui.background import Latest, refill
from pinned_tui.tui.keymap import bindings
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.services import ReferenceData
from pinned_tui.tui.widgets.blocks import draw
from pinned_tui.tui.widgets.button import ActionButton
from pinned_tui.tui.widgets.text import MUTED, bounded, words
from pinned_tui.tui.widgets.verdict import VerdictView


class SessionScreen(Page):
    """What was asked, answered, seen and concluded."""

    PAGE = "session"
    BINDINGS: ClassVar[list[BindingType]] = bindings("session")
    CSS_PATH = "../styles/result.tcss"
    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        """Show ``session``."""
        super().__init__()
        self._session = session

    def content(self) -> ComposeResult:
        """Yield the head, the verdict and the answers."""
        session = self._session
        with PageBody(id="body"):
            yield Static(
                words(f"{moment(session.started_at)} · {describe_target(session.target)}", MUTED),
                classes="text after",
            )
            yield VerdictView(session)
            yield VerticalGroup(id="answers")

    def on_mount(self) -> None:
        """Show the answers in the words of the guide, as soon as it is read."""
        for button in self.query(ActionButton):
            if button.display and not button.disabled:
                button.focus()
                break
        if self._session.answers or self._session.consents:
            Latest(self).begin(self.state.load_reference, self._show_given)

    async def _show_given(self, books: ReferenceData) -> None:
        given = given_in_short(self._session, words_of(books.guide))
        await refill(self.query_one("#answers"), bounded(draw(given)))

    def place(self) -> str:
        """Name the session."""
        return f"Session {self._session.id}"

    def can(self, action: str) -> bool | None:
        """Offer the exchanges and the causes where there are any."""
        if action == "exchanges":
            return True if self._session.exchanges else None
        if action == "why":
            return True if self._session.considered else None
        return super().can(action)

    def action_export(self) -> None:
        """Write a report."""
        self.navigation.show_export(self._session)

    def action_why(self) -> None:
        """Show why it was this cause."""
        self.navigation.show_why(self._session)

    def action_exchanges(self) -> None:
        """Show the requests that were sent."""
        self.navigation.show_exchanges(self._session)
