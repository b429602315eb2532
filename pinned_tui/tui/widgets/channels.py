"""The channels that a key's owner can use, to choose from."""

from collections.abc import Sequence

from textual.containers import VerticalGroup
from textual.content import Content
from textual.widgets import Static

from pinned_tui.session import Channel
from pinned_tui.tui.latest import refill
from pinned_tui.tui.widgets.text import ACCENT, MUTED, STRONG, HangingIndent, words
from pinned_tui.wording import plural

_MOST = 12


def channel_row(channel: Channel) -> HangingIndent:
    """Return the line of one channel."""
    return HangingIndent(
        words(f"{channel.id:>6}", STRONG), Content(f"{channel.name} ({channel.slug})")
    )


def channel_rows(channels: Sequence[Channel]) -> list[HangingIndent | Static]:
    """Return a line for each channel, as many as a page has room for."""
    rows: list[HangingIndent | Static] = [channel_row(channel) for channel in channels[:_MOST]]
    more = len(channels) - _MOST
    if more > 0:
        rows.append(Static(words(f"and {plural(more, 'channel')} more", MUTED), classes="text"))
    return rows


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
        heading = Static(words("Channels that this key can use", ACCENT))
        await refill(self, [heading, *channel_rows(channels)])
