"""The session viewer: a kept session, read-only."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalGroup
from textual.widgets import Static

from pinned_tui.core.labels import describe_target, moment
from pinned_tui.session import Session
from pinned_tui.tui.background import Latest, refill
from pinned_tui.tui.keymap import bindings
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.services import ReferenceData
from pinned_tui.tui.widgets.button import ActionButton
from pinned_tui.tui.widgets.text import MOST_ROWS, MUTED, STRONG, HangingIndent, line, words
from pinned_tui.tui.widgets.verdict import VerdictView, label

if TYPE_CHECKING:
    from textual.widget import Widget


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
            for consent in session.consents[:MOST_ROWS]:
                given = "agreed to" if consent.given else "declined"
                yield HangingIndent(
                    words("You", MUTED), f"{given} {consent.method} {consent.route}", classes="gap"
                )

    def on_mount(self) -> None:
        """Put the answers into the words of the guide."""
        for button in self.query(ActionButton):
            if button.display and not button.disabled:
                button.focus()
                break
        if self._session.answers:
            Latest(self).begin(self.state.load_reference, self._show_answers)

    async def _show_answers(self, books: ReferenceData) -> None:
        answers: list[Widget] = [label("Your answers")]
        steps = {step.id: step for _, step in books.guide.steps()}
        for answer in self._session.answers[:MOST_ROWS]:
            step = steps.get(answer.step)
            option = step.option(answer.option) if step is not None else None
            question = step.question if step is not None else answer.step
            said = answer.text or (option.label if option is not None else answer.option)
            answers.append(HangingIndent("•", line((question, MUTED), "\n", (said, STRONG))))
        await refill(self.query_one("#answers"), answers)

    def place(self) -> str:
        """Name the session."""
        return f"Session {self._session.id}"

    def can(self, action: str) -> bool | None:
        """Offer the exchanges where there are any."""
        if action == "exchanges":
            return True if self._session.exchanges else None
        if action == "why":
            return True if self._session.considered else None
        return super().can(action)

    def action_export(self) -> None:
        """Write a report."""
        self.navigation.show_export(self._session)

    def action_why(self) -> None:
        """Show why it was this cause and not another."""
        self.navigation.show_why(self._session)

    def action_exchanges(self) -> None:
        """Show the requests that were sent."""
        self.navigation.show_exchanges(self._session)
