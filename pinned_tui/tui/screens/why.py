"""Why this verdict and not another: what was weighed, and what would tell further."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.core.labels import COST, STANDING, WHY
from pinned_tui.session import Considered, NextStep, Session, Standing
from pinned_tui.tui.keymap import Action, bindings, digits
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.widgets.button import ActionButton
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.text import ACCENT, MOST_ROWS, MUTED, STRONG, HangingIndent, line, words

_HEADINGS: dict[Standing, tuple[str, str]] = {
    "fits": ("Fits what was seen", "bold $text-error"),
    "open": ("Still open", "bold $text-warning"),
    "ruled out": ("Ruled out", "bold $text-success"),
    "not judged": ("Not judged", MUTED),
}


class WhyScreen(Page):
    """The causes by where they stand; offers the checks and questions that would tell further."""

    PAGE = "why"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("why"), *digits()]
    AUTO_FOCUS = ""

    def __init__(self, session: Session, ways: tuple[NextStep, ...]) -> None:
        """Show what was weighed in ``session``.

        Args:
            session: The session.
            ways: What would tell and can be done here and now, cheapest first.
        """
        super().__init__()
        self._session = session
        self._ways = ways

    def content(self) -> ComposeResult:
        """Yield what would tell, and the rows, by where the causes stand."""
        considered = self._session.considered[:MOST_ROWS]
        with PageBody(id="body"):
            yield Static(words(WHY), classes="title")
            if self._ways:
                yield from self._offers()
            if not considered:
                yield Static(words("Nothing was weighed here.", MUTED), classes="text")
            for number, (standing, (heading, style)) in enumerate(_HEADINGS.items()):
                rows = [one for one in considered if one.standing == standing]
                if rows:
                    sign = words(f"{STANDING[standing].glyph} {heading}", style)
                    gap = number or self._ways
                    yield Static(sign, classes="text gap" if gap else "text")
                    for reason in _shared_reasons(standing, rows):
                        yield HangingIndent("  ", words(reason, MUTED))
                    for one in rows:
                        yield from self._row(one)

    def _offers(self) -> Iterator[Widget]:
        yield Static(words("What would tell further"), classes="label")
        yield Choices(
            [
                Choice(str(number), str(number), way.title, hint=self._hint(way))
                for number, way in enumerate(self._ways, start=1)
            ],
            marked=0,
            id="ways",
        )

    def _hint(self, way: NextStep) -> str:
        """Say what it costs, and which causes it tells of."""
        causes = dict.fromkeys(one.title for one in self._session.considered if one.next == way)
        return f"{COST[way.cost]} · {' · '.join(causes)}"

    def _row(self, one: Considered) -> Iterator[Widget]:
        if one.cause is None:
            yield HangingIndent(" •", one.title)
            return
        yield HangingIndent(" •", line((one.title, STRONG), (f"  {one.cause}", MUTED)))
        if one.standing != "not judged":
            yield HangingIndent("  ", one.why)
        if one.next is not None and one.next not in self._ways:
            yield HangingIndent("  →", line((one.next.title, ACCENT), f" ({COST[one.next.cost]})"))

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
        """Offer what would tell, where something would."""
        if action == "tell_apart":
            return bool(self._ways)
        return super().can(action)

    def label_of(self, action: Action) -> str:
        """Say what is marked: a check to be run, or a question to be answered."""
        if action.id == "tell_apart" and (way := self._marked) is not None and way.question:
            return "Answer this question"
        return super().label_of(action)

    def action_tell_apart(self) -> None:
        """Do what is marked; a check that does more than read asks first."""
        if (way := self._marked) is not None:
            self.lead(partial(self.navigation.tell_apart, way))


def _shared_reasons(standing: Standing, rows: list[Considered]) -> tuple[str, ...]:
    """Return why a group stands there, where one reason holds for all of it: said once."""
    return tuple(dict.fromkeys(one.why for one in rows)) if standing == "not judged" else ()
