"""The second line of defence: no control character reaches the terminal from a widget.

Foreign text is cleaned where it enters (:mod:`pinned_tui.privacy.clean`), where each control
becomes a visible stand-in. Should one place forget, this filter takes it out of the line that is
drawn, so that the terminal never obeys it. It takes out and does not replace: such characters have
no width, and a stand-in would push the rest of the line aside.
"""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from pinned_tui.privacy.clean import is_clean


class ControlGuard(LineFilter):
    """Takes control and bidi characters out of every line that is drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return ``segments`` without unsafe characters."""
        del background
        if all(text.isascii() and text.isprintable() for text, _, _ in segments):
            return segments
        return [
            segment
            if segment.control or is_clean(segment.text)
            else Segment("".join(filter(is_clean, segment.text)), segment.style)
            for segment in segments
        ]
