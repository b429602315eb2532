"""A question that is answered with yes or no; no is the answer unless yes is chosen."""

import math
from collections.abc import Sequence
from typing import ClassVar

from textual._time import get_time
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from pinned_tui.tui.screens.dialog import Dialog
from pinned_tui.tui.widgets.button import PlainButton
from pinned_tui.tui.widgets.flow import Flow
from pinned_tui.tui.widgets.text import MUTED, HangingIndent, words


class ConfirmScreen(Dialog[bool]):
    """Asks; answers True for yes, False for no, None for Escape, which means no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
    ]
    AUTO_FOCUS = "#no"

    def __init__(
        self,
        question: str,
        text: str = "",
        *,
        facts: Sequence[tuple[str, str]] = (),
        yes: str = "Yes",
        no: str = "No",
    ) -> None:
        """Ask ``question``.

        Args:
            question: The question, one line.
            text: What it means, below it.
            facts: Names and values, below the text.
            yes: What the button for yes says.
            no: What the button for no says.
        """
        super().__init__()
        self._question = question
        self._text = text
        self._facts = tuple(facts)
        self._labels = (yes, no)
        self._painted_at = math.inf

    def content(self) -> ComposeResult:
        """Yield the question, the facts and the two buttons."""
        yield Static(words(self._question), classes="title")
        if self._text:
            yield Static(words(self._text), classes="text after")
        width = max((len(name) for name, _ in self._facts), default=0)
        for name, value in self._facts:
            yield HangingIndent(words(name.ljust(width + 1), MUTED), words(value))
        yes, no = self._labels
        yield Flow(
            PlainButton("n", no, "answer(False)", id="no"),
            PlainButton("y", yes, "answer(True)", id="yes"),
            classes="dialog-buttons",
        )

    def on_mount(self) -> None:
        """Take an answer once the question can be read: what was typed before is none to it."""
        self.call_after_refresh(self._paint_ended)

    def _paint_ended(self) -> None:
        self._painted_at = get_time()

    @property
    def painted(self) -> bool:
        """Whether the question can be seen."""
        return self._painted_at < math.inf

    def action_answer(self, yes: bool) -> None:
        """Answer and close."""
        if self.pinned.typeahead.at >= self._painted_at:
            self.reply(yes)
