"""The history: every session, saved after each of its steps, in one SQLite file."""

import itertools
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from pinned_tui.core.clock import Clock, timestamp
from pinned_tui.history import records, rows
from pinned_tui.history.database import Database, FileOpener, MemoryOpener, NoticeHandler, Opener
from pinned_tui.history.entries import (
    HistoryEntry,
    HistoryError,
    HistoryPage,
    ReadOnlyHistoryError,
    SessionDeletedError,
    choose,
    empty,
)
from pinned_tui.history.records import Origin
from pinned_tui.history.schema import MIGRATIONS, Migrations
from pinned_tui.history.sqlite import BUSY_TIMEOUT_S, is_busy, is_damage, reading, transaction
from pinned_tui.session import KeyFacts, Outcome, Session, replace
from pinned_tui.session.ids import new_id

Guard = Callable[[bytes], None]
"""Looks at what is about to be stored, and raises :class:`HistoryError` to refuse it."""

_Result = TypeVar("_Result")

_ATTEMPTS: Final = 60
"""How often a file that is in use is tried. Pauses of random length lie between, as processes that
wait for each other in step would meet again and again; and a signal is heard there.
"""
_LONG_WAIT: Final = 15
"""The attempt from which on the user should be told; before it, others merely take their turns."""
_CANDIDATES: Final = 100
"""The most sessions that the beginning of an id is compared with; six are named."""
_ALIKE: Final = 30
"""How many of a key's newest sessions are asked which channels it listed."""


def keep_quiet(_notice: str) -> None:
    """Ignore a notice."""


def refuse_nothing(_document: bytes) -> None:
    """Let any document pass."""


