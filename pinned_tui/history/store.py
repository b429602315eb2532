"""The history: every session, saved after each of its steps, in one SQLite file."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from pinned_tui.clock import Clock, timestamp
from pinned_tui.history import record, rows
from pinned_tui.history.database import Database, FileOpener, MemoryOpener, Notice, Opener
from pinned_tui.history.entry import Entry, HistoryError, ReadOnlyHistoryError, choose
from pinned_tui.history.schema import MIGRATIONS, Migrations
from pinned_tui.history.sqlite import BUSY_TIMEOUT_S, is_damage, transaction
from pinned_tui.session import Outcome, Session

Guard = Callable[[bytes], None]
"""Looks at what is about to be stored, and raises :class:`HistoryError` to refuse it."""

_Result = TypeVar("_Result")


def keep_quiet(_notice: str) -> None:
    """Take a notice and tell nobody."""


def refuse_nothing(_document: bytes) -> None:
    """Take a document about to be stored and let it pass."""


class HistoryStore:
    """The sessions in one file. Threads may share it: they take turns.

    What it says, it has done: a session is on disk when :meth:`save` returns. A file that turns out
    to be damaged is set aside, and work goes on with a new one. Where the file was replaced or
    deleted behind its back, the one that has its name now is used.
    """

    def __init__(self, opener: Opener, *, clock: Clock, guard: Guard = refuse_nothing) -> None:
        """Use :meth:`open` or :meth:`in_memory`."""
        self._opener = opener
        self._clock = clock
        self._guard = guard
        self._lock = threading.RLock()
        self._database: Database | None = None

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        guard: Guard = refuse_nothing,
        notice: Notice = keep_quiet,
        migrations: Migrations = MIGRATIONS,
        patience_s: float = BUSY_TIMEOUT_S,
    ) -> "HistoryStore":
        """Open the history at ``path``, made with its folder where it is missing.

        Args:
            path: The file; its folder becomes private (0700).
            clock: Dates the names of backups, and tells what is old.
            guard: Refuses documents that must not be stored, such as one with a secret in it.
            notice: Is told what the person should know, for example that the file was damaged.
            migrations: How the schema came about.
            patience_s: How long to wait for another process that holds the file.

        Raises:
            HistoryError: there can be no history at ``path``; the message says why.
        """
        opener = FileOpener(path, clock, notice, migrations, patience_s)
        store = cls(opener, clock=clock, guard=guard)
        store._run(_nothing)
        return store

    @classmethod
    def in_memory(cls, *, clock: Clock) -> "HistoryStore":
        """Make a history that ends with this process, or with :meth:`close`."""
        return cls(MemoryOpener(), clock=clock)

    @property
    def writable(self) -> bool:
        """Whether sessions can be saved; False for a read-only file or a newer schema."""
        with self._lock:
            return self._database is None or self._database.writable

    def save(self, session: Session) -> None:
        """Store ``session`` in place of an earlier state of it. It is on disk when this returns.

        Raises:
            HistoryError: it could not be stored; what was stored before still is.
        """
        row = record.record_of(session)
        self._guard(row.document)
        self._change(lambda connection: rows.put(connection, row))

    def list(
        self,
        *,
        text: str | None = None,
        outcome: Outcome | None = None,
        limit: int | None = None,
    ) -> tuple[Entry, ...]:
        """Return what there is, newest first, with every record's checksum verified.

        Args:
            text: Only sessions whose id, target, title, cause or outcome contains it.
            outcome: Only sessions that came to it.
            limit: At most so many.

        Raises:
            HistoryError: the history can't be read.
        """

        def matches(heading: rows.Heading) -> bool:
            return (outcome is None or heading.outcome == outcome) and (
                not text or heading.mentions(text)
            )

        def read(connection: sqlite3.Connection) -> tuple[Entry, ...]:
            found = [h.rowid for h in rows.headings(connection) if matches(h)]
            return tuple(map(record.entry_of, rows.rows(connection, found[:limit])))

        return self._run(read)

    def index(self) -> dict[str, str]:
        """Return when each session began, by id, newest first, without verifying any.

        Raises:
            HistoryError: the history can't be read.
        """
        return self._run(
            lambda connection: {h.id: str(h.started_at) for h in rows.headings(connection)}
        )

    def get(self, reference: str) -> Session:
        """Return one session.

        Args:
            reference: Its id, the beginning of it that no other shares, or ``last``.

        Raises:
            NoSuchSessionError: there is none.
            SeveralSessionsError: several ids begin so.
            DamagedSessionError: its record is no longer what was written.
            HistoryError: the history can't be read.
        """

        def read(connection: sqlite3.Connection) -> Session:
            row = rows.row(connection, _find(connection, reference).rowid)
            if row is None:
                raise HistoryError("The session was deleted just now.")
            return record.session_of(row)

        return self._run(read)

    def delete(self, reference: str) -> str:
        """Delete one session, damaged or not, and return its id.

        Its pages in the file are overwritten; backups and files set aside are not touched.

        Raises:
            HistoryError: there is none, there are several, or it can't be deleted.
        """

        def remove(connection: sqlite3.Connection) -> str:
            found = _find(connection, reference)
            rows.remove(connection, [found.rowid])
            return found.id

        return self._change(remove)

    def prune(self, *, older_than: timedelta | None = None, keep: int | None = None) -> int:
        """Delete old sessions, and return how many.

        Args:
            older_than: Those that began longer ago than this.
            keep: All but so many of the newest.

        Raises:
            HistoryError: they can't be deleted; none was.
        """
        before = "" if older_than is None else self._so_long_ago(older_than)

        def remove(connection: sqlite3.Connection) -> int:
            gone = [
                heading.rowid
                for place, heading in enumerate(rows.headings(connection))
                if (keep is not None and place >= keep)
                or (isinstance(heading.started_at, str) and heading.started_at < before)
            ]
            return rows.remove(connection, gone)

        return self._change(remove)

    def close(self) -> None:
        """Let go of the file. A later call opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.connection.close()
                self._database = None

    def _so_long_ago(self, span: timedelta) -> str:
        try:
            return timestamp(self._clock.now() - span)
        except OverflowError:  # before the calendar begins: nothing is as old as that
            return ""

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
        """Run ``operation`` on the file, once more on a new one where it is found damaged."""
        with self._lock:
            try:
                database = self._current()
                try:
                    return operation(database.connection)
                except sqlite3.Error as error:
                    if not is_damage(error) or not database.writable:
                        raise
                self._set_aside(database)
                return operation(self._current().connection)
            except sqlite3.Error as error:
                raise HistoryError(self._opener.explain(error)) from None

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


def _find(connection: sqlite3.Connection, reference: str) -> rows.Heading:
    headings = rows.headings(connection)
    wanted = choose(reference, [heading.id for heading in headings])
    return next(heading for heading in headings if heading.id == wanted)


def _nothing(_connection: sqlite3.Connection) -> None:
    """Do nothing with the file but have it opened."""
