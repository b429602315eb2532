"""Opens the history's file, whatever state it is in: missing, old, newer, read-only, damaged."""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from pinned_tui.core.clock import Clock
from pinned_tui.core.private_files import FileProblem, named, private_file, private_folder
from pinned_tui.history.backup import back_up
from pinned_tui.history.entries import HistoryError
from pinned_tui.history.recovery import journal_of, replace_damaged
from pinned_tui.history.schema import MIGRATIONS, Migrations, about, migrate, version_of
from pinned_tui.history.sqlite import (
    BUSY_TIMEOUT_S,
    connect,
    connect_in_memory,
    explain,
    is_damage,
    require_sound,
)

NoticeHandler = Callable[[str], None]
"""Takes a sentence or two that the user should read; may be called from any thread."""

_UNDER_WAY_S: Final = 10.0
"""A journal that was written to so lately is another process's, at work this moment.

Whole-file checks are for files whose computer has stopped in the middle of a write: one of 230 MB
takes 0.2 s of CPU and 0.8 s to read, and 50 checks at once would pay that 50 times. A process that
was merely killed leaves nothing to check, since all that it had written reached the system; and a
system that lost something takes longer than this to come back.
"""


@dataclass(frozen=True, slots=True)
class Database:
    """An open file of the history.

    Attributes:
        identity: Which file it is, to notice when another one has taken its name.
        writable: False where the file or its folder is read-only, or its schema is newer.
        name: What the file is called in itself; its successor is called otherwise.
    """

    connection: sqlite3.Connection
    identity: tuple[int, int] | None
    writable: bool
    name: str


class Opener(Protocol):
    """Opens a history, as often as it takes."""

    def open(self) -> Database:
        """Return the open history.

        Raises:
            HistoryError: it can't be opened; the message says why.
            sqlite3.Error: SQLite fails otherwise.
        """
        ...

    def identity(self) -> tuple[int, int] | None:
        """Return which file :meth:`open` would open now, or None where there is none."""
        ...

    def replace_damaged(self) -> None:
        """Put a sound history in the place of one that is damaged."""
        ...

    def explain(self, error: sqlite3.Error) -> str:
        """Explain ``error`` to the user."""
        ...


class MemoryOpener:
    """Opens a history that lives no longer than its connection."""

    def open(self) -> Database:
        """Return an empty history."""
        connection = connect_in_memory()
        migrate(connection, MIGRATIONS, back_up=self.replace_damaged)
        name = about(connection, "file") or ""
        return Database(connection, identity=None, writable=True, name=name)

    def identity(self) -> None:
        """Return None: there is no file."""

    def replace_damaged(self) -> None:
        """Do nothing: the next :meth:`open` returns a new one anyway."""

    def explain(self, error: sqlite3.Error) -> str:
        """Explain ``error`` to the user."""
        return f"The sessions of this run can't be kept. SQLite says: {error}."


@dataclass(frozen=True, slots=True)
class FileOpener:
    """Opens the history at ``path``, made anew where it is missing or damaged.

    Attributes:
        clock: Dates the names of backups, and distinguishes a journal left behind from one in use.
        notice: Receives what the user should know.
        migrations: How the schema came about.
        wait_s: How long a statement waits for another process that holds the file.
    """

    path: Path
    clock: Clock
    notice: NoticeHandler
    migrations: Migrations
    wait_s: float = BUSY_TIMEOUT_S

    def open(self) -> Database:
        """Return the open file; see :class:`Opener`."""
        self._prepare()
        try:
            return self._open()
        except sqlite3.Error as error:
            if not is_damage(error) or not self._may_write():
                raise
        self.replace_damaged()
        self._prepare()
        return self._open()

    def replace_damaged(self) -> None:
        """Set the file aside and begin a new one; see :mod:`pinned_tui.history.recovery`."""
        self.notice(replace_damaged(self.path, clock=self.clock, migrations=self.migrations))

    def identity(self) -> tuple[int, int] | None:
        """Return which file has the name now, or None where there is none."""
        try:
            facts = self.path.stat()
        except OSError:
            return None
        return facts.st_dev, facts.st_ino

    def explain(self, error: sqlite3.Error) -> str:
        """Explain ``error`` to the user, with what to do."""
        return explain(error, self.path)

    def _prepare(self) -> None:
        try:
            private_folder(self.path.parent)
            private_file(self.path)
        except FileProblem as problem:
            raise HistoryError(str(problem)) from None

    def _open(self) -> Database:
        identity = self.identity()
        allowed = self._may_write()
        left = self._journal_was_left()
        connection = connect(self.path, writable=allowed, patience_s=self.wait_s)
        try:
            newer = version_of(connection) > len(self.migrations)  # rolls back what was left
            if left:
                require_sound(connection)
            if newer or not allowed:
                connection = self._open_read_only(connection, newer=newer)
            else:
                migrate(connection, self.migrations, back_up=self._back_up)
            name = about(connection, "file") or ""
        except (sqlite3.Error, HistoryError):
            connection.close()
            raise
        return Database(connection, identity, writable=allowed and not newer, name=name)

    def _journal_was_left(self) -> bool:
        """Return whether the file's last write was cut short and no process is at it now."""
        try:
            touched = journal_of(self.path).stat().st_mtime
        except OSError:
            return False
        return abs(self.clock.now().timestamp() - touched) > _UNDER_WAY_S

    def _may_write(self) -> bool:
        """Return whether this account may write, as far as this shows without trying."""
        effective = os.access in os.supports_effective_ids
        return all(
            os.access(place, os.W_OK, effective_ids=effective)
            for place in (self.path, self.path.parent)
        )

    def _open_read_only(self, connection: sqlite3.Connection, *, newer: bool) -> sqlite3.Connection:
        """Return a connection that only reads: of an older file, a copy in memory, updated."""
        version = version_of(connection)
        if version == 0:
            raise HistoryError(
                f"The history {named(self.path)} is empty and can't be written to. Check the"
                " permissions of the file and its folder."
            )
        if newer and not self._is_readable(connection):
            raise HistoryError(
                f"A newer pinned-tui made the history {named(self.path)}, in a form that this one"
                " can't read. Update pinned-tui."
            )
        if version < len(self.migrations):
            connection = _updated_in_memory(connection, self.migrations)
        connection.execute("PRAGMA query_only = ON")
        why = (
            "A newer pinned-tui made this history. Update pinned-tui"
            if newer
            else f"The history {named(self.path)} is read-only. Check the permissions of the file"
            " and its folder"
        )
        self.notice(f"{why} to keep new sessions. Past sessions can be read.")
        return connection

    def _is_readable(self, connection: sqlite3.Connection) -> bool:
        """Return whether a newer file is meant for readers of this version too."""
        oldest = about(connection, "readable_by") or ""
        return oldest.isdecimal() and int(oldest) <= len(self.migrations)

    def _back_up(self) -> None:
        """Copy the file as it is before a migration, unless a copy of just this is there."""
        try:
            copy = back_up(self.path, clock=self.clock)
        except (FileProblem, OSError) as problem:
            why = problem if isinstance(problem, FileProblem) else problem.strerror
            raise HistoryError(
                f"The history needs an update, and no backup can be made first. {why}"
            ) from None
        self.notice(
            "The history is updated to a new format, once; a large one takes minutes. A copy of the"
            f" old file is {copy.name}. Delete it when you no longer need it."
        )


def _updated_in_memory(old: sqlite3.Connection, migrations: Migrations) -> sqlite3.Connection:
    memory = connect_in_memory()
    with contextlib.closing(old):
        old.backup(memory)
    migrate(memory, migrations, back_up=lambda: None)
    return memory
