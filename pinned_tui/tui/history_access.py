"""The history as the screens use it: off the event loop, and saved while the user works."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from pinned_tui.session import Session, without_pasted
from pinned_tui.tui.services import History

if TYPE_CHECKING:
    from pinned_tui.history.entries import HistoryEntry, HistoryPage


class HistoryAccess:
    """Reads the history in threads, and saves the latest state of each session.

    A state that was overtaken by a newer one is never written.

    Args:
        history: The history itself.
        spawn: Has the app run what makes a coroutine, to its end.
    """

    def __init__(
        self, history: History, spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], object]
    ) -> None:
        self._history = history
        self._spawn = spawn
        self._unsaved: dict[str, Session] = {}
        self._saving = asyncio.Lock()

    # -- saving --------------------------------------------------------------------------------

    def save_soon(self, session: Session) -> None:
        """Save ``session``, without what was pasted; the caller does not wait for it."""
        waiting = bool(self._unsaved)
        self._unsaved[session.id] = without_pasted(session)
        if not waiting:
            self._spawn(self.flush)

    async def flush(self) -> None:
        """Save what is not saved yet, and wait until it is."""
        async with self._saving:
            while self._unsaved:
                session = self._unsaved.pop(next(iter(self._unsaved)))
                await asyncio.to_thread(self._history.save, session)

    # -- reading -------------------------------------------------------------------------------

    async def recent(self, *, limit: int) -> "tuple[HistoryEntry, ...]":
        """Return the latest sessions, newest first."""
        return await asyncio.to_thread(self._history.list, limit=limit)

    async def page(self, text: str | None, offset: int, limit: int) -> "HistoryPage":
        """Return some of the sessions that hold ``text``, newest first, and how many there are."""
        return await asyncio.to_thread(self._history.page, text=text, offset=offset, limit=limit)

    async def get(self, session_id: str) -> Session:
        """Return one session.

        Raises:
            HistoryError: It is not there, or can't be read.
        """
        return await asyncio.to_thread(self._history.get, session_id)

    async def delete(self, session_id: str) -> None:
        """Delete one session.

        Raises:
            HistoryError: It is not there, or can't be deleted.
        """
        await asyncio.to_thread(self._history.delete, session_id)

    async def known_channels(self, session: Session) -> dict[int, str]:
        """Return the channels that earlier sessions listed for a key like that of ``session``."""
        from pinned_tui.history.known_channels import channels_listed

        return await asyncio.to_thread(channels_listed, self._history, session)
