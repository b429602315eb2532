"""Recovers from a damaged history file: sets it aside, and keeps what is intact."""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec

from pinned_tui import session as sessions
from pinned_tui.core.clock import Clock
from pinned_tui.core.private_files import FileProblem, named, private_file
from pinned_tui.history import first_version, records, rows
from pinned_tui.history.entries import HistoryError
from pinned_tui.history.schema import Migrations, migrate
from pinned_tui.history.sqlite import connect, transaction
from pinned_tui.session import SessionFileError

_NAMES_TRIED = 1000

_Reader = Callable[[sqlite3.Connection, int], records.StoredSession | None]


def replace_damaged(path: Path, *, clock: Clock, migrations: Migrations) -> str:
    """Set the file at ``path`` aside, and begin a new one with every record that is still intact.

    Nothing is deleted. No connection to ``path`` may be open in this process.

    Returns:
        What was done, in words for the user.

    Raises:
        HistoryError: the file can't be set aside.
        sqlite3.Error: the new file can't be written.
    """
    aside = dated_name(path, "damaged", clock)
    try:
        path.rename(aside)
        with contextlib.suppress(FileNotFoundError):
            journal_of(path).rename(journal_of(aside))  # without it, the other half is lost
        private_file(path)
    except (OSError, FileProblem) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise HistoryError(
            f"The history {named(path)} is damaged and can't be set aside: {why}. Move it away"
            " yourself; a new one is created then."
        ) from None
    with contextlib.closing(connect(path, writable=True)) as target:
        migrate(target, migrations, back_up=_nothing_to_back_up)
        kept, lost = _salvage(aside, target)
    return (
        f"The history was damaged. The damaged file is set aside as {aside.name}, and a new one is"
        f" in use. Sessions recovered: {kept}. Sessions that can't be read: {lost or 'none seen'}."
    )


def dated_name(path: Path, mark: str, clock: Clock) -> Path:
    """Return a name beside ``path`` that isn't taken and says what the file is and since when."""
    stem = f"{path.stem}.{mark}-{clock.now():%Y-%m-%dT%H-%M-%SZ}"
    for number in range(1, _NAMES_TRIED):
        suffix = "" if number == 1 else f"-{number}"
        candidate = path.with_name(f"{stem}{suffix}{path.suffix}")
        if not os.path.lexists(candidate):
            return candidate
    raise HistoryError(
        f"The folder {named(path.parent)} holds too many files named {stem}. Tidy it up."
    )


def journal_of(path: Path) -> Path:
    """Return the file in which SQLite notes how to undo what it writes to ``path``."""
    return path.with_name(f"{path.name}-journal")


def _salvage(aside: Path, target: sqlite3.Connection) -> tuple[int, int]:
    """Copy every intact record of ``aside`` to ``target``.

    Returns:
        How many were copied, and how many more were seen that can't be read.
    """
    kept, seen = 0, 0
    try:
        source = connect(aside, writable=False)
    except sqlite3.Error:
        return kept, seen
    with contextlib.closing(source), transaction(target):
        read, places = _choose_reader(source)
        for place in sorted(places):
            seen += 1
            kept += _copy_one(target, read, source, place)
    return kept, seen - kept


def _copy_one(
    target: sqlite3.Connection, read: _Reader, source: sqlite3.Connection, place: int
) -> bool:
    one = None
    with contextlib.suppress(sqlite3.Error):
        one = read(source, place)
    while one is not None and not rows.insert(target, one):
        one = rows.under_another_id(one)
    return one is not None


def _choose_reader(source: sqlite3.Connection) -> tuple[_Reader, set[int]]:
    """Return how to read the file, which may be of the first version, and where its records are."""
    with contextlib.suppress(sqlite3.Error):
        source.execute("SELECT document FROM session LIMIT 0")
        return _read_first, _numbers(source, "session", "rowid")
    documents = _numbers(source, "document", "session")
    return _read, documents | _numbers(source, "session", "key")


def _numbers(source: sqlite3.Connection, table: str, column: str) -> set[int]:
    """Collect the numbers of the rows from both ends, as the damage may lie in between."""
    found: set[int] = set()
    for order in ("ASC", "DESC"):
        query = f"SELECT {column} FROM {table} NOT INDEXED ORDER BY {column} {order}"  # noqa: S608
        with contextlib.suppress(sqlite3.Error):
            found.update(number for (number,) in source.execute(query))
    return found


def _read_first(source: sqlite3.Connection, place: int) -> records.StoredSession | None:
    old = first_version.row(source, place)
    return None if old is None else first_version.converted(old)


def _read(source: sqlite3.Connection, place: int) -> records.StoredSession | None:
    """Return a session whose document is whole; its heading, if need be, is made anew from it."""
    body = rows.body(source, place)
    document = records.decompressed(body)
    if document is None or not isinstance(body, bytes):
        return None
    heading = None
    with contextlib.suppress(sqlite3.Error):
        row = rows.heading(source, place)
        heading = None if row is None else records.read(row)
    try:
        session = sessions.decode(document)
    except SessionFileError:
        if heading is None or not records.is_intact(heading, body):
            return None
        return records.StoredSession(heading=heading, body=body)
    made = records.stored_session(session, offered=session.id, body=body)
    if heading is None or not records.is_intact(heading, body):
        return made
    return msgspec.structs.replace(made, heading=heading)


def _nothing_to_back_up() -> None:
    """Do nothing: the new file is empty."""
