"""The demo: choose another situation of the sandbox."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from pinned_tui.demo import SituationCard
from pinned_tui.tui.screens.dialog import Dialog
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.text import words


class SituationScreen(Dialog[str]):
    """Offers the situations; answers with the name of one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]
    AUTO_FOCUS = "#situations"

    def __init__(self, cards: Sequence[SituationCard], current: str | None) -> None:
        """Offer ``cards``; ``current`` is marked."""
        super().__init__()
        self._cards = tuple(cards)
        self._current = current

    def content(self) -> ComposeResult:
        """Yield the list and the story of the marked one."""
        names = [card.name for card in self._cards]
        yield Static(words("Which situation?"), classes="title")
        yield Choices(
            [Choice(card.name, "", card.title) for card in self._cards],
            marked=names.index(self._current) if self._current in names else 0,
            radio=True,
            id="situations",
        )
        yield Static(words(""), id="story", classes="muted gap")

    def on_mount(self) -> None:
        """Tell the story of the marked one."""
        self._tell()

    @on(Choices.Marked)
    def _tell(self) -> None:
        choice = self.query_one(Choices).choice
        story = next((c.story for c in self._cards if choice and c.name == choice.id), "")
        self.query_one("#story", Static).update(words(story))

    @on(Choices.Clicked)
    def action_take(self) -> None:
        """Answer with the marked one."""
        choice = self.query_one(Choices).choice
        self.reply(choice.id if choice is not None else None)
