"""Opens the history's file, whatever state it is in: missing, old, newer, read-only, damaged."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from pinned_tui.clock import Clock
from pinned_tui.files import FileProblem, private_file, private_folder
from pinned_tui.history.damage import dated_name, replace_damaged
from pinned_tui.history.entry import HistoryError
from pinned_tui.history.schema import MIGRATIONS, Migrations, migrate, version_of
from pinned_tui.history.sqlite import (
    BUSY_TIMEOUT_S,
    connect,
    connect_in_memory,
    explain,
    is_busy,
    is_damage,
    require_sound,
)

Notice = Callable[[str], None]
"""Takes a sentence or two that the person should read; may be called from any thread."""

_ATTEMPTS: Final = 4
_PAUSE_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Database:
    """An open file of the history.

    Attributes:
        identity: Which file it is, to notice when another one has taken its name.
        writable: False where the file or its folder is read-only, or its schema is newer.
    """

    connection: sqlite3.Connection
    identity: tuple[int, int] | None
    writable: bool


class Opener(Protocol):
    """Opens a history, as often as it takes."""

    def open(self) -> Database:
        """Return the open history.

        Raises:
            HistoryError: there can be none; the message says why.
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
        """Say in words what SQLite said."""
        ...


class MemoryOpener:
    """Opens a history that lives no longer than its connection."""

    def open(self) -> Database:
        """Return an empty history."""
        connection = connect_in_memory()
        migrate(connection, MIGRATIONS, back_up=self.replace_damaged)
        return Database(connection, identity=None, writable=True)

    def identity(self) -> None:
        """Return None: it is no file."""

    def replace_damaged(self) -> None:
        """Do nothing: the next :meth:`open` returns a new one anyway."""

    def explain(self, error: sqlite3.Error) -> str:
        """Say in words what SQLite said."""
        return f"The sessions of this run can't be kept. SQLite says: {error}."


@dataclass(frozen=True, slots=True)
class FileOpener:
    """Opens the history at ``path``, made anew where it is missing or damaged.

    Attributes:
        clock: Dates the names of backups, and tells when patience ends.
        notice: Is told what the person should know.
        migrations: How the schema came about.
        patience_s: How long to wait for another process that holds the file.
    """

    path: Path
    clock: Clock
    notice: Notice
    migrations: Migrations
    patience_s: float = BUSY_TIMEOUT_S

    def open(self) -> Database:
        """Return the open file; see :class:`Opener`."""
        attempt = 1
        ends = self.clock.monotonic() + self.patience_s
        while True:
            try:
                self._prepare()
                return self._open()
            except sqlite3.Error as error:
                if attempt == _ATTEMPTS:
                    raise
                if is_damage(error) and self._may_write():
                    self.replace_damaged()
                elif not is_busy(error) or self.clock.monotonic() >= ends:
                    raise
            time.sleep(_PAUSE_S * attempt)
            attempt += 1

    def replace_damaged(self) -> None:
        """Set the file aside and begin a new one; see :mod:`pinned_tui.history.damage`."""
        self.notice(replace_damaged(self.path, clock=self.clock, migrations=self.migrations))

    def identity(self) -> tuple[int, int] | None:
        """Return which file has the name now, or None where there is none."""
        try:
            facts = self.path.stat()
        except OSError:
            return None
        return facts.st_dev, facts.st_ino

    def explain(self, error: sqlite3.Error) -> str:
        """Say in words what SQLite said, and what to do."""
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
        connection = connect(self.path, writable=allowed, patience_s=self.patience_s)
        try:
            newer = version_of(connection) > len(self.migrations)
            if newer or not allowed:
                self._make_read_only(connection, newer=newer)
            else:
                self._bring_up_to_date(connection)
        except (sqlite3.Error, HistoryError):
            connection.close()
            raise
        return Database(connection, identity, writable=allowed and not newer)

    def _may_write(self) -> bool:
        """Tell whether this account may write; where only trying tells, saving will."""
        effective = os.access in os.supports_effective_ids
        return all(
            os.access(place, os.W_OK, effective_ids=effective)
            for place in (self.path, self.path.parent)
        )

    def _make_read_only(self, connection: sqlite3.Connection, *, newer: bool) -> None:
        if version_of(connection) == 0:
            raise HistoryError(
                f"The history {self.path} is empty and can't be written to. Check the permissions"
                " of the file and its folder."
            )
        connection.execute("PRAGMA query_only = ON")
        why = (
            "A newer pinned-tui made this history. Update pinned-tui"
            if newer
            else f"The history {self.path} is read-only. Check the permissions of the file and"
            " its folder"
        )
        self.notice(f"{why} to keep new sessions. Those of the past can be read.")

    def _bring_up_to_date(self, connection: sqlite3.Connection) -> None:
        require_sound(connection)
        migrate(connection, self.migrations, back_up=self._back_up)

    def _back_up(self) -> None:
        """Copy the file as it is before a migration; a second connection sees just that."""
        try:
            copy = private_file(dated_name(self.path, "before-update", self.clock))
        except FileProblem as problem:
            raise HistoryError(
                f"The history needs an update, and no backup can be made first. {problem}"
            ) from None
        with (
            contextlib.closing(connect(self.path, writable=False)) as source,
            contextlib.closing(connect(copy, writable=True)) as target,
        ):
            source.backup(target)
