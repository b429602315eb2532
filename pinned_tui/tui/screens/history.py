"""History: every session that was kept, with a live filter."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalGroup
from textual.widgets import Input, Static

from pinned_tui.tui.actions import bindings
from pinned_tui.tui.screens.confirm import ConfirmScreen
from pinned_tui.tui.screens.page import Body, Page
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.masked_input import TextInput, masked
from pinned_tui.tui.widgets.text import MUTED, words
from pinned_tui.wording import OUTCOME, moment, plural

if TYPE_CHECKING:
    from pinned_tui.history.entry import Entry

_MOST = 200
_LONGEST_ECHO = 40
"""Characters of the filter that are repeated beside the count."""


class HistoryScreen(Page):
    """The kept sessions, newest first."""

    PAGE = "history"
    BINDINGS: ClassVar[list[BindingType]] = bindings("history")
    CSS_PATH = "../styles/forms.tcss"
    AUTO_FOCUS = ""

    def content(self) -> ComposeResult:
        """Yield the filter and the list."""
        with Body(id="body"):
            yield TextInput(
                placeholder="Filter by cause, target or title",
                id="filter",
                compact=True,
                select_on_focus=False,
            )
            yield Static(words("Reading the history", MUTED), id="count", classes="after")
            yield VerticalGroup(id="list")

    def on_mount(self) -> None:
        """Read the history."""
        self._refill()

    def place(self) -> str:
        """Name the page."""
        return "History"

    def can(self, action: str) -> bool | None:
        """Open and delete only what is there."""
        if action in {"open_session", "delete_session"}:
            return True if self._marked() is not None else None
        return True

    def _marked(self) -> Choice | None:
        found = self.query("#entries")
        return found.first(Choices).choice if found else None

    @on(Input.Changed, "#filter")
    def _filtered(self) -> None:
        self._refill()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        for entries in self.query("#entries"):
            entries.focus()

    def _refill(self) -> None:
        self.run_worker(self._fill(), exclusive=True, group="history")

    async def _fill(self) -> None:
        filter_ = self.query_one("#filter", Input)
        text = filter_.value.strip() or None
        entries = await self.controller.keeper.past(text=text, limit=_MOST)
        box = self.query_one("#list", VerticalGroup)
        async with box.batch():
            await box.remove_children()
            if entries:
                await box.mount(Choices([_row(entry) for entry in entries], marked=0, id="entries"))
        self.query_one("#count", Static).update(words(_count(len(entries), text), MUTED))
        if entries and not filter_.has_focus:
            self.query_one("#entries").focus()
        elif not entries and text:
            filter_.focus()
        self.frame_changed()

    # -- actions -------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one("#filter").focus()

    def action_open_session(self) -> None:
        """Open the marked session."""
        choice = self._marked()
        if choice is not None:
            self.pinned.open_past(choice.id)

    @on(Choices.Clicked)
    def _clicked(self) -> None:
        self.action_open_session()

    def action_delete_session(self) -> None:
        """Delete the marked session, after asking."""
        choice = self._marked()
        if choice is not None:
            self.run_worker(self._delete(choice), exclusive=True, group="delete")

    async def _delete(self, choice: Choice) -> None:
        sure = await self.app.push_screen_wait(
            ConfirmScreen(
                "Delete this session?",
                f"{choice.label}\n{choice.hint}\n\nIt can't be brought back.",
                yes="Delete it",
                no="Keep it",
            )
        )
        if sure:
            await self.pinned.delete_past(choice.id)
            await self._fill()


def _row(entry: "Entry") -> Choice:
    if entry.damaged:
        return Choice(entry.id, "", "Damaged record", hint=f"{moment(entry.started_at)}")
    sign = OUTCOME[entry.outcome]
    hint = " · ".join(part for part in (str(sign), moment(entry.started_at), entry.target) if part)
    return Choice(entry.id, "", entry.title or sign.word, hint=hint)


def _count(count: int, text: str | None) -> str:
    shown = masked(text) if text else text
    shown = f"{shown[:_LONGEST_ECHO]}…" if shown and len(shown) > _LONGEST_ECHO else shown
    if count:
        return plural(count, "session") + (f" with “{shown}”" if shown else "")
    return (
        f"No session with “{shown}”." if shown else "No session yet. Run a check; it is kept here."
    )
