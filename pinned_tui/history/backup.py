"""The copy of a history that is made before its format changes."""

import contextlib
import hashlib
import sqlite3
from pathlib import Path
from typing import Final

from pinned_tui.core.clock import Clock
from pinned_tui.core.private_files import private_file
from pinned_tui.history.recovery import dated_name, journal_of
from pinned_tui.history.sqlite import connect

_MARK: Final = "before-update"


def back_up(path: Path, *, clock: Clock) -> Path:
    """Copy the file at ``path``, whose write lock this process holds, and return the copy.

    The copy has its name only when it is whole. One that was made before, of the very same
    sessions, is enough: an update that is killed, again and again, leaves one copy and not many.

    Raises:
        FileProblem: the copy can't be made.
        sqlite3.Error: the file can't be read, or the copy not be written.
    """
    with contextlib.closing(connect(path, writable=False)) as source:
        what = _digest(source)
        for earlier in sorted(path.parent.glob(f"{path.stem}.{_MARK}-*{path.suffix}")):
            if _is_copy_of(earlier, what):
                return earlier
        part = path.with_name(f"{path.stem}.{_MARK}.part")
        for rest in (part, journal_of(part)):  # of one that was killed; the lock keeps others off
            rest.unlink(missing_ok=True)
        private_file(part)
        with contextlib.closing(connect(part, writable=True)) as target:
            source.backup(target)
    copy = dated_name(path, _MARK, clock)
    part.rename(copy)
    return copy


def _is_copy_of(copy: Path, what: bytes) -> bool:
    try:
        with contextlib.closing(connect(copy, writable=False)) as connection:
            return _digest(connection) == what
    except sqlite3.Error:
        return False


def _digest(connection: sqlite3.Connection) -> bytes:
    """Return a checksum over the checksums of all sessions."""
    digest = hashlib.sha256()
    for (one,) in connection.execute("SELECT sha256 FROM session ORDER BY rowid"):
        digest.update(repr(one).encode())
    return digest.digest()
