"""A field for a key: it shows how much was typed, never what, and gives nothing to the clipboard.

Textual's ``Input(password=True)`` copies the real value on Ctrl+C and keeps it in its ``value``.
This field has no copying and no cutting; what was typed leaves it as a :class:`Secret`, and the
field is empty afterwards.
"""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from pinned_tui.core.labels import plural
from pinned_tui.redaction.secret import Secret
from pinned_tui.tui.widgets.text import MUTED, line, words

_LONGEST = 4096


class SecretInput(Widget, can_focus=True):
    """Takes typed and pasted characters; Enter or leaving the field hands them over."""

    DEFAULT_CSS = """
    SecretInput { height: 1; width: 1fr; padding: 0 1; background: $surface; }
    SecretInput:focus { background: $panel; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace", "delete", show=False),
        Binding("ctrl+u", "clear", show=False),
    ]

    count: reactive[int] = reactive(0)
    """How many characters are in the field."""

    class Entered(Message):
        """A key was handed over; the field is empty again."""

        def __init__(self, field: "SecretInput", secret: Secret, *, enter: bool) -> None:
            """Hand over ``secret``; ``enter`` tells whether Enter was pressed."""
            super().__init__()
            self.field = field
            self.secret = secret
            self.enter = enter

        @property
        def control(self) -> "SecretInput":
            """The field."""
            return self.field

    def __init__(
        self,
        hint: str = "Paste or type the key",
        *,
        name: str = "key-1",
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Make an empty field.

        Args:
            hint: What to do here.
            name: What stands in for the key elsewhere.
            id: The widget's id.
        """
        super().__init__(id=id)
        self._hint = hint
        self._typed: list[str] = []
        self._name_of_secret = name
        self.held = ""

    def hold(self, note: str) -> None:
        """Show ``note``, such as the length of the key that is held, while the field is empty."""
        self.held = note
        self.refresh()

    def render(self) -> Content:
        """Return dots and a count."""
        if not self.count:
            hint = self.held or f"{self._hint}; it is not shown"
            return words(hint, "" if self.held else MUTED)
        room = max(4, self.content_size.width - 18)
        dots = "•" * min(self.count, room)
        return line(
            dots, ("▏" if self.has_focus else ""), (f" {plural(self.count, 'character')}", MUTED)
        )

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Take every printable character for the field, not for the page's keys."""
        del key
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        """Take a typed character, or hand over on Enter."""
        if event.key == "enter" and self._typed:
            event.stop()
            event.prevent_default()
            self._hand_over(enter=True)
        elif event.is_printable and event.character is not None:
            event.stop()
            event.prevent_default()
            self._take(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text; the line break that copying a line brings along is left out."""
        event.stop()
        event.prevent_default()
        self._take(event.text.rstrip("\r\n"))

    def on_blur(self) -> None:
        """Hand over what was typed when the field is left."""
        if self._typed:
            self._hand_over(enter=False)

    def action_delete(self) -> None:
        """Take back the last character."""
        if self._typed:
            self._typed.pop()
            self.count = len(self._typed)

    def action_clear(self) -> None:
        """Empty the field."""
        self._typed.clear()
        self.count = 0

    def _take(self, text: str) -> None:
        self._typed.extend(text[: _LONGEST - len(self._typed)])
        self.count = len(self._typed)

    def _hand_over(self, *, enter: bool) -> None:
        secret = Secret("".join(self._typed), source="typed", name=self._name_of_secret)
        self.action_clear()
        self.post_message(self.Entered(self, secret, enter=enter))
