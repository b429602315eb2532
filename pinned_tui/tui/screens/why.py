"""Why this verdict and not another: the causes that were weighed, and the check that would tell."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.session import Considered, NextStep, Session, Standing
from pinned_tui.tui.actions import bindings
from pinned_tui.tui.screens.page import Body, Page
from pinned_tui.tui.widgets.button import ActionButton
from pinned_tui.tui.widgets.text import ACCENT, MUTED, STRONG, Hanging, line, words
from pinned_tui.wording import COST, STANDING, WHY

if TYPE_CHECKING:
    from pinned_tui.guide.model import Guide

_HEADINGS: dict[Standing, tuple[str, str]] = {
    "fits": ("Fits what was seen", "bold $text-error"),
    "open": ("Still open", "bold $text-warning"),
    "ruled out": ("Ruled out", "bold $text-success"),
    "not judged": ("Not judged", MUTED),
}


class WhyScreen(Page):
    """The causes by where they stand; offers the cheapest check that would tell further."""

    PAGE = "why"
    BINDINGS: ClassVar[list[BindingType]] = bindings("why")
    AUTO_FOCUS = ""

    def __init__(self, session: Session, guide: "Guide", offered: NextStep | None) -> None:
        """Show what was weighed in ``session``.

        Args:
            session: The session.
            guide: Where the questions are that a person can answer where no check tells.
            offered: The check that can be run here and now, if there is one.
        """
        super().__init__()
        self._session = session
        self._guide = guide
        self._offered = offered

    def content(self) -> ComposeResult:
        """Yield the rows, by where the causes stand."""
        considered = self._session.considered
        with Body(id="body"):
            yield Static(words(WHY), classes="title")
            if not considered:
                yield Static(words("Nothing was weighed here.", MUTED), classes="text")
            for number, (standing, (heading, style)) in enumerate(_HEADINGS.items()):
                rows = [one for one in considered if one.standing == standing]
                if rows:
                    sign = words(f"{STANDING[standing].glyph} {heading}", style)
                    yield Static(sign, classes="text gap" if number else "text")
                    for one in rows:
                        yield from self._row(one)

    def _row(self, one: Considered) -> Iterator[Widget]:
        if one.cause is None:
            yield Hanging(" •", one.title)
            return
        yield Hanging(" •", line((one.title, STRONG), (f"  {one.cause}", MUTED)))
        yield Hanging("  ", one.why)
        if one.next is not None:
            yield Hanging("  →", line((one.next.title, ACCENT), f" ({COST[one.next.cost]})"))
        elif one.standing == "open":
            yield from self._question(one.cause)

    def _question(self, cause: str) -> Iterator[Widget]:
        """Name the question that would tell, where no check that is left does."""
        from pinned_tui.guide.pointing import question_about

        step = question_about(self._guide, cause)
        if step is not None:
            yield Hanging("  →", line(("Only you can tell: ", ACCENT), step.question))

    def on_mount(self) -> None:
        """Put the focus on what can be done."""
        for button in self.query(ActionButton):
            if button.display and not button.disabled:
                button.focus()
                return

    def place(self) -> str:
        """Name the page."""
        return "Why"

    def can(self, action: str) -> bool | None:
        """Offer the check where one would tell."""
        if action == "run_next":
            return self._offered is not None
        return super().can(action)

    def action_run_next(self) -> None:
        """Run the check that would tell, after asking where it does more than read."""
        if self._offered is not None:
            self.lead(self.pinned.journey.tell_apart(self._offered))
