"""With which key to verify: the one in hand, or another that replaced it."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from pinned_tui.privacy.secret import Secret
from pinned_tui.tui.screens.dialog import Dialog
from pinned_tui.tui.widgets.button import PlainButton
from pinned_tui.tui.widgets.flow import Flow
from pinned_tui.tui.widgets.key_panel import told_of
from pinned_tui.tui.widgets.secret_input import SecretInput
from pinned_tui.tui.widgets.text import words


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """The key to verify with; None where there is still none."""

    secret: Secret | None


class WhichKeyScreen(Dialog[KeyAnswer | None]):
    """Answers with a key, which never shows; None for Escape, which sends nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]
    AUTO_FOCUS = "#another-key"

    def __init__(self, in_hand: Secret | None) -> None:
        """Keep the key ``in_hand`` unless another one is given."""
        super().__init__()
        self._secret = in_hand

    def content(self) -> ComposeResult:
        """Yield what Enter does, the field and what may be told of the key."""
        kept = (
            "There is no key in hand yet. Give the one to verify with."
            if self._secret is None
            else "If you replaced the key, give the new one. Enter alone keeps the key in hand."
        )
        yield Static(words("Verify with which key?"), classes="title")
        yield Static(words(kept), classes="text after")
        yield SecretInput("Paste or type another key", id="another-key")
        yield Static(told_of(self._secret), id="key-told", classes="text")
        yield Flow(
            PlainButton("Enter", "Verify the fix", "take", primary=True),
            PlainButton("Esc", "Cancel", "close"),
            classes="dialog-buttons",
        )

    @on(SecretInput.Entered)
    def _given(self, event: SecretInput.Entered) -> None:
        self._secret = event.secret
        event.field.hold("Held in memory; type to replace it")
        self.query_one("#key-told", Static).update(told_of(event.secret))
        if event.enter:
            self.action_take()

    def action_take(self) -> None:
        """Answer with the key that was given, else with the one in hand."""
        self.reply(KeyAnswer(self._secret))
