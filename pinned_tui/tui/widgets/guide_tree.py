"""Where one is in the tree: the steps gone, this one, and those that probably follow."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from pinned_tui.tui.widgets.text import ACCENT, MUTED, line, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pinned_tui.guide.model import Step
    from pinned_tui.guide.walker import StepView


class TreeMap(Static):
    """The way through the section, one line a step."""

    def show(self, view: "StepView", ahead: "Iterable[Step]") -> None:
        """Show the way of ``view`` and the steps ``ahead`` of it."""
        lines: list[Content] = []
        for stop in view.trail:
            lines.append(line(("✓ ", "$text-success"), stop.step.title))
            if stop.option is not None:
                lines.append(words(f"│ {stop.option.label}", MUTED))
        lines.append(line(("▸ ", ACCENT), (view.step.title, "bold")))
        lines.extend(line(("· ", MUTED), (step.title, MUTED)) for step in ahead)
        lines.append(words("◆ Verdict", MUTED))
        self.update(Content("\n").join(lines))
