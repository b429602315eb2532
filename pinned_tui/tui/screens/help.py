"""Help: what a page is for, and its keys, from the registry."""

import tomllib
from importlib import resources
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from pinned_tui.tui.keymap import on_page
from pinned_tui.tui.screens.dialogs import Dialog
from pinned_tui.tui.widgets.text import STRONG, HangingIndent, words

_COMMON = (
    ("↑ ↓", "Mark an answer, or scroll"),
    ("Tab", "Go to the next button or field; Shift+Tab goes back"),
    ("PgUp PgDn", "Scroll by a page"),
)
_DIGITS = {
    "home": ("1–9, 0", "Choose a symptom"),  # noqa: RUF001 - a range of keys
    "step": ("1–9", "Mark an answer; Enter takes it"),  # noqa: RUF001
}


def help_words() -> dict[str, Any]:
    """Read the words of all pages."""
    text = (resources.files("pinned_tui.tui") / "words" / "help.toml").read_text("utf-8")
    return tomllib.loads(text)


class HelpScreen(Dialog[None]):
    """The help of one page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,q,enter", "close", show=False),
        Binding("up", "scroll('up')", show=False),
        Binding("down", "scroll('down')", show=False),
        Binding("pageup", "scroll('page_up')", show=False),
        Binding("pagedown,space", "scroll('page_down')", show=False),
    ]

    def __init__(self, page: str) -> None:
        """Help with ``page``, a name of the registry."""
        super().__init__()
        self._page = page

    def content(self) -> ComposeResult:
        """Yield the words and the keys."""
        page = help_words()[self._page]
        yield Static(words(page["title"]), classes="title")
        for paragraph in page["text"]:
            yield Static(words(paragraph), classes="text after")
        yield Static(words("Keys on this page"), classes="label")
        for key, description in self._keys():
            yield HangingIndent(words(key.rjust(9), STRONG), Content(description))
        yield Static(words("Esc closes this."), classes="muted gap")

    def _keys(self) -> list[tuple[str, str]]:
        keys = [
            (action.key_name, action.description)
            for action in on_page(self._page)
            if action.id != "choose_symptom"
        ]
        digits = _DIGITS.get(self._page)
        return [*([digits] if digits else []), *keys, *_COMMON]

    def action_scroll(self, direction: str) -> None:
        """Scroll the box."""
        getattr(self.query_one("#dialog"), f"scroll_{direction}")(animate=False)
