"""A session's result in full: the answer and what to do, and what was seen."""

from textual.containers import Horizontal, Vertical, VerticalGroup

from pinned_tui.report.blocks import Rule
from pinned_tui.report.content import Audience, content
from pinned_tui.report.evidence import channels_in_short
from pinned_tui.session import Channel, Session
from pinned_tui.tui.background import refill
from pinned_tui.tui.widgets.blocks import draw
from pinned_tui.tui.widgets.text import bounded


class VerdictView(Horizontal):
    """Two columns where there is room, one below the other where there is not."""

    def __init__(self, session: Session) -> None:
        """Show ``session``."""
        blocks = content(session, audience=Audience.SCREEN)
        middle = blocks.index(Rule())
        super().__init__(
            Vertical(*bounded(draw(blocks[:middle])), classes="first"),
            Vertical(*bounded(draw(blocks[middle + 1 :])), classes="second"),
        )


class ListedChannels(VerticalGroup):
    """The channels that the live checks have read, beside a question that asks for one."""

    def __init__(self) -> None:
        """Begin empty: the list may still be on its way."""
        super().__init__(classes="after")
        self._shown: tuple[Channel, ...] = ()
        self.display = False

    async def show(self, channels: tuple[Channel, ...]) -> None:
        """Show ``channels`` from now on."""
        if channels == self._shown:
            return
        self._shown = channels
        self.display = bool(channels)
        await refill(self, draw(channels_in_short(channels), close=True))
