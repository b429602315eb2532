"""Write a corrected version to a file of its own."""

import asyncio
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from pinned_tui.files import FileProblem, named, typed_path, write_private
from pinned_tui.tui.latest import is_there, spawn
from pinned_tui.tui.screens.dialog import FORM, Dialog
from pinned_tui.tui.widgets.button import PlainButton
from pinned_tui.tui.widgets.flow import Flow
from pinned_tui.tui.widgets.masked_input import TextInput, masked
from pinned_tui.tui.widgets.text import line, words

_SUFFIXES = {"bash": "sh", "cmd": "cmd", "powershell": "ps1", "http": "http", "json": "json"}


class SaveScreen(Dialog[None]):
    """Asks where to, writes, and says what came of it; a file that is there is left alone."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "save", show=False, priority=True)]
    CSS = FORM
    AUTO_FOCUS = "#path"

    def __init__(self, text: str, language: str, folder: Path) -> None:
        """Offer to write ``text`` to ``folder``."""
        super().__init__()
        self._text = text
        self._path = folder / f"corrected.{_SUFFIXES.get(language, 'txt')}"

    def content(self) -> ComposeResult:
        """Yield the field and the buttons."""
        yield Static(words("Write the corrected version where?"), classes="title")
        yield TextInput(str(self._path), id="path", compact=True, select_on_focus=False)
        yield Static(words(""), id="problem", classes="text")
        yield Flow(
            PlainButton("Enter", "Write", "save", primary=True),
            PlainButton("Esc", "Close", "close"),
            classes="dialog-buttons",
        )

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Write it."""
        path = typed_path(self.query_one("#path", Input).value.strip())
        spawn(self, partial(self._save, path))

    async def _save(self, path: Path) -> None:
        try:
            await asyncio.to_thread(write_private, path, self._text.encode("utf-8"))
        except FileProblem as problem:
            told = line(("✗ Not written. ", "bold $text-error"), str(problem))
        else:
            told = line(("✓ Written to ", "bold $text-success"), masked(named(path)))
        if is_there(self):
            self.query_one("#problem", Static).update(told)
