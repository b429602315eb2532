"""The input that every field of the app is: what looks like a key is never on the screen.

A key gets pasted into the field that has the focus, not always into the one that hides it. What
looks like one is painted as dots, sign for sign, so that the cursor stays where it is; copying and
cutting give the clipboard no more than the screen shows.
"""

from functools import lru_cache

from rich.text import Text
from textual.actions import SkipAction
from textual.widgets import Input

from pinned_tui.redaction.credentials import credential_spans
from pinned_tui.redaction.scan import hidden_spans

DOT = "•"


@lru_cache(maxsize=64)
def masked(text: str) -> str:
    """Return ``text`` with what looks like a credential as dots, as many as it has signs."""
    shown = list(text)
    for start, end in (*credential_spans(text), *hidden_spans(text)):
        shown[start:end] = DOT * (end - start)
    return "".join(shown)


class Masking(Input):
    """Makes an input show what :func:`masked` leaves of its value."""

    @property
    def _value(self) -> Text:
        """What is painted; Textual asks for it at every painting."""
        return Text(masked(self.value), no_wrap=True, overflow="ignore", end="")

    def action_copy(self) -> None:
        """Copy what is selected, as it is shown."""
        if not self.selected_text:
            raise SkipAction
        self.app.copy_to_clipboard(self._selected_as_shown)

    def action_cut(self) -> None:
        """Cut what is selected; the clipboard gets it as it is shown."""
        if self.selected_text:
            self.app.copy_to_clipboard(self._selected_as_shown)
        self.delete_selection()

    @property
    def _selected_as_shown(self) -> str:
        start, end = sorted(self.selection)
        return masked(self.value)[start:end]


class TextInput(Masking):
    """The one-line input of every page and dialog."""
