"""Choose a file by typing its path: what begins like it is listed, and a key completes it."""

import asyncio
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.widgets import Input, Static

from pinned_tui.core.input_files import opened_input
from pinned_tui.core.private_files import FileProblem, typed_path
from pinned_tui.inspect.model import InputText, StoppedError
from pinned_tui.inspect.streaming.reading import read_pieces
from pinned_tui.redaction.sanitize import is_clean
from pinned_tui.tui.background import Latest, is_there, refill
from pinned_tui.tui.screens.dialogs import FORM, Dialog
from pinned_tui.tui.widgets.button import PlainButton
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.flow import Flow
from pinned_tui.tui.widgets.masked_input import TextInput
from pinned_tui.tui.widgets.text import MUTED, line, words

MOST_MATCHES = 8
_MOST_READ = 5000

_STEP = 8_000_000
"""Octets after which the count of what was read is drawn again."""

ReadFile = tuple[InputText, str]


class FileScreen(Dialog[ReadFile | None]):
    """Answers with the text and the name of a file; None for Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False, priority=True),
        Binding("tab", "complete", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]
    CSS = FORM
    AUTO_FOCUS = "#path"

    def __init__(self, begin: str = "") -> None:
        """Begin with the path ``begin``."""
        super().__init__()
        self._begin = begin
        self._matches: tuple[str, ...] = ()
        self._listing, self._reading = Latest(self), Latest(self)

    def content(self) -> ComposeResult:
        """Yield the field and what matches it."""
        yield Static(words("Which file?"), classes="title")
        yield TextInput(self._begin, id="path", compact=True, select_on_focus=False)
        yield Static(words("", MUTED), id="problem", classes="text")
        yield VerticalGroup(Choices([], id="matches"), id="listed")
        yield Flow(
            PlainButton("Enter", "Open", "take", primary=True),
            PlainButton("Tab", "Complete", "complete"),
            PlainButton("Esc", "Close", "close"),
            classes="dialog-buttons",
        )

    def on_mount(self) -> None:
        """List what is there."""
        self._list(self._begin)

    @on(Input.Changed, "#path")
    def _typed(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, typed: str) -> None:
        self._listing.begin(partial(asyncio.to_thread, matches, typed), self._show_matches)

    async def _show_matches(self, listed: tuple[tuple[str, ...], int]) -> None:
        found, more = listed
        self._matches = found
        fresh = Choices([Choice(one, "", _last_part(one)) for one in found], id="matches")
        if await refill(self.query_one("#listed"), [fresh]):
            self.query_one("#problem", Static).update(
                words(f"and {more:,} more; type on to narrow them down" if more else "", MUTED)
            )

    @property
    def _marked(self) -> Choice | None:
        """The match that is marked; none while the list is drawn anew."""
        for listed in self.query("#matches").results(Choices):
            return listed.choice
        return None

    def action_move(self, by: int) -> None:
        """Mark the next or the previous match."""
        for listed in self.query("#matches").results(Choices):
            if listed.choices:
                at = listed.marked
                listed.marked = max(0, by - 1) if at is None else at + by

    def action_complete(self) -> None:
        """Put the marked match, or what all matches begin with, into the field.

        They may still be on their way; what is typed behind Tab waits for them too.
        """
        self.context.pages.soon(self._complete_when_listed)

    async def _complete_when_listed(self) -> None:
        await self._listing.settled()
        if is_there(self):
            self._complete()

    def _complete(self) -> None:
        marked = self._marked
        field = self.query_one("#path", Input)
        if marked is not None:
            field.value = marked.id
        elif self._matches:
            common = _common(self._matches)
            field.value = common if len(common) > len(field.value) else field.value
        field.cursor_position = len(field.value)

    @on(Choices.Clicked)
    def _clicked(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        """Go into the folder that is marked, or open the file."""
        field = self.query_one("#path", Input)
        if self._marked is not None:
            self._complete()
        if not field.value.strip() or field.value.endswith(os.sep):
            return
        self.query_one("#problem", Static).update(words("Reading …", MUTED))
        self._reading.begin(partial(_read, field.value.strip(), self._heard), self._take)

    def _heard(self, octets: int, of: int | None) -> None:
        """Say how far a large file was read."""
        if is_there(self):
            share = f" of {of // 1_000_000:,}" if of else ""
            text = f"Reading … {octets // 1_000_000:,}{share} MB"
            self.query_one("#problem", Static).update(words(text, MUTED))

    def _take(self, read: "ReadFile | FileProblem") -> None:
        if not isinstance(read, FileProblem):
            self.reply(read)
            return
        message = line(("✗ ", "bold $text-error"), str(read))
        self.query_one("#problem", Static).update(message)
        self.query_one("#path").focus()


async def _read(name: str, heard: Callable[[int, int | None], None]) -> "ReadFile | FileProblem":
    """Read a file in a thread, which ends soon after this is cancelled."""
    loop, stopped = asyncio.get_running_loop(), threading.Event()

    def read() -> ReadFile:
        with opened_input(name) as opened:
            drawn = 0

            def came(octets: int) -> None:
                nonlocal drawn
                if stopped.is_set():
                    raise StoppedError
                if octets // _STEP > drawn:
                    drawn = octets // _STEP
                    loop.call_soon_threadsafe(heard, octets, opened.size)

            return read_pieces(opened.pieces, opened.shown, came), opened.name

    try:
        return await asyncio.to_thread(read)
    except FileProblem as problem:
        return problem
    finally:
        stopped.set()


def _last_part(path: str) -> str:
    folder = path.endswith(os.sep)
    return path.rstrip(os.sep).rpartition(os.sep)[2] + (os.sep if folder else "")


def matches(typed: str) -> tuple[tuple[str, ...], int]:
    """Return the paths that begin with ``typed``, and how many more there are.

    Folders come first and have a separator behind. What can't be listed has no matches; opening
    it says why.
    """
    folder_text, separator, begin = typed.rpartition(os.sep)
    folder = typed_path(folder_text + separator) if separator else Path()
    if typed == "~":
        return (f"~{os.sep}",), 0
    found: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number >= _MOST_READ:
                    break
                if _fits(entry.name, begin):
                    tail = os.sep if entry.is_dir() else ""
                    found.append(f"{folder_text}{separator}{entry.name}{tail}")
    except (OSError, ValueError):
        return (), 0
    found.sort(key=lambda path: (not path.endswith(os.sep), path.lower()))
    return tuple(found[:MOST_MATCHES]), max(len(found) - MOST_MATCHES, 0)


def _common(paths: tuple[str, ...]) -> str:
    """Return what all ``paths`` begin with, to the character."""
    first, last = min(paths), max(paths)
    length = next((n for n, one in enumerate(first) if one != last[n : n + 1]), len(first))
    return first[:length]


def _fits(name: str, begin: str) -> bool:
    if not name.lower().startswith(begin.lower()) or not is_clean(name):
        return False
    return bool(begin) or not name.startswith(".")
