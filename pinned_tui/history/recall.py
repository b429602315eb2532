"""What earlier sessions knew of the same key at the same API."""

from typing import Protocol

from pinned_tui.history.entry import Entry, HistoryError
from pinned_tui.session import Session

_SESSIONS = 30
"""How many of the newest sessions are looked at."""


class Readable(Protocol):
    """A history that can be read."""

    def list(self, *, text: str | None = None, limit: int | None = None) -> tuple[Entry, ...]:
        """Return what there is, newest first."""
        ...

    def get(self, reference: str) -> Session:
        """Return one session."""
        ...


def channels_listed(history: Readable, session: Session) -> dict[int, str]:
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
    listed: dict[int, str] = {}
    host = session.target.base_url.removeprefix("https://")
    for entry in history.list(text=host, limit=_SESSIONS):
        if entry.damaged or entry.id == session.id:
            continue
        try:
            earlier = history.get(entry.id)
        except HistoryError:
            continue
        if _is_alike(earlier, session):
            for channel in earlier.channels:
                listed.setdefault(channel.id, earlier.started_at)
    return listed


def _is_alike(earlier: Session, session: Session) -> bool:
    one, other = earlier.key, session.key
    return (
        one is not None
        and other is not None
        and earlier.target.base_url == session.target.base_url
        and (one.length, one.shape) == (other.length, other.shape)
    )
