"""What a check would send, request by request, before it is sent."""

from typing import TYPE_CHECKING

from textual.containers import VerticalGroup
from textual.content import Content
from textual.widgets import Static

from pinned_tui.tui.background import refill
from pinned_tui.tui.widgets.text import MUTED, HangingIndent, line, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinned_tui.checks.plan import ProbeCard


_LONGEST_BESIDE = 20
"""Characters of a route that leave room for words beside it; below a longer one they stand."""


class LedgerView(VerticalGroup):
    """The table of planned probes."""

    async def show(self, cards: "Sequence[ProbeCard]") -> None:
        """Show ``cards`` from now on."""
        sent = [card for card in cards if card.method is not None]
        routes = [len(card.route or "") for card in sent]
        width = max((length for length in routes if length <= _LONGEST_BESIDE), default=0)
        await refill(self, [_row(card, width) for card in sent])

    async def explain(self, problem: str) -> None:
        """Show why nothing can be planned."""
        await refill(self, [Static(words(problem, "$text-warning"), classes="text")])


def _row(card: "ProbeCard", width: int) -> HangingIndent:
    method, route = f"{card.method or '':<5}", card.route or ""
    body = Content(card.title)
    if card.consent:
        body += line("\n", ("! asks you first", "$text-warning"))
    elif card.scope:
        body += words(f"  {card.scope}", MUTED)
    if len(route) > width:
        return HangingIndent(words(method, "bold"), Content(f"{route}\n") + body)
    return HangingIndent(line((method, "bold"), f" {route.ljust(width)} "), body)
