"""A list of sessions of any length, of which only the lines in view are read and drawn."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from pinned_tui.core.labels import moment
from pinned_tui.tui.background import is_there, spawn
from pinned_tui.tui.widgets.text import MUTED, STRONG, line, outcome_sign, words

if TYPE_CHECKING:
    from pinned_tui.history.entries import HistoryEntry, HistoryPage

PageReader = Callable[[str | None, int, int], "Awaitable[HistoryPage]"]
"""Reads sessions with a text, from a number on and at most so many."""

_LINES: Final = 2
"""Lines of one session: what it came to, and when and about what it was."""
_BLOCK: Final = 100
"""Sessions that are read at a time."""
_MOST_HELD: Final = 20 * _BLOCK
"""Sessions that are held; what was scrolled past is read again when it is needed."""


class SessionList(ScrollView, can_focus=True):
    """The kept sessions, newest first; one of them is marked.

    It has one reader. While that reads, any number of other wishes may come: only the latest of
    them is read next, and what was read for an earlier one is dropped.
    """

    DEFAULT_CSS = """
    SessionList { height: 1fr; overflow-x: hidden; }
    SessionList > .sessions--marked { background: $panel; }
    SessionList:focus > .sessions--marked { background: $primary-muted; color: $foreground; }
    SessionList:ansi > .sessions--marked { background: ansi_default; text-style: bold; }
    SessionList:ansi:focus > .sessions--marked {
        background: ansi_default; text-style: bold reverse;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"sessions--marked"}
    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "mark('up')", "Previous", show=False),
        Binding("down", "mark('down')", "Next", show=False),
        Binding("pageup", "mark('page_up')", "Page up", show=False),
        Binding("pagedown,space", "mark('page_down')", "Page down", show=False),
        Binding("home", "mark('home')", "Newest", show=False),
        Binding("end", "mark('end')", "Oldest", show=False),
    ]

    class Changed(Message):
        """There are other sessions than before, or another one is marked."""

    class Clicked(Message):
        """A session was clicked on, which marks it too."""

    def __init__(self, read: PageReader) -> None:
        """Begin empty; see :meth:`seek`."""
        super().__init__()
        self._read = read
        self._text: str | None = None
        self._wish = 0
        self._shown = 0
        self._entries: dict[int, HistoryEntry] = {}
        self._reading = False
        self._settled = asyncio.Event()
        self._settled.set()
        self.total = 0
        self.marked = 0

    # -- what is shown -------------------------------------------------------------------------

    @property
    def is_current(self) -> bool:
        """Whether what is shown is what was asked for last."""
        return self._shown == self._wish

    @property
    def entry(self) -> "HistoryEntry | None":
        """The marked session, if it is one of those that were asked for last."""
        return self._entries.get(self.marked) if self.is_current else None

    async def settled(self) -> None:
        """Wait until what was asked for last is shown."""
        await self._settled.wait()

    def seek(self, text: str | None, *, stay: bool = False) -> None:
        """Show the sessions with ``text``, or all.

        Args:
            text: See :meth:`pinned_tui.history.store.HistoryStore.list`.
            stay: Keep the mark where it is instead of going to the newest session.
        """
        self._text = text
        self._wish += 1
        if not stay:
            self.marked = 0
        self._read_on()

    def mark(self, number: int) -> None:
        """Mark a session, the newest being number 0, and bring it into view."""
        self.marked = max(0, min(number, self.total - 1))
        self._show_mark()
        self.refresh()
        self._read_on()
        self.post_message(self.Changed())

    def action_mark(self, direction: str) -> None:
        """Mark the session before or after, a page further, or at an end."""
        page = max(1, self.size.height // _LINES)
        steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page}
        ends = {"home": 0, "end": self.total - 1}
        self.mark(ends[direction] if direction in ends else self.marked + steps[direction])

    def _show_mark(self) -> None:
        region = Region(0, self.marked * _LINES, 1, _LINES)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)

    # -- reading -------------------------------------------------------------------------------

    def _read_on(self) -> None:
        if self._reading or self._next() is None:
            return
        self._reading = True
        self._settled.clear()
        spawn(self, self._read_all)

    async def _read_all(self) -> None:
        try:
            while (offset := self._next()) is not None and is_there(self):
                wish, text = self._wish, self._text
                page = await self._read(text, offset, _BLOCK)
                if wish == self._wish and is_there(self):
                    self._take(page, offset)
        finally:
            self._reading = False
            self._settled.set()

    def _next(self) -> int | None:
        """Return where to read next, or None where all that is in view is there."""
        if not self.is_current:
            return self.marked // _BLOCK * _BLOCK
        wanted = (self.marked, *range(self._first, min(self._last, self.total)))
        missing = next((n for n in wanted if n < self.total and n not in self._entries), None)
        return None if missing is None else missing // _BLOCK * _BLOCK

    def _take(self, page: "HistoryPage", offset: int) -> None:
        if page.total and not page.entries:  # there were more when the mark was set so far down
            self.marked = page.total - 1
            return
        if self._wish != self._shown or page.total != self.total or len(self._entries) > _MOST_HELD:
            self._entries.clear()  # another list, or the same one with others in it
        self._shown = self._wish
        self._entries.update(enumerate(page.entries, start=offset))
        self.total = page.total
        self.marked = max(0, min(self.marked, self.total - 1))
        self.virtual_size = Size(self.size.width, self.total * _LINES)
        self._show_mark()
        self.refresh()
        self.post_message(self.Changed())

    # -- drawing -------------------------------------------------------------------------------

    @property
    def _first(self) -> int:
        return int(self.scroll_offset.y) // _LINES

    @property
    def _last(self) -> int:
        return (int(self.scroll_offset.y) + self.size.height) // _LINES + 1

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read what came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._read_on()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the lines to the new width, and keep the mark in view."""
        self.virtual_size = Size(event.size.width, self.total * _LINES)
        if self.total:
            self._show_mark()
        self._read_on()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        number, of_entry = divmod(int(self.scroll_offset.y) + y, _LINES)
        width = self.size.width
        if number >= self.total:
            return Strip.blank(width, self.visual_style.rich_style)
        marked = number == self.marked
        style = self.get_visual_style("sessions--marked") if marked else self.visual_style
        entry = self._entries.get(number)
        if entry is None:
            body = words("…", MUTED) if of_entry == 0 else Content("")
        else:
            body = _title(entry) if of_entry == 0 else _hint(entry)
        sign = words("▸ " if marked and of_entry == 0 else "  ", STRONG)
        row = (Content(" ") + sign + body).truncate(max(1, width - 1), ellipsis=True)
        return Visual.to_strips(self, row, width, 1, style, pad=True, apply_selection=False)[0]

    def on_click(self, event: events.Click) -> None:
        """Mark what was clicked on, and say so."""
        number = (int(self.scroll_offset.y) + event.y) // _LINES
        if number < self.total and self.is_current:
            self.mark(number)
            self.post_message(self.Clicked())


def _title(entry: "HistoryEntry") -> Content:
    if entry.damaged:
        return words("Damaged record")
    return words(entry.title) if entry.title else outcome_sign(entry.outcome)


def _hint(entry: "HistoryEntry") -> Content:
    began = words(moment(entry.started_at), MUTED)
    if entry.damaged:
        return began
    about = words(f" · {entry.target}", MUTED) if entry.target else ""
    return line(outcome_sign(entry.outcome), words(" · ", MUTED), began, about)
