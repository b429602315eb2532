"""The command palette: every action of the page by its name, narrowed down by typing."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from pinned_tui.tui.background import is_there
from pinned_tui.tui.keymap import on_page
from pinned_tui.tui.page_stack import passed
from pinned_tui.tui.screens.dialogs import FORM, Dialog
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.masked_input import TextInput
from pinned_tui.tui.widgets.text import MUTED, words

if TYPE_CHECKING:
    from pinned_tui.tui.screens.page import Page

_NOT_OFFERED = frozenset({"palette", "choose_symptom"})


class PaletteScreen(Dialog[str]):
    """Answers with the action that was chosen, and has the page carry it out.

    The search is not a task of its own: Enter takes what the characters before it have found.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]
    CSS = FORM
    AUTO_FOCUS = "#search"

    def __init__(self, page: "Page") -> None:
        """Offer what ``page`` can do now."""
        super().__init__()
        self._page = page
        self._offered = [
            action
            for action in on_page(page.PAGE)
            if action.id not in _NOT_OFFERED and page.check_action(action.id, ())
        ]
        self._found = list(range(len(self._offered)))

    def content(self) -> ComposeResult:
        """Yield the field and the actions."""
        choices = [
            Choice(one.id, "", f"{one.label} ({one.key_name})", hint=one.description)
            for one in self._offered
        ]
        yield TextInput(placeholder="Search for an action", id="search", compact=True)
        yield Choices(choices, marked=0, id="found")
        yield Static(words("No matching action.", MUTED), id="nothing")

    def on_mount(self) -> None:
        """Begin with all of them."""
        self.query_one("#nothing").display = False

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        wanted = event.value.lower().split()
        texts = [f"{one.label} {one.description}".lower() for one in self._offered]
        self._found = [n for n, text in enumerate(texts) if all(word in text for word in wanted)]
        self._found.sort(key=lambda n: not self._offered[n].label.lower().startswith(tuple(wanted)))
        self.query_one(Choices).show_only(self._found)
        self.query_one("#nothing").display = not self._found

    def action_move(self, by: int) -> None:
        """Mark the next or the previous action."""
        choices = self.query_one(Choices)
        shown = sorted(self._found)
        if choices.marked in shown:
            at = shown.index(choices.marked) + by
            choices.marked = shown[max(0, min(at, len(shown) - 1))]

    @on(Choices.Clicked)
    def action_take(self) -> None:
        """Choose the marked action."""
        choice = self.query_one(Choices).choice
        if choice is not None:
            self.reply(choice.id)

    async def answered(self, value: str | None) -> None:
        """Have the page do what was chosen."""
        if value is not None and is_there(self._page):
            self._page.call_next(self._page.run_action, value)
            await passed(self._page)
