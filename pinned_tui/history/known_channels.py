"""What earlier sessions knew of the same key at the same API."""

from typing import Protocol

from pinned_tui.session import KeyFacts, Session


class KnownChannels(Protocol):
    """A history that knows which channels a key listed."""

    def channels_listed(self, *, base_url: str, key: KeyFacts, besides: str) -> dict[int, str]:
        """Return the channels that the newest sessions of a key listed, each with when."""
        ...


def channels_listed(history: KnownChannels, session: Session) -> dict[int, str]:
    """Return the channels that earlier sessions listed for a key like this one, each with when.

    Neither a key nor a hash of one is ever stored (the vendor's page *Security best practices*),
    so a key of the same length and the same kinds of characters at the same address counts as the
    same: enough for a likely verdict, not for a sure one.

    Args:
        history: The history.
        session: The session at hand; it does not count itself.
    """
    if session.key is None:
        return {}
    return history.channels_listed(
        base_url=session.target.base_url, key=session.key, besides=session.id
    )
