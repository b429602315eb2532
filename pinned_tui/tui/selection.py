"""What the mouse selects on a page, kept in step with the page itself."""

from collections.abc import Mapping

from textual import events, on
from textual.geometry import Offset
from textual.screen import Screen, ScreenResultType
from textual.selection import Selection, SelectState
from textual.widget import Widget


class PageSelection(Screen[ScreenResultType]):
    """A page or a dialog on which text can be selected."""

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """Return the widget at a place and the place in its text, without what has just gone.

        A widget that was removed stays where it was until the page is laid out anew; Textual takes
        it for one that can be selected, and fails on its missing parent.
        """
        widget, offset = super().get_widget_and_offset_at(x, y)
        if widget is None or widget is self or widget.is_attached:
            return widget, offset
        return None, None

    def _watch__select_state(self, select_state: SelectState | None) -> None:
        """Follow the mouse while it selects, unless the text where it began has gone meanwhile."""
        # Textual means to look, but reads the method instead of calling it.
        if select_state is not None and not _is_there(select_state):
            self.clear_selection()
            return
        super()._watch__select_state(select_state)

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


def _is_there(select_state: SelectState) -> bool:
    """Return whether all that a selection lies between is still on the page."""
    ends = [select_state.start.container, select_state.start.content_widget]
    if select_state.end is not None:
        ends += [select_state.end.container, select_state.end.content_widget]
    return all(isinstance(one, Screen) or one.is_attached for one in ends if one is not None)
