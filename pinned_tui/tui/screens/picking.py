"""A dialog that offers a few things to choose from, each with a word on it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from pinned_tui.tui.screens.dialog import Dialog
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.text import words


class PickScreen(Dialog[str | None]):
    """Answers with the id of what was chosen, by Enter, a digit or a click; None for Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        *(Binding(digit, f"take_digit('{digit}')", show=False) for digit in "0123456789"),
    ]
    AUTO_FOCUS = "#offered"

    def __init__(
        self, question: str, choices: Sequence[Choice], current: str | None = None
    ) -> None:
        """Offer ``choices`` under ``question``; ``current`` is marked."""
        super().__init__()
        self._question = question
        self._choices = tuple(choices)
        ids = [choice.id for choice in choices]
        self._marked = ids.index(current) if current in ids else 0

    def content(self) -> ComposeResult:
        """Yield the question and the list."""
        yield Static(words(self._question), classes="title")
        yield Choices(self._choices, marked=self._marked, radio=True, id="offered")

    @on(Choices.Clicked)
    def action_take(self) -> None:
        """Answer with the marked one."""
        choice = self.query_one(Choices).choice
        self.reply(choice.id if choice is not None else None)

    def action_take_digit(self, digit: str) -> None:
        """Answer with the one whose number is ``digit``."""
        if self.query_one(Choices).mark_digit(digit):
            self.action_take()
