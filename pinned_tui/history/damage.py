"""What becomes of a history file that is damaged: it is set aside, and what is intact is kept."""

import contextlib
import os
import sqlite3
from pathlib import Path

from pinned_tui.clock import Clock
from pinned_tui.files import FileProblem, private_file
from pinned_tui.history import record, rows
from pinned_tui.history.entry import HistoryError
from pinned_tui.history.schema import Migrations, migrate
from pinned_tui.history.sqlite import connect, transaction

_NAMES_TRIED = 1000


def replace_damaged(path: Path, *, clock: Clock, migrations: Migrations) -> str:
    """Set the file at ``path`` aside, and begin a new one with every record that is still intact.

    Nothing is deleted. No connection to ``path`` may be open in this process.

    Returns:
        What was done, in words for the person.

    Raises:
        HistoryError: the file can't be set aside.
        sqlite3.Error: the new file can't be written.
    """
    aside = dated_name(path, "damaged", clock)
    try:
        path.rename(aside)
        with contextlib.suppress(FileNotFoundError):
            _journal(path).rename(_journal(aside))  # without it, the other half is lost
        private_file(path)
    except (OSError, FileProblem) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise HistoryError(
            f"The history {path} is damaged and can't be set aside: {why}. Move it away yourself;"
            " a new one is begun then."
        ) from None
    with contextlib.closing(connect(path, writable=True)) as target:
        migrate(target, migrations, back_up=_nothing_to_back_up)
        kept, lost = _salvage(aside, target)
    return (
        f"The history was damaged. The damaged file is set aside as {aside.name}, and a new one is"
        f" in use. Sessions taken over: {kept}. Sessions that can't be read: {lost or 'none seen'}."
    )


def dated_name(path: Path, mark: str, clock: Clock) -> Path:
    """Return a name beside ``path`` that isn't taken and says what the file is and since when."""
    stem = f"{path.stem}.{mark}-{clock.now():%Y-%m-%dT%H-%M-%SZ}"
    for number in range(1, _NAMES_TRIED):
        suffix = "" if number == 1 else f"-{number}"
        candidate = path.with_name(f"{stem}{suffix}{path.suffix}")
        if not os.path.lexists(candidate):
            return candidate
    raise HistoryError(f"The folder {path.parent} holds too many files named {stem}. Tidy it up.")


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
        for rowid in sorted(_rowids(source)):
            seen += 1
            intact = _intact(source, rowid)
            if intact is not None:
                rows.put(target, intact)
                kept += 1
    return kept, seen - kept


def _rowids(source: sqlite3.Connection) -> set[int]:
    """Collect the numbers of the rows from both ends, as the damage may lie in between."""
    found: set[int] = set()
    for order in ("ASC", "DESC"):
        query = f"SELECT rowid FROM session NOT INDEXED ORDER BY rowid {order}"  # noqa: S608
        with contextlib.suppress(sqlite3.Error):
            found.update(rowid for (rowid,) in source.execute(query))
    return found


def _intact(source: sqlite3.Connection, rowid: int) -> record.Record | None:
    with contextlib.suppress(sqlite3.Error):
        row = rows.row(source, rowid)
        return None if row is None else record.read(row)
    return None


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _nothing_to_back_up() -> None:
    """Do nothing: the new file is empty."""
