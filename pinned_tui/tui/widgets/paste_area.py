"""The field that anything can be pasted into: it shows what may be shown, and gives nothing away.

What stands in it is a masked text (:mod:`pinned_tui.tui.masking`): keys are stand-ins before they
are painted for the first time. Nothing of it goes to the clipboard, and undoing leads back to no
state in which a key was to be seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea

from pinned_tui.tui.masking import Masked

_CHOSEN = Style(reverse=True, bold=True)
_OTHER = Style(underline=True)


@dataclass(frozen=True, slots=True)
class TextMark:
    """A place to point at: offsets in what is shown."""

    start: int
    end: int
    chosen: bool = False


class PasteArea(TextArea):
    """Takes typed and pasted text.

    ``TextArea.Changed`` tells of edits; :meth:`is_edited` tells them from what was shown to it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+v", "paste", show=False)]

    def __init__(
        self,
        placeholder: Content,
        pasted: Callable[[str], None],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """Begin empty.

        Args:
            placeholder: What stands there while it is empty.
            pasted: Called with what is pasted, before anything of it is shown.
            id: The widget's id.
        """
        super().__init__(
            placeholder=placeholder, id=id, compact=True, highlight_cursor_line=False, theme="css"
        )
        self.masked = Masked()
        self._pasted = pasted
        self._marks: dict[int, list[tuple[int, int, bool]]] = {}

    def find_matching_bracket(
        self, bracket: str, search_from: tuple[int, int]
    ) -> tuple[int, int] | None:
        """Find none: each key press beside a bracket would search the whole text."""
        del bracket, search_from
        return None

    # -- what is shown -------------------------------------------------------------------------

    def show(self, masked: Masked, cursor: int | None = None) -> None:
        """Show ``masked``.

        Args:
            masked: What to show. Where it reads the same as before, nothing is redrawn.
            cursor: Where to put the cursor in the text itself; where it was by default.
        """
        if masked.shown != self.text:
            at = self.cursor if cursor is None else cursor
            self.masked = masked
            self.load_text(masked.shown)
            place = masked.place(at)
            beyond = masked.rest and place == len(masked.shown)
            self.cursor_location = self._location(0 if beyond else place)
            self.scroll_cursor_visible()
        else:
            # What was edited away may come back by undoing, and still stands for the same.
            known = dict(masked.stand_ins)
            old = tuple(one for one in self.masked.stand_ins if one[0] not in known)
            self.masked = replace(masked, stand_ins=(*masked.stand_ins, *old))
        self.point_at(())

    def clear_all(self) -> None:
        """Forget everything that is in the field."""
        self.show(Masked(), 0)
        self.masked = Masked()

    @property
    def is_edited(self) -> bool:
        """Whether it holds something else than what was last shown to it."""
        return self.text != self.masked.shown

    @property
    def restored(self) -> str:
        """What the text in the field stands for, without what is not shown."""
        return self.masked.restored(self.text)

    @property
    def cursor(self) -> int:
        """Where the cursor is in the text itself."""
        return len(self.masked.restored(self.text[: self._offset(self.cursor_location)]))

    def around_selection(self) -> tuple[str, str]:
        """Return what stands before and behind the selection, in the text itself."""
        first, last = sorted(map(self._offset, self.selection))
        text = self.text
        return self.masked.restored(text[:first]), self.masked.restored(text[last:])

    def point_at(self, marks: Sequence[TextMark]) -> None:
        """Mark places, and bring the chosen one into view."""
        self._marks = {}
        for mark in marks:
            (row, column), (last, end) = self._location(mark.start), self._location(mark.end)
            for line in range(row, last + 1):
                start = column if line == row else 0
                stop = end if line == last else len(self.document.get_line(line))
                self._marks.setdefault(line, []).append((start, max(stop, start + 1), mark.chosen))
            if mark.chosen and not self.has_focus:
                self.move_cursor((row, column), center=True)
        self._line_cache.clear()
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        """Return a line with what is marked in it."""
        line = super().get_line(line_index)
        for start, end, chosen in self._marks.get(line_index, ()):
            if start >= len(line.plain):
                line.append(" ")
            line.stylize(_CHOSEN if chosen else _OTHER, start, end)
        return line

    def _location(self, offset: int) -> tuple[int, int]:
        line, column = self.masked.lines.place(offset)
        return line - 1, column - 1

    def _offset(self, location: tuple[int, int]) -> int:
        row, column = location
        return sum(len(line) + 1 for line in self.document.lines[:row]) + column

    # -- what goes in, and what does not go out ------------------------------------------------

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._pasted(event.text)

    def action_paste(self) -> None:
        """Take what this program has copied itself."""
        if self.app.clipboard:
            self._pasted(self.app.clipboard)

    def action_copy(self) -> None:
        """Copy nothing: what was typed a moment ago may be a key."""
        raise SkipAction

    def action_cut(self) -> None:
        """Delete the selection, or the line, without copying it."""
        start, end = self.selection
        if start == end:
            self.action_delete_line()
        else:
            self._delete_via_keyboard(start, end)
