"""Where links that somebody else wrote may lead: to public addresses, and nowhere else.

Whoever writes the links of an event decides what this machine connects to. Its own services and
those of the network that it is in answer it and nobody outside, so they are not asked.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pinned_tui.contract.public_address import why_not_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Looks up a host and port; returns its addresses, none where the name is not found."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which addresses may be connected to.

    Attributes:
        besides: Addresses that may be although they are not public, such as a test's own server.
            No option and no variable of the environment leads here.
    """

    besides: frozenset[str] = frozenset()

    def refusal(self, address: str) -> str | None:
        """Say where ``address`` leads if it may not be connected to, or return None."""
        return None if address in self.besides else why_not_public(address)


PUBLIC = Reach()


class NotPublicError(Exception):
    """A host has no address that may be connected to; nothing was sent.

    Attributes:
        address: One that it has.
        leads_to: Where that leads, in words that fit after *leads to*.
    """

    def __init__(self, address: str, leads_to: str) -> None:
        super().__init__(f"{address} leads to {leads_to}")
        self.address = address
        self.leads_to = leads_to
