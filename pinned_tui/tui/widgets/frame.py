"""What frames every page: the line on top and the bar of keys."""

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from pinned_tui.tui.keymap import Action, on_page, readable_key
from pinned_tui.tui.widgets.text import ACCENT, MUTED, STRONG, line, words

_NEVER_LEFT_OUT = frozenset({"help", "palette", "back", "leave"})
_ROOMY = 72
"""Columns from which on the mode is said in full."""


class TopLine(Widget):
    """Where one is: program and page on the left, the mode on the right."""

    DEFAULT_CSS = "TopLine { height: 1; width: 1fr; }"

    place: reactive[str] = reactive("")
    """The page, such as ``401 Unauthorized · step 2 of about 5``."""

    note: reactive[str] = reactive("")
    """What is going on, such as ``checking 3 of 5``."""

    tag: reactive[str] = reactive("")
    """The mode, such as ``demo``."""

    def render(self) -> Content:
        """Return the line; where there is no room for all, the name gives way, then the place."""
        width = self.content_size.width
        right = line((self.note, MUTED), ("  " if self.note and self.tag else ""))
        if self.tag:
            tag = self.tag if width >= _ROOMY else self.tag.partition(":")[0]
            right += words(f" {tag} ", "reverse bold $text-warning")
        name = words("pinned-tui", ACCENT)
        place = words(self.place)
        room = width - right.cell_length - 1
        left = line(name, (" · ", MUTED), place) if self.place else name
        if left.cell_length > room and self.place:
            left = place.truncate(max(0, room), ellipsis=True)
        gap = max(1, width - left.cell_length - right.cell_length)
        return left + " " * gap + right


class KeyBar(Widget):
    """The keys that matter now and have no button, from the registry; a click does the same.

    What has no room is left out from the end, but never *Help*, which lists them all.
    """

    DEFAULT_CSS = "KeyBar { height: 1; width: 1fr; }"

    class Chosen(Message):
        """A key of the bar was clicked."""

        def __init__(self, action: Action) -> None:
            """Say which action was clicked."""
            super().__init__()
            self.action = action

    def __init__(self, page: str) -> None:
        """Show the keys of the page named ``page``."""
        super().__init__()
        self._page = page
        self._spans: list[tuple[int, int, Action]] = []

    def on_mount(self) -> None:
        """Redraw whenever what can be done changes."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def _available(self) -> dict[Action, str]:
        """Return what can be done now without a button, and by which key."""
        live: dict[str, set[str]] = {}
        for key, active in self.screen.active_bindings.items():
            if active.enabled:
                live.setdefault(active.binding.action.split("(")[0], set()).add(key)
        # A focused input takes the plain keys for itself: only others are offered beside it, and
        # the palette in place of the help.
        plain = "question_mark" in live.get("help", ())
        available: dict[Action, str] = {}
        for action in on_page(self._page):
            shown = action.place == "bar" or (action.id == "palette" and not plain)
            first = next((k for k in action.keys if k in live.get(action.id, ())), None)
            if shown and first is not None:
                available[action] = action.shown_key or readable_key(first)
        return available

    def render(self) -> Content:
        """Return as many keys as there is room for."""
        keys = self._available()
        width = self.content_size.width
        kept = list(keys)
        while kept and _needed(kept, keys) > width:
            droppable = [a for a in kept if a.id not in _NEVER_LEFT_OUT]
            kept.remove(droppable[-1] if droppable else kept[0])
        self._spans = []
        bar = Content("")
        for action in kept:
            start = bar.cell_length
            bar += line((keys[action], STRONG + " $text-accent"), " ", (action.label, MUTED))
            self._spans.append((start, bar.cell_length, action))
            bar += "  "
        return bar

    def on_click(self, event: events.Click) -> None:
        """Do what was clicked on."""
        for start, end, action in self._spans:
            if start <= event.x - self.gutter.left < end:
                self.post_message(self.Chosen(action))
                return


def _needed(actions: list[Action], keys: dict[Action, str]) -> int:
    return sum(len(keys[a]) + 1 + len(a.label) + 2 for a in actions) - 2
