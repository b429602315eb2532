"""Fields of a form: a name, an input, and a line for what is wrong with it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.widgets import Checkbox, Input, Static

from pinned_tui.tui.widgets.masked_input import TextInput
from pinned_tui.tui.widgets.text import MUTED, line, words

HINTS = {
    "channel": "its ID, slug or name",
    "event": "its ID or its title",
    "moment": "2026-12-24 19:00, local time at the venue",
    "payload": "a file with the JSON body",
}
"""What an empty input says belongs in it, by what is asked for."""


class FormField(VerticalGroup):
    """A named input; :meth:`complain` shows what is wrong with it."""

    def __init__(
        self,
        label: str,
        *,
        value: str = "",
        hint: str = "",
        id: str,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Name the field ``label``; the input has the id ``id`` and ``-input`` behind it."""
        super().__init__(id=id)
        self._label = label
        self._value = value
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Yield the name, the input and the line below."""
        with Horizontal():
            yield Static(words(self._label), classes="name")
            yield TextInput(
                self._value,
                placeholder=self._hint,
                id=f"{self.id}-input",
                compact=True,
                select_on_focus=False,
            )
        yield Static(Content(""), classes="complaint")

    @property
    def value(self) -> str:
        """What is in the input, without blanks around it."""
        return self.query_one(Input).value.strip()

    def complain(self, problem: str | None) -> None:
        """Show ``problem`` below the input; None takes it away."""
        self.set_class(problem is not None, "-wrong")
        if problem is not None:
            self.query_one(".complaint", Static).update(line(("✗ ", "bold"), problem))

    @on(Input.Changed)
    def _edited(self) -> None:
        """Take the complaint away: it was about what stood here before."""
        self.complain(None)

    def focus_input(self) -> None:
        """Put the cursor into the input."""
        self.query_one(Input).focus()


class ScopeBox(Checkbox, inherit_bindings=False):
    """A scope to tick with Space; Enter is left to the page."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "toggle_button", show=False)]
    BUTTON_LEFT = BUTTON_RIGHT = ""

    def __init__(self, scope: str, *, ticked: bool) -> None:
        """Offer ``scope``."""
        super().__init__(
            Content(scope), ticked, compact=True, id=f"scope-{scope.replace(':', '-')}"
        )
        self.scope = scope

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual's name
        """The box: Textual tells on from off by the colour alone, and brackets fade away."""
        return "[x]" if self.value else "[ ]"


def note(text: str) -> Content:
    """Return a muted remark."""
    return words(text, MUTED)
