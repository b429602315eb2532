"""What the mouse selects on a page, kept in step with the page itself."""

from collections.abc import Mapping

from textual import events, on
from textual.screen import Screen, ScreenResultType
from textual.selection import Selection
from textual.widget import Widget


class PageSelection(Screen[ScreenResultType]):
    """A page or a dialog on which text can be selected."""

    def _watch_selections(  # type: ignore[override]
        self, before: Mapping[Widget, Selection], after: Mapping[Widget, Selection]
    ) -> None:
        """Show what is selected, at once.

        Textual's own is a coroutine that is left over where the page closes before its turn, and
        Python complains about it on the terminal that was given back.
        """
        for widget in before.keys() | after.keys():
            widget.selection_updated(after.get(widget))

    @on(events.ScreenSuspend)
    def _select_no_more(self) -> None:
        """End a selection by the mouse whose end another page will get."""
        self.clear_selection()
