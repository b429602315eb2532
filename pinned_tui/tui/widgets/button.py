"""A button of one line. Its label is never markup.

Textual's own ``Button`` parses its label as markup, and its style sheet is most of what the first
page would have to read before it can be drawn.
"""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from pinned_tui.tui.keymap import Action
from pinned_tui.tui.widgets.text import STRONG, line


class PlainButton(Widget, can_focus=True):
    """Says which key does the same, and runs its action on Enter and on a click."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "press", show=False)]

    def __init__(
        self,
        key: str,
        label: str,
        action: str,
        *,
        primary: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Make a button.

        Args:
            key: The key that does the same, as people read it.
            label: What it says.
            action: The action of the screen that it runs.
            primary: Whether it is the page's main one.
            id: The widget's id.
        """
        super().__init__(id=id, classes="button primary" if primary else "button")
        self._key = key
        self._label = label
        self._action = action

    def relabel(self, label: str, key: str | None = None) -> None:
        """Say ``label`` from now on, and show ``key``; the same key by default."""
        key = self._key if key is None else key
        if (label, key) != (self._label, self._key):
            self._label, self._key = label, key
            self.refresh(layout=True)

    def render(self) -> Content:
        """Return the key and the label."""
        return line((self._key, STRONG), " " if self._key else "", self._label)

    async def action_press(self) -> None:
        """Run the action."""
        await self.run_action(f"screen.{self._action}")

    async def on_click(self, event: events.Click) -> None:
        """Run the action."""
        event.stop()
        await self.action_press()


class ActionButton(PlainButton):
    """The button of one action of the registry."""

    def __init__(self, action: Action) -> None:
        """Make the button of ``action``."""
        super().__init__(
            action.key_name,
            action.label,
            action.id,
            primary=action.place == "main",
            id=f"do-{action.id.replace('_', '-')}",
        )
        self.of = action

    def sync(self, *, can: bool | None, label: str, key: str) -> None:
        """Follow the page's word on what there is to do, and what it is called there."""
        self.display = can is not False
        self.disabled = can is None
        self.relabel(label, key)