class HistoryStore:
    """The sessions in one file. Threads may share it: they take turns.

    What it says, it has done: a session is on disk when :meth:`save` returns. A file that turns out
    to be damaged is set aside, and work goes on with a new one. Where the file was replaced or
    deleted behind its back, the one that has its name now is used.
    """

    def __init__(
        self,
        opener: Opener,
        *,
        clock: Clock,
        guard: Guard = refuse_nothing,
        patience_s: float = BUSY_TIMEOUT_S,
        waiting: Callable[[], None] = lambda: None,
    ) -> None:
        """Use :meth:`at`, :meth:`open` or :meth:`in_memory`."""
        self._opener = opener
        self._clock = clock
        self._guard = guard
        self._pause_s = patience_s / _ATTEMPTS
        self._waiting = waiting
        self._lock = threading.RLock()
        self._database: Database | None = None
        self._saved: set[tuple[str, ...]] = set()

    @classmethod
    def at(
        cls,
        path: Path,
        *,
        clock: Clock,
        guard: Guard = refuse_nothing,
        notice: NoticeHandler = keep_quiet,
        migrations: Migrations = MIGRATIONS,
        patience_s: float = BUSY_TIMEOUT_S,
        waiting: Callable[[], None] = lambda: None,
    ) -> "HistoryStore":
        """Prepare the history at ``path``, which is opened by the first call.

        Args:
            path: The file; its folder is made private (0700) if it is missing.
            clock: Dates the names of backups, and decides what is old.
            guard: Refuses documents that must not be stored, such as one with a secret in it.
            notice: Receives what the user should know, for example that the file was damaged.
            migrations: How the schema came about.
            patience_s: How long a call waits for another process that holds the file.
            waiting: Is called when a call has waited for a while.
        """
        opener = FileOpener(path, clock, notice, migrations, patience_s / _ATTEMPTS)
        return cls(opener, clock=clock, guard=guard, patience_s=patience_s, waiting=waiting)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        guard: Guard = refuse_nothing,
        notice: NoticeHandler = keep_quiet,
        migrations: Migrations = MIGRATIONS,
        patience_s: float = BUSY_TIMEOUT_S,
    ) -> "HistoryStore":
        """Open the history at ``path``, made with its folder where it is missing; see :meth:`at`.

        Raises:
            HistoryError: there can be no history at ``path``; the message says why.
        """
        store = cls.at(
            path,
            clock=clock,
            guard=guard,
            notice=notice,
            migrations=migrations,
            patience_s=patience_s,
        )
        store.touch()
        return store

    @classmethod
    def in_memory(cls, *, clock: Clock) -> "HistoryStore":
        """Make a history that ends with this process, or with :meth:`close`."""
        return cls(MemoryOpener(), clock=clock)

    def touch(self) -> None:
        """Make sure that the history can be opened.

        Raises:
            HistoryError: it can't; the message says why.
        """
        self._run(lambda _connection: None)

    @property
    def writable(self) -> bool:
        """Whether sessions can be saved; False for a read-only file or a newer schema."""
        with self._lock:
            return self._database is None or self._database.writable

    def save(self, session: Session, *, origin: Origin = "own") -> Session:
        """Store ``session``, in place of an earlier state of it. It is on disk when this returns.

        A session is known by its id together with its start. Another one that happens to have its
        id is never touched: a new id is drawn for the one that comes later.

        Returns:
            The session as it is stored: under another id where its own was taken.

        Raises:
            SessionDeletedError: it was deleted after it had been stored, which this respects.
            HistoryError: it could not be stored; what was stored before still is.
        """
        self._guard(records.document_of(session))
        mark = (session.id, session.started_at, origin)

        def write(connection: sqlite3.Connection) -> Session:
            own = rows.own_row(connection, *mark)
            if own is None and (self._name, *mark) in self._saved:
                raise SessionDeletedError(
                    f"Session {records.shown(session.id)} was deleted from the history, so its"
                    " later steps are not kept either."
                )
            if own is None:
                return _inserted(connection, session, origin)
            key, name, note, ticket = own
            kept = replace(session, id=name)
            stored = records.stored_session(
                kept, offered=session.id, origin=origin, note=note, ticket=ticket
            )
            rows.update(connection, key, stored)
            return kept

        with self._lock:
            kept = self._change(write)
            self._saved.add((self._name, *mark))
            return kept

    def list(
        self,
        *,
        text: str | None = None,
        outcome: Outcome | None = None,
        limit: int | None = None,
    ) -> tuple[HistoryEntry, ...]:
        """Return what there is, newest first, with the checksum of every heading verified.

        Args:
            text: Only sessions whose id, target, title, cause or outcome contains it, or that a
                request ID, a channel or an event beginning with it belongs to.
            outcome: Only sessions that came to it.
            limit: At most so many.

        Raises:
            HistoryError: the history can't be read.
        """
        wanted = rows.HistoryFilter(text=text, outcome=outcome)
        found = self._read(lambda connection: rows.headings(connection, wanted, limit=limit))
        return tuple(map(records.entry_of, found))

    def page(
        self,
        *,
        text: str | None = None,
        outcome: Outcome | None = None,
        offset: int = 0,
        limit: int,
    ) -> HistoryPage:
        """Return a part of what :meth:`list` would return, and how many there are in all.

        Raises:
            HistoryError: the history can't be read.
        """
        wanted = rows.HistoryFilter(text=text, outcome=outcome)
        found, total = self._read(
            lambda connection: rows.window(connection, wanted, limit=limit, offset=offset)
        )
        return HistoryPage(entries=tuple(map(records.entry_of, found)), total=total)

    def count(self, *, text: str | None = None, outcome: Outcome | None = None) -> int:
        """Return how many sessions :meth:`list` would return.

        Raises:
            HistoryError: the history can't be read.
        """
        wanted = rows.HistoryFilter(text=text, outcome=outcome)
        return self._read(lambda connection: rows.count(connection, wanted))

    def index(self) -> dict[str, str]:
        """Return when each session began, by id, newest first, without verifying any.

        Raises:
            HistoryError: the history can't be read.
        """
        return self._read(rows.index)

    def candidates(self, reference: str) -> dict[str, str]:
        """Return when those sessions began that ``reference`` may mean, by id, newest first.

        An id, or ``last``, means one at most; the beginning of an id may mean many.

        Raises:
            HistoryError: the history can't be read.
        """

        def read(connection: sqlite3.Connection) -> dict[str, str]:
            found = rows.candidates(connection, reference, _CANDIDATES)
            return {name: began for _, name, began in found}

        return self._read(read)

    def get(self, reference: str) -> Session:
        """Return one session.

        Args:
            reference: Its id, the beginning of it that no other shares, or ``last``.

        Raises:
            NoSuchSessionError: there is none.
            SeveralSessionsError: several ids begin so.
            DamagedSessionError: its record is not what was written.
            HistoryError: the history can't be read.
        """

        def read(connection: sqlite3.Connection) -> Session:
            key, _ = _find(connection, reference)
            heading = rows.heading(connection, key)
            if heading is None:
                raise HistoryError("The session was deleted just now.")
            return records.session_of(heading, rows.body(connection, key))

        return self._read(read)

    def channels_listed(self, *, base_url: str, key: KeyFacts, besides: str) -> dict[int, str]:
        """Return the channels that the newest sessions of a key listed, each with when.

        Imported sessions don't count, nor do damaged ones.

        Args:
            base_url: Where the API is.
            key: What is known of the key.
            besides: The id of the session that asks.

        Raises:
            HistoryError: the history can't be read.
        """
        host, form = records.host_of(base_url), records.key_form(key) or ""

        def read(connection: sqlite3.Connection) -> dict[int, str]:
            listed: dict[int, str] = {}
            for row, ids in rows.listed_channels(connection, host, form, besides, _ALIKE):
                heading = records.read(row)
                for one in ids if heading is not None else ():
                    if one.isdecimal():
                        listed.setdefault(int(one), records.shown(heading and heading.started_at))
            return listed

        return self._read(read)

    def delete(self, reference: str) -> str:
        """Delete one session, damaged or not, and return its id.

        Its pages in the file are overwritten; backups and files set aside are not touched.

        Raises:
            HistoryError: there is none, there are several, or it can't be deleted.
        """

        def remove(connection: sqlite3.Connection) -> str:
            key, name = _find(connection, reference)
            rows.remove(connection, [key])
            return name

        return self._change(remove)

    def prune(self, *, older_than: timedelta | None = None, keep: int | None = None) -> int:
        """Delete old sessions, and return how many.

        Args:
            older_than: Those that began longer ago than this.
            keep: All but so many of the newest.

        Raises:
            HistoryError: they can't be deleted; none was.
        """
        before = "" if older_than is None else self._moment_before(older_than)
        return self._change(
            lambda connection: rows.remove(
                connection, rows.outdated(connection, before=before, keep=keep)
            )
        )

    def close(self) -> None:
        """Let go of the file. A later call opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.connection.close()
                self._database = None

    def _moment_before(self, span: timedelta) -> str:
        try:
            return timestamp(self._clock.now() - span)
        except OverflowError:  # before the calendar begins: nothing is as old as that
            return ""

    @property
    def _name(self) -> str:
        """What the open file calls itself: what was saved to another one doesn't count."""
        return self._database.name if self._database is not None else ""

    def _read(self, operation: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Run ``operation`` on one state of the file, whatever is written meanwhile."""

        def read(connection: sqlite3.Connection) -> _Result:
            with reading(connection):
                return operation(connection)

        return self._run(read)

    def _change(self, operation: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Run ``operation`` in a transaction that is on disk when this returns."""

        def change(connection: sqlite3.Connection) -> _Result:
            if not self.writable:
                raise ReadOnlyHistoryError(
                    "The history is read-only, so nothing was changed in it."
                )
            with transaction(connection):
                return operation(connection)

        return self._run(change)

    def _run(self, operation: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Run ``operation`` on the file, again and again while another process holds it."""
        with self._lock:
            for attempt in itertools.count(1):
                try:
                    return self._once(operation)
                except sqlite3.Error as error:
                    if attempt == _ATTEMPTS or not is_busy(error):
                        raise HistoryError(self._opener.explain(error)) from None
                if attempt == _LONG_WAIT:
                    self._waiting()
                time.sleep(random.uniform(0, self._pause_s / 2))  # noqa: S311 - no secret
            raise AssertionError("unreachable")

    def _once(self, operation: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Run ``operation`` on the file, once more on a new one where it is found damaged."""
        database = self._current()
        try:
            return operation(database.connection)
        except sqlite3.Error as error:
            if not is_damage(error) or not database.writable:
                raise
        self._set_aside(database)
        return operation(self._current().connection)

    def _current(self) -> Database:
        """Return the open file, after making sure that it is the one that bears the name."""
        if self._database is not None and self._database.identity != self._opener.identity():
            self.close()
        if self._database is None:
            self._database = self._opener.open()
        return self._database

    def _set_aside(self, damaged: Database) -> None:
        """Replace the damaged file, unless another process has done so meanwhile."""
        self.close()
        if self._opener.identity() == damaged.identity:
            self._opener.replace_damaged()


def _inserted(connection: sqlite3.Connection, session: Session, origin: Origin) -> Session:
    """Store a session that is new here, under an id that no other has, and return it."""
    kept = session
    while not rows.insert(
        connection, records.stored_session(kept, offered=session.id, origin=origin)
    ):
        kept = replace(session, id=new_id(session.started_at))
    return kept


def _find(connection: sqlite3.Connection, reference: str) -> tuple[int, str]:
    """Return key and id of the session that is meant."""
    found = rows.candidates(connection, reference, _CANDIDATES)
    if not found and rows.count(connection, rows.HistoryFilter()) == 0:
        raise empty()
    wanted = choose(reference, [name for _, name, _ in found])
    return next((key, name) for key, name, _ in found if name == wanted)
