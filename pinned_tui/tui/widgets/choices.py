"""A list of numbered answers, one of them marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from pinned_tui.tui.widgets.text import MUTED, STRONG, HangingIndent, line, words


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer.

    Attributes:
        id: What the page knows it by.
        digit: The key that marks it, or an empty text.
        label: The answer.
        hint: A line below it, muted.
        tag: A line below it that stands out, such as why it is marked.
    """

    id: str
    digit: str
    label: str
    hint: str = ""
    tag: str = ""


class _Row(HangingIndent):
    """The line of one answer."""

    def __init__(self, choice: Choice, index: int, *, radio: bool) -> None:
        super().__init__("", "", classes="choice")
        self.choice = choice
        self.index = index
        self._radio = radio
        self.hinted = True
        self._drawn: tuple[bool, bool, Choice] | None = None
        self.mark(marked=False)

    def mark(self, *, marked: bool) -> None:
        """Show whether this is the marked answer: a sign, not colour alone."""
        if (marked, self.hinted, self.choice) == self._drawn:
            return  # drawing lays out the whole page
        self._drawn = marked, self.hinted, self.choice
        self.set_class(marked, "-marked")
        sign = "▸" if marked else " "
        knob = ("◉" if marked else "○") if self._radio else ""
        parts = [part for part in (sign, self.choice.digit, knob) if part]
        body = words(self.choice.label)
        if self.choice.tag:
            body += line("\n", (self.choice.tag, "$text-accent"))
        if self.choice.hint and self.hinted:
            body += line("\n", (self.choice.hint, MUTED))
        self.update(Content(" ").join(words(part, STRONG) for part in parts), body)


class Choices(VerticalGroup, can_focus=True):
    """Numbered answers; the arrows or a digit mark one.

    The page decides what Enter does: this widget never takes it.
    """

    DEFAULT_CSS = "Choices { height: auto; width: 1fr; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "mark_previous", "Previous", show=False),
        Binding("down", "mark_next", "Next", show=False),
    ]

    marked: reactive[int | None] = reactive(None, always_update=True)
    """Index of the marked answer."""

    class Marked(Message):
        """Another answer was marked."""

        def __init__(self, choices: "Choices", choice: Choice) -> None:
            """Say which one."""
            super().__init__()
            self.choices = choices
            self.choice = choice

        @property
        def control(self) -> "Choices":
            """The list, so that handlers can select by it."""
            return self.choices

    class Clicked(Marked):
        """An answer was clicked on, which marks it too."""

    class Left(Message):
        """An arrow led over an end of the list."""

        def __init__(self, choices: "Choices", *, down: bool) -> None:
            """Say over which end."""
            super().__init__()
            self.choices = choices
            self.down = down

        @property
        def control(self) -> "Choices":
            """The list that was left."""
            return self.choices

    def __init__(
        self,
        choices: Sequence[Choice],
        *,
        marked: int | None = None,
        radio: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Offer ``choices``; with ``radio``, each shows whether it is the chosen one."""
        self._rows = [_Row(choice, index, radio=radio) for index, choice in enumerate(choices)]
        super().__init__(*self._rows, id=id)
        self.set_reactive(Choices.marked, marked if self._rows else None)
        self._show(self.marked)

    def focus(self, scroll_visible: bool = False) -> Self:
        """Take the focus; what is above the list stays in view unless told otherwise."""
        super().focus(scroll_visible)
        return self

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All answers."""
        return tuple(row.choice for row in self._rows)

    @property
    def choice(self) -> Choice | None:
        """The marked answer."""
        return None if self.marked is None else self._rows[self.marked].choice

    def mark_digit(self, digit: str) -> bool:
        """Mark the answer whose key is ``digit``; tell whether there is one."""
        for row in self._rows:
            if row.choice.digit == digit:
                self.marked = row.index
                return True
        return False

    def offer(self, choices: Sequence[Choice]) -> None:
        """Word the same answers anew, for example with another tag."""
        for row, choice in zip(self._rows, choices, strict=True):
            row.choice = choice
        self._show(self.marked)

    def show_hints(self, *, shown: bool) -> None:
        """Show or hide the line below each answer."""
        for row in self._rows:
            row.hinted = shown
        self._show(self.marked)

    def show_only(self, indexes: Sequence[int]) -> None:
        """Show the answers at ``indexes`` only, and mark the first one of those."""
        for row in self._rows:
            row.display = row.index in indexes
        self.set_reactive(Choices.marked, indexes[0] if indexes else None)
        self._show(self.marked)

    def mark_quietly(self, index: int) -> None:
        """Mark an answer in place of the user; no message is sent."""
        self.set_reactive(Choices.marked, index)
        self._show(index)

    def show_mark(self) -> None:
        """Scroll until the marked answer can be seen."""
        if self.marked is not None:
            self._rows[self.marked].scroll_visible(animate=False, immediate=True)

    def validate_marked(self, marked: int | None) -> int | None:
        """Stay within the list."""
        if marked is None or not self._rows:
            return None
        return max(0, min(marked, len(self._rows) - 1))

    def watch_marked(self, marked: int | None) -> None:
        """Show the mark and tell the page."""
        self._show(marked)
        if marked is not None and self.is_mounted:
            row = self._rows[marked]
            row.scroll_visible(animate=False)
            self.post_message(self.Marked(self, row.choice))

    def _show(self, marked: int | None) -> None:
        for row in self._rows:
            row.mark(marked=row.index == marked)

    def action_mark_previous(self) -> None:
        """Mark the answer above; at the top, say so."""
        if self.marked == 0:
            self.post_message(self.Left(self, down=False))
        else:
            self.marked = len(self._rows) - 1 if self.marked is None else self.marked - 1

    def action_mark_next(self) -> None:
        """Mark the answer below; at the bottom, say so."""
        if self.marked == len(self._rows) - 1:
            self.post_message(self.Left(self, down=True))
        else:
            self.marked = 0 if self.marked is None else self.marked + 1

    def on_click(self, event: events.Click) -> None:
        """Mark what was clicked on."""
        for row in self._rows:
            if row.region.contains(event.screen_x, event.screen_y):
                self.marked = row.index
                self.post_message(self.Clicked(self, row.choice))
