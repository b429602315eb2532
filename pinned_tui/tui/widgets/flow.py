"""A row that wraps: children beside each other, and on the next line where there is no room."""

from fractions import Fraction

from textual.containers import Container
from textual.geometry import NULL_OFFSET, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget


class FlowLayout(Layout):
    """Places children of their own width from left to right, one space apart, and wraps."""

    name = "flow"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Return a place for every child."""
        del greedy
        parent.pre_layout(self)
        viewport = parent.app.viewport_size
        placements: ArrangeResult = []
        x = y = row_height = 0
        room = Fraction(size.width), Fraction(size.height)
        for child in children:
            box = child._get_box_model(size, viewport, *room)  # noqa: SLF001
            width, height = int(box.width), int(box.height)
            if x and x + width > size.width:
                x, y, row_height = 0, y + row_height, 0
            region = Region(x, y, width, height)
            placements.append(WidgetPlacement(region, NULL_OFFSET, box.margin, child))
            x += width + 1
            row_height = max(row_height, height)
        return placements


class Flow(Container):
    """A container laid out by :class:`FlowLayout`."""

    DEFAULT_CSS = "Flow { height: auto; width: 1fr; }"

    @property
    def layout(self) -> Layout:
        """The layout; style sheets know only Textual's own ones."""
        return _FLOW


_FLOW = FlowLayout()
