"""SQLite as the history needs it: private and durable, with its errors explained to the user.

A write-ahead log is not used: it fails on network homes and in read-only folders, and SQLite before
3.51.3 has a defect in it with two connections.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pinned_tui.core.private_files import named
from pinned_tui.redaction.sanitize import clean_line

_LONGEST_SAID: Final = 200

BUSY_TIMEOUT_S: Final = 5.0
"""How long a statement waits for another process before it fails, if nothing else is said."""

_PRAGMAS: Final = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)
_PRAGMAS_TO_WRITE: Final = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",  # as FULL, and the end of the journal reaches the disk too
    "PRAGMA secure_delete = ON",
)
_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "The disk is full. Free some space.",
    sqlite3.SQLITE_IOERR: (
        "The disk is full or failing, or this account has reached its quota. Free some space, or"
        " check the disk."
    ),
    sqlite3.SQLITE_READONLY: "It is read-only. Check the permissions of the file.",
    sqlite3.SQLITE_CANTOPEN: "It can't be opened. Check the permissions of the file.",
    sqlite3.SQLITE_PERM: "You don't have permission. Check the permissions of the file.",
    sqlite3.SQLITE_BUSY: "Another program is using it. Close that program, or try again.",
    sqlite3.SQLITE_LOCKED: "Another program is using it. Close that program, or try again.",
    sqlite3.SQLITE_CORRUPT: "It is damaged. Move it away; a new one is created then.",
    sqlite3.SQLITE_NOTADB: "It is not a history. Move it away; a new one is created then.",
}


class UnsoundFileError(sqlite3.DatabaseError):
    """The structure of the file is damaged, though SQLite could open it."""


def connect(
    path: Path, *, writable: bool, patience_s: float = BUSY_TIMEOUT_S
) -> sqlite3.Connection:
    """Open the database file at ``path``, which must exist.

    The connection begins no transactions by itself, and leaves it to the caller that threads take
    turns.

    Args:
        path: The file.
        writable: Whether it may be written to.
        patience_s: How long a statement waits for another process before it fails.

    Raises:
        sqlite3.Error: it can't be opened, or is not a database.
    """
    address = f"{path.absolute().as_uri()}?mode={'rw' if writable else 'ro'}"
    connection = _connection(address, patience_s)
    try:
        for pragma in (*_PRAGMAS, *(_PRAGMAS_TO_WRITE if writable else ())):
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_in_memory() -> sqlite3.Connection:
    """Open a database that lives as long as its connection."""
    return _connection(":memory:", BUSY_TIMEOUT_S)


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the write lock for what is inside; what it did is on disk when this returns.

    Immediate, because a transaction that begins by reading fails at once when it turns to writing
    while another process writes.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextlib.contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Show what is inside one and the same state of the file, however many statements it has."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def require_sound(connection: sqlite3.Connection) -> None:
    """Check the structure of the file, which writing to a damaged one would make worse.

    It reads the whole file, and finds less than what the checksums of the records find.

    Raises:
        UnsoundFileError: it is damaged.
    """
    (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if result != "ok":
        raise UnsoundFileError(result)


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether SQLite says that the file is damaged or not a database."""
    return isinstance(error, UnsoundFileError) or _code(error) in _DAMAGE


def is_busy(error: sqlite3.Error) -> bool:
    """Return whether another process holds the file, which passes."""
    return _code(error) in _BUSY


def explain(error: sqlite3.Error, path: Path) -> str:
    """Explain to the user what SQLite said about ``path``, and what to do."""
    reason = _REASONS.get(_code(error), f"SQLite says: {clean_line(str(error), _LONGEST_SAID)}.")
    return f"The history {named(path)} can't be used. {reason}"


def _connection(database: str, patience_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        database,
        uri=True,
        timeout=patience_s,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.text_factory = _text
    return connection


def _text(octets: bytes) -> str:
    """Read a text column; one that is not UTF-8 fails its checksum, not the query."""
    return octets.decode("utf-8", "replace")


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's result code without its extension, or 0 where it gave none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
