"""Why this cause: which ones were considered, and what would narrow it down."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.core.labels import COST, WHY
from pinned_tui.report.why import by_standing
from pinned_tui.session import NextStep, Session
from pinned_tui.tui.keymap import Action, bindings, digits
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.widgets.blocks import draw
from pinned_tui.tui.widgets.button import ActionButton
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.text import MOST_ROWS, bounded, words


class WhyScreen(Page):
    """The causes by where they stand; offers the checks and questions that narrow it down."""

    PAGE = "why"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("why"), *digits()]
    AUTO_FOCUS = ""

    def __init__(self, session: Session, ways: tuple[NextStep, ...]) -> None:
        """Show the causes that were considered in ``session``.

        Args:
            session: The session.
            ways: What would narrow it down and can be done here and now, cheapest first.
        """
        super().__init__()
        self._session = session
        self._ways = ways

    def content(self) -> ComposeResult:
        """Yield what would narrow it down, and the causes by where they stand."""
        considered = self._session.considered[:MOST_ROWS]
        with PageBody(id="body"):
            yield Static(words(WHY), classes="title")
            if self._ways:
                yield from self._offers()
            yield from bounded(draw(by_standing(considered, self._ways), apart=bool(self._ways)))

    def _offers(self) -> Iterator[Widget]:
        yield Static(words("What would narrow it down"), classes="label")
        yield Choices(
            [
                Choice(str(number), str(number), way.title, hint=self._hint(way))
                for number, way in enumerate(self._ways, start=1)
            ],
            marked=0,
            id="ways",
        )

    def _hint(self, way: NextStep) -> str:
        """Return what it costs, and which causes it is about."""
        causes = dict.fromkeys(one.title for one in self._session.considered if one.next == way)
        return f"{COST[way.cost]} · {' · '.join(causes)}"

    def on_mount(self) -> None:
        """Put the focus on what can be done."""
        for choices in self.query(Choices):
            choices.focus()
            return
        for button in self.query(ActionButton):
            if button.display and not button.disabled:
                button.focus()
                return

    def place(self) -> str:
        """Name the page."""
        return "Why"

    @property
    def _marked(self) -> NextStep | None:
        """What would be done on Enter."""
        for choices in self.query(Choices):
            return self._ways[choices.marked or 0]
        return None

    @on(Choices.Marked)
    def _other_way(self) -> None:
        self.frame_changed()

    @on(Choices.Clicked)
    def _way_clicked(self) -> None:
        self.action_tell_apart()

    def action_mark(self, digit: str) -> None:
        """Mark what has the number ``digit``."""
        for choices in self.query(Choices):
            choices.mark_digit(digit)

    def can(self, action: str) -> bool | None:
        """Return whether anything is offered that would narrow it down."""
        if action == "tell_apart":
            return bool(self._ways)
        return super().can(action)

    def label_of(self, action: Action) -> str:
        """Return what is marked: a check to be run, or a question to be answered."""
        if action.id == "tell_apart" and (way := self._marked) is not None and way.question:
            return "Answer this question"
        return super().label_of(action)

    def action_tell_apart(self) -> None:
        """Do what is marked; a check that does more than read asks first."""
        if (way := self._marked) is not None:
            self.lead(partial(self.navigation.tell_apart, way))
