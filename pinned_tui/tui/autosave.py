"""Keeps the session in the history while a person works on it, in a thread."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from pinned_tui.session import Session, without_pasted
from pinned_tui.tui.services import History

if TYPE_CHECKING:
    from pinned_tui.history.entries import HistoryEntry, HistoryPage


class Autosave:
    """Saves the latest state of each session; a state that was overtaken is never written.

    Args:
        history: Where to.
        spawn: Has the app run what makes a coroutine, to its end.
    """

    def __init__(
        self, history: History, spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], object]
    ) -> None:
        self._history = history
        self._spawn = spawn
        self._unsaved: dict[str, Session] = {}
        self._saving = asyncio.Lock()

    def keep(self, session: Session) -> None:
        """Save ``session`` soon, without what was pasted; whoever calls does not wait."""
        waiting = bool(self._unsaved)
        self._unsaved[session.id] = without_pasted(session)
        if not waiting:
            self._spawn(self.write)

    async def past(self, *, text: str | None = None, limit: int) -> "tuple[HistoryEntry, ...]":
        """Return what the history keeps, newest first."""
        return await asyncio.to_thread(self._history.list, text=text, limit=limit)

    async def page(self, *, text: str | None, offset: int, limit: int) -> "HistoryPage":
        """Return a part of what the history keeps, newest first, and how much there is."""
        return await asyncio.to_thread(self._history.page, text=text, offset=offset, limit=limit)

    async def channels_listed(self, session: Session) -> dict[int, str]:
        """Return the channels that earlier sessions listed for a key like that of ``session``."""
        from pinned_tui.history.known_channels import channels_listed

        return await asyncio.to_thread(channels_listed, self._history, session)

    async def write(self) -> None:
        """Save what is not saved yet, and wait until it is."""
        async with self._saving:
            while self._unsaved:
                session = self._unsaved.pop(next(iter(self._unsaved)))
                await asyncio.to_thread(self._history.save, session)
