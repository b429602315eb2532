"""The history as the app uses it: where it fails it says so once, and the work goes on."""

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pinned_tui.core.clock import Clock
from pinned_tui.history.entries import (
    HistoryEntry,
    HistoryError,
    HistoryPage,
    ReadOnlyHistoryError,
    RecordRefusedError,
    SessionDeletedError,
    choose,
    empty,
)
from pinned_tui.session import KeyFacts, Outcome, Session

if TYPE_CHECKING:
    from pinned_tui.history.store import Guard, HistoryStore

_Result = TypeVar("_Result")

UNTIL_THE_END = (
    "The sessions of this run are kept in memory until you quit; export a report of those you need."
)
"""What holds in a program that stays open, where sessions can't be stored."""


class FallbackStore:
    """A history whose failure stops nobody.

    There are two stores of one kind: one on disk, and one in memory for what can't be stored there,
    be it everything or a single session that was refused. What is in memory is listed, opened and
    deleted like the rest, and :meth:`close` tries once more to store it. The file is not touched
    before the first call. Threads may share a history: they take turns.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        notice: Callable[[str], None],
        guard: "Guard | None" = None,
        patience_s: float | None = None,
        meanwhile: str = UNTIL_THE_END,
    ) -> None:
        """Prepare the history at ``path``.

        Args:
            path: The file; see :func:`pinned_tui.history.location.default_path`.
            clock: Decides what is old, and dates the names of backups.
            notice: Receives what the user should know, each thing once; called from any thread.
            guard: Refuses what must not be stored; see :mod:`pinned_tui.history.leak_guard`.
            patience_s: How long a call waits for another process that holds the file; a few
                seconds by default.
            meanwhile: What holds where sessions can't be stored, for the notice that says why.
        """
        self._path, self._clock, self._notice = path, clock, notice
        self._guard, self._patience_s, self._meanwhile = guard, patience_s, meanwhile
        self._lock = threading.RLock()
        self._noticed: set[str] = set()
        self._storing = True
        self._deleted: set[str] = set()

    def save(self, session: Session) -> None:
        """Keep ``session`` in place of an earlier state of it: on disk, or else in memory.

        One that was deleted is not brought back by its next step.
        """
        with self._lock:
            if session.id not in self._deleted and not self._stored(session):
                with contextlib.suppress(SessionDeletedError):
                    self._memory.save(session)

    def list(
        self,
        *,
        text: str | None = None,
        outcome: Outcome | None = None,
        limit: int | None = None,
    ) -> tuple[HistoryEntry, ...]:
        """Return what there is, newest first; see :meth:`HistoryStore.list`."""
        with self._lock:
            hidden = self._memory.index()  # an earlier state of these may be on disk
            most = None if limit is None else limit + len(hidden)
            nothing: tuple[HistoryEntry, ...] = ()
            stored = self._read(
                lambda disk: disk.list(text=text, outcome=outcome, limit=most), nothing
            )
            entries = [
                *self._memory.list(text=text, outcome=outcome),
                *(entry for entry in stored if entry.id not in hidden),
            ]
            entries.sort(key=lambda entry: entry.started_at, reverse=True)
            return tuple(entries[:limit])

    def page(self, *, text: str | None = None, offset: int = 0, limit: int) -> HistoryPage:
        """Return a part of the sessions, and how many there are; see :meth:`HistoryStore.page`."""
        with self._lock:
            if self._memory.count():  # which is rare: to list them all is quick enough
                entries = self.list(text=text)
                return HistoryPage(entries=entries[offset : offset + limit], total=len(entries))
            return self._read(
                lambda disk: disk.page(text=text, offset=offset, limit=limit),
                HistoryPage(entries=(), total=0),
            )

    def get(self, reference: str) -> Session:
        """Return one session; see :meth:`HistoryStore.get`.

        Raises:
            HistoryError: there is none, there are several, or its record is damaged.
        """
        with self._lock:
            chosen, stores = self._find(reference)
            return stores[0].get(chosen)

    def channels_listed(self, *, base_url: str, key: KeyFacts, besides: str) -> dict[int, str]:
        """Return the channels that a key listed; see :meth:`HistoryStore.channels_listed`."""
        with self._lock:
            return self._read(
                lambda disk: disk.channels_listed(base_url=base_url, key=key, besides=besides), {}
            )

    def delete(self, reference: str) -> str:
        """Delete one session and return its id; see :meth:`HistoryStore.delete`.

        Raises:
            HistoryError: there is none, there are several, or it can't be deleted from the disk.
        """
        with self._lock:
            chosen, stores = self._find(reference)
            for store in reversed(stores):  # the disk first: where that fails, nothing is deleted
                store.delete(chosen)
            self._deleted.add(chosen)
            return chosen

    def prune(self, *, older_than: timedelta | None = None, keep: int | None = None) -> int:
        """Delete old sessions and return how many; see :meth:`HistoryStore.prune`.

        Raises:
            HistoryError: they can't be deleted from the disk.
        """
        with self._lock:
            stores = (self._disk, self._memory)
            return sum(s.prune(older_than=older_than, keep=keep) for s in stores if s is not None)

    def close(self) -> None:
        """Try once more to store what is only in memory, and let go of the file."""
        with self._lock:
            disk = self.__dict__.get("_disk")
            if disk is None:  # it was never needed, or can't be opened
                return
            for name in self._memory.index():
                with contextlib.suppress(HistoryError):
                    disk.save(self._memory.get(name))
            disk.close()

    @cached_property
    def _disk(self) -> "HistoryStore | None":
        """The store on disk, opened by the first call, or None where there can be none."""
        from pinned_tui.history.sqlite import BUSY_TIMEOUT_S  # costs start-up
        from pinned_tui.history.store import HistoryStore, refuse_nothing

        try:
            return HistoryStore.open(
                self._path,
                clock=self._clock,
                guard=self._guard or refuse_nothing,
                notice=self._say,
                patience_s=self._patience_s or BUSY_TIMEOUT_S,
            )
        except HistoryError as error:
            self._say(f"{error} {self._meanwhile}")
            return None

    @cached_property
    def _memory(self) -> "HistoryStore":
        from pinned_tui.history.store import HistoryStore

        return HistoryStore.in_memory(clock=self._clock)

    def _stored(self, session: Session) -> bool:
        """Try to store ``session`` on disk; False where it is to be kept in memory."""
        if self._disk is None or not self._storing:
            return False
        try:
            self._disk.save(session)
        except SessionDeletedError as error:  # by another process
            self._say(str(error))
            self._deleted.add(session.id)
        except RecordRefusedError as error:
            self._say(str(error))
            return False
        except ReadOnlyHistoryError:  # which was said when it was opened
            self._storing = False
            return False
        except HistoryError as error:
            self._storing = False
            self._say(f"{error} {self._meanwhile}")
            return False
        return True

    def _find(self, reference: str) -> "tuple[str, tuple[HistoryStore, ...]]":
        """Return the id that is meant and the stores that have it, the one to read from first."""
        found = [(self._memory, self._memory.candidates(reference))]
        if self._disk is not None:
            found.append((self._disk, self._read(lambda disk: disk.candidates(reference), {})))
        began = {name: at for _, some in found for name, at in some.items()}
        if not began and not self.list(limit=1):
            raise empty()
        chosen = choose(reference, sorted(began, key=lambda name: began[name], reverse=True))
        return chosen, tuple(store for store, some in found if chosen in some)

    def _read(self, operation: "Callable[[HistoryStore], _Result]", otherwise: _Result) -> _Result:
        """Return what ``operation`` reads from the disk, or ``otherwise`` where that fails."""
        if self._disk is not None:
            try:
                return operation(self._disk)
            except HistoryError as error:
                self._say(str(error))
        return otherwise

    def _say(self, message: str) -> None:
        if message not in self._noticed:
            self._noticed.add(message)
            self._notice(message)
