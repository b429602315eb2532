"""The statements that the history consists of. Each works on a connection that is its caller's."""

import sqlite3
from collections.abc import Iterator
from typing import Final

import msgspec

from pinned_tui.history.record import COLUMNS, Record, Row, shown

_ALL: Final = ", ".join(COLUMNS)
_PLACES: Final = ", ".join("?" for _ in COLUMNS)
_UPDATES: Final = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])

_SELECT: Final = f"SELECT {_ALL} FROM session WHERE rowid = ?"  # noqa: S608 - our own names
_INSERT: Final = f"INSERT INTO session ({_ALL}) VALUES ({_PLACES})"  # noqa: S608
_UPSERT: Final = f"{_INSERT} ON CONFLICT (id) DO UPDATE SET {_UPDATES}"

_NEWEST_FIRST: Final = (
    "SELECT rowid, id, started_at, outcome, target, title, cause FROM session NOT INDEXED"
    " ORDER BY started_at DESC, rowid DESC"
)


class Heading(msgspec.Struct, frozen=True):
    """What there is to a row besides its document, unchecked: enough to find it.

    Attributes:
        id: As it is listed.
        words: The other columns that a person may look for.
    """

    rowid: int
    id: str
    started_at: object
    outcome: object
    words: list[object]

    def mentions(self, text: str) -> bool:
        """Tell whether ``text`` occurs in it, in whatever case."""
        wanted = text.casefold()
        texts = (self.id, self.outcome, *self.words)
        return any(wanted in one.casefold() for one in texts if isinstance(one, str))


def headings(connection: sqlite3.Connection) -> list[Heading]:
    """Return what is known of every row, the newest session first.

    Read from the table and not from an index, which may say otherwise in a damaged file.
    """
    return [
        Heading(rowid, shown(name), started_at, outcome, words)
        for rowid, name, started_at, outcome, *words in connection.execute(_NEWEST_FIRST)
    ]


def row(connection: sqlite3.Connection, rowid: int) -> Row | None:
    """Return one whole row, unchecked, or None when it is gone."""
    found: Row | None = connection.execute(_SELECT, (rowid,)).fetchone()
    return found


def rows(connection: sqlite3.Connection, rowids: list[int]) -> Iterator[Row]:
    """Return whole rows, unchecked; those that are gone meanwhile are passed over."""
    for rowid in rowids:
        if (found := row(connection, rowid)) is not None:
            yield found


def put(connection: sqlite3.Connection, record: Record) -> None:
    """Write a record; one of the same id is replaced."""
    connection.execute(_UPSERT, msgspec.structs.astuple(record))


def remove(connection: sqlite3.Connection, rowids: list[int]) -> int:
    """Delete rows and return how many there were."""
    cursor = connection.executemany("DELETE FROM session WHERE rowid = ?", [(n,) for n in rowids])
    return cursor.rowcount
