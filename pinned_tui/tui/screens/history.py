"""History: every session that was kept, with a live filter."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from pinned_tui.core.labels import OUTCOME, moment, plural
from pinned_tui.tui.background import is_there
from pinned_tui.tui.keymap import bindings
from pinned_tui.tui.screens.dialogs import ConfirmScreen
from pinned_tui.tui.screens.page import Page
from pinned_tui.tui.widgets.masked_input import TextInput, masked
from pinned_tui.tui.widgets.session_list import SessionList
from pinned_tui.tui.widgets.text import MUTED, words

if TYPE_CHECKING:
    from pinned_tui.history.entries import HistoryEntry

_LONGEST_ECHO = 40
"""Characters of the filter that are repeated beside the count."""
_LONG_S = 0.3
"""After this, the page says what it waits for."""


class HistoryScreen(Page):
    """The kept sessions, newest first."""

    PAGE = "history"
    BINDINGS: ClassVar[list[BindingType]] = bindings("history")
    CSS_PATH = "../styles/forms.tcss"
    AUTO_FOCUS = ""

    def content(self) -> ComposeResult:
        """Yield the filter and the list."""
        with Vertical(id="body"):
            yield TextInput(
                placeholder="Filter by cause, target, title, channel or request ID",
                id="filter",
                compact=True,
                select_on_focus=False,
            )
            yield Static(words("Reading the history", MUTED), id="count", classes="after")
            yield SessionList(self.controller.history.page)

    def on_mount(self) -> None:
        """Read the history."""
        self._seek()

    def place(self) -> str:
        """Name the page."""
        return "History"

    def can(self, action: str) -> bool | None:
        """Open and delete only what is there."""
        if action in {"open_session", "delete_session"}:
            return True if self._list.total or not self._list.is_current else None
        return True

    @property
    def _list(self) -> SessionList:
        return self.query_one(SessionList)

    @property
    def _filter(self) -> Input:
        return self.query_one("#filter", Input)

    @property
    def _text(self) -> str | None:
        return self._filter.value.strip() or None

    @on(Input.Changed, "#filter")
    def _filtered(self) -> None:
        self._seek()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        if self._list.total or not self._list.is_current:
            self.set_focus(self._list)

    def _seek(self, *, stay: bool = False) -> None:
        self._list.seek(self._text, stay=stay)
        self.set_timer(_LONG_S, self._say_what_takes_long)

    def _say_what_takes_long(self) -> None:
        if not self._list.is_current:
            text = self._text
            waiting = f"Searching for “{_echo(text)}”" if text else "Reading the history"
            self.query_one("#count", Static).update(words(waiting, MUTED))

    @on(SessionList.Changed)
    def _changed(self) -> None:
        entries, text = self._list, self._text
        if entries.is_current:
            self.query_one("#count", Static).update(words(_count(entries.total, text), MUTED))
            if entries.total and self.focused is None:
                self.set_focus(entries)
            elif not entries.total and text:
                self.set_focus(self._filter)
        self.frame_changed()

    # -- actions -------------------------------------------------------------------------------

    def action_scroll_body(self, direction: str) -> None:
        """Go through the list by keys that the filter leaves to the page."""
        self._list.action_mark(direction)

    def action_filter(self) -> None:
        """Go to the filter; what is typed next is for it."""
        self.set_focus(self._filter)

    def action_open_session(self) -> None:
        """Open the marked session."""
        self.lead(self._open, "Reading")

    @on(SessionList.Clicked)
    def _clicked(self) -> None:
        self.action_open_session()

    async def _open(self) -> None:
        entry = await self._marked()
        if entry is not None:
            self.navigation.show_past(entry.id)

    async def _marked(self) -> "HistoryEntry | None":
        """Return the marked session among those that were asked for last."""
        await self._list.settled()
        return self._list.entry if is_there(self) else None

    def action_delete_session(self) -> None:
        """Delete the marked session, after asking."""
        self.lead(self._delete)

    async def _delete(self) -> None:
        entry = await self._marked()
        if entry is None:
            return
        sure = await self.context.pages.ask(
            ConfirmScreen(
                "Delete this session?",
                f"{_described(entry)}\n\nThis can't be undone.",
                yes="Delete it",
                no="Keep it",
            )
        )
        if sure:
            await self._delete_entry(entry.id)
            if is_there(self):
                self._seek(stay=True)
                await self._list.settled()

    async def _delete_entry(self, session_id: str) -> None:
        from pinned_tui.history.entries import HistoryError

        try:
            await self.controller.history.delete(session_id)
        except HistoryError as error:
            self.context.say(str(error), severity="warning")


def _described(entry: "HistoryEntry") -> str:
    if entry.damaged:
        return f"Damaged record\n{moment(entry.started_at)}"
    sign = OUTCOME[entry.outcome]
    hint = " · ".join(part for part in (str(sign), moment(entry.started_at), entry.target) if part)
    return f"{entry.title or sign.word}\n{hint}"


def _echo(text: str) -> str:
    shown = masked(text)
    return f"{shown[:_LONGEST_ECHO]}…" if len(shown) > _LONGEST_ECHO else shown


def _count(count: int, text: str | None) -> str:
    if count:
        return plural(count, "session") + (f" with “{_echo(text)}”" if text else "")
    if text:
        return f"No session contains “{_echo(text)}”."
    return "No sessions yet. Run a check, and it is saved here."
